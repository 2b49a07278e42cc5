// Who opens the centre's address wants its map: library and first answers are asked while the frame
// of the page is still being put together. Each is used once.
import { maplibre } from '@/map/library'
import { askOutline } from '@/map/outline'
import { api, take } from '@/shared/api'

const wholeCentre = () => take(api.GET('/api/v1/overview/centre', { params: { query: {} } }))
const wholeMap = () => take(api.GET('/api/v1/overview/map', { params: { query: {} } }))
const kept: { centre?: ReturnType<typeof wholeCentre>; map?: ReturnType<typeof wholeMap> } = {}

export function begin(): void {
  maplibre().then((library) => library.prewarm()).catch(() => undefined)
  askOutline()
  kept.map = wholeMap()
  if (!/[?&]area=/.test(location.search)) kept.centre = wholeCentre()
  for (const asked of Object.values(kept)) asked.catch(() => undefined) // told where it is used
}

export function takeCentre(): ReturnType<typeof wholeCentre> {
  const found = kept.centre ?? wholeCentre()
  kept.centre = undefined
  return found
}
export function takeMap(): ReturnType<typeof wholeMap> {
  const found = kept.map ?? wholeMap()
  kept.map = undefined
  return found
}
