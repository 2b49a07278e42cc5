// A list that comes page by page: what is loaded, whether there is more, what went wrong.
import { ref, shallowRef, type Ref } from 'vue'
import type { Problem } from '@/shared/api'

export type Page<T, C> = { items: T[]; next: C | null }

export function useList<T, C = number>(fetchPage: (after: C | null) => Promise<Page<T, C>>) {
  const items = ref([]) as Ref<T[]>
  const next = shallowRef<C | null>(null)
  const loading = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let turn = 0

  async function take(after: C | null): Promise<void> {
    const mine = ++turn
    loading.value = true
    problem.value = null
    try {
      const page = await fetchPage(after)
      if (mine !== turn) return // a later search has overtaken this answer
      items.value = after === null ? page.items : [...items.value, ...page.items]
      next.value = page.next
    } catch (caught) {
      if (mine === turn) problem.value = caught as Problem
    } finally {
      if (mine === turn) loading.value = false
    }
  }
  return { items, next, loading, problem, load: () => take(null), more: () => take(next.value) }
}
