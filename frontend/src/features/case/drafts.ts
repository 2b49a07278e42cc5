// What somebody typed survives a reload and an ended session; it goes when it was sent.
import { reactive, watch } from 'vue'

const PREFIX = 'cityloop.draft.'

export function kept<T extends object>(key: string, first: T): { value: T; had: boolean; drop: () => void } {
  const name = PREFIX + key
  let before: Partial<T> = {}
  let had = false
  try {
    const text = sessionStorage.getItem(name)
    if (text) { before = JSON.parse(text) as Partial<T>; had = true }
  } catch { /* a damaged draft is no draft */ }
  const value = reactive({ ...first, ...before }) as T
  const stop = watch(value, (now) => {
    try { sessionStorage.setItem(name, JSON.stringify(now)) } catch { /* full or forbidden: typing goes on */ }
  }, { deep: true })
  return { value, had, drop: () => { stop(); sessionStorage.removeItem(name) } }
}
