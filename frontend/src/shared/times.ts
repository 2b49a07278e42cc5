// Times in the city's zone, whatever the reader's device says.
import { language } from './language'

export const ZONE = document.documentElement.dataset.zone ?? 'Asia/Shanghai'
const MINUTE = 60_000

const DAY = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
const CLOCK = { hour: '2-digit', minute: '2-digit' } as const

// A formatter takes a hundred times as long to make as to use, and a list uses it in every row.
const made = new Map<string, Intl.DateTimeFormat>()
function formatted(name: string, how: Intl.DateTimeFormatOptions) {
  return (iso?: string | null): string => {
    if (!iso) return '—'
    const spoken = language.value === 'en' ? 'en-GB' : 'zh-CN'
    let formatter = made.get(spoken + name)
    if (!formatter) made.set(spoken + name, formatter = new Intl.DateTimeFormat(spoken, { ...how, hour12: false, timeZone: ZONE }))
    return formatter.format(new Date(iso))
  }
}
export const dayAndTime = formatted('dayAndTime', { month: '2-digit', day: '2-digit', ...CLOCK })
export const wholeTime = formatted('wholeTime', { ...DAY, ...CLOCK, second: '2-digit' })
export const timeOfDay = formatted('timeOfDay', { ...CLOCK, second: '2-digit' })
export const day = formatted('day', DAY)

export type Span = { key: 'minutes' | 'hours' | 'days'; n: number }
/** A length of time in the one unit that a person would say. */
export function span(ms: number): Span {
  const minutes = Math.round(Math.abs(ms) / MINUTE)
  if (minutes < 90) return { key: 'minutes', n: minutes }
  if (minutes < 48 * 60) return { key: 'hours', n: Math.round(minutes / 60) }
  return { key: 'days', n: Math.round(minutes / 1440) }
}

/** Share as the trade writes it: 97.3%, 100%, — for none. */
export const percent = (value?: number | null) => (value === null || value === undefined ? '—' : `${(value * 100).toFixed(value === 1 || value === 0 ? 0 : 1)}%`)
const plain = new Intl.NumberFormat('en-US')
export const grouped = (value: number) => plain.format(value)
