// Life on the outlines: load, overdue or duty as the colour of areas, put on by id as the place of the
// colour among all (`tone`). So neither tiles nor style change when numbers, classes or shade do; a new
// expression of colour would have every tile laid out anew.
import type { ExpressionSpecification, Map as LibreMap } from 'maplibre-gl'
import { COMMUNITIES_FROM, HAND, OVER_LAND } from '@/map/style'
import type { Palette } from '@/map/palette'
import type { LiveCases } from './liveCases'
import { bounds, classesOf, classOf, type Class } from './classes'

export type Shade = 'open' | 'late' | 'duty'
export const DUTY = ['on_duty', 'next_rank', 'community', 'nobody'] as const
export const CELLS_FROM = 12.6 // before, cells are smaller than a finger or an eye
const LEVELS: { level: string; source: string; from: number; to: number }[] = [
  { level: 'subdistrict', source: 'areas', from: 0, to: COMMUNITIES_FROM },
  { level: 'community', source: 'areas', from: COMMUNITIES_FROM, to: CELLS_FROM },
  { level: 'cell', source: 'cells', from: CELLS_FROM, to: 24 },
]
// Where the colours of a shade begin among all.
const FIRST = { open: 0, late: 5, duty: 10 }
export type Legend = { level: string; classes: Class[] }

/** The level whose areas are coloured at a zoom. */
export const levelAt = (zoom: number) => LEVELS.find((one) => zoom >= one.from && zoom < one.to)!.level
export const dutyColours = (colours: Palette) => [colours.load[3]!, colours.load[1]!, colours.near, colours.late]
function tones(colours: Palette): ExpressionSpecification {
  const [none, ...rest] = [...colours.load, ...colours.lateness, ...dutyColours(colours)]
  return ['step', ['coalesce', ['feature-state', 'tone'], 0], none!, ...rest.flatMap((colour, n) => [n + 1, colour])]
}

/** Fills of all levels, lines of cells, the frame of the chosen area. */
export function addShades(map: LibreMap, colours: Palette): void {
  const under = map.getLayer(OVER_LAND) ? OVER_LAND : undefined
  for (const { level, source, from, to } of LEVELS) {
    if (!map.getSource(source)) continue
    map.addLayer({ id: `shade-${level}`, type: 'fill', source, 'source-layer': level, minzoom: from, maxzoom: to,
      paint: { 'fill-color': tones(colours), 'fill-opacity': ['interpolate', ['linear'], ['zoom'], 12, 0.9, 16, 0.62], 'fill-antialias': false } }, under)
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

/** The classes of every level on the map by the numbers of its areas, as the legend says them. */
export function legendsOf(map: LibreMap, live: LiveCases, kind: 'open' | 'late', colours: Palette): Legend[] {
  const ramp = kind === 'late' ? colours.lateness : colours.load
  return LEVELS.filter(({ source }) => map.getSource(source)).map(({ level }) => ({ level, classes: classesOf(bounds(live.numbers(level, kind)), ramp) }))
}

/** Each of these areas in the colour of its class. */
export function putTones(map: LibreMap, live: LiveCases, kind: 'open' | 'late', legends: Legend[], areas: Iterable<number>): void {
  const classes = new Map(legends.map((one) => [one.level, one.classes]))
  for (const id of areas) {
    const level = live.levels.get(id) ?? ''
    const of = classes.get(level)
    if (of) putTone(map, level, id, FIRST[kind] + classOf(of, live.sums.get(id)?.[kind] ?? 0).step)
  }
}

/** Duty is known of cells alone; larger areas keep the ground's colour. */
export function putDuty(map: LibreMap, cells: number[], answered: number[]): void {
  cells.forEach((id, n) => putTone(map, 'cell', id, FIRST.duty + answered[n]!))
}

/** All areas as if nothing were known of them. */
export function clearTones(map: LibreMap): void {
  for (const { level, source } of LEVELS) if (map.getSource(source)) map.removeFeatureState({ source, sourceLayer: level })
}

function putTone(map: LibreMap, level: string, id: number, tone: number): void {
  const source = level === 'cell' ? 'cells' : 'areas'
  if (map.getSource(source)) map.setFeatureState({ source, sourceLayer: level, id }, { tone })
}

export function choose(map: LibreMap, area: { id: number; level: string } | undefined): void {
  for (const level of ['district', 'subdistrict', 'community', 'cell']) {
    if (map.getLayer(`chosen-${level}`)) map.setFilter(`chosen-${level}`, ['==', ['id'], area?.level === level ? area.id : -1])
  }
}
