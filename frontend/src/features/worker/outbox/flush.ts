// Sends what waits, in order. Runs in the page and in the service worker, perhaps in both at once: the server
// takes each id once, so that does no harm; a lock of the browser only saves the second one the trouble.
import { change, everything, tellChanged } from './outbox'
import { kept, type Item, type Problem } from './store'

/** `later`: something waits for something else; `unreached`: no network, or a server that cannot now. */
export type Outcome = 'empty' | 'sent' | 'later' | 'unreached' | 'login'
const PATHS: Record<Item['kind'], string> = {
  report: 'reports', photo: 'photos', move: 'moves', start: 'patrols', end: 'patrols/end', visit: 'visits', track: 'tracks', inspect: 'inspections',
}
/** What another item must first bring: not a refusal. */
const WAITS = new Set(['delivery.report_first', 'delivery.photo_first', 'delivery.other_user'])
const TRY_LATER = new Set([0, 408, 425, 429, 500, 502, 503, 504])
const PATIENCE_MS = 60_000

export async function flush(send: typeof fetch = (...args) => fetch(...args)): Promise<Outcome> {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks
  if (!locks) return sendAll(send)
  return locks.request('cityloop-outbox', { ifAvailable: true }, async (lock) => (lock ? sendAll(send) : 'later'))
}

async function sendAll(send: typeof fetch): Promise<Outcome> {
  let any = false
  const strangers = new Set<number>()
  const tried = new Set<string>()
  for (;;) {
    // Read again each time: what is made meanwhile goes out in the same run.
    const items = await everything()
    const next = items.find((item) => item.state === 'waiting' && !tried.has(item.id) && !strangers.has(item.userId) && ready(item, items))
    if (!next) return any ? 'sent' : items.some((item) => item.state === 'waiting') ? 'later' : 'empty'
    tried.add(next.id)
    const { status, body } = await sendOne(next, send)
    if (status >= 200 && status < 300) {
      any = true
      await change(next.id, { state: 'delivered', deliveredAt: Date.now(), answer: body as Item['answer'], bytes: undefined })
    } else if (status === 401 || body.code === 'csrf.failed' || body.code === 'password.change_first') {
      tellChanged()
      return 'login'
    } else if (TRY_LATER.has(status)) {
      tellChanged()
      return 'unreached'
    } else if (body.code === 'delivery.other_user') {
      strangers.add(next.userId)
    } else if (!WAITS.has(body.code)) {
      // A track that may not be kept is kept nowhere, not on the device either; that it was refused stays to be read.
      const emptied = next.kind === 'track' ? { body: { ...next.body, points: [] } } : {}
      await change(next.id, { state: 'refused', problem: body, ...emptied })
    }
    tellChanged()
  }
}

/** Whether all that it needs has arrived. */
function ready(item: Item, items: Item[]): boolean {
  const known = new Map(items.map((row) => [row.id, row]))
  return item.after.every((id) => !known.has(id) || known.get(id)?.state === 'delivered')
}

type Said = { status: number; body: Problem & Record<string, unknown> }

async function sendOne(item: Item, send: typeof fetch): Promise<Said> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS)
  try {
    const headers: Record<string, string> = { 'X-CSRFToken': await csrf(), 'Accept-Language': (await kept<string>('language')) ?? 'zh-hans' }
    const init: RequestInit = { method: 'POST', credentials: 'same-origin', headers, signal: stop.signal, redirect: 'error' }
    if (item.kind === 'photo') {
      const form = new FormData()
      form.set('client_id', item.id)
      form.set('user_id', String(item.userId))
      for (const [name, value] of Object.entries(item.body)) form.set(name, String(value))
      form.set('photo', new Blob([item.bytes ?? new ArrayBuffer(0)], { type: 'image/jpeg' }), 'photo.jpg')
      init.body = form
    } else {
      headers['Content-Type'] = 'application/json'
      init.body = JSON.stringify({ client_id: item.id, user_id: item.userId, at: item.at, ...item.body })
    }
    const answer = await send(`/api/v1/worker/${PATHS[item.kind]}`, init)
    const body = (await answer.json().catch(() => ({}))) as Said['body']
    if (!answer.ok && !body.code) return { status: answer.status >= 500 || !answer.status ? 503 : answer.status, body: { code: `http.${answer.status}`, message: String(answer.status) } }
    return { status: answer.status, body }
  } catch {
    return { status: 0, body: { code: 'network', message: '' } }
  } finally {
    clearTimeout(timer)
  }
}

type CookieStore = { get(name: string): Promise<{ value: string } | null> }

/** The page reads the cookie; a service worker cannot in every browser, so the page leaves it the last one. */
async function csrf(): Promise<string> {
  if (typeof document !== 'undefined') return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? ''
  const cookies = (globalThis as { cookieStore?: CookieStore }).cookieStore
  const fresh = await cookies?.get('csrftoken').catch(() => null)
  return fresh?.value ?? (await kept<string>('csrf')) ?? ''
}
