// Shift and due cells, in words and numbers.
import { language } from '@/shared/language'
import { ZONE } from '@/shared/times'
import messages from './messages'
import type { Day, Walk } from './day'

const clock = (iso: string) => new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: ZONE }).format(new Date(iso))
const text = (key: string, given: Record<string, string> = {}) => {
  const raw = (language.value === 'en' ? messages.en : messages.zh)[key] as string
  return raw.replace(/\{(\w+)\}/g, (_, name: string) => given[name] ?? '')
}

export const onDuty = (day: Day | null, now = Date.now()) => Boolean(day?.shift && now >= Date.parse(day.shift.starts_at) && now < Date.parse(day.shift.ends_at))

export function dutyOf(day: Day | null, now = Date.now()): string {
  if (!day) return ''
  if (day.shift && onDuty(day, now)) return text('shift', { from: clock(day.shift.starts_at), to: clock(day.shift.ends_at).replace(/^00:00$/, '24:00') })
  if (day.next_shift) {
    const when = new Intl.DateTimeFormat(language.value === 'en' ? 'en-GB' : 'zh-CN', { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false, timeZone: ZONE }).format(new Date(day.next_shift.starts_at))
    return `${text('offDuty')} · ${text('nextShift', { time: when })}`
  }
  return `${text('offDuty')} · ${text('noShift')}`
}

/** Cells that want a visit today and have none yet. */
export function leftCells(day: Day | null, walk: Walk | null): number[] {
  const due = new Set((day?.plans ?? []).flatMap((plan) => plan.cells.filter((cell) => cell.due).map((cell) => cell.cell_id)))
  for (const cell of walk?.seen.keys() ?? []) due.delete(cell)
  for (const visit of day?.patrol?.visits ?? []) due.delete(visit.cell_id)
  return [...due]
}
