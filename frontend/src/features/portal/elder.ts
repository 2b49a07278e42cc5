// Elderly-friendly mode 适老化: one tap, kept in a cookie so that the server draws the next page in it.
import { ref } from 'vue'

export const elder = ref(document.documentElement.dataset.elder === '1')

export function makeLarge(wanted: boolean): void {
  elder.value = wanted
  if (wanted) document.documentElement.dataset.elder = '1'
  else delete document.documentElement.dataset.elder
  document.cookie = `cityloop_elder=${wanted ? 1 : 0}; path=/; max-age=31536000; samesite=lax`
}
