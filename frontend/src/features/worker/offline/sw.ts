/// <reference lib="webworker" />
// The service worker of the grid worker's app: opens it without network, and sends the outbox when the network is back.
import { flush } from '../outbox/flush'

declare const self: ServiceWorkerGlobalScope
declare const __FILES__: string[]
declare const __BUILD__: string

type SyncEvent = ExtendableEvent & { tag: string; lastChance: boolean }
const FRONT = `front-${__BUILD__}`
const SHELL = 'shell'
const PICTURES = 'pictures'
const MOST_PICTURES = 300
const START = '/worker/'

self.addEventListener('install', (event) => { event.waitUntil(fill()) })
self.addEventListener('activate', (event) => { event.waitUntil(clear()) })
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return
  if (event.request.mode === 'navigate') event.respondWith(page(event.request))
  else if (url.pathname.startsWith('/static/')) event.respondWith(stored(event.request))
  else if (/^\/api\/v1\/cases\/[^/]+\/photos\/\d+\/thumbnail$/.test(url.pathname)) event.respondWith(picture(event.request))
  else if (url.pathname === '/pages/ground.json') event.respondWith(picture(event.request))
})
self.addEventListener('sync', ((event: SyncEvent) => {
  if (event.tag === 'outbox') event.waitUntil(sendAll())
}) as EventListener)
self.addEventListener('message', (event) => {
  if (event.data === 'leave') event.waitUntil(Promise.all([caches.delete(PICTURES), caches.delete(SHELL)]))
})

async function fill(): Promise<void> {
  const cache = await caches.open(FRONT)
  await cache.addAll(__FILES__.map((file) => new Request(`/static/front/${file}`, { cache: 'reload' })))
  await refreshShell(await fetch(START, { credentials: 'same-origin' }).catch(() => undefined))
  await self.skipWaiting()
}

/** Keeps the build before this one: a page that is open still asks for its parts. */
async function clear(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith('front-') && name !== FRONT)
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)))
  await self.clients.claim()
}

async function refreshShell(answer?: Response): Promise<void> {
  // A log-in page is no shell.
  if (!answer?.ok || answer.redirected || answer.type === 'opaqueredirect') return
  await (await caches.open(SHELL)).put(START, answer.clone())
}

async function page(request: Request): Promise<Response> {
  try {
    const answer = await soon(fetch(request), 4000)
    if (answer.ok && !answer.redirected) void refreshShell(answer.clone())
    if (answer.status < 500) return answer
    return (await shell()) ?? answer
  } catch {
    return (await shell()) ?? Response.error()
  }
}
const shell = async () => (await caches.open(SHELL)).match(START)

/** The network, but not for ever: in a cellar it neither works nor says so. */
function soon(answer: Promise<Response>, ms: number): Promise<Response> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('slow')), ms)
    answer.then((found) => { clearTimeout(timer); resolve(found) }, reject)
  })
}

async function stored(request: Request): Promise<Response> {
  const found = await caches.match(request)
  if (found) return found
  const answer = await fetch(request)
  if (answer.ok && new URL(request.url).pathname.startsWith('/static/cityloop/')) await (await caches.open(FRONT)).put(request, answer.clone())
  return answer
}

async function picture(request: Request): Promise<Response> {
  const cache = await caches.open(PICTURES)
  const found = await cache.match(request)
  if (found) return found
  const answer = await fetch(request)
  if (answer.status === 200) {
    await cache.put(request, answer.clone())
    const keys = await cache.keys()
    await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_PICTURES)).map((key) => cache.delete(key)))
  }
  return answer
}

/** The browser calls again later when this throws. */
async function sendAll(): Promise<void> {
  if (['later', 'unreached'].includes(await flush())) throw new Error('the outbox is not empty yet')
}
