// Rows of the list as they come, and what is reckoned of them.
import type { components } from '@/shared/api/schema'

export type Row = components['schemas']['CaseRow']
export type Clock = { share: number; left: number; state: 'calm' | 'near' | 'late' | 'paused' | 'none' }
const NEAR = 0.8

/** How much of the stage's time is used up. */
export function clockOf(row: Pick<Row, 'due_at' | 'stage_started_at' | 'alert' | 'state'>, now: number): Clock {
  if (!row.due_at) return { share: 0, left: 0, state: 'none' }
  const due = Date.parse(row.due_at), began = Date.parse(row.stage_started_at), left = due - now
  const share = due > began ? Math.min(1, Math.max(0, (now - began) / (due - began))) : 1
  if (row.state === 'suspended' || row.state === 'closed') return { share, left, state: 'paused' }
  if (left < 0) return { share: 1, left, state: 'late' }
  return { share, left, state: row.alert === 'near' || share >= NEAR ? 'near' : 'calm' }
}

export type Merged = { rows: Row[]; changed: Set<number>; fresh: number[] }
/** A first page asked again: known rows take their new values in place, new ones are only counted. */
export function merged(shown: readonly Row[], page: readonly Row[]): Merged {
  const now = new Map(page.map((row) => [row.id, row]))
  const changed = new Set<number>()
  const rows = shown.map((row) => {
    const other = now.get(row.id)
    if (!other || (other.version === row.version && other.alert === row.alert && other.due_at === row.due_at)) return row
    changed.add(row.id)
    return other
  })
  const known = new Set(shown.map((row) => row.id))
  return { rows, changed, fresh: page.filter((row) => !known.has(row.id)).map((row) => row.id) }
}

/** The slice of rows of one height that is worth drawing. */
export function windowOf(given: { top: number; height: number; row: number; count: number; spare?: number }): { from: number; to: number } {
  const spare = given.spare ?? 6
  const from = Math.max(0, Math.floor(given.top / given.row) - spare)
  return { from, to: Math.min(given.count, Math.ceil((given.top + given.height) / given.row) + spare) }
}
