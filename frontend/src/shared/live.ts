// The live stream of events (server-sent); the browser resumes by itself without gap or repetition.
import { onScopeDispose, ref } from 'vue'

export type LiveEvent = { kind: string; at: string; case?: number; number?: string; from?: string; to?: string; cell?: number; [key: string]: unknown }

/** Calls `then` for every event while the component lives. `connected` says whether the line stands. */
export function useLive(then: (event: LiveEvent) => void, area?: number) {
  const connected = ref(false)
  const source = new EventSource(`/api/v1/live${area ? `?area=${area}` : ''}`)
  source.onopen = () => { connected.value = true }
  source.onerror = () => { connected.value = false }
  source.addEventListener('case', (message) => then(JSON.parse((message as MessageEvent<string>).data) as LiveEvent))
  onScopeDispose(() => source.close())
  return { connected }
}
