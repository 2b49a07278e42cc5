// The open cases of the map: decoded once, then kept up to date by the live stream. Counts of every
// area follow from the same cases, so numbers and dots cannot differ.
import type { LiveEvent } from '@/shared/live'
import type { MapPoint } from '@/map/points'

export type LiveMap = {
  position: number; origin: number[]; steps: number; states: string[]; clocks: string[]
  places: { id: number[]; level: string[]; above: number[]; zh: string[]; en: string[] }
  cases: { id: number[]; number: string[]; lon: (number | null)[]; lat: (number | null)[]; state: number[]; clock: number[]; place: number[] }
}
export type LiveCase = { id: number; number: string; lon: number | null; lat: number | null; state: string; clock: number; place: number }
export type Sums = { open: number; near: number; late: number }
export type Changes = { put: LiveCase[]; gone: number[]; areas: Set<number> }
export const LATE = 2
const CLOCKS = ['', 'near', 'late']
const LEVELS = ['city', 'district', 'subdistrict', 'community', 'cell'] as const
const DONE = new Set(['closed', 'evaluated', 'rejected', 'merged', 'withdrawn'])

/** Cases side by side, as the server sends them, one by one. */
export function* decoded(sent: LiveMap): Generator<LiveCase> {
  const { cases, origin, steps } = sent
  const [ids, places] = [summed(cases.id), summed(sent.places.id)]
  for (let n = 0; n < ids.length; n++) {
    const [lon, lat] = [cases.lon[n], cases.lat[n]]
    yield {
      id: ids[n]!, number: cases.number[n]!, state: sent.states[cases.state[n]!]!, clock: cases.clock[n]!, place: places[cases.place[n]!] ?? 0,
      lon: lon == null ? null : origin[0]! + lon / steps, lat: lat == null ? null : origin[1]! + lat / steps,
    }
  }
}
/** Differences to the one before, as the numbers themselves. */
export function summed(steps: number[]): number[] {
  let sum = 0
  return steps.map((step) => (sum += step))
}

export class LiveCases {
  readonly cases = new Map<number, LiveCase>()
  readonly sums = new Map<number, Sums>()
  readonly levels = new Map<number, string>()
  private readonly above = new Map<number, number>()
  private put = new Map<number, LiveCase>()
  private gone = new Set<number>()
  private areas = new Set<number>()
  position = 0

  /** Starts anew from a whole answer. */
  load(sent: LiveMap): void {
    for (const one of [this.cases, this.sums, this.above, this.levels, this.put]) one.clear()
    this.gone.clear()
    this.areas.clear()
    this.position = sent.position
    this.learn(sent)
    for (const one of decoded(sent)) this.set(one)
    this.taken()
  }

  /** Some cases as they are now: put in, or taken out when their work is done. */
  merge(sent: LiveMap): void {
    this.learn(sent)
    for (const one of decoded(sent)) {
      if (DONE.has(one.state)) this.remove(one.id)
      else this.set(one)
    }
  }

  /** What an event of the stream changes; true when the case has to be asked for. */
  apply(event: LiveEvent): boolean {
    const { case: id, to } = event
    if (!id || !to) return false
    const known = this.cases.get(id)
    if (DONE.has(to)) { this.remove(id); return false }
    const place = this.placeOf(event)
    if (!known || (place && place !== known.place)) return true // its point is not in the event
    this.set({ ...known, state: to, clock: Math.max(0, CLOCKS.indexOf(String(event.alert ?? ''))) })
    return false
  }

  /** What has changed since this was asked last. */
  taken(): Changes {
    const changes = { put: [...this.put.values()], gone: [...this.gone], areas: this.areas }
    this.put = new Map()
    this.gone = new Set()
    this.areas = new Set()
    return changes
  }

  points(only: (one: LiveCase) => boolean = () => true): MapPoint[] {
    return [...this.cases.values()].filter((one) => one.lon !== null && only(one)).map(pointOf)
  }
  get unplaced(): number { return [...this.cases.values()].filter((one) => one.lon === null).length }

  /** Numbers of all areas of a level, for classes of colour; areas without cases are not among them. */
  numbers(level: string, kind: keyof Sums): number[] {
    return [...this.sums].filter(([area, sums]) => this.levels.get(area) === level && sums[kind] > 0).map(([, sums]) => sums[kind])
  }

  private learn({ places }: LiveMap): void {
    const ids = summed(places.id)
    ids.forEach((area, n) => this.know(area, places.level[n]!, ids[places.above[n]!] ?? 0))
  }
  private know(area: number, level: string, above: number): void {
    this.levels.set(area, level)
    this.above.set(area, above)
  }
  private placeOf(event: LiveEvent): number {
    let above = 0
    for (const level of LEVELS) {
      const area = event[level]
      if (typeof area !== 'number') continue
      this.know(area, level, above)
      above = area
    }
    return above
  }
  private set(one: LiveCase): void {
    const before = this.cases.get(one.id)
    if (before) this.count(before, -1)
    this.cases.set(one.id, one)
    this.count(one, 1)
    this.gone.delete(one.id)
    this.put.set(one.id, one)
  }
  private remove(id: number): void {
    const before = this.cases.get(id)
    if (!before) return
    this.count(before, -1)
    this.cases.delete(id)
    this.put.delete(id)
    this.gone.add(id)
  }
  private count(one: LiveCase, sign: 1 | -1): void {
    for (let area = one.place; area; area = this.above.get(area) ?? 0) {
      const sums = this.sums.get(area) ?? { open: 0, near: 0, late: 0 }
      this.sums.set(area, sums)
      sums.open += sign
      if (one.clock === 1) sums.near += sign
      if (one.clock === LATE) sums.late += sign
      this.areas.add(area)
    }
  }
}

export const pointOf = (one: LiveCase): MapPoint => ({ id: one.id, lon: one.lon ?? 0, lat: one.lat ?? 0, clock: one.clock })
