// Weeks of the city's calendar, Monday first; days as YYYY-MM-DD, moments in the city's zone.
import { ZONE } from '@/shared/times'

const DAY = 86_400_000
export const iso = (at: Date) => at.toISOString().slice(0, 10)
export const plus = (day: string, days: number) => iso(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY))
/** The Monday of the week a day lies in. */
export const mondayOf = (day: string) => plus(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))
export const daysOf = (monday: string) => Array.from({ length: 7 }, (_, n) => plus(monday, n))
/** Today in the city. */
export const today = (now = new Date()) => new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)
export const dayOf = (moment: string) => today(new Date(moment))
export const hourOf = (moment: string) => new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hour12: false }).format(new Date(moment))

/** The moment of a day and a time on the city's clocks, as ISO with its offset. */
export function moment(day: string, time: string): string {
  const asUtc = Date.parse(`${day}T${time}:00Z`)
  const offset = (at: number) => {
    const parts = Object.fromEntries(new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' }).formatToParts(at).map((p) => [p.type, p.value]))
    return Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}Z`) - at
  }
  return new Date(asUtc - offset(asUtc - offset(asUtc))).toISOString()
}

/** A span of duty on a day: ends on the next one where it ends before it begins. */
export const shiftOn = (day: string, from: string, until: string) => ({ starts_at: moment(day, from), ends_at: moment(until > from ? day : plus(day, 1), until) })
