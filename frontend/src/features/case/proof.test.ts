// Against a trace captured from the API (tests/business/cases/test_proof_sample.py), and changed ones.
import { describe, expect, it } from 'vitest'
import sample from './proof.sample.json'
import { bytes, checkTrace, continues, headOf, includes, leafHash, saysTheSame, signatureOf } from './proof'
import type { TraceProofs, TraceRow } from './types'

type Sample = { trace: TraceRow[]; proofs: TraceProofs; first: string; between: string[] }
const copy = () => structuredClone(sample) as unknown as Sample
const verdicts = async (given: Sample) => [...(await checkTrace(given.proofs, given.trace)).rows.values()]

describe('a real trace', () => {
  it('is proven row by row under a good signature', async () => {
    const given = copy()
    const checked = await checkTrace(given.proofs, given.trace)
    expect([...checked.rows.values()]).toEqual(given.trace.map(() => 'proven'))
    expect(checked.signature).toBe('good')
    expect(checked.head?.size).toBe(given.proofs.size)
  })
  it('waits for what is not signed yet', async () => {
    const given = copy()
    given.proofs.proofs.pop()
    expect((await verdicts(given)).at(-1)).toBe('waiting')
  })
})

describe('a changed trace', () => {
  it.each([
    ['its data', (row: TraceRow) => { row.data = { ...row.data, department: 99 } }],
    ['its actor', (row: TraceRow) => { row.actor_id = 999 }],
    ['its time', (row: TraceRow) => { row.at = '2026-03-16T03:00:00Z' }],
    ['its kind', (row: TraceRow) => { row.kind = 'case.close' }],
    ['a key added', (row: TraceRow) => { row.data = { ...row.data, extra: null } }],
  ])('is found by %s', async (_name, change) => {
    const given = copy()
    change(given.trace[1]!)
    expect((await verdicts(given))[1]).toBe('otherContent')
  })
  it('is found when the entry is changed along with the row', async () => {
    const given = copy()
    const proof = given.proofs.proofs[1]!
    const row = given.trace[1]!
    proof.entry = proof.entry.replace(`"kind":"${row.kind}"`, '"kind":"case.close"')
    row.kind = 'case.close'
    expect((await verdicts(given))[1]).toBe('otherPath')
  })
  it('is found when a row is moved to another place', async () => {
    const given = copy()
    given.proofs.proofs[1]!.index += 1
    expect((await verdicts(given))[1]).toBe('otherPath')
  })
  it('is found when the head is changed: the signature no longer fits', async () => {
    const given = copy()
    given.proofs.checkpoint = given.proofs.checkpoint.replace(`\n${given.proofs.size}\n`, `\n${given.proofs.size + 1}\n`)
    expect((await checkTrace(given.proofs, given.trace)).signature).toBe('wrong')
    expect((await signatureOf(sample.proofs.checkpoint, sample.proofs.public_key.replace(/\+[0-9a-f]+\+/, '+00000000+')))).toBe('missing')
  })
  it('is refused without a head', async () => {
    const given = copy()
    given.proofs.checkpoint = 'nothing of the kind'
    expect(await verdicts(given)).toEqual(given.trace.map(() => 'waiting'))
  })
})

describe('the log seen before', () => {
  const [first, head] = [headOf(sample.first)!, headOf(sample.proofs.checkpoint)!]
  const between = sample.between.map(bytes)
  it('is the beginning of the log now', async () => {
    expect(await continues(first.size, head.size, between, first.root, head.root)).toBe(true)
    expect(await continues(head.size, head.size, [], head.root, head.root)).toBe(true)
  })
  it('is not, when either root is another', async () => {
    const other = first.root.map((byte) => byte ^ 1)
    expect(await continues(first.size, head.size, between, other, head.root)).toBe(false)
    expect(await continues(first.size, head.size, between, first.root, other)).toBe(false)
    expect(await continues(first.size, head.size, [], first.root, head.root)).toBe(false)
    expect(await continues(head.size, first.size, between, head.root, first.root)).toBe(false)
  })
})

describe('paths of every shape', () => {
  // A tree built here by the definition of RFC 9162, section 2.1.1, and paths by 2.1.3.
  const leaves = (n: number) => Promise.all([...Array(n).keys()].map((k) => leafHash(`entry ${k}`)))
  const node = async (a: Uint8Array, b: Uint8Array) => new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.of(1, ...a, ...b)))
  const split = (n: number) => 2 ** Math.floor(Math.log2(n - 1))
  async function rootOf(all: Uint8Array[]): Promise<Uint8Array> {
    if (all.length === 1) return all[0]!
    const k = split(all.length)
    return node(await rootOf(all.slice(0, k)), await rootOf(all.slice(k)))
  }
  async function pathOf(m: number, all: Uint8Array[]): Promise<Uint8Array[]> {
    if (all.length === 1) return []
    const k = split(all.length)
    return m < k ? [...await pathOf(m, all.slice(0, k)), await rootOf(all.slice(k))] : [...await pathOf(m - k, all.slice(k)), await rootOf(all.slice(0, k))]
  }
  it.each([1, 2, 3, 5, 8, 13])('check for all leaves of a log of %i', async (n) => {
    const all = await leaves(n)
    const root = await rootOf(all)
    for (let m = 0; m < n; m += 1) {
      expect(await includes(all[m]!, m, n, await pathOf(m, all), root)).toBe(true)
      expect(await includes(all[m]!, (m + 1) % n || n, n, await pathOf(m, all), root)).toBe(false)
    }
  })
})

it('a time with fewer decimals is the same time, another one is not', () => {
  const row = copy().trace[0]!
  const entry = (sample as unknown as Sample).proofs.proofs[0]!.entry
  expect(saysTheSame(entry, row)).toBe(true)
  expect(saysTheSame('{', row)).toBe(false)
})
