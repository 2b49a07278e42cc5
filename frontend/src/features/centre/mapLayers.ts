// Life on the outlines: load, overdue or duty as the colour of areas, put on by id; tiles stay as they are.
import type { ExpressionSpecification, Map as LibreMap } from 'maplibre-gl'
import { HAND, OVER_LAND } from '@/map/style'
import type { Palette } from '@/map/palette'
import type { LiveCases, Sums } from './liveCases'
import { bounds, classesOf, type Class } from './classes'

export type Shade = 'open' | 'late' | 'duty'
export const DUTY = ['on_duty', 'next_rank', 'community', 'nobody'] as const
export const CELLS_FROM = 12.6 // before, cells are smaller than a finger or an eye
const LEVELS: { level: string; source: string; from: number; to: number }[] = [
  { level: 'subdistrict', source: 'areas', from: 0, to: 10.4 },
  { level: 'community', source: 'areas', from: 10.4, to: CELLS_FROM },
  { level: 'cell', source: 'cells', from: CELLS_FROM, to: 24 },
]
export type Legend = { level: string; classes: Class[] }

/** The level whose areas are coloured at a zoom. */
export const levelAt = (zoom: number) => LEVELS.find((one) => zoom >= one.from && zoom < one.to)!.level
export const dutyColours = (colours: Palette) => [colours.load[3]!, colours.load[1]!, colours.near, colours.late]

/** Fills of all levels, lines of cells, the frame of the chosen area. */
export function addShades(map: LibreMap, colours: Palette): void {
  const under = map.getLayer(OVER_LAND) ? OVER_LAND : undefined
  for (const { level, source, from, to } of LEVELS) {
    if (!map.getSource(source)) continue
    map.addLayer({ id: `shade-${level}`, type: 'fill', source, 'source-layer': level, minzoom: from, maxzoom: to,
      paint: { 'fill-color': colours.load[0]!, 'fill-opacity': ['interpolate', ['linear'], ['zoom'], 12, 0.9, 16, 0.62], 'fill-antialias': false } }, under)
  }
  if (map.getSource('cells')) {
    map.addLayer({ id: 'line-cell', type: 'line', source: 'cells', 'source-layer': 'cell', minzoom: 13.2, paint: { 'line-color': colours.edge, 'line-opacity': 0.35, 'line-width': 0.7 } }, under)
  }
  for (const level of ['district', 'subdistrict', 'community', 'cell']) {
    const source = level === 'cell' ? 'cells' : 'areas'
    if (!map.getSource(source)) continue
    map.addLayer({ id: `chosen-${level}`, type: 'line', source, 'source-layer': level, filter: ['==', ['id'], -1], layout: { 'line-join': 'round' }, paint: { 'line-color': colours.accent, 'line-width': 3 } })
  }
}

/** Names of the cells below the chosen area: tiles of a city's cells carry none. */
export function nameCells(map: LibreMap, names: Map<number, string>, colours: Palette, scale: number): void {
  if (!map.getSource('cells')) return
  const said: ExpressionSpecification | '' = names.size ? ['match', ['id'], ...[...names].flat(), ''] as unknown as ExpressionSpecification : ''
  if (map.getLayer('name-cell')) { map.setLayoutProperty('name-cell', 'text-field', said); return }
  map.addLayer({ id: 'name-cell', type: 'symbol', source: 'cells', 'source-layer': 'cell', minzoom: CELLS_FROM,
    layout: { 'text-field': said, 'text-size': 13 * HAND * scale, 'text-max-width': 6, 'text-padding': 2 },
    paint: { 'text-color': colours.ink, 'text-halo-color': colours.sheet, 'text-halo-width': 1.4 } })
}

/** The colour of areas by their numbers; returns what the legend says. */
export function shade(map: LibreMap, live: LiveCases, kind: 'open' | 'late', colours: Palette): Legend[] {
  const ramp = kind === 'late' ? colours.lateness : colours.load
  return LEVELS.filter(({ level }) => map.getLayer(`shade-${level}`)).map(({ level }) => {
    const classes = classesOf(bounds(live.numbers(level, kind)), ramp)
    const value: ExpressionSpecification = ['coalesce', ['feature-state', kind], 0]
    const steps = classes.slice(1).flatMap((one) => [one.from, one.colour])
    map.setPaintProperty(`shade-${level}`, 'fill-color', ['step', value, classes[0]!.colour, ...steps])
    return { level, classes }
  })
}

/** Duty is known of cells alone; larger areas keep the ground's colour. */
export function shadeDuty(map: LibreMap, colours: Palette): void {
  const tones = dutyColours(colours)
  for (const { level } of LEVELS) if (map.getLayer(`shade-${level}`)) map.setPaintProperty(`shade-${level}`, 'fill-color', colours.load[0]!)
  if (!map.getLayer('shade-cell')) return
  map.setPaintProperty('shade-cell', 'fill-color', ['match', ['coalesce', ['feature-state', 'duty'], -1], 0, tones[0]!, 1, tones[1]!, 2, tones[2]!, 3, tones[3]!, colours.load[0]!])
}

/** Numbers onto areas; only those that changed. */
export function putSums(map: LibreMap, live: LiveCases, areas: Iterable<number>): void {
  for (const id of areas) {
    const level = live.levels.get(id)
    if (level === undefined || level === 'city' || level === 'district') continue
    const source = level === 'cell' ? 'cells' : 'areas'
    if (!map.getSource(source)) continue
    const sums: Sums = live.sums.get(id) ?? { open: 0, near: 0, late: 0 }
    map.setFeatureState({ source, sourceLayer: level, id }, { open: sums.open, late: sums.late })
  }
}

export function putDuty(map: LibreMap, cells: number[], answered: number[]): void {
  if (!map.getSource('cells')) return
  cells.forEach((id, n) => map.setFeatureState({ source: 'cells', sourceLayer: 'cell', id }, { duty: answered[n] }))
}

export function choose(map: LibreMap, area: { id: number; level: string } | undefined): void {
  for (const level of ['district', 'subdistrict', 'community', 'cell']) {
    if (map.getLayer(`chosen-${level}`)) map.setFilter(`chosen-${level}`, ['==', ['id'], area?.level === level ? area.id : -1])
  }
}
