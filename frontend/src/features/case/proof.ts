// Checks the trace in the reader's own browser: RFC 9162 paths, the signed head, and that the log
// seen before is the beginning of the log seen now. The server's word counts for nothing here.
import type { TraceProofs, TraceRow } from './types'

const LEAF = 0
const NODE = 1

export type Head = { origin: string; size: number; root: Uint8Array; text: string }
export type RowVerdict = 'proven' | 'waiting' | 'otherContent' | 'otherPath'
export type Signature = 'good' | 'wrong' | 'missing' | 'unchecked'

export const canCheck = (): boolean => typeof crypto !== 'undefined' && Boolean(crypto.subtle)

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) { joined.set(part, at); at += part.length }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined))
}
export const leafHash = (entry: string): Promise<Uint8Array> => sha256(Uint8Array.of(LEAF), new TextEncoder().encode(entry))
const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Uint8Array> => sha256(Uint8Array.of(NODE), left, right)

export function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
}
export const hex = (value: Uint8Array): string => [...value].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, place) => byte === b[place])

/** Is `leaf` the entry `index` of the log of `size` entries with this root? RFC 9162, 2.1.3.2. */
export async function includes(leaf: Uint8Array, index: number, size: number, path: Uint8Array[], root: Uint8Array): Promise<boolean> {
  if (!(index >= 0 && index < size)) return false
  let place = index
  let last = size - 1
  let reached = leaf
  for (const sibling of path) {
    if (last === 0 || sibling.length !== 32) return false
    if (place % 2 === 1 || place === last) {
      reached = await nodeHash(sibling, reached)
      while (place % 2 === 0 && place) { place = Math.floor(place / 2); last = Math.floor(last / 2) }
    } else {
      reached = await nodeHash(reached, sibling)
    }
    place = Math.floor(place / 2); last = Math.floor(last / 2)
  }
  return last === 0 && same(reached, root)
}

/** Is the log of `first` entries the unchanged beginning of the log of `second`? RFC 9162, 2.1.4.2. */
export async function continues(first: number, second: number, path: Uint8Array[], firstRoot: Uint8Array, secondRoot: Uint8Array): Promise<boolean> {
  if (!(first >= 0 && first <= second)) return false
  if (first === second) return path.length === 0 && same(firstRoot, secondRoot)
  if (first === 0) return path.length === 0
  if (!path.length) return false
  const isPower = Number.isInteger(Math.log2(first))
  const hashes = isPower ? [firstRoot, ...path] : path
  let place = first - 1
  let last = second - 1
  while (place % 2 === 1) { place = Math.floor(place / 2); last = Math.floor(last / 2) }
  let before = hashes[0]!
  let after = hashes[0]!
  for (const sibling of hashes.slice(1)) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      before = await nodeHash(sibling, before)
      after = await nodeHash(sibling, after)
      while (place % 2 === 0 && place) { place = Math.floor(place / 2); last = Math.floor(last / 2) }
    } else {
      after = await nodeHash(after, sibling)
    }
    place = Math.floor(place / 2); last = Math.floor(last / 2)
  }
  return last === 0 && same(before, firstRoot) && same(after, secondRoot)
}

/** The signed text of a checkpoint note (C2SP tlog-checkpoint), read but not trusted. */
export function headOf(note: string): Head | null {
  const cut = note.lastIndexOf('\n\n')
  const text = cut < 0 ? '' : note.slice(0, cut + 1)
  const [origin = '', size = '', root = ''] = text.split('\n')
  if (!origin || !/^(0|[1-9]\d*)$/.test(size) || !root) return null
  try {
    const hash = bytes(root)
    return hash.length === 32 ? { origin, size: Number(size), root: hash, text } : null
  } catch { return null }
}

/** Whether the note bears the signature of `key` ("name+hash+base64"), as far as this browser can tell. */
export async function signatureOf(note: string, key: string): Promise<Signature> {
  const head = headOf(note)
  const [name = '', hash = '', body = ''] = key.split(/\+(.*?)\+(.*)/s).filter(Boolean)
  if (!head || !body) return 'missing'
  const lines = note.slice(head.text.length + 1).split('\n').filter((line) => line.startsWith(`— ${name} `))
  const raw = lines.map((line) => bytes(line.split(' ')[2] ?? '')).find((value) => hex(value.slice(0, 4)) === hash)
  if (!raw) return 'missing'
  try {
    const imported = await crypto.subtle.importKey('raw', bytes(body).slice(1), { name: 'Ed25519' }, false, ['verify'])
    const good = await crypto.subtle.verify({ name: 'Ed25519' }, imported, raw.slice(4), new TextEncoder().encode(head.text))
    return good ? 'good' : 'wrong'
  } catch { return 'unchecked' }
}

// --- does the entry say what the page shows? ------------------------------------------------------
/** Two UTC times, one of which may be written with fewer decimals than the other. */
function sameMoment(a: string, b: string): boolean {
  const [[whole, rest], [other, rest2]] = [a, b].map((iso) => iso.replace(/(Z|[+-]00:?00)$/, '').split('.')).map(([head, tail]) => [head, tail ?? '']) as [[string, string], [string, string]]
  const digits = Math.min(rest.length, rest2.length)
  return whole === other && digits >= 3 ? rest.slice(0, digits) === rest2.slice(0, digits) : whole === other && !Number(rest) && !Number(rest2)
}
function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) !== Array.isArray(b)) return String(a) === String(b) && typeof a !== 'object' && typeof b !== 'object' && a !== null && b !== null
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
}
/** The public part of an entry against the row as it is shown. */
export function saysTheSame(entry: string, row: TraceRow): boolean {
  try {
    const said = (JSON.parse(entry) as { public: Record<string, unknown> }).public
    const actor = row.actor_id === null || row.actor_id === undefined ? row.actor_kind : `${row.actor_kind}:${row.actor_id}`
    return said.id === row.id && said.kind === row.kind && said.actor === actor && sameMoment(String(said.at), row.at) && equal(said.data, row.data)
  } catch { return false }
}

export type Checked = { head: Head | null; signature: Signature; rows: Map<number, RowVerdict>; leaves: Map<number, string> }

/** Every row of a trace against its proof and the signed head. */
export async function checkTrace(proofs: TraceProofs, rows: TraceRow[]): Promise<Checked> {
  const head = headOf(proofs.checkpoint)
  const signature = await signatureOf(proofs.checkpoint, proofs.public_key)
  const byId = new Map(proofs.proofs.map((proof) => [proof.id, proof]))
  const found: Checked = { head, signature, rows: new Map(), leaves: new Map() }
  for (const row of rows) {
    const proof = byId.get(row.id)
    if (!proof || !head) { found.rows.set(row.id, 'waiting'); continue }
    const leaf = await leafHash(proof.entry)
    found.leaves.set(row.id, hex(leaf))
    if (!saysTheSame(proof.entry, row)) { found.rows.set(row.id, 'otherContent'); continue }
    const path = proof.proof.map(bytes)
    const right = row.position === proof.index && await includes(leaf, proof.index, head.size, path, head.root)
    found.rows.set(row.id, right ? 'proven' : 'otherPath')
  }
  return found
}
