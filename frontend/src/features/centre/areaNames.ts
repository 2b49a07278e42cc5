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

/** What tells areas of one parent apart: the level is known, and cells of a community all begin with its name. */
export function shortNames(areas: { id: number; level: string; zh: string; en: string }[]): Map<number, string> {
  const cells = areas.filter((area) => area.level === 'cell').map((area) => named(area))
  const first = cells.length > 1 ? cells[0]!.replace(/\d+$/, '') : ''
  const common = cells.slice(1).reduce((so, name) => { let n = 0; while (n < so.length && so[n] === name[n]) n++; return so.slice(0, n) }, first)
  const begins = common.replace(/(第|网格|Cell )$/, '').length
  return new Map(areas.map((area) => [area.id, (area.level === 'cell' ? named(area).slice(begins) : named(area).replace(/ (Community|Subdistrict)$/, '')) || named(area)]))
}
