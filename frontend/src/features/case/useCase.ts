// One case as its page holds it: loaded, kept fresh by the live stream, moved.
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { api, take, type Problem } from '@/shared/api'
import { useLive } from '@/shared/live'
import type { CasePage } from './types'

const QUIET_MS = 400

export function useCase(number: Ref<string>) {
  const page = shallowRef<CasePage | null>(null)
  const problem = ref<Problem | null>(null)
  const revision = ref(0) // counts up whenever the case changed: panels load again
  let timer = 0

  async function load(): Promise<void> {
    const wanted = number.value
    try {
      const found = await take(api.GET('/api/v1/cases/{number}/page', { params: { path: { number: wanted } } }))
      if (wanted !== number.value) return
      if (page.value && page.value.case.version !== found.case.version) revision.value += 1
      page.value = found
      problem.value = null
    } catch (error) { if (wanted === number.value) problem.value = error as Problem }
  }
  function show(found: CasePage): void { page.value = found; revision.value += 1 }

  watch(number, () => { page.value = null; void load() }, { immediate: true })
  useLive((event) => {
    if (event.case !== page.value?.case.id) return
    window.clearTimeout(timer)
    timer = window.setTimeout(() => { revision.value += 1; void load() }, QUIET_MS)
  })
  onScopeDispose(() => window.clearTimeout(timer))
  return { page, problem, revision, load, show }
}
