// Where the device is, with how sure it is.
import { onScopeDispose, ref } from 'vue'

export type Spot = { lon: number; lat: number; accuracy: number; at: number }
export type Trouble = '' | 'denied' | 'unavailable' | 'unsupported'

/** The best fix so far; keeps listening while the component lives. */
export function usePlace() {
  const spot = ref<Spot | null>(null)
  const trouble = ref<Trouble>('')
  let watch: number | null = null
  function listen(): void {
    if (!('geolocation' in navigator)) { trouble.value = 'unsupported'; return }
    if (watch !== null) navigator.geolocation.clearWatch(watch)
    trouble.value = ''
    watch = navigator.geolocation.watchPosition(
      ({ coords, timestamp }) => {
        trouble.value = ''
        const fresh = { lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy, at: timestamp }
        const old = spot.value
        // A coarse fix of a minute ago gives way to any, a good one only to one about as good.
        if (!old || fresh.accuracy <= old.accuracy * 1.5 || fresh.at - old.at > 60_000) spot.value = fresh
      },
      (error) => { if (!spot.value) trouble.value = error.code === error.PERMISSION_DENIED ? 'denied' : 'unavailable' },
      { enableHighAccuracy: true, maximumAge: 5000, timeout: 20_000 },
    )
  }
  listen()
  onScopeDispose(() => { if (watch !== null) navigator.geolocation.clearWatch(watch) })
  return { spot, trouble, listen }
}

/** Opens the phone's own map; what Android opens, an iPhone does not know. */
export function wayTo(lon: number, lat: number, device = navigator.userAgent): string {
  return /iPhone|iPad/.test(device) ? `maps:?daddr=${lat},${lon}` : `geo:${lat},${lon}?q=${lat},${lon}`
}

/** Metres between two places; good to a part in a thousand within a city. */
export function metres(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const rad = Math.PI / 180
  const east = (b.lon - a.lon) * rad * Math.cos(((a.lat + b.lat) / 2) * rad)
  return Math.hypot(east, (b.lat - a.lat) * rad) * 6_371_008.8
}
