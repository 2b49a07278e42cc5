import { beforeEach, describe, expect, it, vi } from 'vitest'
import { rows, values } from './memoryStore'
vi.mock('./store', () => import('./memoryStore'))
import { flush } from './flush'
import { acts, enqueue, everything, takeOut, tidy, tryAgain } from './outbox'

type Call = { path: string; body: Record<string, unknown> }
/** A server that answers as told, and remembers what it was sent. */
function server(answer: (call: Call, nth: number) => [number, object] | Error) {
  const calls: Call[] = []
  const send = vi.fn(async (path: RequestInfo | URL, init?: RequestInit) => {
    const body = init?.body instanceof FormData ? Object.fromEntries(init.body.entries()) : JSON.parse(String(init?.body))
    const call = { path: String(path).replace('/api/v1/worker/', ''), body: body as Record<string, unknown> }
    calls.push(call)
    const said = answer(call, calls.length)
    if (said instanceof Error) throw said
    return new Response(JSON.stringify(said[1]), { status: said[0] })
  })
  return { calls, send: send as unknown as typeof fetch }
}
const fine = () => [200, { repeated: false, number: 'N1' }] as [number, object]
const report = (n: number) => enqueue(7, [{ kind: 'report', body: { text: `${n}` } }])

beforeEach(() => { rows.clear(); values.clear() })

