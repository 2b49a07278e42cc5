import { describe, expect, it } from 'vitest'
import { percent, span } from './times'

describe('span', () => {
  it('says the unit that a person would say', () => {
    expect(span(45 * 60_000)).toEqual({ key: 'minutes', n: 45 })
    expect(span(-26 * 3_600_000)).toEqual({ key: 'hours', n: 26 })
    expect(span(72 * 3_600_000)).toEqual({ key: 'days', n: 3 })
  })
})

describe('percent', () => {
  it('tells nothing from zero', () => {
    expect(percent(null)).toBe('—')
    expect(percent(0)).toBe('0%')
    expect(percent(0.9731)).toBe('97.3%')
  })
})
