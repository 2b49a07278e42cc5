import { flushPromises, mount } from '@vue/test-utils'
import { createI18n } from 'vue-i18n'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import shared from '@/shared/messages'
import PlaceSearch from './PlaceSearch.vue'
import { metresText } from '../lengths'
import { worthAsking } from './placeSearch'

const i18n = createI18n({ legacy: false, locale: 'zh', messages: shared as never })
const place = (name: string, metres: number | null = null) => ({
  kind: 'building', name_zh: name, name_en: '', number: '3', lon: 116.4, lat: 39.9, confidence: 0.9, area_code: 'a', area_zh: '春华街道望江社区', area_en: '', metres,
})
const field = () => mount(PlaceSearch, { props: { id: 'p', label: '地点', modelValue: '', near: { lon: 116.4, lat: 39.9 } }, global: { plugins: [i18n] }, attachTo: document.body })
function answers(...items: unknown[]) {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(decodeURIComponent(new URL(request.url).search))
    return new Response(JSON.stringify({ sure: true, items }), { headers: { 'Content-Type': 'application/json' } })
  })
  return asked
}
const wait = async () => { vi.advanceTimersByTime(200); await flushPromises(); await vi.advanceTimersByTimeAsync(0) }
beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers(); vi.unstubAllGlobals(); document.body.innerHTML = '' })

it('asks once for what was typed in one go, with where we are', async () => {
  const asked = answers(place('永安里小区3号楼', 430))
  const page = field()
  for (const words of ['永', '永安', '永安里']) await page.get('input').setValue(words)
  await wait()
  expect(asked).toEqual(['?q=永安里&limit=8&near=116.4,39.9'])
  expect(page.get('li').text()).toContain('永安里小区3号楼')
  expect(page.get('li').text()).toContain('430 米')
})

it('is chosen by keyboard and then asks no more', async () => {
  const asked = answers(place('永安里小区3号楼'), place('永安里小区5号楼'))
  const page = field()
  await page.get('input').setValue('永安')
  await wait()
  const input = page.get('input')
  await input.trigger('keydown', { key: 'ArrowDown' })
  await input.trigger('keydown', { key: 'ArrowDown' })
  expect(input.attributes('aria-activedescendant')).toBe('p-1')
  await input.trigger('keydown', { key: 'Enter' })
  expect(page.emitted('chosen')?.[0]).toMatchObject([{ name_zh: '永安里小区5号楼' }])
  expect(page.emitted('update:modelValue')?.at(-1)).toEqual(['春华街道望江社区永安里小区5号楼'])
  await wait()
  expect(asked).toHaveLength(1)
})

it('says that nothing is known, and why an answer did not come', async () => {
  answers()
  const page = field()
  await page.get('input').setValue('没有的地方')
  await wait()
  expect(page.text()).toContain('没有找到')
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ code: 'limit.reached', message: '请 3 分钟后再试' }), { status: 429, headers: { 'Content-Type': 'application/json' } }))
  await page.get('input').setValue('永安里')
  await wait()
  expect(page.text()).toContain('请 3 分钟后再试')
})

it('takes Enter without a choice as the words themselves', async () => {
  answers(place('永安里小区'))
  const page = field()
  await page.get('input').setValue('永安里')
  await wait()
  await page.get('input').trigger('keydown', { key: 'Enter' })
  expect(page.emitted('enter')).toHaveLength(1)
  expect(page.emitted('chosen')).toBeUndefined()
})

it('shows metres as people say them, and knows when a question is worth asking', () => {
  expect([metresText(null), metresText(3), metresText(434), metresText(1240)]).toEqual(['', '10 米', '430 米', '1.2 公里'])
  expect([worthAsking('路'), worthAsking('a'), worthAsking('ab'), worthAsking(' ')]).toEqual([true, false, true, false])
})
