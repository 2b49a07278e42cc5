// The worker's day: from the server when there is one, else as the device last knew it, with what waits in the outbox applied.
import { computed, shallowRef, ref } from 'vue'
import { defineStore } from 'pinia'
import { api, cookie, Problem, take } from '@/shared/api'
import type { components } from '@/shared/api/schema'
import { language } from '@/shared/language'
import { useSession } from '@/shared/session'
import { acts, everything, tidy, watchOutbox } from './outbox/outbox'
import { flush, type Outcome } from './outbox/flush'
import { drop, keep, kept, type Item } from './outbox/store'

export type Day = components['schemas']['WorkerToday']
export type FieldTask = Day['tasks'][number]
export type CaseClass = Day['classes'][number]
const RETRY_MS = 30_000
/** A check is due within half an hour: who leaves the app open must not have to ask for it. */
const LOOK_MS = 120_000
const ask = () => take(api.GET('/api/v1/worker/today'))
type Who = { userId: number; name: string }

export const useDay = defineStore('worker-day', () => {
  const day = shallowRef<Day | null>(null)
  const items = shallowRef<Item[]>([])
  const online = ref(navigator.onLine)
  const loading = ref(false)
  const problem = ref<Problem | Error | null>(null)
  const needsLogIn = ref(false)
  const sending = ref(false)
  /** When the day was last read from the server. */
  const readAt = ref<string | null>(null)
  const who = ref<Who | null>(null)
  /** Own tasks that came while the app was open and were not opened yet. */
  const arrived = ref<string[]>([])
  let early: Promise<Day> | null = null
  let isFirst = true

  const mine = computed(() => items.value.filter((item) => item.userId === who.value?.userId))
  const ownActs = computed(() => acts(mine.value).filter((act) => act.first.kind !== 'track' || act.state === 'refused').sort((a, b) => b.first.seq - a.first.seq))
  const waiting = computed(() => ownActs.value.filter((act) => act.state === 'waiting').length)
  const refused = computed(() => ownActs.value.filter((act) => act.state === 'refused').length)
  const strangers = computed(() => acts(items.value.filter((item) => item.userId !== who.value?.userId && item.state !== 'delivered')).length)
  /** Tasks that no move of the outbox has answered yet. */
  const tasks = computed<FieldTask[]>(() => {
    const answered = new Set(mine.value.filter((item) => item.kind === 'move' && item.state !== 'refused' && stillTold(item)).map((item) => item.body.number))
    return (day.value?.tasks ?? []).filter((task) => !answered.has(task.number))
  })
  /** The patrol that goes on, as far as the device knows. */
  const patrol = computed(() => walking(day.value, mine.value))

  function stillTold(item: Item): boolean {
    return item.state === 'waiting' || (item.deliveredAt ?? 0) > Date.parse(readAt.value ?? '1970-01-01')
  }

  async function open(): Promise<void> {
    watchOutbox(() => { void look() })
    await look()
    const session = useSession()
    if (session.me?.person) who.value = { userId: session.me.person.id, name: session.me.person.display_name || session.me.person.username }
    else who.value = (await kept<Who>('who')) ?? null
    if (!who.value) return
    await keep('who', { ...who.value })
    await remember()
    const known = await kept<{ day: Day; readAt: string }>(`day:${who.value.userId}`)
    if (known) { day.value = known.day; readAt.value = known.readAt }
    window.addEventListener('online', () => { online.value = true; void goOn() })
    window.addEventListener('offline', () => { online.value = false })
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') void goOn() })
    // Some networks come back without a word.
    window.setInterval(() => { if (waiting.value && !sending.value && document.visibilityState === 'visible') void send() }, RETRY_MS)
    window.setInterval(() => { if (online.value && !sending.value && !needsLogIn.value && document.visibilityState === 'visible') void load() }, LOOK_MS)
    await tidy()
  }
  /** Asks for the day while the device is still being read. */
  function begin(): void {
    early = ask()
    early.catch(() => undefined) // told where it is used
  }
  async function look(): Promise<void> { items.value = await everything() }
  /** What the service worker cannot read by itself. */
  async function remember(): Promise<void> {
    await keep('csrf', cookie('csrftoken'))
    await keep('language', language.value === 'en' ? 'en' : 'zh-hans')
  }

  async function load(): Promise<void> {
    if (!who.value || loading.value) return
    loading.value = true
    problem.value = null
    try {
      const fresh = await (early ?? ask())
      // What was there at opening is the list itself.
      tell(isFirst ? [] : cameSince(day.value, fresh), fresh)
      isFirst = false
      day.value = fresh
      readAt.value = new Date().toISOString()
      needsLogIn.value = false
      online.value = true
      await keep(`day:${who.value.userId}`, { day: fresh, readAt: readAt.value })
    } catch (error) {
      const said = error as Problem
      if (said.status === 401) needsLogIn.value = true
      else if (said.code !== 'network' || !day.value) problem.value = said
      if (said.code === 'network') online.value = false
    } finally {
      early = null
      loading.value = false
    }
  }

  /** The phone hums, the app's picture counts; the page says which. */
  function tell(came: string[], fresh: Day): void {
    const own = fresh.tasks.filter((task) => task.mine).map((task) => task.number)
    arrived.value = [...new Set([...arrived.value, ...came])].filter((number) => own.includes(number))
    if (came.length) navigator.vibrate?.(200)
    void (navigator as { setAppBadge?: (n: number) => Promise<void> }).setAppBadge?.(own.length).catch(() => undefined)
  }
  function opened(number: string): void { arrived.value = arrived.value.filter((one) => one !== number) }

  async function send(): Promise<Outcome> {
    sending.value = true
    try {
      await remember()
      const outcome = await flush()
      if (outcome === 'login') needsLogIn.value = true
      if (outcome === 'sent') online.value = true
      if (outcome === 'unreached') online.value = false
      return outcome
    } finally {
      sending.value = false
      await look()
    }
  }
  /** Sends what waits, then reads the day anew. */
  async function goOn(): Promise<void> {
    if (await send() === 'sent') early = null // it was asked before what was sent
    await load()
  }
  /** After something new was put into the outbox. */
  async function pushed(): Promise<void> {
    await look()
    void askForSync()
    if (navigator.onLine) void send().then((outcome) => { if (outcome === 'sent') void load() })
  }
  /** On leaving: what was read goes; what was made and not sent stays for the next log-in of the same person. */
  async function forget(): Promise<void> {
    if (who.value) await Promise.all([drop(`day:${who.value.userId}`), drop(`due:${who.value.userId}`)])
    await drop('who')
    await drop('csrf')
    tell([], { ...day.value, tasks: [] } as unknown as Day)
    day.value = null
  }
  return { day, items, online, loading, problem, needsLogIn, sending, readAt, who, mine, ownActs, waiting, refused, strangers, tasks, patrol, arrived, opened, begin, open, load, send, goOn, pushed, forget }
})

