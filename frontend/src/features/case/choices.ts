// What forms choose from: departments, classes with their conditions, areas. Asked once a visit.
import { ref, shallowRef } from 'vue'
import { api, take } from '@/shared/api'
import { named } from '@/shared/language'
import type { ClassRow, Condition, Department, Reason } from './types'

const departments = shallowRef<Department[]>([])
const classes = shallowRef<ClassRow[]>([])
const conditions = new Map<string, Promise<Condition[]>>()
const reasons = new Map<string, Promise<Reason[]>>()
const asked = ref(false)

type Paged<T> = { items: T[]; next_after?: number | string | null }
async function every<T>(ask: (after: never) => Promise<Paged<T>>): Promise<T[]> {
  const rows: T[] = []
  for (let after: unknown = undefined, n = 0; n < 20; n += 1) {
    const part = await ask(after as never)
    rows.push(...part.items)
    if (part.next_after === null || part.next_after === undefined) break
    after = part.next_after
  }
  return rows
}

export function useChoices() {
  if (!asked.value) {
    asked.value = true
    void every((after) => take(api.GET('/api/v1/departments', { params: { query: { after: after ?? 0, limit: 200 } } }))).then((rows) => { departments.value = rows as unknown as Department[] }).catch(() => { asked.value = false })
    void every((after) => take(api.GET('/api/v1/catalogue/classes', { params: { query: { after: after ?? '', limit: 200 } } }))).then((rows) => { classes.value = rows as unknown as ClassRow[] }).catch(() => { asked.value = false })
  }
  return { departments, classes }
}

export function conditionsOf(key: string): Promise<Condition[]> {
  if (!conditions.has(key)) {
    conditions.set(key, take(api.GET('/api/v1/catalogue/classes/{key}', { params: { path: { key } } })).then((found) => found.items as unknown as Condition[]))
  }
  return conditions.get(key)!
}
export function reasonsFor(move: string): Promise<Reason[]> {
  if (!reasons.has(move)) {
    reasons.set(move, take(api.GET('/api/v1/moves/reasons', { params: { query: { move } } })).catch(() => []))
  }
  return reasons.get(move)!
}
export const departmentName = (row?: Department): string => (row ? named({ zh: row.name_zh, en: row.name_en }) : '')
export const className = (row: ClassRow): string => named({ zh: row.name_zh, en: row.name_en })
