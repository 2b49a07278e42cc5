import { describe, expect, it } from 'vitest'
import { ahead, draw, HEIGHT, topOf, WIDTH, within, type Point } from './drawing'

const point = (day: number, more: Partial<Point> = {}): Point => ({ day: `2026-03-0${day}`, median: 5, low: 2, high: 8, line: 9, chance: 0.1, actual: 5, hindsight: false, ...more })
const days = [point(1), point(2, { actual: 12 }), point(3, { actual: null }), point(4, { actual: null, high: 10 })]

describe('draw', () => {
  it('fits what came as well as what was said', () => {
    expect(topOf(days)).toBe(12)
    expect(draw(days).top).toBe(12)
    expect(topOf([point(1, { line: 20 })])).toBe(20)
    expect(draw([]).top).toBe(1)
  })
  it('puts days side by side, more being higher', () => {
    const shown = draw(days)
    expect(shown.came).toBe('M4 41.3L94.7 4')
    expect(shown.band.match(/[ML]/g)).toHaveLength(8)
    expect(shown.divide).toBeGreaterThan(94.7)
    expect(shown.divide).toBeLessThan(185.3)
  })
  it('marks the days above the line alone', () => {
    expect(draw(days).dots).toEqual([{ x: 94.7, y: 4, over: true }])
  })
  it('keeps everything within the picture, whatever the scale', () => {
    const numbers = draw(days, 6).band.match(/[\d.]+/g)!.map(Number)
    expect(Math.max(...numbers.filter((_, n) => n % 2 === 0))).toBeLessThanOrEqual(WIDTH)
    expect(Math.max(...numbers.filter((_, n) => n % 2 === 1))).toBeLessThanOrEqual(HEIGHT)
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
  })
  it('draws no line before there is one', () => {
    expect(draw([point(1, { line: null })]).lines).toBe('')
  })
})

describe('days', () => {
  it('tells those ahead, and how many past ones came within', () => {
    expect(ahead(days).map((one) => one.day)).toEqual(['2026-03-03', '2026-03-04'])
    expect(within(days)).toEqual({ days: 2, inside: 1 })
  })
})
