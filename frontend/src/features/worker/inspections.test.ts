import { describe, expect, it, vi } from 'vitest'
vi.mock('./outbox/store', () => import('./outbox/memoryStore'))
import type { Item } from './outbox/store'
import { noteOf, ordered, unanswered, type Check, type DueComponent } from './inspections'

const one = (element_id: number, lat: number, due_at: string) => ({ element_id, lon: 121, lat, due_at, code: `L${element_id}` }) as DueComponent
const far = one(1, 31.02, '2026-03-01T00:00:00Z')
const close = one(2, 31.001, '2026-03-09T00:00:00Z')
const inspect = (element_id: number, state: Item['state'], deliveredAt?: number) => ({ id: `i${element_id}`, kind: 'inspect', state, deliveredAt, body: { element_id } }) as unknown as Item

describe('components to look at', () => {
  it('leave the list with the look, waiting or delivered after it was read, and come back when refused', () => {
    const read = '2026-03-10T00:00:00Z', later = Date.parse(read) + 1
    const left = (item: Item) => unanswered([far, close], [item], read).map((row) => row.element_id)
    expect(left(inspect(1, 'waiting'))).toEqual([2])
    expect(left(inspect(1, 'delivered', later))).toEqual([2])
    expect(left(inspect(1, 'delivered', later - 2))).toEqual([1, 2]) // the server listed it again since
    expect(left(inspect(1, 'refused'))).toEqual([1, 2])
  })
  it('stand by nearness where the position is known, else by when they are due', () => {
    expect(ordered([close, far], null).map(({ one: row }) => row.element_id)).toEqual([1, 2])
    const near = ordered([far, close], { lon: 121, lat: 31 })
    expect(near.map(({ one: row }) => row.element_id)).toEqual([2, 1])
    expect(near[0]!.away).toBeCloseTo(111, 0)
  })
  it('are reported in one sentence of what was ticked and said', () => {
    const ticked: Check[] = [{ key: 'dark', zh: '不亮', en: 'Dark' }, { key: 'door', zh: '检修门敞开', en: '' }]
    expect(noteOf(ticked, ' 已两晚 ', false)).toBe('不亮；检修门敞开；已两晚')
    expect(noteOf(ticked, '', true)).toBe('Dark; 检修门敞开')
    expect(noteOf([], ' ', false)).toBe('')
  })
})
