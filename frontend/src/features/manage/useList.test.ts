import { describe, expect, it } from 'vitest'
import { useList } from './useList'

describe('useList', () => {
  it('appends the next page and knows the end', async () => {
    const list = useList(async (after: number | null) => (after ? { items: ['c'], next: null } : { items: ['a', 'b'], next: 2 }))
    await list.load()
    expect(list.next.value).toBe(2)
    await list.more()
    expect([list.items.value, list.next.value]).toEqual([['a', 'b', 'c'], null])
  })
  it('an answer overtaken by a later question is dropped', async () => {
    const waiting: ((rows: string[]) => void)[] = []
    const list = useList(() => new Promise<{ items: string[]; next: null }>((done) => waiting.push((items) => done({ items, next: null }))))
    const first = list.load(), second = list.load()
    waiting[1]!(['new']); await second
    waiting[0]!(['old']); await first
    expect(list.items.value).toEqual(['new'])
  })
  it('keeps what the server refused', async () => {
    const list = useList(async () => { throw new Error('closed') })
    await list.load()
    expect([list.problem.value?.message, list.loading.value]).toEqual(['closed', false])
  })
})
