// The outbox: what was made goes in at once and for good, whatever happens to the network or the browser.
import { store, type Item, type Kind } from './store'

export type NewItem = { id?: string; kind: Kind; body: Record<string, unknown>; bytes?: ArrayBuffer; after?: string[]; at?: string; label?: string }

const changed = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('cityloop-outbox')
const here = new Set<() => void>()
/** Calls back when anything in the outbox changed, also when the service worker did it. Returns how to stop. */
export function watchOutbox(then: () => void): () => void {
  here.add(then)
  const listen = () => then()
  changed?.addEventListener('message', listen)
  return () => { here.delete(then); changed?.removeEventListener('message', listen) }
}
export function tellChanged(): void {
  for (const then of here) then()
  changed?.postMessage('changed')
}

export const newId = () => crypto.randomUUID()

let last = 0
/** Grows with time, and within a millisecond: the order in which things were done. */
function nextSeq(): number {
  last = Math.max(last + 1, Date.now() * 1000)
  return last
}

/**
 * Puts one act (a report with its photos, a check with its photo) into the outbox as one transaction: all of it is on
 * the disk when this returns, or nothing.
 */
export async function enqueue(userId: number, items: NewItem[]): Promise<Item[]> {
  const db = await store()
  const group = items[0]?.id ?? newId()
  const rows = items.map((given, place): Item => ({
    id: given.id ?? (place === 0 ? group : newId()),
    seq: nextSeq(), userId, kind: given.kind, at: given.at ?? new Date().toISOString(), body: given.body,
    ...(given.bytes ? { bytes: given.bytes } : {}), after: given.after ?? [], group, state: 'waiting', ...(given.label ? { label: given.label } : {}),
  }))
  const write = db.transaction('outbox', 'readwrite', { durability: 'strict' })
  await Promise.all([...rows.map((row) => write.store.put(row)), write.done])
  tellChanged()
  return rows
}

/** Everything in the outbox, oldest first. */
export async function everything(): Promise<Item[]> {
  return (await store()).getAllFromIndex('outbox', 'seq')
}

export async function change(id: string, how: Partial<Item>): Promise<void> {
  const db = await store()
  const write = db.transaction('outbox', 'readwrite', { durability: 'strict' })
  const row = await write.store.get(id)
  if (row) await write.store.put({ ...row, ...how })
  await write.done
}

/** Takes an act out: it was mended into a new one, or given up by the worker. Delivered parts stay as they are. */
export async function takeOut(group: string): Promise<Item[]> {
  const db = await store()
  const write = db.transaction('outbox', 'readwrite', { durability: 'strict' })
  const rows = (await write.store.getAll()).filter((row) => row.group === group && row.state !== 'delivered')
  await Promise.all([...rows.map((row) => write.store.delete(row.id)), write.done])
  tellChanged()
  return rows
}

/** Puts a refused act back into the queue, after it was mended on the server's side or by `how`. */
export async function tryAgain(group: string, how: Partial<Item['body']> = {}): Promise<void> {
  const db = await store()
  const write = db.transaction('outbox', 'readwrite', { durability: 'strict' })
  for (const row of await write.store.getAll()) {
    if (row.group !== group || row.state !== 'refused') continue
    const { problem: _problem, ...plain } = row
    await write.store.put({ ...plain, body: { ...row.body, ...how }, state: 'waiting' })
  }
  await write.done
  tellChanged()
}

const KEPT_MS = 24 * 3_600_000
/** Delivered items stay to be seen for a day, without their photos; then they go. */
export async function tidy(now = Date.now()): Promise<void> {
  const db = await store()
  const write = db.transaction('outbox', 'readwrite')
  const rows = await write.store.getAll()
  const busy = new Set(rows.filter((row) => row.state !== 'delivered').map((row) => row.group))
  for (const row of rows) {
    if (row.state === 'delivered' && !busy.has(row.group) && now - (row.deliveredAt ?? 0) > KEPT_MS) await write.store.delete(row.id)
  }
  await write.done
}

/** One act as the worker sees it. */
export type Act = { group: string; items: Item[]; first: Item; state: Item['state']; problem?: Item['problem']; userId: number }
export function acts(items: Item[]): Act[] {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(item.group, [...(groups.get(item.group) ?? []), item])
  return [...groups.values()].map((rows) => {
    const refused = rows.find((row) => row.state === 'refused')
    const state = refused ? 'refused' : rows.every((row) => row.state === 'delivered') ? 'delivered' : 'waiting'
    return { group: rows[0].group, items: rows, first: rows[0], state, problem: refused?.problem, userId: rows[0].userId }
  })
}
