// A community's cells on the table: what a step needs, how a cell stands to the window, what publishing begins and ends.
import type { components } from '@/shared/api/schema'
import { ringsOf, type Ring, type Shape } from './outlines'

type Shapes = components['schemas']
export type Draft = Shapes['DivisionOut']
export type Cell = Shapes['DividedCell']
export type House = Shapes['DivisionBuilding']
export type Row = Shapes['DivisionRow']
export type Choices = Shapes['DivisionChoices']
export type Edit = Omit<Shapes['EditIn'], 'step'>
export type Point = [number, number]
export type Bounds = [number, number, number, number]
export type Standing = 'under' | 'inside' | 'over'
export const SLOW_MS = 2000

/** Under, inside or over the window of the draft. */
export function standing(cell: Cell, draft: Draft): Standing {
  if (cell.in_window) return 'inside'
  return cell.weight < Number(draft.window.lo) ? 'under' : 'over'
}

/** What follows a number of what the cells of a draft weigh. */
export function unitOf(draft: Draft, english: boolean): string {
  const [zh, en] = (draft.window.unit ?? []) as string[]
  return english ? en || 'households' : zh || '户'
}
export const GENERAL = 'general'
export const HOUSEHOLDS = 'households'

/** West, south, east, north of everything given; null where nothing has a place. */
export function boundsOf(shapes: unknown[]): Bounds | null {
  const points = shapes.flatMap((shape) => ringsOf(shape as Shape)).flat()
  if (!points.length) return null
  const box: Bounds = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [lon = 0, lat = 0] of points) {
    box[0] = Math.min(box[0], lon); box[1] = Math.min(box[1], lat); box[2] = Math.max(box[2], lon); box[3] = Math.max(box[3], lat)
  }
  return box
}

/** Whether a point lies in an outline; a hole is outside (rings count evenly). */
export function within([lon, lat]: Point, shape: unknown): boolean {
  let inside = false
  for (const ring of ringsOf(shape as Shape)) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax = 0, ay = 0] = ring[i]!, [bx = 0, by = 0] = ring[j]!
      if (ay > lat !== by > lat && lon < (bx - ax) * (lat - ay) / (by - ay) + ax) inside = !inside
    }
  }
  return inside
}

/** The cell each building stands in now; null where none holds it. */
export function homesOf(houses: House[], cells: Cell[]): Map<string, number | null> {
  const boxes = cells.map((cell) => ({ cell, box: boundsOf([cell.geometry]) }))
  return new Map(houses.map((one) => {
    const found = boxes.find(({ cell, box }) => box && one.lon >= box[0] && one.lon <= box[2] && one.lat >= box[1] && one.lat <= box[3] && within([one.lon, one.lat], cell.geometry))
    return [one.code, found?.cell.number ?? null]
  }))
}

/** The polygon of the points drawn so far, closed; null while there are fewer than three. */
export function polygonOf(points: Point[]): { type: 'Polygon'; coordinates: Point[][] } | null {
  return points.length < 3 ? null : { type: 'Polygon', coordinates: [[...points, points[0]!]] }
}

/** What publishing would do, by number: begins, ends, gets another outline. */
export function effects(draft: Draft): { begin: number[]; end: number[]; change: number[] } {
  const before = new Map(draft.before.map((one) => [one.number, one.geometry]))
  const now = new Set(draft.cells.map((one) => one.number))
  return {
    begin: draft.cells.filter((one) => !before.has(one.number)).map((one) => one.number),
    end: [...before.keys()].filter((number) => !now.has(number)),
    change: draft.cells.filter((one) => before.has(one.number) && !alike(one.geometry, before.get(one.number))).map((one) => one.number),
  }
}

// The same corners, wherever an outline begins; a millionth of a degree is a tenth of a metre.
function alike(a: unknown, b: unknown): boolean {
  const corners = (shape: unknown) => [...new Set(ringsOf(shape as Shape).flatMap((ring: Ring) => ring.map(([x = 0, y = 0]) => `${x.toFixed(6)},${y.toFixed(6)}`)))].sort().join(' ')
  return corners(a) === corners(b)
}

const OUTSIDE = ['cell.below', 'cell.above']
/** Rules that forbid publishing; a cell outside the window is told but may be published. */
export const broken = (draft: Draft) => draft.findings.filter((one) => one.grave && !OUTSIDE.includes(one.kind))

/** Numbers as a person reads them: the first few, then how many more. */
export function listed(numbers: number[], most = 12): { shown: string; more: number } {
  return { shown: numbers.slice(0, most).join('、'), more: Math.max(0, numbers.length - most) }
}
