import { describe, expect, it } from 'vitest'
import { asText, fromQuery, phoneIn, same, toQuery, toServer } from './filters'

describe('the question in the address', () => {
  it('comes back as it was written', () => {
    const asked = { filters: { state: 'reported,filed', area: '12', text: '井盖 松动' }, order: 'due' as const }
    expect(fromQuery(toQuery(asked))).toEqual(asked)
  })
  it('leaves out what cannot be asked and never throws', () => {
    expect(fromQuery({ state: ['a', 'b'], no_such: '1', text: '  ', order: 'sideways', area: null })).toEqual({ filters: {}, order: 'due' })
  })
  it('says the order only where it is not the usual one', () => {
    expect(toQuery({ filters: { text: '井盖' }, order: 'received' })).toEqual({ text: '井盖' })
    expect(toQuery({ filters: { text: '井盖' }, order: 'heat' })).toEqual({ text: '井盖', order: 'heat' })
  })
})

describe('what the server is asked', () => {
  it('is the open work where nothing says which cases', () => {
    expect(toServer(fromQuery({ area: '3' }))).toEqual({ area: '3', working: 'true', order: 'due' })
  })
  it('is exactly what a figure of the overview counts', () => {
    expect(toServer(fromQuery({ area: '3', since: '2026-03-15T16:00:00Z', order: 'received' }))).toEqual({ area: '3', since: '2026-03-15T16:00:00Z', order: 'received' })
    expect(toServer(fromQuery({ late: 'true', order: 'received' }))).toEqual({ late: 'true', order: 'received' })
    expect(toServer(fromQuery({ alert: 'late' }))).toEqual({ alert: 'late', order: 'due' })
    expect(toServer(fromQuery({ closed_since: '2026-03-01T00:00:00Z', rated: 'true' }))).toEqual({ closed_since: '2026-03-01T00:00:00Z', rated: 'true', order: 'received' })
  })
  it('knows every state by the word any', () => {
    expect(toServer(fromQuery({ state: 'any', department: '4' }))).toEqual({ department: '4', order: 'received' })
  })
})

describe('phoneIn', () => {
  it('knows a phone number and no case number', () => {
    expect(phoneIn('138 0013-8000')).toBe('13800138000')
    expect(phoneIn('+8613800138000')).toBe('13800138000')
    expect(phoneIn('010-65123456')).toBe('01065123456')
    expect(phoneIn('202603160000001')).toBe('')
    expect(phoneIn('井盖')).toBe('')
  })
})

it('compares questions by what they ask', () => {
  expect(same({ state: 'filed' }, { state: 'filed', text: '' })).toBe(true)
  expect(same({ state: 'filed' }, { state: 'filed', urged: 'true' })).toBe(false)
  expect(asText({ mine: true, area: 3, text: '', since: null })).toEqual({ mine: 'true', area: '3' })
})
