import { describe, expect, it } from 'vitest'
import { body, emptyValues, GAP, groupOf, keysOf, wanting, withGaps } from './form'
import type { FormField, Offer } from './types'

const field = (name: string, kind: string, required = true, more: object = {}) => ({ name, kind, required, most: null, least: null, stage: null, earliest: null, latest: null, chosen: null, options: [], ...more }) as FormField
const offer = (name: string, fields: FormField[], possible = true) => ({ name, zh: name, en: name, to: null, clock: 'keep', possible, why_zh: '', why_en: '', fields }) as Offer
const KINDS: [string, string, unknown][] = [
  ['reason', 'words', '理由'], ['condition_id', 'condition', 7], ['lead', 'department', 'urban'], ['target', 'case', '20260101'],
  ['until', 'moment', '2026-03-20T10:00'], ['solved', 'answer', false], ['task_id', 'task', 3], ['photo_ids', 'photos', [9]],
]

describe('the form of a move', () => {
  it.each(KINDS)('asks for %s until it is there', (name, kind, filled) => {
    const fields = [field(name, kind)]
    const values = emptyValues(offer('x', fields))
    expect(wanting(fields, values, { photos: 0 })).toEqual([name])
    Object.assign(values, { [name]: filled })
    expect(wanting(fields, values, { photos: values.photo_ids.length })).toEqual([])
  })
  it('counts photos that are not sent yet', () => {
    const fields = [field('photo_ids', 'photos')]
    expect(wanting(fields, emptyValues(offer('finish', fields)), { photos: 1 })).toEqual([])
  })
  it('takes what is chosen by the case or by routing', () => {
    const values = emptyValues(offer('dispatch', [field('lead', 'department', true, { chosen: 'urban' }), field('condition_id', 'condition', false, { chosen: 5 })]))
    expect([values.lead, values.condition_id]).toEqual(['urban', 5])
  })
  it('sends only the fields of the form, of these only what is filled in, and the version', () => {
    const fields = [field('reason', 'words'), field('co', 'departments', false), field('place', 'place', false)]
    const values = { ...emptyValues(offer('reroute', fields)), reason: '派错', text: 'not of this form' }
    expect(body(fields, values, 4)).toEqual({ version: 4, reason: '派错' })
  })
  it('sends a point with its reference system, or an area', () => {
    const fields = [field('place', 'place')]
    const values = emptyValues(offer('relocate', fields))
    values.place = { lon: 116.9, lat: 39.1, area_code: '990100', address: ' 门口 ' }
    expect(body(fields, values, 1)).toEqual({ version: 1, lon: 116.9, lat: 39.1, crs: 'wgs84', address: '门口' })
    values.place = { lon: null, lat: null, area_code: '990100', address: '' }
    expect(body(fields, values, 1)).toEqual({ version: 1, area_code: '990100' })
  })
  it('needs two parts with a class and sends no empty ones', () => {
    const fields = [field('parts', 'parts', true, { least: 2 })]
    const values = emptyValues(offer('split', fields))
    values.parts = [{ title: '', condition_id: 1, lead: '' }, { title: '', condition_id: null, lead: '' }]
    expect(wanting(fields, values, { photos: 0 })).toEqual(['parts'])
    values.parts.push({ title: 'b', condition_id: 2, lead: 'urban' })
    expect((body(fields, values, 1).parts as unknown[]).length).toBe(2)
  })
  it('does not let a sentence with gaps through', () => {
    const fields = [field('text', 'words', false)]
    const values = emptyValues(offer('feed_back', fields))
    values.text = withGaps('已清运{amount}')
    expect(values.text).toBe(`已清运${GAP}`)
    expect(wanting(fields, values, { photos: 0 })).toEqual(['text'])
  })
})

describe('keys', () => {
  it('number the possible moves in the order they are shown', () => {
    const offers = [offer('comment', []), offer('return', []), offer('feed_back', []), offer('finish', []), offer('accept', [], false)]
    expect([...keysOf(offers)]).toEqual([['finish', '1'], ['feed_back', '2'], ['return', '3'], ['comment', '4']])
    expect(offers.map(groupOf)).toEqual(['side', 'back', 'go', 'go', 'go'])
  })
})
