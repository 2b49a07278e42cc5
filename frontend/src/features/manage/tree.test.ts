import { describe, expect, it } from 'vitest'
import { inWords, rowsOf, textsOf, treeOf, valueOf } from './tree'

const night = { field: 'hour', op: 'between', value: [22, 5] }
const noise = { field: 'class', op: 'in', value: ['E0301'] }
describe('rule trees', () => {
  it.each([[night], [{ all: [noise, night] }], [{ any: [noise, night] }]])('come back as they went: %j', (tree) => expect(treeOf(rowsOf(tree)!)).toEqual(tree))
  it('deeper ones are left alone', () => expect([rowsOf({ not: night }), rowsOf({ all: [{ any: [noise] }] }), rowsOf({ all: [noise], any: [night] })]).toEqual([null, null, null]))
  it('values take the form the comparison wants', () => {
    expect(valueOf('between', ['22', '5'], true)).toEqual([22, 5])
    expect(valueOf('in', ['E0301', ' '], false)).toEqual(['E0301'])
    expect(valueOf('eq', ['7'], true)).toBe(7)
    expect([textsOf([1, 2]), textsOf('a'), textsOf(undefined)]).toEqual([['1', '2'], ['a'], []])
  })
})

describe('a rule in words', () => {
  const fields = [{ field: 'class', values: [{ key: 'C0101', zh: '井盖', en: 'Manhole cover' }] }, { field: 'hour', values: null }]
  const say = (key: string) => ({ and: '、', also: '；', or: ' 或 ', always: '总是', not: '非' })[key] ?? key.split('.')[1]!
  const words = (tree: Record<string, unknown>) => inWords(tree, fields, say, (name) => name.zh)
  it('names fields, comparisons and values, at any depth', () => {
    expect(words({ field: 'class', op: 'in', value: ['C0101', 'X'] })).toBe('class in 井盖、X')
    expect(words({ any: [{ field: 'class', op: 'eq', value: 'C0101' }, { field: 'hour', op: 'between', value: [18, 22] }] })).toBe('class eq 井盖 或 hour between 18–22')
    expect(words({ field: 'hour', op: 'in', value: [1, 2, 3, 4] })).toBe('hour in 1、2、3、… (4)')
    expect(words({ any: [{ field: 'hour', op: 'eq', value: 1 }, { all: [{ not: { field: 'hour', op: 'eq', value: 2 } }, { field: 'hour', op: 'eq', value: 3 }] }] })).toBe('hour eq 1 或 (非(hour eq 2)；hour eq 3)')
    expect(words({})).toBe('总是')
  })
})
