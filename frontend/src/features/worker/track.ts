// Records the track of a patrol: with consent, on duty, while the patrol goes on; every fix is on the disk at once.
import { ref, watch } from 'vue'
import type { useDay } from './day'
import { newId, tellChanged } from './outbox/outbox'
import { store, type Fix, type Item } from './outbox/store'

const EVERY_MS = 10_000
const PART = 30
export const recording = ref(false)
let ear: number | null = null
let lastAt = 0
let lock: { release(): Promise<void> } | null = null

type Day = ReturnType<typeof useDay>
/** May this moment be recorded? */
export function mayRecord(day: Day, now = Date.now()): boolean {
  const shift = day.day?.shift
  const consent = Boolean(day.day?.consent.given)
  return consent && Boolean(day.patrol) && Boolean(shift) && now >= Date.parse(shift!.starts_at) && now < Date.parse(shift!.ends_at)
}

export function followPatrol(day: Day): void {
  watch(() => mayRecord(day), (may) => { if (may) begin(day); else void stop() }, { immediate: true })
}

function begin(day: Day): void {
  if (ear !== null || !('geolocation' in navigator)) return
  recording.value = true
  void stayAwake()
  ear = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      const patrol = day.patrol
      if (timestamp - lastAt < EVERY_MS || !patrol || !day.who || !mayRecord(day, timestamp)) return
      if (timestamp < Date.parse(patrol.startedAt)) return // where somebody stood before is nobody's business
      lastAt = timestamp
      void note({ userId: day.who.userId, patrol: patrol.clientId, lon: coords.longitude, lat: coords.latitude,
        at: new Date(timestamp).toISOString(), accuracy_m: Math.round(coords.accuracy * 10) / 10 }).then((full) => { if (full) void day.pushed() })
    },
    () => undefined,
    { enableHighAccuracy: true, maximumAge: 0 },
  )
}
async function stop(): Promise<void> {
  if (ear !== null) navigator.geolocation.clearWatch(ear)
  ear = null
  recording.value = false
  await lock?.release().catch(() => undefined)
  lock = null
  await pack(1)
}
/** A browser hears no position with the screen dark. */
async function stayAwake(): Promise<void> {
  const wake = (navigator as unknown as { wakeLock?: { request(kind: 'screen'): Promise<typeof lock> } }).wakeLock
  lock = (await wake?.request('screen').catch(() => null)) ?? null
}

async function note(fix: Fix): Promise<boolean> {
  await (await store()).add('fixes', fix)
  return pack(PART)
}

/** Moves fixes into the outbox, as parts of one patrol each, when there are at least so many. */
export async function pack(least: number): Promise<boolean> {
  const db = await store()
  const write = db.transaction(['fixes', 'outbox'], 'readwrite')
  const fixes = await write.objectStore('fixes').getAll()
  const patrols = new Map<string, Fix[]>()
  for (const fix of fixes) patrols.set(fix.patrol, [...(patrols.get(fix.patrol) ?? []), fix])
  let packed = false
  for (const [patrol, rows] of patrols) {
    if (rows.length < least) continue
    packed = true
    const id = newId()
    const points = rows.slice(0, 500).map(({ lon, lat, at, accuracy_m }) => ({ lon, lat, at, accuracy_m }))
    const item: Item = { id, seq: Date.now() * 1000, userId: rows[0].userId, kind: 'track', at: new Date().toISOString(),
      body: { patrol, points }, after: [patrol], group: id, state: 'waiting' }
    await write.objectStore('outbox').put(item)
    for (const row of rows.slice(0, 500)) if (row.key !== undefined) await write.objectStore('fixes').delete(row.key)
  }
  await write.done
  if (packed) tellChanged()
  return packed
}
