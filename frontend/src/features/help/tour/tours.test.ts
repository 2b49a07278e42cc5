import { describe, expect, it } from 'vitest'
import { en, zh } from './messages'
import { placed, TOURS, tourFor } from './tours'

describe('tours', () => {
  it('have words in both languages for every step', () => {
    for (const step of TOURS.flatMap((tour) => tour.steps)) {
      expect(zh).toHaveProperty(step.key)
      expect(en).toHaveProperty(step.key)
    }
  })
  it('are chosen by role, one a person', () => {
    expect(tourFor(['acceptor'])?.key).toBe('acceptor')
    expect(tourFor(['grid_worker', 'supervisor_community'])?.key).toBe('supervisor')
    expect(tourFor(['citizen'])).toBeUndefined()
  })
  it('keep their words within the window', () => {
    const words = { width: 320, height: 180 }
    for (const view of [{ width: 360, height: 740 }, { width: 1440, height: 900 }])
      for (const left of [0, 100, view.width - 50])
        for (const top of [0, 300, view.height - 40]) {
          const found = placed({ left, top, width: 50, height: 40 }, words, view)
          expect(found.left).toBeGreaterThanOrEqual(8)
          expect(found.top).toBeGreaterThanOrEqual(8)
          expect(found.left + words.width).toBeLessThanOrEqual(view.width)
          expect(found.top + words.height).toBeLessThanOrEqual(view.height)
          const over = found.left < left + 50 && found.left + words.width > left && found.top < top + 40 && found.top + words.height > top
          expect(over).toBe(false)
        }
  })
})
