// The list that is shown: pages by cursor, kept while the reader is on a case, told of changes without jumping.
import { defineStore } from 'pinia'
import { api, take, type Problem } from '@/shared/api'
import { toServer, type Asked } from './filters'
import { merged, type Row } from './rows'

const PAGE = 60
const KEPT_MS = 10 * 60_000
const CHANGED_MS = 8_000
type Query = Record<string, string>
type Answer = { items: Row[]; after?: string | null }

async function ask(query: Query, signal?: AbortSignal): Promise<Answer> {
  return await take(api.GET('/api/v1/cases', { params: { query: query as never }, signal })) as Answer
}

export const useList = defineStore('desk-list', {
  state: () => ({
    question: '', query: {} as Query, rows: [] as Row[], after: null as string | null, current: 0, picked: new Set<number>(), changed: new Set<number>(), fresh: new Set<number>(),
    count: null as { n: number; more: boolean } | null, loading: false, loadingMore: false, problem: null as Problem | null, at: 0, stop: null as AbortController | null,
  }),
  getters: {
    row: (state): Row | null => state.rows[state.current] ?? null,
    pickedRows: (state): Row[] => state.rows.filter((row) => state.picked.has(row.id)),
  },
  actions: {
    /** Shows a question; the same one asked again within minutes shows at once and is looked after quietly. */
    async show(asked: Asked): Promise<void> {
      const query = toServer(asked) as Query, question = JSON.stringify(query)
      if (question === this.question && this.rows.length && Date.now() - this.at < KEPT_MS) { void this.look(); return }
      this.question = question
      this.query = query
      this.picked = new Set()
      await this.reload(false)
    },
    async reload(keepsPlace = true): Promise<void> {
      this.stop?.abort()
      const stop = this.stop = new AbortController()
      this.loading = true
      this.problem = null
      const kept = keepsPlace ? this.row?.id : undefined
      try {
        const page = await ask({ ...this.query, limit: String(PAGE) }, stop.signal)
        this.rows = page.items
        this.after = page.after ?? null
        this.fresh = new Set()
        this.changed = new Set()
        this.current = Math.max(0, page.items.findIndex((row) => row.id === kept))
        const there = new Set(page.items.map((row) => row.id))
        this.picked = new Set([...this.picked].filter((id) => there.has(id)))
        this.at = Date.now()
        // The rows come first; how many there are in all may come after them.
        const counting = take(api.GET('/api/v1/cases/count', { params: { query: this.query as never }, signal: stop.signal }))
        counting.then((count) => { if (!stop.signal.aborted) this.count = count as { n: number; more: boolean } }).catch(() => {})
      } catch (problem) {
        if (stop.signal.aborted) return
        this.problem = problem as Problem
        // A list that could not be looked at again stays as it was seen.
        if (!keepsPlace) { this.rows = []; this.after = null; this.count = null }
      } finally {
        if (this.stop === stop) this.loading = false
      }
    },
    async more(): Promise<void> {
      if (!this.after || this.loadingMore || this.loading) return
      const question = this.question
      this.loadingMore = true
      try {
        const page = await ask({ ...this.query, limit: String(PAGE), after: this.after })
        if (question !== this.question) return
        const known = new Set(this.rows.map((row) => row.id))
        this.rows = [...this.rows, ...page.items.filter((row) => !known.has(row.id))]
        this.after = page.after ?? null
        this.problem = null
      } catch (problem) {
        this.problem = problem as Problem
      } finally {
        this.loadingMore = false
      }
    },
    /** The first page once more: values change in place, new cases are counted, nothing moves. */
    async look(): Promise<void> {
      if (this.loading) return
      const question = this.question
      const page = await ask({ ...this.query, limit: String(PAGE) }).catch(() => null)
      if (!page || question !== this.question) return
      const { rows, changed, fresh } = merged(this.rows, page.items)
      this.problem = null
      this.rows = rows
      this.fresh = new Set(fresh)
      this.mark(changed)
    },
    mark(ids: Iterable<number>): void {
      for (const id of ids) {
        this.changed.add(id)
        setTimeout(() => this.changed.delete(id), CHANGED_MS)
      }
    },
    /** An event of the stream about a row that is shown. */
    told(id: number, state: string): void {
      const at = this.rows.findIndex((row) => row.id === id)
      if (at < 0) return
      if (this.rows[at]!.state !== state) this.rows[at] = { ...this.rows[at]!, state }
      this.mark([id])
    },
    pick(id: number): void {
      if (!this.picked.delete(id)) this.picked.add(id)
    },
    pickAll(): void {
      this.picked = this.picked.size === this.rows.length ? new Set() : new Set(this.rows.map((row) => row.id))
    },
    go(to: number): void {
      this.current = Math.min(Math.max(0, to), Math.max(0, this.rows.length - 1))
      if (this.current > this.rows.length - 10) void this.more()
    },
  },
})
