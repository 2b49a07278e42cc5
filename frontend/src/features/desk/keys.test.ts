import { describe, expect, it } from 'vitest'
import { keyReader, QUEUE_KEYS, SHOWN, where } from './keys'

const press = (key: string) => ({ key })

describe('keys on the list', () => {
  it('go down, up, open, select', () => {
    const read = keyReader()
    expect(['j', 'k', 'Enter', 'x', 'c', '/', '?'].map((key) => read(press(key), 'list')?.do)).toEqual(['next', 'previous', 'open', 'select', 'correct', 'search', 'help'])
    expect(read(press('3'), 'list')).toEqual({ do: 'move', n: 3 })
  })
  it('reach a queue by g and its letter, within a moment', () => {
    let at = 0
    const read = keyReader(() => at)
    expect(read(press('g'), 'list')).toBeNull()
    expect(read(press('l'), 'list')).toEqual({ do: 'queue', key: 'late' })
    read(press('g'), 'list')
    at = 5000
    expect(read(press('j'), 'list')).toEqual({ do: 'next' })
    read(press('g'), 'list')
    expect(read(press('z'), 'list')).toBeNull()
  })
  it('leave the browser its own', () => {
    expect(keyReader()({ key: 'r', ctrlKey: true }, 'list')).toBeNull()
    expect(keyReader()({ key: 'j', isComposing: true }, 'list')).toBeNull()
  })
})

describe('keys elsewhere', () => {
  it('are letters in a field; only Esc is ours', () => {
    const read = keyReader()
    expect(['j', 'x', '?', 'g', '1'].map((key) => read(press(key), 'typing'))).toEqual([null, null, null, null, null])
    expect(read(press('Escape'), 'typing')).toEqual({ do: 'escape' })
  })
  it('press the button they are on', () => {
    expect(keyReader()(press('Enter'), 'control')).toBeNull()
    expect(keyReader()(press(' '), 'control')).toBeNull()
    expect(keyReader()(press('j'), 'control')).toEqual({ do: 'next' })
  })
})

it('knows where a key was pressed', () => {
  document.body.innerHTML = '<input id="a"><input id="b" type="checkbox"><button id="c"></button><div role="dialog"><input id="d"></div><div role="row" tabindex="0"><input id="e" type="checkbox"></div>'
  expect(['a', 'b', 'c', 'd', 'e'].map((id) => where(document.getElementById(id)))).toEqual(['typing', 'control', 'control', 'dialog', 'list'])
  expect(where(document.body)).toBe('list')
})

it('shows every key of the table once, and no letter leads to two queues', () => {
  expect(new Set(SHOWN.map((row) => row.text)).size).toBe(SHOWN.length)
  expect(new Set(Object.values(QUEUE_KEYS)).size).toBe(Object.keys(QUEUE_KEYS).length)
})
