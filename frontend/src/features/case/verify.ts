// Fetches proofs, checks them here, and remembers the signed head this browser has seen.
import { api, take } from '@/shared/api'
import { bytes, canCheck, checkTrace, continues, headOf, hex, signatureOf, type Checked, type Head, type RowVerdict, type Signature } from './proof'
import type { TraceProofs, TraceRow } from './types'

export type Before = 'none' | 'continued' | 'rewritten' | 'otherKey'
export type Outcome = {
  good: boolean; said: 'proven' | 'someWait' | 'tampered' | 'unsigned' | 'rewritten' | 'cannot'
  proven: number; rows: Map<number, RowVerdict>; leaves: Map<number, string>; head: Head | null; root: string; signature: Signature; before: Before
}
type Seen = { key: string; size: number; root: string }
const SEEN = 'cityloop.ledger.seen'

async function everyProof(number: string): Promise<TraceProofs> {
  const ask = (after: number) => take(api.GET('/api/v1/cases/{number}/proofs', { params: { path: { number }, query: { after } } }))
  const found = await ask(0)
  for (let part = found; part.proofs.length === 200;) {
    part = await ask(part.proofs.at(-1)!.id)
    if (part.checkpoint !== found.checkpoint) return everyProof(number) // signed anew meanwhile
    found.proofs.push(...part.proofs)
  }
  return found
}

/** Whether the log of `seen` is the beginning of the log under `head`. */
export async function isContinued(seen: { size: number; root: string }, head: Head): Promise<boolean> {
  const shown = await take(api.GET('/api/v1/ledger/consistency', { params: { query: { first: seen.size, second: head.size } } }))
  return continues(seen.size, head.size, shown.proof.map(bytes), bytes(seen.root), head.root)
}

async function againstSeen(head: Head, key: string): Promise<Before> {
  let seen: Seen | null = null
  try { seen = JSON.parse(localStorage.getItem(SEEN) ?? 'null') as Seen | null } catch { /* damaged: as if never seen */ }
  if (!seen) return 'none'
  if (seen.key !== key) return 'otherKey'
  if (head.size < seen.size) return 'rewritten'
  return (await isContinued(seen, head)) ? 'continued' : 'rewritten'
}
function remember(head: Head, key: string): void {
  const seen: Seen = { key, size: head.size, root: btoa(String.fromCharCode(...head.root)) }
  try { localStorage.setItem(SEEN, JSON.stringify(seen)) } catch { /* forbidden: the next visit compares with nothing */ }
}

export type Look = { good: boolean; size: number; at: string; root: string; origin: string; signature: Signature; before: Before }
/** The newest signed head of the whole ledger: is it signed, and does it continue what this browser saw before? */
export async function lookAtLedger(): Promise<Look | null> {
  if (!canCheck()) return null
  const newest = await take(api.GET('/api/v1/ledger/checkpoint', {}))
  const head = headOf(newest.note)
  const signature = await signatureOf(newest.note, newest.public_key)
  const before = head ? await againstSeen(head, newest.public_key) : 'none'
  const good = head !== null && signature !== 'wrong' && signature !== 'missing' && (before === 'none' || before === 'continued')
  if (good) remember(head, newest.public_key)
  return { good, size: newest.size, at: newest.at, root: head ? hex(head.root) : '', origin: head?.origin ?? '', signature, before }
}

/** All rows of a case's trace, checked in this browser. */
export async function verify(number: string, rows: TraceRow[]): Promise<Outcome> {
  if (!canCheck()) return { good: false, said: 'cannot', proven: 0, rows: new Map(), leaves: new Map(), head: null, root: '', signature: 'unchecked', before: 'none' }
  const proofs = await everyProof(number)
  const checked = await checkTrace(proofs, rows)
  const before = checked.head ? await againstSeen(checked.head, proofs.public_key) : 'none'
  return judged(checked, before, proofs.public_key)
}

function judged(checked: Checked, before: Before, key: string): Outcome {
  const verdicts = [...checked.rows.values()]
  const proven = verdicts.filter((one) => one === 'proven').length
  const tampered = verdicts.some((one) => one === 'otherContent' || one === 'otherPath')
  const unsigned = checked.signature === 'wrong' || checked.signature === 'missing'
  const rewritten = before === 'rewritten' || before === 'otherKey'
  const said = tampered ? 'tampered' : rewritten ? 'rewritten' : unsigned ? 'unsigned' : proven < verdicts.length ? 'someWait' : 'proven'
  const good = said === 'proven' || said === 'someWait'
  if (good && checked.head) remember(checked.head, key)
  return { good, said, proven, rows: checked.rows, leaves: checked.leaves, head: checked.head, root: checked.head ? hex(checked.head.root) : '', signature: checked.signature, before }
}
