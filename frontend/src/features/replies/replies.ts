// Which words of which moves a reporter is told, and how a draft goes into what is written.

/** The stage of the reply that this field is; null = the reporter is not told these words. */
export function stageOf(move: string, field: string): 'progress' | 'final' | null {
  if (move === 'feed_back' && field === 'text') return 'progress'
  if ((move === 'finish' || move === 'settle') && field === 'text') return 'final'
  return move === 'close' && field === 'closing' ? 'final' : null
}

/** What stands in the field afterwards: never cut in silence, so null where it does not fit. */
export function withDraft(written: string, draft: string, most: number, how: 'replace' | 'add'): string | null {
  const before = written.trim()
  const joined = how === 'replace' || !before ? draft : `${before}\n${draft}`
  return [...joined].length > most ? null : joined
}

/** Places of a text box count UTF-16 units; the server counts characters. */
export function inUnits(text: string, start: number, end: number): [number, number] {
  const characters = [...text]
  const first = characters.slice(0, start).join('').length
  return [first, first + characters.slice(start, end).join('').length]
}

/** Calls `act` with the last value when it has been quiet for a while; an answer that came too late is dropped. */
export function whenQuiet<T, R>(ask: (value: T) => Promise<R>, use: (found: R) => void, quiet: number, failed: () => void = () => {}) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0
  return {
    say(value: T): void {
      clearTimeout(timer)
      const mine = ++turn
      timer = setTimeout(() => { ask(value).then((found) => { if (mine === turn) use(found) }, () => { if (mine === turn) failed() }) }, quiet)
    },
    stop(): void { turn += 1; clearTimeout(timer) },
  }
}
