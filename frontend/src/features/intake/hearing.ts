// What the words say while they are written: asked half a second after the last key, late answers never overtake newer ones.
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { api, Problem, take } from '@/shared/api'
import type { components } from '@/shared/api/schema'
import type { Matter } from './call'

export type Heard = components['schemas']['HeardOut']
const WAIT_MS = 500, LEAST = 4

export function useHearing(matter: () => Matter) {
  const heard = shallowRef<Heard | null>(null), problem = ref('')
  let timer = 0, turn = 0
  async function ask(): Promise<void> {
    const mine = ++turn
    const { text, address, lon, lat, classKey } = matter()
    if (text.trim().length < LEAST) { heard.value = null; problem.value = ''; return }
    try {
      const said = await take(api.POST('/api/v1/calls/hear', { body: { text, address, lon, lat, crs: 'wgs84', class_key: classKey } }))
      if (mine === turn) { heard.value = said; problem.value = '' }
    } catch (error) { if (mine === turn) { heard.value = null; problem.value = (error as Problem).message } }
  }
  watch(() => { const { text, address, lon, lat, classKey } = matter(); return [text, address, lon, lat, classKey] }, () => {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void ask(), WAIT_MS)
  }, { immediate: true })
  onScopeDispose(() => { window.clearTimeout(timer); turn++ })
  return { heard, problem }
}
