// What every map asks first: which sets of tiles there are, and where to look.
import { api, take } from '@/shared/api'

const ask = () => take(api.GET('/api/v1/places/tiles'))
let early: ReturnType<typeof ask> | undefined

/** Asks before a map stands; the next map takes the answer. */
export function askOutline(): void {
  early = ask()
  early.catch(() => undefined) // told by the map
}
export function takeOutline(): ReturnType<typeof ask> {
  const found = early ?? ask()
  early = undefined
  return found
}
