// What the device keeps: the outbox, fixes of a track not yet handed in, and the last known day.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

export type Kind = 'report' | 'photo' | 'move' | 'start' | 'end' | 'visit' | 'track' | 'inspect'
export type Problem = { code: string; message: string }
/** One item, in the order in which it was made. */
export type Item = {
  id: string
  seq: number
  userId: number
  kind: Kind
  at: string
  body: Record<string, unknown>
  /** A photo as bytes: some browsers lose Blobs of a database when they are killed. */
  bytes?: ArrayBuffer
  /** Items that must have arrived before this one. */
  after: string[]
  /** The first item of the same act (report, photos, settling): shown as one. */
  group: string
  /** What it is about, for the worker's eyes alone. */
  label?: string
  state: 'waiting' | 'refused' | 'delivered'
  problem?: Problem
  answer?: { number?: string; state?: string }
  deliveredAt?: number
}
export type Fix = { key?: number; userId: number; patrol: string; lon: number; lat: number; at: string; accuracy_m: number }

interface Kept extends DBSchema {
  outbox: { key: string; value: Item; indexes: { seq: number } }
  kv: { key: string; value: unknown }
  fixes: { key: number; value: Fix }
}

let opened: Promise<IDBPDatabase<Kept>> | null = null
export function store(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>('cityloop-worker', 1, {
    upgrade(db) {
      db.createObjectStore('outbox', { keyPath: 'id' }).createIndex('seq', 'seq')
      db.createObjectStore('kv')
      db.createObjectStore('fixes', { keyPath: 'key', autoIncrement: true })
    },
    // A newer version of the app wants the database: let it.
    blocking() { void opened?.then((db) => db.close()); opened = null },
    terminated() { opened = null },
  })
  return opened
}

export async function keep(key: string, value: unknown): Promise<void> {
  await (await store()).put('kv', value, key)
}
export async function kept<T>(key: string): Promise<T | undefined> {
  return (await (await store()).get('kv', key)) as T | undefined
}
export async function drop(key: string): Promise<void> {
  await (await store()).delete('kv', key)
}

/** For tests: forget the open connection. */
export async function closeStore(): Promise<void> {
  (await opened)?.close()
  opened = null
}
