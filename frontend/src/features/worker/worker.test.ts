import { describe, expect, it, vi } from 'vitest'
vi.mock('./outbox/store', () => import('./outbox/memoryStore'))
import type { Item } from './outbox/store'
import { cameSince, walking, type Day } from './day'
import { asDraft } from './drafts'
import { fitted } from './pictures'
import { metres, wayTo } from './place'
import { hints } from './suggest'
import messages from './messages'

describe('hints', () => {
  const classes = [
    { key: 'C0101', words: ['上水井盖', 'Water-supply manhole cover', '自来水井盖'] },
    { key: 'E0111', words: ['暴露垃圾', 'rubbish', '垃圾堆'] },
  ]
  it('finds the class whose words are said', () => { expect(hints('小区门口垃圾堆没人管', classes)[0].key).toBe('E0111') })
  it('finds it by a part of a word', () => { expect(hints('井盖没了，上水的', classes).map((hint) => hint.key)).toContain('C0101') })
  it('reads English as well', () => { expect(hints('a manhole cover is missing', classes)[0].key).toBe('C0101') })
  it('says nothing of words it does not know', () => { expect(hints('今天天气很好', classes)).toEqual([]) })
})

describe('fitted', () => {
  it('makes the longest side 1600 and keeps the shape', () => { expect(fitted(4000, 3000)).toEqual({ width: 1600, height: 1200 }) })
  it('leaves what is small', () => { expect(fitted(640, 480)).toEqual({ width: 640, height: 480 }) })
})

it.each([['iPhone; CPU iPhone OS 19_0', 'maps:?daddr=39.1,116.9'], ['Linux; Android 16', 'geo:39.1,116.9?q=39.1,116.9']])('the way is shown by the map of %s', (device, link) => {
  expect(wayTo(116.9, 39.1, device)).toBe(link)
})

describe('metres', () => {
  it('knows a hundredth of a degree of latitude', () => { expect(metres({ lon: 121, lat: 31 }, { lon: 121, lat: 31.01 })).toBeCloseTo(1112, 0) })
})

const soon = new Date(Date.now() + 3_600_000).toISOString()
const item = (kind: Item['kind'], id: string, body: Record<string, unknown> = {}): Item => ({ id, kind, body, seq: 1, userId: 7, at: soon, after: [], group: id, state: 'waiting' })
const day = { shift: { starts_at: soon, ends_at: soon }, cells: [{ id: 5, code: 'A1' }], patrol: null } as unknown as Day

it('tells of own tasks that came, of all at once of none', () => {
  const of = (...numbers: string[]) => ({ tasks: [...numbers.map((number) => ({ number, mine: true })), { number: 'area', mine: false }] }) as unknown as Day
  expect(cameSince(of('1'), of('1', '2'))).toEqual(['2'])
  expect(cameSince(null, of('1', '2'))).toEqual([])
  expect(cameSince(of('1', '2'), of('1'))).toEqual([])
})

describe('the patrol under way', () => {
  it('is what the outbox says when the server knows nothing yet', () => {
    const walk = walking(day, [item('start', 'w1'), item('visit', 'v1', { patrol: 'w1', cell_code: 'A1', answers: { fire: 'ok' } })])
    expect([walk?.clientId, walk?.seen.get(5)]).toEqual(['w1', { fire: 'ok' }])
  })
  it('is over as soon as its end is in the outbox', () => { expect(walking(day, [item('start', 'w1'), item('end', 'e1', { patrol: 'w1' })])).toBeNull() })
  it('is not begun by a start that was refused', () => { expect(walking(day, [{ ...item('start', 'w1'), state: 'refused' }])).toBeNull() })
})

it('a refused report comes back as it was', () => {
  const bytes = new ArrayBuffer(4)
  const draft = asDraft([item('report', 'r', { text: '井盖', class_key: 'C0101', lon: 1, lat: 2, on_the_spot: true }), { ...item('photo', 'p'), bytes }, item('move', 'm', { text: '已盖好' })])
  expect(draft).toMatchObject({ text: '井盖', classKey: 'C0101', lon: 1, lat: 2, settled: true, did: '已盖好', photos: [bytes] })
})

it('every text is there in both languages, with the same blanks', () => {
  const flat = (given: object, path = ''): [string, string][] => Object.entries(given).flatMap(([key, value]) => (typeof value === 'string' ? [[path + key, [...new Set([...value.matchAll(/\{\w+\}/g)].map((found) => found[0]))].sort().join()]] : flat(value as object, `${path}${key}.`)) as [string, string][])
  expect(flat(messages.en).sort()).toEqual(flat(messages.zh).sort())
})
