// The style of the base map: ground, outlines, names. All of it from our own tiles, no font files.
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { Palette } from './palette'

export type TileSet = { name: string; url: string; minzoom: number; maxzoom: number; bounds?: [number, number, number, number] }
/** Fills of a page go before this: over the land, under water, houses and streets. */
export const OVER_LAND = 'water'
/** Before, a thousand communities are a net too fine to see; our tiles have them from here. */
export const COMMUNITIES_FROM = 11

// Widths at zoom 10, 12 and 17; what is wider is drawn later and lies on top.
const widths: Record<string, [number, number, number]> = {
  lane: [0.3, 0.6, 4.8], local: [0.4, 1, 8], secondary: [0.6, 1.6, 12.8], arterial: [0.9, 2.4, 19.2], expressway: [1.5, 3.2, 24],
}

// Letters in the hand are read at arm's length, in the sun.
export const HAND = matchMedia('(pointer: coarse), (max-width: 720px)').matches ? 1.15 : 1

/** `scale`: of lines and letters, more than 1 for a screen that is read from afar. */
export function baseStyle(sets: TileSet[], colours: Palette, language: string, scale = 1): StyleSpecification {
  const has = (name: string) => sets.some((set) => set.name === name)
  return {
    version: 8,
    transition: { duration: 0, delay: 0 }, // a colour is the new one at once: fading draws the map twenty times
    sources: Object.fromEntries(sets.map((set) => [set.name, {
      type: 'vector' as const, tiles: [new URL(set.url, location.origin).href.replace(/%7B/g, '{').replace(/%7D/g, '}')], minzoom: set.minzoom, maxzoom: set.maxzoom, ...(set.bounds && { bounds: set.bounds }),
    }])),
    layers: [
      { id: 'background', type: 'background', paint: { 'background-color': colours.land } },
      ...(has('ground') ? ground(colours, scale) : [anchor]),
      ...(has('areas') ? borders(colours, scale) : []),
      ...(has('ground') ? [streetNames(colours, language, scale)] : []),
      ...(has('areas') ? names(colours, language, scale) : []),
    ],
  }
}

// Without a ground there still is a place to put fills under.
const anchor: LayerSpecification = { id: OVER_LAND, type: 'background', layout: { visibility: 'none' } }

const DETAIL_FROM = 12 // before, single blocks, edges of parks and dashes of rails are finer than the eye

function ground(colours: Palette, scale: number): LayerSpecification[] {
  const rail = (id: string, minzoom: number, maxzoom: number, dashes?: number[]): LayerSpecification => ({
    id, type: 'line', source: 'ground', 'source-layer': 'rail', minzoom, maxzoom,
    paint: { 'line-color': colours.edge, 'line-opacity': 0.6, 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.5 * scale, 16, 1.6 * scale], ...(dashes && { 'line-dasharray': dashes }) },
  })
  const smooth: ExpressionSpecification = ['step', ['zoom'], false, DETAIL_FROM, true]
  const kind = (...kinds: string[]): ExpressionSpecification => ['match', ['get', 'kind'], kinds, true, false]
  return [
    { id: 'block', type: 'fill', source: 'ground', 'source-layer': 'land', minzoom: DETAIL_FROM, filter: ['!', kind('water', 'pond', 'bank', 'park', 'sports')], paint: { 'fill-color': colours.block } },
    { id: 'park', type: 'fill', source: 'ground', 'source-layer': 'land', filter: kind('park', 'sports', 'bank'), paint: { 'fill-color': colours.park, 'fill-antialias': smooth } },
    { id: 'water', type: 'fill', source: 'ground', 'source-layer': 'land', filter: kind('water', 'pond'), paint: { 'fill-color': colours.water, 'fill-antialias': smooth } },
    { id: 'building', type: 'fill', source: 'ground', 'source-layer': 'building', minzoom: 14, paint: { 'fill-color': colours.house, 'fill-opacity': ['interpolate', ['linear'], ['zoom'], 14, 0.4, 15.5, 1], 'fill-antialias': false } },
    // Dashes are seen from near; drawing them takes a program of the graphics of its own.
    rail('rail-far', 0, DETAIL_FROM), rail('rail', DETAIL_FROM, 24, [4, 3]),
    ...Object.entries(widths).map(([road, [far, mid, near]]): LayerSpecification => ({
      id: `street-${road}`, type: 'line', source: 'ground', 'source-layer': 'street', filter: ['==', ['get', 'road'], road],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': colours.road, 'line-width': ['interpolate', ['exponential', 1.5], ['zoom'], 10, far * Math.sqrt(scale), 12, mid * Math.sqrt(scale), 17, near * Math.sqrt(scale)] },
    })),
  ]
}

// Above the borders, which run along the same streets.
const streetNames = (colours: Palette, language: string, scale: number): LayerSpecification => (
  { id: 'street-name', type: 'symbol', source: 'ground', 'source-layer': 'street', minzoom: 15, filter: ['has', 'zh'],
    layout: { 'symbol-placement': 'line', 'text-field': said(language), 'text-size': 13 * HAND * scale, 'symbol-spacing': 320 },
    paint: { 'text-color': colours.quiet, 'text-halo-color': colours.road, 'text-halo-width': 1.6 } })

const said = (language: string): ExpressionSpecification => (language === 'en' ? ['coalesce', ['get', 'en'], ['get', 'zh']] : ['get', 'zh'])

function borders(colours: Palette, scale: number): LayerSpecification[] {
  const line = (level: string, width: number, opacity: number | ExpressionSpecification, minzoom = 0): LayerSpecification => ({
    id: `border-${level}`, type: 'line', source: 'areas', 'source-layer': level, minzoom, layout: { 'line-join': 'round' },
    paint: { 'line-color': colours.edge, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, width * 0.6 * scale, 15, width * 1.3 * scale], 'line-opacity': opacity },
  })
  return [line('community', 0.9, ['interpolate', ['linear'], ['zoom'], 11, 0.3, 11.8, 0.75], COMMUNITIES_FROM), line('subdistrict', 1.6, 0.9), line('district', 2.2, 1)]
}

function names(colours: Palette, language: string, scale: number): LayerSpecification[] {
  const label = (level: string, first: number, last: number, size: number): LayerSpecification => ({
    id: `name-${level}`, type: 'symbol', source: 'areas', 'source-layer': 'name', minzoom: first, maxzoom: last, filter: ['==', ['get', 'level'], level],
    layout: {
      'text-field': said(language), 'text-max-width': 7,
      // Seen from afar there are many and little room.
      'text-size': ['interpolate', ['linear'], ['zoom'], 13, size * scale, 14.5, size * HAND * scale], 'text-padding': 3,
      // In the hand there is no room beside: a name pushed aside would be cut by the edge.
      'text-variable-anchor': HAND > 1 ? ['center', 'top', 'bottom'] : ['center', 'top', 'bottom', 'left', 'right'], 'text-radial-offset': 0.8, 'text-justify': 'auto',
    },
    paint: { 'text-color': colours.ink, 'text-halo-color': colours.sheet, 'text-halo-width': 1.6 },
  })
  return [label('community', 12, 17, 14), label('subdistrict', 9, 12, 14.5), label('district', 6, 9.4, 15)]
}
