import { expect, test } from 'vitest'
import { apart, boundsOf, signed, sparkline, wordsBeside } from './shapes'

test('a trend goes from the first week at the left to the last at the right, high for many', () => {
  expect(sparkline([0, 2, 4], 100, 22)).toBe('0.0,21.0 50.0,11.0 100.0,1.0')
  expect(sparkline([0, 0], 10, 12)).toBe('0.0,11.0 10.0,11.0')
  expect(sparkline([], 10, 12)).toBe('')
})

test('a map shows all places that are known, and nothing without any', () => {
  expect(boundsOf([{ lon: 1, lat: 2 }, { lon: null, lat: null }, { lon: 3, lat: 5 }], 0)).toEqual([1, 2, 3, 5])
  expect(boundsOf([{ lon: null, lat: null }])).toBeNull()
})

test('times apart are said in the unit a person would use', () => {
  expect(apart(0.2)).toEqual({ key: 'moment', n: 1 })
  expect(apart(5.4)).toEqual({ key: 'apart', n: 5 })
  expect(apart(72)).toEqual({ key: 'apartDays', n: 3 })
  expect([signed(3), signed(-2), signed(0)]).toEqual(['+3', '−2', '0'])
})
test('words beside a title say something new, once', () => {
  expect(wordsBeside('商户在盲道上堆放货物', ['商户在盲道', '噪音', '夜间噪音', '占道'])).toEqual(['夜间噪音', '占道'])
  expect(wordsBeside('厕所一冲水就往上翻', ['下水的师傅说是外', '傅说是外面主管的', '的师傅说是外面主'])).toHaveLength(1)
})
