// A report that is being written survives a killed browser; an act that was refused comes back into the form.
import { drop, keep, kept, type Item } from './outbox/store'
import { takeOut } from './outbox/outbox'

export type Draft = {
  photos: ArrayBuffer[]
  text: string
  classKey: string
  lon: number | null
  lat: number | null
  moved: boolean
  address: string
  settled: boolean
  did: string
}
export const empty = (): Draft => ({ photos: [], text: '', classKey: '', lon: null, lat: null, moved: false, address: '', settled: false, did: '' })

const key = (userId: number) => `draft:${userId}`
export async function saveDraft(userId: number, draft: Draft): Promise<void> {
  await keep(key(userId), { ...draft, photos: [...draft.photos] })
}
export const readDraft = (userId: number) => kept<Draft>(key(userId))
export const dropDraft = (userId: number) => drop(key(userId))

/** What a refused report said, as a draft again. */
export function asDraft(items: Item[]): Draft {
  const report = items.find((item) => item.kind === 'report')
  const settle = items.find((item) => item.kind === 'move')
  const body = report?.body ?? {}
  return {
    photos: items.flatMap((item) => (item.kind === 'photo' && item.bytes ? [item.bytes] : [])),
    text: String(body.text ?? ''), classKey: String(body.class_key ?? ''), address: String(body.address ?? ''),
    lon: (body.lon as number | undefined) ?? null, lat: (body.lat as number | undefined) ?? null,
    moved: true, settled: Boolean(body.on_the_spot), did: String(settle?.body.text ?? ''),
  }
}

/** Takes a refused report out of the outbox and into the form; saved before it is taken out, so that it is never nowhere. */
export async function mend(userId: number, group: string, items: Item[]): Promise<void> {
  await saveDraft(userId, asDraft(items))
  await takeOut(group)
}
