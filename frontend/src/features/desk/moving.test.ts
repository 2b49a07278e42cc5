import { describe, expect, it } from 'vitest'
import { body, bulkOffers, gapsIn, isHere, missing, newKey, type Field, type MoveRow } from './moving'
import type { Row } from './rows'

const move = (name: string, more: Partial<MoveRow> = {}) => ({ name, zh: name, en: name, sources: ['reported'], to: null, roles: ['acceptor'], scope: 'area', needs: [], ...more }) as MoveRow
const rows = [{ id: 1, state: 'reported' }, { id: 2, state: 'filed' }] as Row[]

describe('moves on many cases', () => {
  it('are those of the own roles that fit at least one of them', () => {
    const found = bulkOffers([move('reject', { needs: ['reason'] }), move('dispatch', { roles: ['dispatcher'], sources: ['filed'] }), move('close', { sources: ['verified'] }), move('relocate'), move('lapse', { scope: 'machine' })], rows, ['acceptor'])
    expect(found.map((offer) => [offer.name, offer.fits, offer.fields.map((field) => field.name)])).toEqual([['reject', 1, ['reason']]])
  })
})

describe('a form', () => {
  const fields: Field[] = [{ name: 'reason', kind: 'words', required: true, most: 30 }, { name: 'lead', kind: 'department', required: true }, { name: 'place', kind: 'place', required: false }, { name: 'until', kind: 'moment', required: false }]
  it('says what is missing, what is unfinished, what is too long', () => {
    expect(missing(fields, { reason: '  ', lead: '' })).toEqual({ reason: 'required', lead: 'required' })
    expect(missing(fields, { reason: '预计{days}天内到货', lead: 'urban' })).toEqual({ reason: 'gaps' })
    expect(missing(fields, { reason: '长'.repeat(31), lead: 'urban' })).toEqual({ reason: 'most' })
    expect(gapsIn('预计{days}天，{days}')).toEqual(['{days}'])
  })
  it('sends what says something', () => {
    expect(body(fields, { reason: ' 好 ', lead: 'urban', place: '9901', until: '2026-03-20T18:00+08:00' })).toEqual({ reason: '好', lead: 'urban', area_code: '9901', until: '2026-03-20T10:00:00.000Z' })
    expect(body(fields, { reason: '好', lead: null, place: '' })).toEqual({ reason: '好' })
  })
  it('belongs to the page of the case when it needs a photo', () => {
    expect(isHere({ fields: [{ name: 'photo_ids', kind: 'photos', required: true }] })).toBe(false)
    expect(isHere({ fields: [{ name: 'photo_ids', kind: 'photos', required: false }] })).toBe(true)
  })
  it('has a key of its own each time', () => {
    expect(newKey()).toMatch(/^[0-9a-f]{32}$/)
    expect(newKey()).not.toBe(newKey())
  })
})
