// MapLibre, loaded when the first map is shown. Its CSP build keeps the worker in a file of its own,
// so the policy needs no blob: worker.
import type * as MapLibre from 'maplibre-gl'

let loading: Promise<typeof MapLibre> | undefined

/** The library, once. */
export function maplibre(): Promise<typeof MapLibre> {
  loading ??= load()
  return loading
}

async function load(): Promise<typeof MapLibre> {
  const [module, worker] = await Promise.all([
    import('maplibre-gl/dist/maplibre-gl-csp.js'),
    import('maplibre-gl/dist/maplibre-gl-csp-worker.js?url'),
    import('maplibre-gl/dist/maplibre-gl.css'),
  ])
  module.default.setWorkerUrl(worker.default)
  return module.default
}
