import { describe, expect, it } from 'vitest'
import { clockOf, merged, windowOf, type Row } from './rows'

const at = (minutes: number) => new Date(minutes * 60_000).toISOString()
const row = (id: number, more: Partial<Row> = {}) => ({ id, version: 1, alert: '', due_at: at(60), stage_started_at: at(0), state: 'filed', ...more }) as Row

describe('clockOf', () => {
  it('is calm, then near, then late', () => {
    const states = [10, 50, 70].map((minutes) => clockOf(row(1), minutes * 60_000))
    expect(states.map((clock) => clock.state)).toEqual(['calm', 'near', 'late'])
    expect(states[0]!.share).toBeCloseTo(1 / 6)
    expect(states[2]!.left).toBe(-600_000)
  })
  it('rests while a case is suspended or waits for the citizen, and is not there when it has ended', () => {
    expect(clockOf(row(1, { state: 'suspended' }), 70 * 60_000).state).toBe('paused')
    expect(clockOf(row(1, { due_at: null }), 0).state).toBe('none')
  })
  it('is near when the server says so', () => {
    expect(clockOf(row(1, { alert: 'near' }), 60_000).state).toBe('near')
  })
})

describe('merged', () => {
  it('changes rows where they stand and only counts new ones', () => {
    const shown = [row(1), row(2), row(3)]
    const found = merged(shown, [row(9), row(2, { version: 2, state: 'dispatched' }), row(1)])
    expect(found.rows.map((one) => [one.id, one.version])).toEqual([[1, 1], [2, 2], [3, 1]])
    expect([...found.changed]).toEqual([2])
    expect(found.fresh).toEqual([9])
  })
})

it('draws what is seen and a little more', () => {
  expect(windowOf({ top: 0, height: 640, row: 64, count: 1000, spare: 2 })).toEqual({ from: 0, to: 12 })
  expect(windowOf({ top: 64_000, height: 640, row: 64, count: 1005, spare: 2 })).toEqual({ from: 998, to: 1005 })
})
