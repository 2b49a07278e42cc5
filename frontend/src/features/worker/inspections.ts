// Components to look at: as the server listed them last, less what the worker has answered since.
import { computed, ref, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import { api, Problem, take } from '@/shared/api'
import type { components } from '@/shared/api/schema'
import { useDay } from './day'
import type { Item } from './outbox/store'
import { keep, kept } from './outbox/store'
import { metres } from './place'

export type Listed = components['schemas']['WorkerInspections']
export type DueComponent = Listed['items'][number]
export type Check = Listed['kinds'][number]['checks'][number]
export type Found = 'fine' | 'defect' | 'gone'
export const dueKey = (userId: number): string => `due:${userId}`

export const useInspections = defineStore('worker-inspections', () => {
  const day = useDay()
  const listed = shallowRef<Listed | null>(null)
  const readAt = ref('')
  const loading = ref(false)
  const problem = shallowRef<Problem | Error | null>(null)
  const items = computed(() => unanswered(listed.value?.items ?? [], day.mine, readAt.value))
  /** How many are left, also of those the list does not hold. */
  const left = computed(() => (listed.value ? listed.value.total - (listed.value.items.length - items.value.length) : 0))
  const late = computed(() => items.value.filter((one) => Date.parse(one.due_at) <= Date.now()).length)

  /** What the device knows at once, then what the server says. */
  async function open(): Promise<void> {
    if (!day.who) return
    const known = listed.value ? undefined : await kept<{ listed: Listed; readAt: string }>(dueKey(day.who.userId))
    if (known) { listed.value = known.listed; readAt.value = known.readAt }
    await load()
  }
  async function load(): Promise<void> {
    if (!day.who || loading.value) return
    loading.value = true
    problem.value = null
    try {
      listed.value = await take(api.GET('/api/v1/worker/inspections'))
      readAt.value = new Date().toISOString()
      await keep(dueKey(day.who.userId), { listed: listed.value, readAt: readAt.value })
    } catch (error) { if (!listed.value) problem.value = error as Problem } finally { loading.value = false }
  }
  return { listed, items, left, late, loading, problem, readAt, open, load }
})

/** Those that no inspection of the outbox has answered; a refused one is to be done again. */
export function unanswered(listed: DueComponent[], outbox: Item[], readAt: string): DueComponent[] {
  const told = (item: Item) => item.state === 'waiting' || (item.state === 'delivered' && (item.deliveredAt ?? 0) > Date.parse(readAt || '1970-01-01'))
  const answered = new Set(outbox.filter((item) => item.kind === 'inspect' && told(item)).map((item) => item.body.element_id))
  return listed.filter((one) => !answered.has(one.element_id))
}

/** The nearest first where the position is known, else the longest overdue. */
export function ordered(items: DueComponent[], spot: { lon: number; lat: number } | null): { one: DueComponent; away: number | null }[] {
  const rows = items.map((one) => ({ one, away: spot ? metres(spot, one) : null }))
  return rows.sort((a, b) => (a.away ?? 0) - (b.away ?? 0) || a.one.due_at.localeCompare(b.one.due_at) || a.one.code.localeCompare(b.one.code))
}

/** What is handed in: ticked things and own words as one sentence. */
export function noteOf(ticked: Check[], words: string, english: boolean): string {
  return [...ticked.map((check) => (english ? check.en || check.zh : check.zh)), words.trim()].filter(Boolean).join(english ? '; ' : '；')
}
