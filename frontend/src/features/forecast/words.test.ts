import { afterEach, describe, expect, it } from 'vitest'
import { language } from '@/shared/language'
import { cellName, chanceName, count, dayName } from './words'

const cell = { area_id: 7, area_zh: '和安街道', area_en: 'Hean', topic: 'C01', topic_zh: '公用设施', topic_en: 'Public facilities' }
afterEach(() => { language.value = 'zh' })

describe('words', () => {
  it('names a cell by what tells it apart', () => {
    expect(cellName(cell)).toBe('和安街道 · 公用设施')
    expect(cellName({ ...cell, topic: '' })).toBe('和安街道')
    expect(cellName({ ...cell, area_id: 0 })).toBe('公用设施')
    language.value = 'en'
    expect(cellName(cell)).toBe('Hean · Public facilities')
  })
  it('is never surer than it can be', () => {
    expect([0.004, 0.456, 0.999, 1, null].map(chanceName)).toEqual(['1%', '46%', '99%', '100%', '—'])
  })
  it('says a day with its weekday, whatever the zone of the reader', () => {
    expect(dayName('2026-03-17')).toContain('周二')
    language.value = 'en'
    expect(dayName('2026-03-17')).toMatch(/Tue.*17 Mar/)
  })
  it('shows parts of small numbers only', () => {
    expect([3, 3.26, 48.6, null].map(count)).toEqual(['3', '3.3', '49', '—'])
  })
})
