import { describe, expect, it } from 'vitest'
import { brief, difference, grew, share, withSign, type Changes } from './brief'

const count = (now: number, usual: number, notable = false) => ({ now, usual, notable })
const names = (zh: string) => ({ zh, en: zh })
const say = (key: string, values: Record<string, unknown> = {}) => `[${key} ${Object.entries(values).map(([name, value]) => `${name}=${value}`).join(' ')}]`

describe('what changed', () => {
  it('says differences with their sign, and no share of nothing', () => {
    expect([difference(count(7, 5.3)), withSign(1.7), withSign(-2), withSign(0)]).toEqual([1.7, '+1.7', '−2', '0'])
    expect([share(count(15, 10)), share(count(5, 10)), share(count(3, 0))]).toEqual(['+50%', '−50%', ''])
  })
  it('explains by what grew beyond chance, else by the largest, and chance by nothing', () => {
    const rows = [{ ...count(9, 4), key: 'a' }, { ...count(6, 4, true), key: 'b' }, { ...count(1, 4, true), key: 'c' }]
    expect(grew(rows).map((row) => row.key)).toEqual(['b'])
    const small = [{ ...count(5, 4), key: 'a' }, { ...count(9, 4), key: 'b' }]
    expect([grew(small).map((row) => row.key), grew(small, true)]).toEqual([['b', 'a'], []])
  })
  it('speaks of what grew alone, in whole sentences', () => {
    const found = {
      area: { id: 1, code: '1', level: 'district', ...names('试点区') }, span: 'day', since: '', until: '', total: count(20, 8, true), channels: [],
      classes: [{ key: '0101', ...names('井盖'), ...count(12, 2, true) }, { key: '0102', ...names('垃圾'), ...count(1, 3) }], units: [], spots: [],
    } as unknown as Changes
    const text = brief(found, [], { say, from: '', at: '10:00', channel: (key) => key })
    expect(text).toBe('[day from= at=10:00 area=试点区 now=20 usual=8 change=[more n=12 share=+150%]][classes list=[one name=井盖 n=10]]')
  })
})
