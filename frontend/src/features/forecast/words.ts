// Numbers and days of forecasts as a person says them.
import type { components } from '@/shared/api/schema'
import { language } from '@/shared/language'

type Cell = { area_zh: string; area_en: string; topic_zh: string; topic_en: string; area_id: number; topic: string }
export type EarlyWarning = components['schemas']['WarningOut']

/** 03-17 周二 / Tue 17 Mar. */
export function dayName(iso: string): string {
  const day = new Date(`${iso}T12:00:00Z`)
  const how: Intl.DateTimeFormatOptions = { month: 'short', day: 'numeric', weekday: 'short', timeZone: 'UTC' }
  return new Intl.DateTimeFormat(language.value === 'en' ? 'en-GB' : 'zh-CN', how).format(day)
}

/** What a cell is about: the area and the class, without "all" where one of them says enough. */
export function cellName(cell: Cell): string {
  const area = language.value === 'en' ? cell.area_en : cell.area_zh
  const topic = language.value === 'en' ? cell.topic_en : cell.topic_zh
  if (cell.topic === '') return area
  return cell.area_id === 0 ? topic : `${area} · ${topic}`
}

/** Whole per cent, never more certain than it is: 99 at most, 1 at least. */
export function chanceName(chance: number | null | undefined): string {
  if (chance === null || chance === undefined) return '—'
  return chance >= 1 ? '100%' : `${Math.min(99, Math.max(1, Math.round(chance * 100)))}%`
}

export const count = (value: number | null | undefined): string => (value === null || value === undefined ? '—' : value.toFixed(value < 10 && !Number.isInteger(value) ? 1 : 0))
