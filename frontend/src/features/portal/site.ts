// What the portal knows of the city; the server wrote it into the page, or it is asked for once.
import { ref } from 'vue'
import { api, take } from '@/shared/api'

const ask = () => take(api.GET('/api/v1/public/site'))
export type Site = Awaited<ReturnType<typeof ask>>
export const site = ref<Site | null>(null)
export const hotline = ref(document.documentElement.dataset.hotline ?? '12345')
let asked: Promise<void> | null = null
export function loadSite(): Promise<void> {
  asked ??= ask().then((found) => { site.value = found; hotline.value = found.hotline.number }).catch(() => { asked = null })
  return asked
}
