// From the form that the API describes to what is typed, checked and sent. No component in here.
import type { FormField, Offer } from './types'

export const LEVELS = ['normal', 'urgent', 'emergency'] as const
/** Stands in a sentence where somebody still has to write something. */
export const GAP = '＿＿'
export const withGaps = (sentence: string): string => sentence.replace(/\{[a-z_]+\}/g, GAP)

export type Place = { lon: number | null; lat: number | null; area_code: string; address: string }
export type Part = { title: string; condition_id: number | null; lead: string }
export type Values = {
  reason: string; text: string; closing: string; target: string; lead: string; until: string; urgency: string
  condition_id: number | null; task_id: number | null; place: Place; co: string[]; parts: Part[]; photo_ids: number[]
  responded: boolean | null; solved: boolean | null; satisfied: boolean | null
}

export const emptyPart = (): Part => ({ title: '', condition_id: null, lead: '' })
export function emptyValues(offer: Offer): Values {
  const chosen = (name: string) => offer.fields.find((field) => field.name === name)?.chosen ?? null
  return {
    reason: '', text: '', closing: '', target: '', until: '', lead: String(chosen('lead') ?? ''), urgency: String(chosen('urgency') ?? ''),
    condition_id: chosen('condition_id') as number | null, task_id: null,
    place: { lon: null, lat: null, area_code: '', address: '' }, co: String(chosen('co') ?? '').split(',').filter(Boolean), parts: [emptyPart(), emptyPart()], photo_ids: [],
    responded: null, solved: null, satisfied: null,
  }
}

/** How many photos are there to be sent: those uploaded already and those waiting. */
export type Counts = { photos: number }

function isFilled(field: FormField, values: Values, counts: Counts): boolean {
  switch (field.kind) {
    case 'words': return Boolean((values[field.name as 'reason'] ?? '').trim())
    case 'photos': return counts.photos > 0
    case 'condition': return values.condition_id !== null
    case 'place': return values.place.lon !== null || Boolean(values.place.area_code)
    case 'department': return Boolean(values.lead)
    case 'departments': return values.co.length > 0
    case 'case': return Boolean(values.target.trim())
    case 'moment': return Boolean(values.until)
    case 'parts': return values.parts.filter((part) => part.condition_id !== null).length >= (field.least ?? 2)
    case 'answer': return values[field.name as 'solved'] !== null
    case 'urgency': return Boolean(values.urgency)
    case 'task': return values.task_id !== null
  }
}

/** Names of the fields that are still wanting, in their order. */
export function wanting(fields: FormField[], values: Values, counts: Counts): string[] {
  const hasGap = (field: FormField) => field.kind === 'words' && values[field.name as 'reason'].includes(GAP)
  return fields.filter((field) => hasGap(field) || (field.required && !isFilled(field, values, counts))).map((field) => field.name)
}

/** The body of the move: only the fields of the form, and of these only what was filled in. */
export function body(fields: FormField[], values: Values, version: number): Record<string, unknown> {
  const sent: Record<string, unknown> = { version }
  for (const field of fields) {
    if (!isFilled(field, values, { photos: values.photo_ids.length })) continue
    if (field.kind === 'place') {
      const { lon, lat, area_code, address } = values.place
      if (lon !== null && lat !== null) Object.assign(sent, { lon, lat, crs: 'wgs84' })
      else sent.area_code = area_code
      if (address.trim()) sent.address = address.trim()
    } else if (field.kind === 'parts') {
      sent.parts = values.parts.filter((part) => part.condition_id !== null)
    } else if (field.kind === 'moment') {
      sent.until = new Date(values.until).toISOString()
    } else if (field.kind === 'case') {
      sent.target = values.target.trim()
    } else {
      sent[field.name] = values[field.name as keyof Values]
    }
  }
  return sent
}

const GROUPS: Record<string, 'go' | 'back' | 'side'> = {
  return: 'back', fail: 'back', send_back: 'back', reject: 'back', refute: 'back', reopen: 'back', withdraw: 'back',
  reclassify: 'side', relocate: 'side', merge: 'side', urge: 'side', comment: 'side', split: 'side', add_co: 'side', prioritise: 'side', reroute: 'side',
  ask_extension: 'side', ask_suspension: 'side', ask_appeal: 'side',
}
/** What carries the case on, what sends it back, what stands beside. */
export const groupOf = (offer: Named): 'go' | 'back' | 'side' => GROUPS[offer.name] ?? 'go'

// Of what carries a case on, that which ends the stage stands first.
const ENDS = new Set(['file', 'dispatch', 'accept', 'finish', 'pass', 'close', 'confirm', 'resume'])
const weight = (offer: Named) => ['go', 'back', 'side'].indexOf(groupOf(offer)) - (ENDS.has(offer.name) ? 0.5 : 0)
type Named = { name: string }

/** The possible moves as list and page show them, in one order, so that a digit means the same in both. */
export function inOrder<One extends Named & { possible: boolean }>(offers: readonly One[]): One[] {
  // The class is corrected by the form that says where the case will go (key C), not by a move beside it.
  return offers.filter((offer) => offer.possible && offer.name !== 'reclassify').sort((a, b) => weight(a) - weight(b))
}

/** Key for each possible move: digits in the order shown. */
export function keysOf(offers: readonly Offer[]): Map<string, string> {
  return new Map(inOrder(offers).slice(0, 9).map((offer, place) => [offer.name, String(place + 1)]))
}
