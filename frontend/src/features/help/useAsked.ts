// A question to the server whose answer a page shows: loading, refused, answered; asked again at will.
import { ref, shallowRef } from 'vue'

export function useAsked<T>(ask: () => Promise<T>) {
  const answer = shallowRef<T | null>(null)
  const problem = ref<Error | null>(null)
  const loading = ref(false)
  let latest = 0
  async function again() {
    const mine = ++latest
    loading.value = true
    problem.value = null
    try {
      const found = await ask()
      if (mine === latest) answer.value = found
    } catch (error) {
      if (mine === latest) problem.value = error as Error
    } finally {
      if (mine === latest) loading.value = false
    }
  }
  return { answer, problem, loading, again }
}