/** The browser sends the outbox itself when the network is back, even with the app closed, where it can. */
async function askForSync(): Promise<void> {
  try {
    const known = await navigator.serviceWorker?.ready
    const sync = (known as unknown as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync
    await sync?.register('outbox')
  } catch { /* not offered, or not allowed: the page sends when it is opened or the network returns */ }
}

/** Own tasks that the day before did not have; none where nothing was known before. */
export function cameSince(before: Day | null, fresh: Day): string[] {
  const known = new Set(before?.tasks.filter((task) => task.mine).map((task) => task.number))
  return before ? fresh.tasks.filter((task) => task.mine && !known.has(task.number)).map((task) => task.number) : []
}

export type Walk = { clientId: string; plan: string; startedAt: string; until: string; seen: Map<number, Record<string, string>> }
/** The patrol under way: what the server knows, then what waits in the outbox, in order. */
export function walking(day: Day | null, items: Item[]): Walk | null {
  const seen = new Map<number, Record<string, string>>()
  let walk: Walk | null = null
  const known = day?.patrol
  for (const visit of known?.visits ?? []) seen.set(visit.cell_id, visit.answers)
  if (known && !known.ended_at) walk = { clientId: known.client_id, plan: known.plan, startedAt: known.started_at, until: known.until, seen }
  const ids = new Map((day?.cells ?? []).map((cell) => [cell.code, cell.id]))
  for (const item of items) {
    if (item.state === 'refused') continue
    if (item.kind === 'start' && item.id !== known?.client_id) {
      walk = { clientId: item.id, plan: String(item.body.plan ?? ''), startedAt: item.at, until: day?.shift?.ends_at ?? item.at, seen: new Map() }
    } else if (item.kind === 'visit' && walk && item.body.patrol === walk.clientId) {
      const cell = ids.get(String(item.body.cell_code))
      if (cell !== undefined) walk.seen.set(cell, { ...walk.seen.get(cell), ...(item.body.answers as Record<string, string>) })
    } else if (item.kind === 'end' && walk && item.body.patrol === walk.clientId) walk = null
  }
  return walk && Date.parse(walk.until) > Date.now() ? walk : null
}
