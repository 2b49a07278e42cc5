// Light or dark: as the system has it, or as the reader chose. The server writes the choice on <html>.
import { ref } from 'vue'

export type Theme = 'system' | 'light' | 'dark'
export const theme = ref<Theme>((document.documentElement.dataset.theme as Theme | undefined) ?? 'system')

export function dress(wanted: Theme): void {
  theme.value = wanted
  if (wanted === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = wanted
  document.cookie = `cityloop_theme=${wanted}; path=/; max-age=31536000; samesite=lax`
}
/** Whether the page is dark now. */
export const isDark = () => theme.value === 'dark' || (theme.value === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
