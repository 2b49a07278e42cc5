import { describe, expect, it } from 'vitest'
import { differences, fieldsOf, fromForm, shown, toForm } from './fields'
import { daysLate } from './late'
import { byFamily, firstKind, type Kind } from './kinds'
import { badName, newField, rowsOf, schemaOf } from './ownFields'

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

describe('own fields', () => {
  const schema = { type: 'object', additionalProperties: false, required: ['height'], properties: {
    height: { type: 'number', minimum: 1, maximum: 60, title_zh: '高度', title_en: 'Height', unit: 'm' },
    state: { type: 'string', enum: ['ok', 'old'], title_zh: '状态' }, note: { type: 'string', maxLength: 40 }, since: { type: 'string', format: 'date' }, lit: { type: 'boolean' } } }
  it('go to rows and back without losing what a row does not show', () => {
    expect(schemaOf(rowsOf(schema), schema)).toEqual(schema)
  })
  it('become a schema from what a person types', () => {
    const rows = [{ ...newField(), name: 'floors', zh: '层数', type: 'whole' as const, min: '0', max: '99', needed: true }, { ...newField(), name: 'use', type: 'choice' as const, choices: '住宅，商业' }]
    expect(schemaOf(rows, {})).toEqual({ type: 'object', required: ['floors'], properties: { floors: { type: 'integer', minimum: 0, maximum: 99, title_zh: '层数' }, use: { type: 'string', enum: ['住宅', '商业'] } } })
  })
  it('name each field once, in lower case', () => {
    const named = (...names: string[]) => badName(names.map((name) => ({ ...newField(), name })))
    expect([named('a', 'b_1'), named('a', 'a'), named('A'), named('')]).toEqual(['', 'a', 'A', ' '])
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
