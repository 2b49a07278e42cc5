// Cases as dots: near each other they become a circle with a number, overdue ones keep their colour.
import type { Feature } from 'geojson'
import type { ExpressionSpecification, GeoJSONSource, GeoJSONSourceDiff, LayerSpecification, Map as LibreMap } from 'maplibre-gl'
import type { Palette } from './palette'

export type MapPoint = { id: number; lon: number; lat: number; clock: number; label?: string }
export const SOURCE = 'cases'
export const LAYERS = { cluster: 'cases-cluster', count: 'cases-count', one: 'cases-one' }
const CLUSTERED: ExpressionSpecification = ['has', 'point_count']

export const feature = (point: MapPoint): Feature => ({
  type: 'Feature', id: point.id, geometry: { type: 'Point', coordinates: [point.lon, point.lat] },
  properties: { clock: point.clock, ...(point.label ? { label: point.label } : {}) },
})

/** Puts the source and its layers on a map; again after each change of style. */
export function addPoints(map: LibreMap, colours: Palette, points: Iterable<MapPoint>, scale = 1): void {
  map.addSource(SOURCE, {
    type: 'geojson', data: { type: 'FeatureCollection', features: Array.from(points, feature) },
    cluster: true, clusterRadius: 46 * scale, clusterMaxZoom: 15, clusterProperties: { late: ['+', ['case', ['==', ['get', 'clock'], 2], 1, 0]] },
  })
  for (const layer of layers(colours, scale)) map.addLayer(layer)
}

/** What has changed of the dots since the last time. */
export function changePoints(map: LibreMap, diff: GeoJSONSourceDiff): void {
  void (map.getSource(SOURCE) as GeoJSONSource | undefined)?.updateData(diff)
}

function layers(colours: Palette, scale: number): LayerSpecification[] {
  return [
    { id: LAYERS.one, type: 'circle', source: SOURCE, filter: ['!', CLUSTERED],
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 11, 3.2 * scale, 16, 7 * scale],
        'circle-color': ['match', ['get', 'clock'], 2, colours.late, 1, colours.near, colours.accent],
        'circle-stroke-color': colours.sheet, 'circle-stroke-width': 1.4 * scale,
      } },
    { id: LAYERS.cluster, type: 'circle', source: SOURCE, filter: CLUSTERED,
      paint: {
        'circle-radius': ['step', ['get', 'point_count'], 12 * scale, 10, 14 * scale, 100, 18 * scale, 1000, 23 * scale],
        'circle-color': colours.sheet, 'circle-stroke-width': 2 * scale,
        'circle-stroke-color': ['case', ['>', ['get', 'late'], 0], colours.late, colours.accent],
      } },
    { id: LAYERS.count, type: 'symbol', source: SOURCE, filter: CLUSTERED,
      layout: { 'text-field': ['get', 'point_count_abbreviated'], 'text-size': 13 * scale, 'text-allow-overlap': true, 'text-padding': 7 * scale }, // names give way to circles
      paint: { 'text-color': colours.ink } },
  ]
}
