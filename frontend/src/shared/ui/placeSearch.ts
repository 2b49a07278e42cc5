// What the address search suggests while somebody types: late answers never overtake newer ones.
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, Problem, take } from '@/shared/api'

export type FoundPlace = {
  kind: string; name_zh: string; name_en: string; number: string; lon: number | null; lat: number | null
  confidence: number; area_code: string | null; area_zh: string; area_en: string; metres?: number | null
}
type Near = { lon: number; lat: number } | null | undefined
const WAIT_MS = 180

/** One hanzi says something, one letter does not. */
export const worthAsking = (words: string) => /[㐀-鿿]/.test(words) ? words.trim().length >= 1 : words.trim().length >= 2

export function useSuggestions(near: () => Near) {
  const found = shallowRef<FoundPlace[]>([])
  const sure = ref(false), busy = ref(false), problem = ref(''), asked = ref('')
  let timer = 0, turn = 0

  function ask(words: string, soon = false): void {
    window.clearTimeout(timer)
    turn++
    if (!worthAsking(words)) { found.value = []; asked.value = ''; busy.value = false; problem.value = ''; return }
    timer = window.setTimeout(() => void fetchNow(words.trim().slice(0, 200)), soon ? 0 : WAIT_MS)
  }
  async function fetchNow(words: string): Promise<void> {
    const mine = turn
    busy.value = true
    const here = near()
    try {
      const answer = await take(api.GET('/api/v1/places/search', { params: { query: { q: words, limit: 8, near: here ? `${here.lon},${here.lat}` : '' } } }))
      if (mine !== turn) return
      found.value = answer.items as FoundPlace[]
      sure.value = answer.sure
      problem.value = ''
    } catch (error) {
      if (mine !== turn) return
      found.value = []
      problem.value = (error as Problem).message
    }
    asked.value = words
    busy.value = false
  }
  function stop(): void { window.clearTimeout(timer); turn++; busy.value = false }
  onScopeDispose(stop)
  return { found, sure, busy, problem, asked, ask, stop }
}