describe('the outbox', () => {
  it('sends in the order in which things were made, not in that of their ids', async () => {
    for (let n = 0; n < 12; n += 1) await report(n)
    const { calls, send } = server(fine)
    expect(await flush(send)).toBe('sent')
    expect(calls.map((call) => call.body.text)).toEqual(Array.from({ length: 12 }, (_, n) => `${n}`))
  })

  it('says of each item whose it is and which', async () => {
    const [item] = await report(1)
    const { calls, send } = server(fine)
    await flush(send)
    expect(calls[0].body).toMatchObject({ client_id: item.id, user_id: 7, at: item.at })
  })

  it('keeps everything when the network is gone, and sends it once when it is back', async () => {
    await report(1); await report(2)
    expect(await flush(server(() => new TypeError('offline')).send)).toBe('unreached')
    expect((await everything()).map((item) => item.state)).toEqual(['waiting', 'waiting'])
    const { calls, send } = server(fine)
    await flush(send)
    expect(await flush(send)).toBe('empty')
    expect(calls).toHaveLength(2)
  })

  it('hands in what was found on a component, its photos after it', async () => {
    await enqueue(7, [{ id: 'i1', kind: 'inspect', label: '路灯', body: { element_id: 3, result: 'defect', note: '不亮' } }, { kind: 'photo', body: { report: 'i1', stage: 'report' }, bytes: new ArrayBuffer(3), after: ['i1'] }])
    const { calls, send } = server(fine)
    await flush(send)
    expect(calls.map((call) => call.path)).toEqual(['inspections', 'photos'])
    expect(calls[0].body).toMatchObject({ client_id: 'i1', user_id: 7, element_id: 3, result: 'defect' })
    expect(calls[0].body).not.toHaveProperty('label')
  })

  it('holds the photos back until their report has arrived, and lets other things pass', async () => {
    const [first] = await enqueue(7, [{ id: 'r1', kind: 'report', body: { text: 'bad' } }, { id: 'p1', kind: 'photo', body: { report: 'r1', stage: 'report' }, bytes: new ArrayBuffer(3), after: ['r1'] }])
    await report(2)
    const { calls, send } = server((call) => (call.body.text === 'bad' ? [400, { code: 'report.class', message: '类别不存在' }] : fine()))
    await flush(send)
    expect(calls.map((call) => call.path)).toEqual(['reports', 'reports'])
    const [act] = acts(await everything())
    expect([act.state, act.problem?.message, first.group]).toEqual(['refused', '类别不存在', act.group])
  })

  it('sends what was mended, with its photos, under the same ids', async () => {
    await enqueue(7, [{ id: 'r1', kind: 'report', body: { text: 'bad' } }, { id: 'p1', kind: 'photo', body: { report: 'r1', stage: 'report' }, bytes: new ArrayBuffer(3), after: ['r1'] }])
    await flush(server(() => [400, { code: 'x', message: 'no' }]).send)
    await tryAgain('r1', { text: 'good' })
    const { calls, send } = server(fine)
    await flush(send)
    expect(calls.map((call) => [call.path, call.body.client_id, call.body.text])).toEqual([['reports', 'r1', 'good'], ['photos', 'p1', undefined]])
  })

  it('stops at an ended session and leaves all as it was', async () => {
    await report(1); await report(2)
    const { calls, send } = server(() => [401, { code: 'login.needed', message: '' }])
    expect(await flush(send)).toBe('login')
    expect(calls).toHaveLength(1)
    expect((await everything()).every((item) => item.state === 'waiting')).toBe(true)
  })

  it('leaves another person’s items for that person and sends the own ones', async () => {
    await report(1)
    await enqueue(8, [{ kind: 'report', body: { text: 'mine' } }])
    await report(3)
    const { calls, send } = server((call) => (call.body.user_id === 7 ? [409, { code: 'delivery.other_user', message: '' }] : fine()))
    expect(await flush(send)).toBe('sent')
    expect(calls.map((call) => call.body.user_id)).toEqual([7, 8])
    expect((await everything()).map((item) => item.state)).toEqual(['waiting', 'delivered', 'waiting'])
  })

  it('waits, and does not give up, when the server is overloaded or broken', async () => {
    for (const status of [429, 500, 502, 503]) {
      rows.clear()
      await report(1)
      expect(await flush(server(() => [status, { code: 'x', message: '' }]).send)).toBe('unreached')
      expect((await everything())[0].state).toBe('waiting')
    }
  })

  it('takes a page of some proxy for no answer of the platform', async () => {
    await report(1)
    const send = (async () => new Response('<html>', { status: 502 })) as unknown as typeof fetch
    expect(await flush(send)).toBe('unreached')
  })

  it('sends what is made while it is sending', async () => {
    await report(1)
    const { calls, send } = server(fine)
    const late = (async (path: RequestInfo | URL, init?: RequestInit) => { if (calls.length === 0) await report(2); return send(path, init) }) as typeof fetch
    await flush(late)
    expect(calls).toHaveLength(2)
  })

  it('gives up a refused act whole, but nothing that has arrived', async () => {
    await enqueue(7, [{ id: 'r1', kind: 'report', body: { text: 'x' } }, { id: 'p1', kind: 'photo', body: { report: 'r1' }, bytes: new ArrayBuffer(1), after: ['r1'] }])
    await flush(server((call) => (call.path === 'photos' ? [400, { code: 'photo.not_a_picture', message: '' }] : fine())).send)
    await takeOut('r1')
    expect((await everything()).map((item) => [item.id, item.state])).toEqual([['r1', 'delivered']])
  })

  it('keeps no place of a track that was refused', async () => {
    await enqueue(7, [{ id: 't1', kind: 'track', body: { patrol: 'w', points: [{ lon: 1, lat: 2 }] } }])
    await flush(server(() => [403, { code: 'track.off_duty', message: '不在班次内' }]).send)
    expect(rows.get('t1')).toMatchObject({ state: 'refused', body: { patrol: 'w', points: [] }, problem: { message: '不在班次内' } })
  })

  it('drops the photo of what has arrived, and the rest after a day', async () => {
    await enqueue(7, [{ id: 'p1', kind: 'photo', body: { number: 'N' }, bytes: new ArrayBuffer(9) }])
    await flush(server(fine).send)
    expect(rows.get('p1')?.bytes).toBeUndefined()
    await tidy(Date.now() + 23 * 3_600_000)
    expect(rows.size).toBe(1)
    await tidy(Date.now() + 25 * 3_600_000)
    expect(rows.size).toBe(0)
  })
})
