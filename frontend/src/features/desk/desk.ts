// Queues and saved filters with their counts; asked again now and then, and soon after something happened.
import { defineStore } from 'pinia'
import { api, take, type Problem } from '@/shared/api'
import type { components } from '@/shared/api/schema'
import type { Asked } from './filters'

export type Queue = components['schemas']['QueueOut']
export type Saved = components['schemas']['FilterOut']
const SOON_MS = 8_000

export const useDesk = defineStore('desk-side', {
  /** `left`: the list that somebody went to a case from; the way back leads there. */
  state: () => ({ left: '/cases/', queues: [] as Queue[], filters: [] as Saved[], approvals: 0, problem: null as Problem | null, loaded: false, timer: 0 }),
  actions: {
    async load(): Promise<void> {
      try {
        const found = await take(api.GET('/api/v1/desk', {}))
        this.queues = found.queues as Queue[]
        this.filters = found.filters as Saved[]
        this.approvals = found.approvals
        this.problem = null
      } catch (problem) {
        this.problem = problem as Problem
      }
      this.loaded = true
    },
    soon(): void {
      if (this.timer) return
      this.timer = window.setTimeout(() => { this.timer = 0; void this.load() }, SOON_MS)
    },
    async keep(name: string, asked: Asked, role: string): Promise<Saved> {
      const kept = await take(api.POST('/api/v1/desk/filters', { body: { name, filters: asked.filters as never, order: asked.order, role: role as never } })) as unknown as Saved
      await this.load()
      return kept
    },
    async drop(id: number): Promise<void> {
      await take(api.DELETE('/api/v1/desk/filters/{filter_id}', { params: { path: { filter_id: id } } }) as never)
      this.filters = this.filters.filter((row) => row.id !== id)
    },
  },
})
