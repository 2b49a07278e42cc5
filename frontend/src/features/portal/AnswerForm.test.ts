import { flushPromises, mount } from '@vue/test-utils'
import { createI18n } from 'vue-i18n'
import { afterEach, expect, it, vi } from 'vitest'
import shared from '@/shared/messages'
import AnswerForm from './AnswerForm.vue'
import messages from './messages'

const i18n = createI18n({ legacy: false, locale: 'zh', messages: { zh: { ...shared.zh, portal: messages.zh }, en: { ...shared.en, portal: messages.en } } as never })
const form = () => mount(AnswerForm, { props: { followKey: 'k'.repeat(22) }, global: { plugins: [i18n] } })
afterEach(() => vi.unstubAllGlobals())

it('asks for the first answer instead of sending nothing', async () => {
  const asked = vi.fn()
  vi.stubGlobal('fetch', asked)
  const page = form()
  await page.get('form').trigger('submit')
  expect(page.get('[role=alert]').text()).toContain('请先选')
  expect(asked).not.toHaveBeenCalled()
})

it('says before sending that "not solved" goes back, sends what was chosen, and shows why it was refused', async () => {
  const sent: unknown[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(await request.json())
    return new Response(JSON.stringify({ code: 'case.wrong_state', message: '已经评价过了' }), { status: 409, headers: { 'Content-Type': 'application/json' } })
  })
  const page = form()
  await page.get('input[name=solved][value=false]').setValue()
  expect(page.text()).toContain('退回办理单位')
  await page.get('form').trigger('submit')
  await flushPromises()
  expect(sent).toEqual([{ solved: false, responded: null, satisfied: null, text: '' }])
  expect(page.get('[role=alert]').text()).toBe('已经评价过了')
})
