import { expect, it } from 'vitest'
import { newKey, readAsked } from './keys'

it('makes keys that differ and fit the server', () => {
  const made = new Set(Array.from({ length: 200 }, newKey))
  expect(made.size).toBe(200)
  for (const key of made) expect(key).toMatch(/^[A-Za-z0-9_-]{22}$/)
})

it.each([
  ['https://x.example/follow/abcdefghijklmnop1234/?new=1', { key: 'abcdefghijklmnop1234' }],
  [' abcdefghijklmnop1234 ', { key: 'abcdefghijklmnop1234' }],
  ['2026 0316 0000 001', { number: '202603160000001' }],
  ['２０２６０３１６００００００１', { number: '202603160000001' }],
  ['路灯', {}],
  ['javascript:alert(1)', {}],
])('reads %s', (text, found) => expect(readAsked(text)).toEqual(found))
