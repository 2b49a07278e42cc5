import { describe, expect, it } from 'vitest'
import { rowsOf, textsOf, treeOf, valueOf } from './tree'

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
