// How this device shows the app: large type, contrast for sunlight, reading on.
import { ref, watch } from 'vue'

const KEY = 'cityloop-worker-look'
type Look = { large: boolean; sun: boolean }
function stored(): Look {
  try { return { large: false, sun: false, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Look>) } } catch { return { large: false, sun: false } }
}
export const look = ref<Look>(stored())
function dress(): void {
  const root = document.documentElement
  root.toggleAttribute('data-large', look.value.large)
  root.toggleAttribute('data-sun', look.value.sun)
}
watch(look, (now) => { dress(); localStorage.setItem(KEY, JSON.stringify(now)) }, { deep: true })
dress()
