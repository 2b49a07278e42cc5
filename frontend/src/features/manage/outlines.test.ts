import { describe, expect, it } from 'vitest'
import { outlines, ringsOf } from './outlines'

const square = (west: number, south: number, side: number) => ({ type: 'Polygon', coordinates: [[[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]] })

describe('outlines', () => {
  it('fits everything into the box, north at the top', () => {
    const [low, high] = outlines([{ code: 'a001', name: 'a', geometry: square(0, 0, 1) }, { code: 'b002', name: 'b', geometry: square(0, 1, 1) }], 200, 200, 10)
    expect(high!.y).toBeLessThan(low!.y)
    const numbers = (low!.path + high!.path).match(/-?[\d.]+/g)!.map(Number)
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(9.9)
    expect(Math.max(...numbers)).toBeLessThanOrEqual(190.1)
  })
  it('a square far north is narrower in degrees of longitude', () => {
    const [one] = outlines([{ code: 'c', name: '', geometry: square(0, 60, 1) }], 200, 200, 0)
    const xs = one!.path.match(/[ML](-?[\d.]+) /g)!.map((s) => Number(s.slice(1)))
    expect(Math.max(...xs) - Math.min(...xs)).toBeCloseTo(200 * Math.cos((60.5 * Math.PI) / 180), 0)
  })
  it('leaves out what has no outline', () => {
    expect(outlines([{ code: 'x', name: '', geometry: null }], 10, 10)).toEqual([])
    expect(ringsOf({ type: 'Point', coordinates: [1, 2] })).toEqual([])
    expect(outlines([{ code: 'x', name: '', geometry: { type: 'Polygon', coordinates: [[[NaN, 1], [2, 3]]] } }], 10, 10)).toEqual([])
  })
})
