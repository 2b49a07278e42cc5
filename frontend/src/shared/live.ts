// The live stream of events (server-sent), without gap or repetition: the browser resumes a broken line
// by itself; a refused one (a server that restarts) and one that is dead without a word are opened anew here.
import { onScopeDispose, ref } from 'vue'

export type LiveEvent = { kind: string; at: string; case?: number; number?: string; from?: string; to?: string; cell?: number; [key: string]: unknown }
export type Placed = LiveEvent & { position: number }
const AGAIN_MS = 3_000, LOOK_MS = 15_000
const SILENT_MS = 50_000 // three heartbeats of the server

/** `open(after)` follows what happens after a position, or from now on, while the component lives.
 * `then` gets every event, `lost` is called when the server has another log. `connected`: the line stands. */
export function useStream(then: (event: Placed) => void, { area, lost }: { area?: number; lost?: () => void } = {}) {
  const connected = ref(false)
  let source: EventSource | undefined
  let last: number | undefined
  let heard = 0
  let timer = 0
  let gone = false

  function open(after = last) {
    window.clearTimeout(timer)
    source?.close()
    if (gone) return // whoever opens it had to wait for something meanwhile
    last = after
    heard = Date.now()
    const asked = new URLSearchParams({ ...(area ? { area: String(area) } : {}), ...(after === undefined ? {} : { last_event_id: String(after) }) })
    const mine = source = new EventSource(`/api/v1/live?${asked}`)
    mine.onopen = () => { heard = Date.now(); connected.value = true }
    mine.onerror = () => {
      connected.value = false
      // Not all desks of a city at the same moment.
      if (mine.readyState === EventSource.CLOSED) timer = window.setTimeout(open, AGAIN_MS * (1 + Math.random()))
    }
    const on = (name: string, act: (message: MessageEvent<string>) => void) => mine.addEventListener(name, (message: MessageEvent<string>) => {
      heard = Date.now()
      if (message.lastEventId) last = Number(message.lastEventId)
      act(message)
    })
    on('case', (message) => then({ ...(JSON.parse(message.data) as LiveEvent), position: last ?? -1 }))
    on('beat', () => {})
    on('reset', () => lost?.())
  }
  const watching = window.setInterval(() => { if (source && connected.value && Date.now() - heard > SILENT_MS) { connected.value = false; open() } }, LOOK_MS)
  onScopeDispose(() => { gone = true; source?.close(); window.clearTimeout(timer); window.clearInterval(watching) })
  return { connected, open }
}

/** Calls `then` for every event from now on. */
export function useLive(then: (event: LiveEvent) => void, area?: number) {
  const { connected, open } = useStream(then, { area })
  open()
  return { connected }
}
