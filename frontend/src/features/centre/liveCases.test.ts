import { describe, expect, it } from 'vitest'
import { bounds, classesOf, rounded } from './classes'
import { LiveCases, type LiveMap } from './liveCases'
import { levelAt } from './mapLayers'

const [district, street, west, east, cellW, cellE] = [1, 2, 3, 4, 5, 6]
function sent(cases: Partial<{ id: number; state: number; clock: number; place: number; lon: number | null }>[]): LiveMap {
  let last = 0
  const ids = cases.map((one, n) => one.id ?? (n + 1) * 10)
  return {
    position: 7, origin: [116, 39], steps: 100000, states: ['reported', 'handling', 'closed'], clocks: ['', 'near', 'late'],
    places: { id: [1, 1, 1, 1, 1, 1], level: ['district', 'subdistrict', 'community', 'community', 'cell', 'cell'], above: [-1, 0, 1, 1, 2, 3], zh: [], en: [] },
    cases: {
      id: ids.map((id) => { const step = id - last; last = id; return step }), number: ids.map(String),
      lon: cases.map((one) => (one.lon === undefined ? 500 : one.lon)), lat: cases.map(() => 250),
      state: cases.map((one) => one.state ?? 1), clock: cases.map((one) => one.clock ?? 0), place: cases.map((one) => one.place ?? 4),
    },
  }
}
function loaded(...cases: Parameters<typeof sent>[0]) {
  const live = new LiveCases()
  live.load(sent(cases))
  live.taken()
  return live
}
const event = (more: object) => ({ kind: 'case.accept', at: '', to: 'handling', district, subdistrict: street, community: west, cell: cellW, ...more })

describe('live cases', () => {
  it('come with their place and are counted in every area above it', () => {
    const live = loaded({ clock: 2 }, { place: 5 }, { lon: null })
    expect(live.cases.get(20)).toEqual({ id: 20, number: '20', lon: 116.005, lat: 39.0025, state: 'handling', clock: 0, place: cellE })
    expect(live.sums.get(street)).toEqual({ open: 3, near: 0, late: 1 })
    expect(live.sums.get(cellE)).toEqual({ open: 1, near: 0, late: 0 })
    expect([live.points().length, live.unplaced]).toEqual([2, 1])
  })

  it('change by an event, and tell what to draw again', () => {
    const live = loaded({}, { place: 5 })
    expect(live.apply(event({ case: 10, alert: 'late' }))).toBe(false)
    const changes = live.taken()
    expect([changes.put.map((one) => [one.id, one.clock]), changes.gone]).toEqual([[[10, 2]], []])
    expect(changes.areas).toEqual(new Set([cellW, west, street, district]))
    expect(live.taken().put).toEqual([])
  })

  it('leave when their work is done, and come back when reopened', () => {
    const live = loaded({})
    live.apply(event({ case: 10, to: 'closed' }))
    expect([live.taken().gone, live.sums.get(west)?.open]).toEqual([[10], 0])
    expect(live.apply(event({ case: 10, to: 'handling' }))).toBe(true)
    live.merge(sent([{}]))
    expect([live.taken().gone, live.sums.get(west)?.open]).toEqual([[], 1])
  })

  it('that are new or moved to another cell have to be asked for', () => {
    const live = loaded({})
    expect(live.apply(event({ case: 99 }))).toBe(true)
    expect(live.apply(event({ case: 10, community: east, cell: cellE }))).toBe(true)
    live.merge(sent([{ place: 5 }]))
    expect([live.sums.get(cellW)?.open, live.sums.get(cellE)?.open, live.sums.get(district)?.open]).toEqual([0, 1, 1])
  })

  it('ignore what is no case, and what they never knew', () => {
    const live = loaded({})
    expect(live.apply({ kind: 'job.dead', at: '' })).toBe(false)
    expect(live.apply(event({ case: 77, to: 'closed' }))).toBe(false)
    expect(live.taken()).toEqual({ put: [], gone: [], areas: new Set() })
  })
})

describe('classes of colour', () => {
  it('have round, ascending bounds', () => {
    expect(bounds([])).toEqual([1])
    expect(bounds([1, 1, 1, 1])).toEqual([1])
    const alike = bounds(Array.from({ length: 43 }, (_, n) => 330 + 9 * n)) // subdistricts of one size
    expect(alike).toEqual([1, 500, 600, 700])
    const lower = bounds(Array.from({ length: 200 }, (_, n) => 1 + n))
    expect(lower).toEqual([1, 100, 150, 200])
    expect(rounded(137)).toBe(150)
  })

  it('are told apart in the legend without gaps', () => {
    const classes = classesOf([1, 5, 20], ['a', 'b', 'c', 'd', 'e'])
    expect(classes.map(({ from, to }) => [from, to])).toEqual([[0, 0], [1, 4], [5, 19], [20, null]])
    expect(classes.map((one) => one.colour)).toEqual(['a', 'b', 'd', 'e'])
    expect(classesOf([1], ['a', 'b', 'c', 'd', 'e'])[1]?.colour).toBe('c')
  })

  it('belong to the level that can be seen at a zoom', () => {
    expect([9, 11, 14].map(levelAt)).toEqual(['subdistrict', 'community', 'cell'])
  })
})
