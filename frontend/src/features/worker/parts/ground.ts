// Streets to recognise a place by, where the deployment has them; kept by the service worker for later.
export type Line = { name: string; points: [number, number][] }
type Feature = { geometry: { type: string; coordinates: unknown }; properties?: Record<string, unknown> }
let asked: Promise<Line[]> | null = null

export function streets(): Promise<Line[]> {
  asked ??= fetch('/pages/ground.json', { credentials: 'same-origin' })
    .then(async (answer) => (answer.status === 200 ? lines(((await answer.json()) as { streets?: { features: Feature[] } }).streets?.features ?? []) : []))
    .catch(() => { asked = null; return [] })
  return asked
}
function lines(features: Feature[]): Line[] {
  return features.flatMap(({ geometry, properties }) => {
    const name = String(properties?.name_zh ?? properties?.name ?? '')
    if (geometry.type === 'LineString') return [{ name, points: geometry.coordinates as [number, number][] }]
    if (geometry.type === 'MultiLineString') return (geometry.coordinates as [number, number][][]).map((points) => ({ name, points }))
    return []
  })
}
