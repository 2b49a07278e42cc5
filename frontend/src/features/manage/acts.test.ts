import { beforeEach, describe, expect, it } from 'vitest'
import { Problem } from '@/shared/api'
import { ask, confirmed, passwordAsked, questionAsked, useAct, whereOf } from './acts'

const stale = () => new Problem(403, 'session.confirm', 'once more')

describe('confirmed', () => {
  beforeEach(() => { passwordAsked.value = null })
  it('asks once and runs the act again', async () => {
    let tries = 0
    const running = confirmed(async () => { if (!tries++) throw stale(); return 'granted' })
    await Promise.resolve(); await Promise.resolve()
    passwordAsked.value!.answer(true)
    expect([await running, tries, passwordAsked.value]).toEqual(['granted', 2, null])
  })
  it('gives the refusal back when the person gives up', async () => {
    const running = confirmed(async () => { throw stale() })
    await Promise.resolve(); await Promise.resolve()
    passwordAsked.value!.answer(false)
    await expect(running).rejects.toMatchObject({ code: 'session.confirm' })
  })
  it('lets every other refusal pass', async () => {
    await expect(confirmed(async () => { throw new Problem(403, 'role.self', 'no') })).rejects.toMatchObject({ code: 'role.self' })
    expect(passwordAsked.value).toBeNull()
  })
})

it('a refusal stands at its field', async () => {
  const act = useAct()
  await act.run(async () => { throw new Problem(400, 'role.until', 'in the past', { where: 'given.until' }) })
  expect([act.at('until'), act.at('role'), act.busy]).toEqual(['in the past', '', false])
  expect(whereOf(null)).toBe('')
})

it('a question is answered once', async () => {
  const answer = ask({ title: 't', text: 'x', act: 'go' })
  questionAsked.value!.answer(true)
  expect([await answer, questionAsked.value]).toEqual([true, null])
})
