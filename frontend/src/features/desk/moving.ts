// Moves as forms: what one case offers, what many can be moved by, reasons to pick from.
import { api, take } from '@/shared/api'
import type { components } from '@/shared/api/schema'
import type { Row } from './rows'

export type Field = { name: string; kind: string; required: boolean; most?: number | null; chosen?: number | string | null }
export type Offer = { name: string; zh: string; en: string; fields: Field[] }
export type Reason = components['schemas']['ReasonOut']
export type MoveRow = components['schemas']['MoveRow']
export type Values = { [name: string]: string | number | string[] | null }

/** Kinds that this form has a control for; a move that needs another is made on the page of the case. */
const KINDS = new Set(['words', 'condition', 'department', 'departments', 'moment', 'case', 'place', 'urgency'])
export const isHere = (offer: Pick<Offer, 'fields'>): boolean => offer.fields.every((field) => KINDS.has(field.kind) || !field.required)
export const shownFields = (offer: Pick<Offer, 'fields'>): Field[] => offer.fields.filter((field) => KINDS.has(field.kind))

// What a need of the move table asks for, for many cases at once.
const OF_NEEDS: { [need: string]: Field[] } = {
  reason: [{ name: 'reason', kind: 'words', required: true, most: 2000 }], text: [{ name: 'text', kind: 'words', required: true, most: 20_000 }], closing: [{ name: 'closing', kind: 'words', required: true, most: 400 }],
  department: [{ name: 'lead', kind: 'department', required: true }, { name: 'co', kind: 'departments', required: false }], target: [{ name: 'target', kind: 'case', required: true }], until: [{ name: 'until', kind: 'moment', required: true }],
  condition: [{ name: 'condition_id', kind: 'condition', required: false }],
}
const ONE_BY_ONE = new Set(['relocate', 'split', 'withdraw', 'rate', 'prioritise', 'add_co'])

/** Moves that could be made on these cases by somebody with these roles, each with how many it fits. */
export function bulkOffers(table: readonly MoveRow[], rows: readonly Row[], roles: readonly string[]): (Offer & { fits: number })[] {
  return table
    .filter((move) => move.scope !== 'machine' && !ONE_BY_ONE.has(move.name) && move.roles.some((role) => roles.includes(role)))
    .map((move) => ({
      name: move.name, zh: move.zh, en: move.en, fits: rows.filter((row) => move.sources.includes(row.state)).length,
      fields: [...move.needs].sort().flatMap((need) => OF_NEEDS[need] ?? []),
    }))
    .filter((offer) => offer.fits > 0)
}

/** Gaps that still stand in a text that was taken from a template or a draft. */
export const gapsIn = (text: string): string[] => [...new Set(text.match(/\{[a-z_]+\}|＿＿/g) ?? [])]

/** What is missing or unfinished, by the name of the field. */
export function missing(fields: readonly Field[], values: Values): { [name: string]: 'required' | 'gaps' | 'most' } {
  const found: { [name: string]: 'required' | 'gaps' | 'most' } = {}
  for (const field of fields) {
    const value = values[field.name], text = typeof value === 'string' ? value.trim() : value
    const isEmpty = text === null || text === undefined || text === '' || (Array.isArray(text) && !text.length)
    if (field.required && isEmpty) found[field.name] = 'required'
    else if (typeof text === 'string' && field.kind === 'words' && gapsIn(text).length) found[field.name] = 'gaps'
    else if (typeof text === 'string' && field.most && text.length > field.most) found[field.name] = 'most'
  }
  return found
}

/** What is sent: fields that say something, in the names of the API. */
export function body(fields: readonly Field[], values: Values): Values {
  const given: Values = {}
  for (const field of fields) {
    const value = values[field.name]
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length)) continue
    const name = field.kind === 'place' ? 'area_code' : field.name
    given[name] = field.kind === 'moment' && typeof value === 'string' ? new Date(value).toISOString() : typeof value === 'string' ? value.trim() : value
  }
  return given
}

/** A name for one request, so that sending it again moves nothing twice. */
export const newKey = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

let reasons: Promise<Reason[]> | null = null
export function allReasons(): Promise<Reason[]> {
  reasons ??= take(api.GET('/api/v1/moves/reasons', {})).catch((problem) => { reasons = null; throw problem }) as Promise<Reason[]>
  return reasons
}
let table: Promise<MoveRow[]> | null = null
export function moveTable(): Promise<MoveRow[]> {
  table ??= take(api.GET('/api/v1/moves', {})).catch((problem) => { table = null; throw problem }) as Promise<MoveRow[]>
  return table
}
