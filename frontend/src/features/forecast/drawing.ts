// A small chart of days as shapes: the band of what is likely, the line of what was said, what came.
import type { components } from '@/shared/api/schema'

export type Point = components['schemas']['ForecastPoint']
export type Drawing = { top: number; band: string; said: string; came: string; lines: string; divide: number; dots: { x: number; y: number; over: boolean }[] }
export const WIDTH = 280
export const HEIGHT = 72
const SAFE = 4

/** The highest number that must fit, at least 1. */
export const topOf = (points: readonly Point[]): number => Math.max(1, ...points.flatMap((one) => [one.high, one.actual ?? 0, one.line ?? 0]))

const round = (value: number): number => Math.round(value * 10) / 10

export function draw(points: readonly Point[], top = topOf(points)): Drawing {
  const step = points.length > 1 ? (WIDTH - 2 * SAFE) / (points.length - 1) : 0
  const x = (n: number): number => round(SAFE + n * step)
  const y = (value: number): number => round(HEIGHT - SAFE - (Math.min(value, top) / top) * (HEIGHT - 2 * SAFE))
  const path = (pairs: [number, number][]): string => pairs.map(([px, py], n) => `${n ? 'L' : 'M'}${px} ${py}`).join('')
  const past = points.map((one, n) => ({ one, n })).filter(({ one }) => one.actual !== null)
  const firstAhead = points.findIndex((one) => one.actual === null)
  const upper = points.map((one, n): [number, number] => [x(n), y(one.high)])
  const lower = points.map((one, n): [number, number] => [x(n), y(one.low)]).reverse()
  const lined = points.map((one, n) => ({ one, n })).filter(({ one }) => one.line !== null)
  return {
    top,
    band: points.length ? `${path([...upper, ...lower])}Z` : '',
    said: path(points.map((one, n) => [x(n), y(one.median)])),
    came: path(past.map(({ one, n }) => [x(n), y(one.actual ?? 0)])),
    lines: path(lined.map(({ one, n }) => [x(n), y(one.line ?? 0)])),
    divide: firstAhead > 0 ? round(x(firstAhead) - step / 2) : firstAhead === 0 ? 0 : WIDTH,
    dots: past.filter(({ one }) => one.line !== null && (one.actual ?? 0) > one.line).map(({ one, n }) => ({ x: x(n), y: y(one.actual ?? 0), over: true })),
  }
}

/** The first days that are not over. */
export const ahead = (points: readonly Point[]): Point[] => points.filter((one) => one.actual === null)

/** How many of the days past came within what was said. */
export function within(points: readonly Point[]): { days: number; inside: number } {
  const past = points.filter((one) => one.actual !== null)
  return { days: past.length, inside: past.filter((one) => (one.actual ?? 0) >= one.low && (one.actual ?? 0) <= one.high).length }
}
