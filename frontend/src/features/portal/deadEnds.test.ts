// Where a reporter would stand at a wall: nobody acted in time; it was refused.
import { flushPromises, mount } from '@vue/test-utils'
import { createI18n } from 'vue-i18n'
import { createRouter, createMemoryHistory } from 'vue-router'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import shared from '@/shared/messages'
import type { Followed } from './followed'
import messages from './messages'
import { clearDraft, draft } from './store'
import TheEnd from './TheEnd.vue'
import TheOverdue from './TheOverdue.vue'

const i18n = createI18n({ legacy: false, locale: 'zh', messages: { zh: { ...shared.zh, portal: messages.zh }, en: { ...shared.en, portal: messages.en } } as never })
const hours = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString()
const followed = (given: Partial<Followed> = {}) => ({
  number: '202611230000412', state: 'handling', text: '路灯坏了', title: '', address: '春和路', lon: 116.9, lat: 39.1, steps: [], may: ['words', 'photo'], waiting: { due_at: hours(-3), late: true }, ...given,
}) as unknown as Followed
const said = (at: string) => ({ kind: 'said', at, text: '请尽快' }) as unknown as Followed['steps'][number]
const overdue = (shown: Followed) => mount(TheOverdue, { props: { followKey: 'k'.repeat(22), shown, text: '还没有处理' }, global: { plugins: [i18n] } })
beforeEach(clearDraft)
afterEach(() => vi.unstubAllGlobals())

it('asks again with one tap, says who hears of it, and does not offer it twice a day', async () => {
  const sent: unknown[] = []
  const answer = followed({ steps: [said(hours(0))] })
  vi.stubGlobal('fetch', async (request: Request) => { sent.push(await request.json()); return Response.json(answer) })
  const page = overdue(followed())
  await page.get('[name=press]').trigger('click')
  await flushPromises()
  expect(sent).toEqual([{ text: messages.zh.pressWords }])
  await page.setProps({ shown: page.emitted('changed')![0]![0] as Followed })
  expect(page.find('[name=press]').exists()).toBe(false)
  expect(page.get('[role=status]').text()).toContain('督办人员')
})

it('offers it again a day later, and where what was said was said before it was late', () => {
  expect(overdue(followed({ steps: [said(hours(-30))], waiting: { due_at: hours(-40), late: true } as never })).find('[name=press]').exists()).toBe(true)
  expect(overdue(followed({ steps: [said(hours(-5))] })).find('[name=press]').exists()).toBe(true)
})

it('a refused report says why and begins anew with its words, its place and its number', async () => {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { template: '<i />' } }] })
  const reject = { kind: 'reject', at: hours(-1), reason: '不属受理范围' } as unknown as Followed['steps'][number]
  const page = mount(TheEnd, { props: { shown: followed({ state: 'rejected', may: [], steps: [reject], waiting: null }) }, global: { plugins: [i18n, router] } })
  expect(page.text()).toContain('不属受理范围')
  await page.get('[name=again]').trigger('click')
  expect(draft.value).toMatchObject({ text: '路灯坏了\n（以前的编号：202611230000412）', address: '春和路', lon: 116.9 })
  expect(mount(TheEnd, { props: { shown: followed() }, global: { plugins: [i18n, router] } }).text()).toBe('')
})
