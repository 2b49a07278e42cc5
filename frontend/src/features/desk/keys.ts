// Which key does what. One table, so that the map of keys shown to people cannot differ from it.
export type Action =
  | { do: 'next' | 'previous' | 'first' | 'last' | 'pageDown' | 'pageUp' | 'open' | 'select' | 'selectAll' | 'search' | 'help' | 'escape' | 'refresh' | 'preview' | 'phone' | 'keep' | 'bulk' | 'correct' }
  | { do: 'move'; n: number }
  | { do: 'queue'; key: string }
export type Pressed = { key: string; ctrlKey?: boolean; metaKey?: boolean; altKey?: boolean; isComposing?: boolean }

/** Rows of the map: keys as they are shown, and the text that says what they do. */
export const SHOWN: { keys: string[]; text: string }[] = [
  { keys: ['j', '↓'], text: 'next' }, { keys: ['k', '↑'], text: 'previous' }, { keys: ['Home'], text: 'first' }, { keys: ['End'], text: 'last' },
  { keys: ['Enter'], text: 'open' }, { keys: ['x', 'Space'], text: 'select' }, { keys: ['a'], text: 'selectAll' }, { keys: ['1', '…', '9'], text: 'move' },
  { keys: ['c'], text: 'correct' }, { keys: ['b'], text: 'bulk' }, { keys: ['p'], text: 'preview' }, { keys: ['/'], text: 'search' }, { keys: ['t'], text: 'phone' }, { keys: ['s'], text: 'keep' },
  { keys: ['r'], text: 'refresh' }, { keys: ['?'], text: 'help' }, { keys: ['Esc'], text: 'escape' },
]
/** After g: the letter of a queue. */
export const QUEUE_KEYS: { [letter: string]: string } = {
  m: 'mine', r: 'reported', c: 'checking', f: 'filed', t: 'returned', d: 'dispatched', h: 'handling', v: 'verifying', e: 'verified', s: 'suspended', w: 'closed', n: 'near', l: 'late', u: 'urged', a: 'working',
}
const PLAIN: { [key: string]: Action } = {
  j: { do: 'next' }, ArrowDown: { do: 'next' }, k: { do: 'previous' }, ArrowUp: { do: 'previous' }, Home: { do: 'first' }, End: { do: 'last' }, PageDown: { do: 'pageDown' }, PageUp: { do: 'pageUp' },
  Enter: { do: 'open' }, o: { do: 'open' }, x: { do: 'select' }, ' ': { do: 'select' }, a: { do: 'selectAll' }, b: { do: 'bulk' }, c: { do: 'correct' }, p: { do: 'preview' }, '/': { do: 'search' }, t: { do: 'phone' }, s: { do: 'keep' }, r: { do: 'refresh' }, '?': { do: 'help' }, Escape: { do: 'escape' },
}
const WAIT_MS = 1500
// On a control these belong to the control, not to the list.
const OF_CONTROLS = new Set(['Enter', ' ', 'ArrowDown', 'ArrowUp', 'Home', 'End', 'PageDown', 'PageUp'])

export type Where = 'list' | 'control' | 'typing' | 'dialog'

/** Where a key was pressed: in a field only Esc is ours; on a button what presses it is the button's. */
export function where(target: EventTarget | null): Where {
  const element = target instanceof Element ? target : null
  if (!element) return 'list'
  if (element.closest('[role="dialog"], dialog[open]')) return 'dialog'
  if (element.closest('input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable="true"]')) return 'typing'
  if (element.closest('[role="row"]')) return 'list'
  return element.closest('a, button, summary, input, [tabindex]:not(#main)') ? 'control' : 'list'
}

/** Reads keys one after the other; `g` waits for the letter of a queue. */
export function keyReader(now: () => number = () => Date.now()) {
  let goingSince = -Infinity
  return function read(pressed: Pressed, at: Where): Action | null {
    if (pressed.isComposing || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null
    if (at === 'typing' || at === 'dialog') return pressed.key === 'Escape' ? { do: 'escape' } : null
    const going = now() - goingSince < WAIT_MS
    goingSince = -Infinity
    if (going) return pressed.key in QUEUE_KEYS ? { do: 'queue', key: QUEUE_KEYS[pressed.key]! } : null
    if (at === 'control' && OF_CONTROLS.has(pressed.key)) return null
    if (pressed.key === 'g') { goingSince = now(); return null }
    if (/^[1-9]$/.test(pressed.key)) return { do: 'move', n: Number(pressed.key) }
    return PLAIN[pressed.key] ?? null
  }
}
