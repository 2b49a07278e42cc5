import { describe, expect, it } from 'vitest'
import { holdsNumbers, saysTheSame, severalMatters, soundsDangerous } from './hints'

describe('several matters in one message', () => {
  it.each([
    '1、楼下路灯不亮。2、垃圾桶满了没人清。',
    '小区门口路灯坏了。另外，东门的井盖也松了。',
    '一、违章停车；二、占道经营',
    'The lamp is out. Another problem: the bin is full.',
  ])('is seen in %s', (text) => expect(severalMatters(text)).toBe(true))

  it.each([
    '小区东门口的路灯坏了三天，晚上一片漆黑，老人出门看不见路',
    '和平路15.5米处井盖破损，直径约1.2米，3号楼的人都绕着走',
    '从去年10月至今，1.6日又开始施工到凌晨3点',
    'The street lamp at no. 12 has been out for 3 days.',
  ])('is not seen in %s', (text) => expect(severalMatters(text)).toBe(false))
})

it('hears danger, and only danger', () => {
  expect(soundsDangerous('楼道里有煤气味')).toBe(true)
  expect(soundsDangerous('there is a smell of gas')).toBe(true)
  expect(soundsDangerous('路灯不亮，煤气公司挖的坑没填')).toBe(false)
})

it('sees phone and identity numbers, not house numbers or dates', () => {
  expect(holdsNumbers('请联系 138 0013 8000')).toBe(true)
  expect(holdsNumbers('20260316 那天，和平路 123 号 4567 室')).toBe(false)
})

it.each([
  ['小区东门口的路灯坏了三天', '小区东门口路灯坏了，三天没人修', true],
  ['The lamp at the east gate is out', 'lamp at the east gate out for days', true],
  ['小区东门口的路灯坏了三天', '楼下垃圾桶满了没人清运', false],
  ['路灯', '路灯', false],
])('%s, %s: the same %s', (one, other, same) => expect(saysTheSame(one, other)).toBe(same))
