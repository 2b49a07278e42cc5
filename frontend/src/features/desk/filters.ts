// The question that a list asks, as it stands in the address: shareable, and the way back works.
import type { LocationQuery } from 'vue-router'

const MILESTONES = ['filed', 'dispatched', 'responded', 'handled', 'closed'] as const
const MOMENTS = ['since', 'before', ...MILESTONES.flatMap((m) => [`${m}_since`, `${m}_before`])]
const ANSWERS = ['late', 'rated', 'on_time', 'auto', 'misrouted', 'reworked', 'responded', 'solved', 'satisfied', 'returned', 'urged', 'mine', 'open', 'working']
const CHOICES = ['state', 'alert', 'class_key', 'department', 'area', 'channel', 'owner_role', 'owner_user', 'urgency', 'number', 'text']
export const NAMES = [...CHOICES, ...ANSWERS, ...MOMENTS]
export const ORDERS = ['due', 'received', 'oldest', 'heat'] as const
export type Order = (typeof ORDERS)[number]
export type Filters = { [name: string]: string }
export type Asked = { filters: Filters; order: Order }

// Whoever names one of these says which cases are meant; without any it is the open work.
const SCOPES = new Set(['state', 'alert', 'number', 'text', ...ANSWERS, ...MOMENTS])
export const FINAL = new Set(['evaluated', 'rejected', 'merged', 'withdrawn'])

/** What the address asks for; what it cannot ask is left out. */
export function fromQuery(query: LocationQuery): Asked {
  const filters: Filters = {}
  for (const name of NAMES) {
    const value = query[name]
    if (typeof value === 'string' && value.trim()) filters[name] = value.trim()
  }
  const order = query.order
  return { filters, order: isOrder(order) ? order : usualOrder(filters) }
}

/** The address of a question; the usual order is not written down. */
export function toQuery({ filters, order }: Asked): Filters {
  const query: Filters = {}
  for (const name of NAMES) if (filters[name]) query[name] = filters[name]
  if (order !== usualOrder(filters)) query.order = order
  return query
}

/** What the server is asked: `state=any` means every state, nothing said means the open work. */
export function toServer({ filters, order }: Asked): Filters & { order: Order } {
  const given = { ...filters }
  if (given.state === 'any') delete given.state
  else if (!NAMES.some((name) => SCOPES.has(name) && given[name])) given.working = 'true'
  return { ...given, order } as Filters & { order: Order }
}

/** By deadline where there are deadlines; else the newest first. */
export function usualOrder(filters: Filters): Order {
  const ended = (filters.state ?? '').split(',').some((state) => state === 'any' || FINAL.has(state))
  const looksBack = ['text', 'number', 'late', 'rated', 'on_time', 'reworked', 'misrouted', 'auto', 'solved', 'satisfied', 'responded', ...MOMENTS].some((name) => filters[name])
  return ended || looksBack ? 'received' : 'due'
}

/** Whether two questions are the same. */
export function same(a: Filters, b: Filters): boolean {
  return NAMES.every((name) => (a[name] ?? '') === (b[name] ?? ''))
}

/** Filters that came from elsewhere (a figure, a link) and have no control of their own on the page. */
export function isOwnControl(name: string): boolean {
  return ['state', 'alert', 'class_key', 'department', 'area', 'channel', 'urgency', 'text'].includes(name)
}
export const isMoment = (name: string) => MOMENTS.includes(name)

/** Values of any kind as they stand in an address. */
export function asText(filters: { [name: string]: unknown }): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== null && value !== undefined && value !== '').map(([name, value]) => [name, String(value)]))
}

/** The phone number that a search box holds, if it holds one: it is not searched for in passing. */
export function phoneIn(text: string): string {
  const digits = text.replace(/[\s-]/g, '').replace(/^\+?86(?=1\d{10}$)/, '')
  return /^1[3-9]\d{9}$/.test(digits) || /^0\d{9,11}$/.test(digits) ? digits : ''
}

function isOrder(value: unknown): value is Order {
  return typeof value === 'string' && (ORDERS as readonly string[]).includes(value)
}
