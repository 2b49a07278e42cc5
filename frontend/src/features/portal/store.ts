// What stays on the device: the draft with its photos, and the reports sent from here.
import { ref, watch } from 'vue'
import { newKey } from './keys'

export type Draft = {
  text: string; address: string; lon: number | null; lat: number | null; placeName: string
  phone: string; confidential: boolean; id: string; key: string
}
/** saw: how many steps of it were there when it was last opened. */
export type Mine = { key: string; number: string; title: string; at: string; saw?: number }
const DRAFT = 'cityloop.draft', MINE = 'cityloop.mine', MOST = 30

const fresh = (): Draft => ({ text: '', address: '', lon: null, lat: null, placeName: '', phone: '', confidential: false, id: newKey(), key: newKey() })
function read<T>(name: string, otherwise: T): T {
  try {
    const kept = localStorage.getItem(name)
    return kept ? { ...(otherwise as object), ...JSON.parse(kept) } as T : otherwise
  } catch { return otherwise } // a private window or a full device: the page works without
}
function keep(name: string, value: unknown): void {
  try { localStorage.setItem(name, JSON.stringify(value)) } catch { /* as above */ }
}

export const draft = ref<Draft>(read(DRAFT, fresh()))
watch(draft, (now) => keep(DRAFT, now), { deep: true })
export const hasDraft = () => Boolean(draft.value.text || draft.value.address || draft.value.lon !== null)
export function clearDraft(): void { draft.value = fresh(); void photoStore.clear() }
/** The words were changed after an attempt that may have arrived: it must not be taken for the same. */
export function renameDraft(): void { draft.value.id = newKey(); draft.value.key = newKey() }

export const mine = ref<Mine[]>(Object.values(read<Record<string, Mine>>(MINE, {})))
export function remember(row: Mine): void { mine.value = [row, ...mine.value.filter((m) => m.key !== row.key)].slice(0, MOST); keep(MINE, mine.value) }
export function sawOf(key: string, steps: number): void { const row = mine.value.find((one) => one.key === key); if (row && row.saw !== steps) { row.saw = steps; keep(MINE, mine.value) } }
export function forgetMine(key: string): void { mine.value = mine.value.filter((m) => m.key !== key); keep(MINE, mine.value) }

/** Photos of the draft, kept as files, so that a telephone call in between loses none. */
export const photoStore = {
  async open() {
    const { openDB } = await import('idb')
    return openDB('cityloop-portal', 1, { upgrade: (db) => { db.createObjectStore('photos', { keyPath: 'id' }) } })
  },
  async all(): Promise<{ id: string; blob: Blob }[]> { try { return await (await this.open()).getAll('photos') } catch { return [] } },
  async put(id: string, blob: Blob): Promise<void> { try { await (await this.open()).put('photos', { id, blob }) } catch { /* kept in memory alone */ } },
  async remove(id: string): Promise<void> { try { await (await this.open()).delete('photos', id) } catch { /* as above */ } },
  async clear(): Promise<void> { try { await (await this.open()).clear('photos') } catch { /* as above */ } },
}
