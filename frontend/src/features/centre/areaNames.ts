// Names of areas that an event speaks of by id; each is asked once.
import { reactive } from 'vue'
import { api, take } from '@/shared/api'
import { named } from '@/shared/language'

const names = reactive(new Map<number, { zh: string; en: string }>())

export function learnName(id: number, zh: string, en: string): void { names.set(id, { zh, en }) }

/** The name where it is known; else nothing yet, and the page is told when it is. */
export function nameOf(id?: number): string {
  if (!id) return ''
  if (!names.has(id)) void ask(id)
  return named(names.get(id))
}

const asked = new Set<number>()
async function ask(id: number): Promise<void> {
  if (asked.has(id)) return
  asked.add(id)
  try {
    const area = await take(api.GET('/api/v1/places/areas/{area_id}', { params: { path: { area_id: id } } }))
    learnName(id, area.name_zh, area.name_en || area.name_zh)
  } catch { asked.delete(id) }
}
