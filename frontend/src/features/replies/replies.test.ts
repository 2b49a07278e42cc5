import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inUnits, stageOf, whenQuiet, withDraft } from './replies'

describe('stageOf', () => {
  it('knows the words a reporter is told', () => {
    expect(stageOf('feed_back', 'text')).toBe('progress')
    expect(stageOf('finish', 'text')).toBe('final')
    expect(stageOf('close', 'closing')).toBe('final')
  })
  it('leaves words for colleagues alone', () => {
    expect(stageOf('return', 'reason')).toBeNull()
    expect(stageOf('close', 'reason')).toBeNull()
    expect(stageOf('comment', 'text')).toBeNull()
  })
})

describe('withDraft', () => {
  it('replaces or adds, and never cuts', () => {
    expect(withDraft('', '草稿', 10, 'add')).toBe('草稿')
    expect(withDraft('已写', '草稿', 10, 'add')).toBe('已写\n草稿')
    expect(withDraft('已写', '草稿', 10, 'replace')).toBe('草稿')
    expect(withDraft('已写', '草稿', 4, 'add')).toBeNull()
  })
})

it('inUnits counts a character outside the first plane as two', () => {
  expect(inUnits('𠮷尽快', 1, 3)).toEqual([2, 4])
})

describe('whenQuiet', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => { vi.useRealTimers() })
  it('asks once, for the last words', async () => {
    const ask = vi.fn(async (text: string) => text)
    const use = vi.fn()
    const asked = whenQuiet(ask, use, 500)
    asked.say('一'); asked.say('一二')
    await vi.advanceTimersByTimeAsync(500)
    expect(ask.mock.calls).toEqual([['一二']])
    expect(use).toHaveBeenCalledWith('一二')
  })
  it('drops an answer that was overtaken, and one after the end', async () => {
    const answers: ((text: string) => void)[] = []
    const use = vi.fn()
    const asked = whenQuiet(() => new Promise<string>((done) => { answers.push(done) }), use, 10)
    asked.say('旧'); await vi.advanceTimersByTimeAsync(10)
    asked.say('新'); await vi.advanceTimersByTimeAsync(10)
    answers[1]!('新'); answers[0]!('旧'); await vi.advanceTimersByTimeAsync(0)
    expect(use.mock.calls).toEqual([['新']])
    asked.say('后'); asked.stop(); await vi.advanceTimersByTimeAsync(50)
    expect(answers).toHaveLength(2)
  })
})
