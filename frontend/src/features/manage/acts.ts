// Acts that write: the refusal in its place, the password once more where the server asks, and a question before what cannot be undone.
import { reactive, ref, shallowRef } from 'vue'
import { Problem, send } from '@/shared/api'

type Open<T> = { answer: (value: T) => void }
export const passwordAsked = shallowRef<Open<boolean> | null>(null)
export type Question = { title: string; text: string; act: string; danger?: boolean }
export const questionAsked = shallowRef<(Question & Open<boolean>) | null>(null)

/** Tell the consequence and wait for a yes. */
export function ask(question: Question): Promise<boolean> {
  return new Promise((done) => {
    questionAsked.value = { ...question, answer: (value) => { questionAsked.value = null; done(value) } }
  })
}

/** Runs an act; where it needs the password once more, asks for it and runs it again. */
export async function confirmed<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (caught) {
    if (!(caught instanceof Problem) || caught.code !== 'session.confirm') throw caught
    const given = await new Promise<boolean>((done) => {
      passwordAsked.value = { answer: (value) => { passwordAsked.value = null; done(value) } }
    })
    if (!given) throw caught
    return await act()
  }
}

export async function givePassword(password: string): Promise<void> {
  await send('/api/v1/session/confirm', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ password }) })
}

/** A form or a button that writes: busy while it does, and what was refused, by field. */
export function useAct() {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const done = ref('')
  async function run<T>(act: () => Promise<T>, said = ''): Promise<T | undefined> {
    busy.value = true
    problem.value = null
    done.value = ''
    try {
      const result = await confirmed(act)
      done.value = said
      return result
    } catch (caught) {
      problem.value = caught as Problem
      return undefined
    } finally {
      busy.value = false
    }
  }
  const at = (field: string): string => (whereOf(problem.value) === field ? problem.value!.message : '')
  const clear = () => { problem.value = null; done.value = '' }
  return reactive({ busy, problem, done, run, at, clear })
}
export type Act = ReturnType<typeof useAct>

/** The field a refusal is about: the last part of `given.field` or `field`. */
export function whereOf(problem: Problem | null): string {
  const where = problem?.body?.where
  return typeof where === 'string' ? where.split('.').at(-1) ?? '' : ''
}
