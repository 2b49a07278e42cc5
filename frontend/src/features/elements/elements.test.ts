import { describe, expect, it } from 'vitest'
import { differences, fieldsOf, fromForm, shown, toForm } from './fields'
import { daysLate } from './late'
import { byFamily, firstKind, type Kind } from './kinds'

const schema = { required: ['owner'], properties: {
  owner: { type: 'string', title_zh: '权属单位', title_en: 'Owner', maxLength: 80 }, height_m: { type: 'number', title_zh: '高度', minimum: 1 },
  storeys: { type: 'integer' }, lit: { type: 'boolean', title_zh: '点亮' }, state: { type: 'string', enum: ['new', 'old'] }, ends_on: { type: 'string', format: 'date' } } }
const zh = { yes: '是', no: '否' }

describe('own fields', () => {
  const fields = fieldsOf(schema, 'zh')
  it('are named and typed by the schema', () => {
    expect(fields.map((one) => [one.title, one.type, one.needed])).toEqual([
      ['权属单位', 'text', true], ['高度', 'number', false], ['storeys', 'whole', false], ['点亮', 'yesno', false], ['state', 'choice', false], ['ends_on', 'date', false]])
    expect(fieldsOf(schema, 'en')[0]!.title).toBe('Owner')
  })
  it('go into a form and come back in their types', () => {
    const values = { owner: '甲', height_m: 8.5, lit: false, other: 1 }
    expect(fromForm(fields, toForm(fields, values), values)).toEqual(values)
  })
  it('leave out what was emptied and hand on what is no number', () => {
    expect(fromForm(fields, { owner: '', height_m: 'tall', storeys: '6' }, { owner: '甲' })).toEqual({ height_m: 'tall', storeys: 6 })
  })
  it('are shown with their titles, unknown ones too', () => {
    expect(shown(fields, { lit: true, colour: 'red', owner: '' }, zh)).toEqual([['点亮', '是'], ['colour', 'red']])
  })
})

describe('history', () => {
  const version = { name: 'A', name_en: '', address: '', lon: 116.5, lat: 39.9, households: null, properties: { height_m: 8 }, cell: '' }
  it('tells what changed and nothing else', () => {
    const after = { ...version, name: 'B', households: 3, properties: { height_m: 9 } }
    expect(differences(version, after, fieldsOf(schema, 'zh'), zh)).toEqual([
      { what: 'name', before: 'A', after: 'B' }, { what: 'households', before: '', after: '3' }, { what: '高度', before: '8', after: '9' }])
    expect(differences(version, { ...version, properties: { height_m: 8 } }, [], zh)).toEqual([])
  })
})

describe('kinds', () => {
  const kind = (code: string, family: Kind['family'], elements: number) => ({ code, family, elements }) as Kind
  const kinds = [kind('b', 'thing', 2), kind('a', 'place', 0), kind('c', 'thing', 9)]
  it('stand in the order of the trade, the fullest first', () => {
    expect(byFamily(kinds, false).map((one) => [one.family, one.elements, one.kinds.map((k) => k.code)])).toEqual([['thing', 11, ['c', 'b']]])
    expect(byFamily(kinds, true).map((one) => one.family)).toEqual(['place', 'thing'])
    expect([firstKind(kinds), firstKind([])]).toEqual(['c', ''])
  })
})

describe('due', () => {
  const now = Date.parse('2026-03-16T02:00:00Z')
  it.each([['2026-03-13T01:00:00Z', 3], ['2026-03-16T01:00:00Z', 0], ['2026-03-16T20:00:00Z', 0], ['2026-03-20T03:00:00Z', -4]])('%s is %i days late', (at, days) => { expect(daysLate(at, now) + 0).toBe(days) })
})
