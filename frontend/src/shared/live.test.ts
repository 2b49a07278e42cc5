import { effectScope } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useStream, type Placed } from './live'

class Line extends EventTarget {
  static readonly CLOSED = 2
  static all: Line[] = []
  readyState = 1
  onopen?: () => void
  onerror?: () => void
  constructor(readonly url: string) { super(); Line.all.push(this) }
  close() { this.readyState = 2 }
  say(type: string, id: number, data: object = {}) { this.dispatchEvent(Object.assign(new MessageEvent(type, { data: JSON.stringify(data) }), { lastEventId: String(id) })) }
}
beforeEach(() => { vi.useFakeTimers(); vi.stubGlobal('EventSource', Line); Line.all = [] })
afterEach(() => { vi.useRealTimers(); vi.unstubAllGlobals() })

function opened() {
  const heard: Placed[] = [], lost = vi.fn()
  const within = effectScope()
  const stream = within.run(() => useStream((event) => heard.push(event), { lost }))!
  stream.open(7)
  Line.all[0]!.onopen?.()
  return { heard, lost, within, stream }
}
const after = (line: Line) => new URL(line.url, 'http://here').searchParams.get('last_event_id')

it('a refused line is opened anew after the last event, and says meanwhile that it is down', () => {
  const { heard, within, stream } = opened()
  Line.all[0]!.say('case', 8, { kind: 'case.file' })
  Line.all[0]!.say('beat', 12)
  Line.all[0]!.readyState = Line.CLOSED
  Line.all[0]!.onerror?.()
  expect([stream.connected.value, heard.map((one) => one.position)]).toEqual([false, [8]])
  vi.advanceTimersByTime(6_000)
  expect(Line.all.map(after)).toEqual(['7', '12'])
  within.stop()
})

it('a line that the browser mends itself is left alone', () => {
  const { within } = opened()
  Line.all[0]!.readyState = 0
  Line.all[0]!.onerror?.()
  vi.advanceTimersByTime(600_000)
  expect(Line.all).toHaveLength(1)
  within.stop()
})

it('a line without even a heartbeat is taken for dead; one that beats is not', () => {
  const { within } = opened()
  for (let n = 0; n < 20; n++) { vi.advanceTimersByTime(15_000); Line.all[0]!.say('beat', 7) }
  expect(Line.all).toHaveLength(1)
  vi.advanceTimersByTime(66_000)
  expect(Line.all.map((line) => line.readyState)).toEqual([2, 1])
  within.stop()
})

it('another log is told, and nothing is left running when the page is gone', () => {
  const { lost, within, stream } = opened()
  Line.all[0]!.say('reset', 3, { position: 4 })
  expect(lost).toHaveBeenCalledOnce()
  within.stop()
  stream.open(9)
  expect([Line.all.map((line) => line.readyState), vi.getTimerCount()]).toEqual([[2], 0])
})
