import { beforeEach, expect, test } from 'vitest'
import { call, grouped, handedOver, inShort, isBegun, newMatter, nextCall, splitInto } from './call'
import messages from './messages'

beforeEach(() => nextCall())

test('what is split keeps its place, and every part has a name of its own', () => {
  Object.assign(call.matters[0]!, { text: '一。二。', address: '春和路', lon: 116.9, lat: 39.1, joins: '20260101' })
  splitInto(call.matters[0]!, ['一。', '二。'])
  expect(call.matters.map(({ text, address, lon, joins }) => ({ text, address, lon, joins }))).toEqual(
    ['一。', '二。'].map((text) => ({ text, address: '春和路', lon: 116.9, joins: '' })))
  expect(new Set(call.matters.map((one) => one.followKey)).size).toBe(2)
})

test('the next call knows nothing of the one before', () => {
  const id = call.id
  Object.assign(call, { phone: '13800000000', name: '王女士', confidential: true, matters: [newMatter('一'), newMatter('二')] })
  expect(isBegun()).toBe(true)
  nextCall('13900000000')
  expect(isBegun()).toBe(false)
  expect({ ...call, matters: call.matters.length, id: call.id === id }).toEqual({ id: false, phone: '13900000000', name: '', confidential: false, matters: 1 })
})

test.each([['#phone=138%200000-0000', '13800000000'], ['#phone=12', ''], ['#other=1', ''], ['', '']])('a telephone system hands over %s', (hash, phone) => {
  expect(handedOver(hash)).toBe(phone)
})

test('a number is said in groups, a matter by its first sentence that says something', () => {
  expect(grouped('202611230000412')).toBe('2026 1123 0000 412')
  expect(inShort('路灯不亮。晚上很黑')).toBe('路灯不亮')
  expect(inShort('我在玉洲社区。小区东门口的路灯坏了三天，晚上一片漆黑。')).toBe('小区东门口的路灯坏了三天，晚上一片漆黑')
})

test('both languages say the same', () => {
  expect(Object.keys(messages.en)).toEqual(Object.keys(messages.zh))
})
