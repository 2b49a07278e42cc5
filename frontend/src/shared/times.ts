// Times in the city's zone, whatever the reader's device says.
import { language } from './language'

export const ZONE = document.documentElement.dataset.zone ?? 'Asia/Shanghai'
const MINUTE = 60_000

function formatted(iso: string, how: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language.value === 'en' ? 'en-GB' : 'zh-CN', { ...how, hour12: false, timeZone: ZONE }).format(new Date(iso))
}
export const dayAndTime = (iso?: string | null) => (iso ? formatted(iso, { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }) : '—')
export const wholeTime = (iso?: string | null) => (iso ? formatted(iso, { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' }) : '—')
export const timeOfDay = (iso?: string | null) => (iso ? formatted(iso, { hour: '2-digit', minute: '2-digit', second: '2-digit' }) : '—')
export const day = (iso?: string | null) => (iso ? formatted(iso, { year: 'numeric', month: '2-digit', day: '2-digit' }) : '—')

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
export const grouped = (value: number) => new Intl.NumberFormat('en-US').format(value)
