// Outlines in degrees as paths in a box: enough of a map for choosing cells, without one.
export type Ring = number[][]
export type Shape = { type: string; coordinates: unknown } | null
export type Outlined = { code: string; name: string; geometry: Shape }
export type Drawn = { code: string; name: string; short: string; path: string; x: number; y: number }

export function ringsOf(shape: Shape): Ring[] {
  if (!shape) return []
  if (shape.type === 'Polygon') return shape.coordinates as Ring[]
  return shape.type === 'MultiPolygon' ? (shape.coordinates as Ring[][]).flat() : []
}

/** Every outline in a box of width x height; a degree of longitude is as long as it is there. */
export function outlines(features: Outlined[], width: number, height: number, margin = 12): Drawn[] {
  const shaped = features.map((one) => ({ one, rings: ringsOf(one.geometry).filter((ring) => ring.every((p) => Number.isFinite(p[0]) && Number.isFinite(p[1]))) })).filter((row) => row.rings.length)
  let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity
  for (const { rings } of shaped) for (const ring of rings) for (const [lon = 0, lat = 0] of ring) {
    west = Math.min(west, lon); east = Math.max(east, lon); south = Math.min(south, lat); north = Math.max(north, lat)
  }
  if (!shaped.length) return []
  const squeeze = Math.cos(((south + north) / 2) * Math.PI / 180)
  const scale = Math.min((width - 2 * margin) / Math.max((east - west) * squeeze, 1e-9), (height - 2 * margin) / Math.max(north - south, 1e-9))
  const left = (width - (east - west) * squeeze * scale) / 2, top = (height - (north - south) * scale) / 2
  const x = (lon: number) => left + (lon - west) * squeeze * scale
  const y = (lat: number) => top + (north - lat) * scale
  return shaped.map(({ one, rings }) => {
    const path = rings.map((ring) => `M${ring.map(([lon = 0, lat = 0]) => `${x(lon).toFixed(1)} ${y(lat).toFixed(1)}`).join('L')}Z`).join('')
    const first = rings[0]!
    const middle = first.slice(0, -1)
    return {
      code: one.code, name: one.name, short: one.code.slice(-3), path,
      x: x(middle.reduce((sum, p) => sum + (p[0] ?? 0), 0) / middle.length), y: y(middle.reduce((sum, p) => sum + (p[1] ?? 0), 0) / middle.length),
    }
  })
}
