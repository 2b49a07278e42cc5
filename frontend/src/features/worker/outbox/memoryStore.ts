// For tests: what the outbox asks of its database, in memory.
import type { Item } from './store'

export const rows = new Map<string, Item>()
export const values = new Map<string, unknown>()

function table() {
  return {
    get: async (id: string) => structuredClone(rows.get(id)),
    getAll: async () => [...rows.values()].map((row) => structuredClone(row)),
    put: async (row: Item) => { rows.set(row.id, structuredClone(row)) },
    delete: async (id: string) => { rows.delete(id) },
  }
}
const database = {
  transaction: () => ({ store: table(), done: Promise.resolve() }),
  getAllFromIndex: async () => [...rows.values()].sort((a, b) => a.seq - b.seq).map((row) => structuredClone(row)),
}
export const store = async () => database
export const keep = async (key: string, value: unknown) => { values.set(key, value) }
export const kept = async (key: string) => values.get(key)
export const drop = async (key: string) => { values.delete(key) }
