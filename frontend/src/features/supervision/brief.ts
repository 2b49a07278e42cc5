// Why there are more, in the words of a report to the head: whole sentences, figures first.
import type { components } from '@/shared/api/schema'
import { named } from '@/shared/language'
import { listed } from '@/features/hot/shapes'

export type Changes = components['schemas']['ChangesOut']
type Count = { now: number; usual: number; notable: boolean }
type Names = { zh: string; en: string }
export type Growing = { title: string; this_week: number; last_week: number; unsolved: number }
type Say = (key: string, values?: Record<string, unknown>) => string
const MOST = 3

/** How far a count lies from what is usual, one decimal at most. */
export const difference = (one: Count): number => Math.round((one.now - one.usual) * 10) / 10
/** +12.5 or −3: never a bare number. */
export const withSign = (n: number): string => (n > 0 ? `+${n}` : n < 0 ? `−${-n}` : '0')
/** As a share of what is usual; nothing where nothing was. */
export const share = (one: Count): string => (one.usual ? `${one.now >= one.usual ? '+' : '−'}${Math.round(100 * Math.abs(one.now / one.usual - 1))}%` : '')

/** The rows that explain a rise: those that grew beyond chance; where none did, the largest, unless the whole is chance. */
export function grew<Row extends Count>(rows: readonly Row[], isChance = false): Row[] {
  const more = rows.filter((row) => difference(row) > 0).sort((a, b) => difference(b) - difference(a))
  const beyond = more.filter((row) => row.notable)
  return (beyond.length || isChance ? beyond : more).slice(0, MOST)
}

/** Three to six sentences; what did not grow is not spoken of. */
export function brief(found: Changes, issues: readonly Growing[], words: { say: Say; from: string; at: string; channel: (key: string) => string }): string {
  const { say } = words
  const total = found.total, by = difference(total)
  const change = by === 0 ? say('same') : say(by > 0 ? 'more' : 'fewer', { n: Math.abs(by), share: share(total) || '—' })
  const said = [say(found.span, { from: words.from, at: words.at, area: named(found.area), now: total.now, usual: total.usual, change })]
  if (!total.notable) said.push(say('chance'))
  const of = <Row extends Count>(rows: readonly Row[]) => grew(rows, !total.notable)
  const list = (rows: readonly (Count & Names)[]) => listed(of(rows).map((row) => say('one', { name: named(row), n: difference(row) })))
  if (of(found.classes).length) said.push(say('classes', { list: list(found.classes) }))
  // A single unit below is the whole itself.
  const many = found.units.length > 1
  if (many && of(found.units).length) said.push(say('units', { list: list(found.units) }))
  const spots = of(found.spots)
  if (many && spots.length) said.push(say('spots', { list: listed(spots.map((row) => say('spot', { of: named(row.of), at: named(row.at), n: difference(row) }))) }))
  const channels = found.channels.map((row) => ({ ...row, zh: words.channel(row.channel), en: words.channel(row.channel) }))
  if (of(channels).length) said.push(say('channels', { list: list(channels) }))
  for (const one of issues.slice(0, 2)) said.push(say(one.unsolved ? 'issue' : 'issueSolved', { title: one.title, n: one.this_week, before: one.last_week, unsolved: one.unsolved }))
  return said.join('').trim()
}
