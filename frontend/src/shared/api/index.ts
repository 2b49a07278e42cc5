// The typed client of the REST API: `await take(api.GET('/api/v1/cases', {params: {query: …}}))`.
import createClient, { type Middleware } from 'openapi-fetch'
import type { paths } from './schema'
import { language } from '../language'

export class Problem extends Error {
  constructor(readonly status: number, readonly code: string, message: string, readonly body: Record<string, unknown> = {}) {
    super(message)
  }
}

export function cookie(name: string): string {
  const found = document.cookie.split('; ').find((part) => part.startsWith(`${name}=`))
  return found ? decodeURIComponent(found.slice(name.length + 1)) : ''
}

let onLoggedOut: () => void = () => {}
/** What a room does when the session has ended; called once per refused call. */
export function whenLoggedOut(then: () => void): void { onLoggedOut = then }

// A page that asks by itself must not keep a deserted log-in awake: what is asked a minute after the
// last touch says so. A wall in full screen is being looked at and only reads.
const DESERTED_MS = 60_000
let touched = Date.now()
for (const sign of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
  window.addEventListener(sign, () => { touched = Date.now() }, { passive: true, capture: true })
}
export function asksByItself(now = Date.now()): boolean {
  return now - touched > DESERTED_MS && !document.fullscreenElement
}

const manners: Middleware = {
  onRequest({ request }) {
    if (request.method === 'GET' && asksByItself()) request.headers.set('X-Background', '1')
    if (request.method !== 'GET') request.headers.set('X-CSRFToken', cookie('csrftoken'))
    request.headers.set('Accept-Language', language.value === 'en' ? 'en' : 'zh-hans')
    return request
  },
  async onResponse({ response }) {
    if (response.ok) return response
    const problem = await problemOf(response)
    if (response.status === 401) onLoggedOut()
    throw problem
  },
  onError({ error }) {
    if (error instanceof Problem || (error instanceof DOMException && error.name === 'AbortError')) return error
    return new Problem(0, 'network', language.value === 'en' ? 'No connection. Check the network and try again.' : '网络不通，请检查网络后重试。')
  },
}

export async function problemOf(response: Response): Promise<Problem> {
  const body = await response.clone().json().catch(() => ({})) as Record<string, unknown>
  const fallback = language.value === 'en' ? `That did not work (${response.status}). Please try again.` : `操作没有成功（${response.status}），请重试。`
  const said = typeof body.message === 'string' ? body.message : fallback
  return new Problem(response.status, typeof body.code === 'string' ? body.code : `http.${response.status}`, said, body)
}

export const api = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin', fetch: (request) => fetch(request) })
api.use(manners)

/** The body of an answer; a refusal has already thrown a `Problem`. */
export async function take<T>(asked: Promise<{ data?: T; response: Response }>): Promise<T> {
  return (await asked).data as T
}

/** A call that the typed client does not know (files, forms). */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  if (init.method && init.method !== 'GET') headers.set('X-CSRFToken', cookie('csrftoken'))
  headers.set('Accept-Language', language.value === 'en' ? 'en' : 'zh-hans')
  let response: Response
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init, headers })
  } catch {
    throw new Problem(0, 'network', language.value === 'en' ? 'No connection. Check the network and try again.' : '网络不通，请检查网络后重试。')
  }
  if (response.ok) return response
  if (response.status === 401) onLoggedOut()
  throw await problemOf(response)
}
