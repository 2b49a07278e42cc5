import { expect, it } from 'vitest'
import messages from './messages'

type Texts = { [key: string]: string | Texts }
const keys = (texts: Texts, at = ''): string[] => Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [at + key] : keys(value, `${at}${key}.`)))
const holes = (texts: Texts, at = ''): string[] => Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [`${at}${key}:${[...value.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort().join()}`] : holes(value, `${at}${key}.`)))

it('says the same in both languages', () => {
  expect(keys(messages.en)).toEqual(keys(messages.zh))
  expect(holes(messages.en)).toEqual(holes(messages.zh))
})
