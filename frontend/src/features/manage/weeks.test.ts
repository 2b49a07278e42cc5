import { describe, expect, it } from 'vitest'
import { dayOf, daysOf, hourOf, moment, mondayOf, plus, shiftOn } from './weeks'

describe('weeks', () => {
  it('begin on Monday', () => expect([mondayOf('2026-11-22'), mondayOf('2026-11-23'), plus('2026-02-28', 1)]).toEqual(['2026-11-16', '2026-11-23', '2026-03-01']))
  it('have seven days', () => expect(daysOf('2026-11-23').at(-1)).toBe('2026-11-29'))
  it('a time on the wall is a moment in Shanghai', () => expect(moment('2026-11-23', '08:00')).toBe('2026-11-23T00:00:00.000Z'))
  it('a night shift ends the next day', () => expect(shiftOn('2026-11-23', '20:00', '06:00')).toEqual({ starts_at: '2026-11-23T12:00:00.000Z', ends_at: '2026-11-23T22:00:00.000Z' }))
  it('a moment is read back as the day and hour there', () => expect([dayOf('2026-11-22T22:30:00Z'), hourOf('2026-11-22T22:30:00Z')]).toEqual(['2026-11-23', '06:30']))
})
