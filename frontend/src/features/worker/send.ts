// From what the worker did to the items of the outbox.
import { enqueue, newId, type NewItem } from './outbox/outbox'
import type { Draft } from './drafts'
import type { CaseClass } from './day'
import { language } from '@/shared/language'

/** A report with its photos; handled on the spot, the settling follows. */
export async function sendReport(userId: number, draft: Draft, known: CaseClass | undefined): Promise<string> {
  const report = newId()
  const photos = draft.photos.map((bytes): NewItem & { id: string } => ({
    id: newId(), kind: 'photo', bytes, body: { report, stage: draft.settled ? 'after' : 'report' }, after: [report],
  }))
  const place = draft.lon !== null && draft.lat !== null ? { lon: draft.lon, lat: draft.lat, crs: 'wgs84' } : {}
  const words = { title: draft.text.trim() ? '' : (language.value === 'en' ? known?.name_en : known?.name_zh) ?? '', text: draft.text.trim() }
  const items: NewItem[] = [
    { id: report, kind: 'report', body: { ...words, ...place, address: draft.address.trim(), class_key: draft.classKey, on_the_spot: draft.settled, language: language.value } },
    ...photos,
  ]
  if (draft.settled) {
    items.push({ kind: 'move', after: [report, ...photos.map((photo) => photo.id)],
      body: { move: 'settle', report, photos: photos.map((photo) => photo.id), text: draft.did.trim(), condition_id: known?.condition_id ?? null } })
  }
  await enqueue(userId, items)
  return report
}

export type Look = { number: string; move: 'confirm' | 'refute' | 'pass' | 'fail'; words: string; photos: ArrayBuffer[] }
/** The answer to a check or a verification, its photos first. */
export async function sendLook(userId: number, given: Look): Promise<void> {
  const stage = given.move === 'pass' || given.move === 'fail' ? 'verify' : 'check'
  const photos = given.photos.map((bytes): NewItem & { id: string } => ({ id: newId(), kind: 'photo', bytes, body: { number: given.number, stage } }))
  const said = given.move === 'refute' || given.move === 'fail' ? { reason: given.words.trim() } : { text: given.words.trim() }
  await enqueue(userId, [...photos, { kind: 'move', after: photos.map((photo) => photo.id),
    body: { move: given.move, number: given.number, photos: photos.map((photo) => photo.id), ...said } }])
}

export async function startPatrol(userId: number, plan: string): Promise<void> {
  await enqueue(userId, [{ kind: 'start', body: { plan } }])
}
export async function endPatrol(userId: number, patrol: string): Promise<void> {
  await enqueue(userId, [{ kind: 'end', body: { patrol }, after: [patrol] }])
}
export async function tickCell(userId: number, patrol: string, cellCode: string, answers: Record<string, string>): Promise<void> {
  await enqueue(userId, [{ kind: 'visit', body: { patrol, cell_code: cellCode, answers }, after: [patrol] }])
}

export type Inspection = { elementId: number; title: string; found: 'fine' | 'defect' | 'gone'; note: string; photos: ArrayBuffer[] }
/** What was found on a component; photos go to the case that comes of what is wrong. */
export async function sendInspection(userId: number, look: Inspection): Promise<void> {
  const id = newId()
  const photos = look.photos.map((bytes): NewItem => ({ id: newId(), kind: 'photo', bytes, body: { report: id, stage: 'report' }, after: [id] }))
  await enqueue(userId, [{ id, kind: 'inspect', label: look.title, body: { element_id: look.elementId, result: look.found, note: look.note } }, ...photos])
}
