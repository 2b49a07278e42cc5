// The live stream from a position on: the map resumes exactly where its answer ended.
import { onScopeDispose, ref } from 'vue'
import type { LiveEvent } from '@/shared/live'

export type Placed = LiveEvent & { position: number }

/** `then` gets every event after `after`; `lost` is called when the server has another log. */
export function useStream(then: (event: Placed) => void, lost: () => void) {
  const connected = ref(false)
  let source: EventSource | undefined
  function open(after: number) {
    source?.close()
    source = new EventSource(`/api/v1/live?last_event_id=${after}`)
    source.onopen = () => { connected.value = true }
    source.onerror = () => { connected.value = false }
    source.addEventListener('case', (message: MessageEvent<string>) => then({ ...(JSON.parse(message.data) as LiveEvent), position: Number(message.lastEventId) }))
    source.addEventListener('reset', lost)
  }
  onScopeDispose(() => source?.close())
  return { connected, open }
}
