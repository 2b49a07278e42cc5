import { language } from '@/shared/language'

// Pure: lines of a trend, bounds of places, how far apart in words.
export type Bounds = [number, number, number, number]
type Place = { lon: number | null; lat: number | null }

/** Points of a line through weekly counts, in a box of the given size; a flat line at the foot for zeros. */
export function sparkline(counts: number[], width: number, height: number): string {
  const most = Math.max(1, ...counts)
  const step = counts.length > 1 ? width / (counts.length - 1) : 0
  return counts.map((n, at) => `${(at * step).toFixed(1)},${(height - 1 - (n / most) * (height - 2)).toFixed(1)}`).join(' ')
}

/** A box around all places that have one, with room at its sides; null without any. */
export function boundsOf(places: Place[], room = 0.002): Bounds | null {
  const known = places.filter((one): one is { lon: number; lat: number } => one.lon !== null && one.lat !== null)
  if (!known.length) return null
  const lons = known.map((one) => one.lon)
  const lats = known.map((one) => one.lat)
  return [Math.min(...lons) - room, Math.min(...lats) - room, Math.max(...lons) + room, Math.max(...lats) + room]
}

export type Apart = { key: 'moment' | 'apart' | 'apartDays'; n: number }
/** Less than an hour, hours up to two days, days from there. */
export const apart = (hours: number): Apart => hours < 1 ? { key: 'moment', n: 1 } : (hours < 48 ? { key: 'apart', n: Math.round(hours) } : { key: 'apartDays', n: Math.round(hours / 24) })

/** +3, −2 or 0. */
export const signed = (n: number): string => (n > 0 ? `+${n}` : n < 0 ? `−${-n}` : '0')

/** Words that say more than the title does, none of them mostly a part of another; three at most. */
export function wordsBeside(title: string, words: readonly string[]): string[] {
  const fresh = words.filter((word) => !title.toLowerCase().includes(word.toLowerCase()))
  const longest = [...fresh].sort((one, other) => other.length - one.length)
  const kept = longest.filter((word, at) => !longest.slice(0, at).some((other) => 2 * inCommon(word, other) >= word.length))
  return fresh.filter((word) => kept.includes(word)).slice(0, 3)
}

/** Characters of the longest piece that stands in both. */
function inCommon(word: string, other: string): number {
  for (let n = word.length; n > 0; n--) for (let at = 0; at + n <= word.length; at++) if (other.includes(word.slice(at, at + n))) return n
  return 0
}

/** One after the other, as the reader's language separates them. */
export const listed = (parts: readonly string[]): string => parts.join(language.value === 'en' ? ', ' : '、')
