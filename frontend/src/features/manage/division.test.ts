import { describe, expect, it } from 'vitest'
import { boundsOf, broken, unitOf, effects, homesOf, listed, polygonOf, standing, within, type Cell, type Draft } from './division'

const square = (west: number, south: number, side: number, turn = 0) => {
  const corners = [[west, south], [west + side, south], [west + side, south + side], [west, south + side]]
  const turned = [...corners.slice(turn), ...corners.slice(0, turn)]
  return { type: 'Polygon', coordinates: [[...turned, turned[0]!]] }
}
const cell = (number: number, geometry: Record<string, unknown>, more: Partial<Cell> = {}): Cell => ({ number, weight: 400, households: 400, buildings: 4, in_window: true, locked: false, changed: false, geometry, ...more })
const draft = (cells: Cell[], before: Draft['before'] = [], findings: Draft['findings'] = []): Draft => ({
  id: 1, community: 'c', theme: 'general', window: { lo: 300, hi: 500 }, published_at: null, step: 1, act: 'plan', cells, before, findings, figures: {}, figures_before: {}, moved_households: 0,
})

describe('a division on the table', () => {
  it('a cell stands under, inside or over the window', () => {
    const table = draft([])
    expect(standing(cell(1, square(0, 0, 1)), table)).toBe('inside')
    expect(standing(cell(1, square(0, 0, 1), { weight: 299, in_window: false }), table)).toBe('under')
    expect(standing(cell(1, square(0, 0, 1), { weight: 501, in_window: false }), table)).toBe('over')
  })
  it('says what the cells of its theme weigh', () => {
    expect([unitOf(draft([]), false), unitOf(draft([]), true)]).toEqual(['户', 'households'])
    const fire = { ...draft([]), window: { lo: 1, hi: 2, unit: ['百平方米', '× 100 m²'] } }
    expect([unitOf(fire, false), unitOf(fire, true)]).toEqual(['百平方米', '× 100 m²'])
  })
  it('knows which cell a building stands in, and that a hole is none', () => {
    const ring = { type: 'Polygon', coordinates: [square(0, 0, 3).coordinates[0], square(1, 1, 1).coordinates[0]] }
    const homes = homesOf([{ code: 'a', households: 1, weight: 1, lon: 0.5, lat: 0.5 }, { code: 'b', households: 1, weight: 1, lon: 1.5, lat: 1.5 }, { code: 'c', households: 1, weight: 1, lon: 4.5, lat: 0.5 }], [cell(7, ring), cell(8, square(4, 0, 1))])
    expect([...homes]).toEqual([['a', 7], ['b', null], ['c', 8]])
    expect(within([9, 9], ring)).toBe(false)
  })
  it('publishing begins, ends and changes what differs, wherever an outline starts', () => {
    const before = [{ number: 1, geometry: square(0, 0, 1) }, { number: 2, geometry: square(1, 0, 1) }, { number: 3, geometry: square(2, 0, 1) }]
    const after = draft([cell(1, square(0, 0, 1, 2)), cell(2, square(1, 0, 1.5)), cell(4, square(3, 0, 1))], before)
    expect(effects(after)).toEqual({ begin: [4], end: [3], change: [2] })
  })
  it('only a broken rule forbids publishing, not a cell outside the window', () => {
    const finding = (kind: string, grave: boolean) => ({ kind, grave, where: '', zh: '', en: '', at: null })
    expect(broken(draft([], [], [finding('cell.below', true), finding('cell.above', true), finding('cell.pieces', true), finding('building.cut', true), finding('street.far', false)])).map((one) => one.kind)).toEqual(['cell.pieces', 'building.cut'])
  })
  it('closes what is drawn from the third point on', () => {
    expect(polygonOf([[0, 0], [1, 0]])).toBeNull()
    expect(polygonOf([[0, 0], [1, 0], [1, 1]])?.coordinates[0]).toEqual([[0, 0], [1, 0], [1, 1], [0, 0]])
  })
  it('fits around everything, and says how many are not named', () => {
    expect(boundsOf([square(0, 0, 1), square(4, -1, 1)])).toEqual([0, -1, 5, 1])
    expect(boundsOf([])).toBeNull()
    expect(listed([1, 2, 3], 2)).toEqual({ shown: '1、2', more: 1 })
  })
})
