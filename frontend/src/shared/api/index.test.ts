import { expect, it } from 'vitest'
import { asksByItself } from './index'

it('says that it asks by itself only when nobody has touched it for a minute', () => {
  window.dispatchEvent(new Event('keydown'))
  expect(asksByItself()).toBe(false)
  expect(asksByItself(Date.now() + 61_000)).toBe(true)
  window.dispatchEvent(new Event('pointerdown'))
  expect(asksByItself(Date.now() + 30_000)).toBe(false)
})
