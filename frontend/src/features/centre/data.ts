// What the centre asks the server, and when it asks again.
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { api, take, type Problem } from '@/shared/api'
import type { components } from '@/shared/api/schema'
import { takeCentre } from './early'

export type Centre = components['schemas']['CentreOut']
export type Period = components['schemas']['CentrePeriodOut']
export type Counted = components['schemas']['CountedCasesOut']
export type AreaRef = components['schemas']['CentreAreaOut']
export type Duty = components['schemas']['CellDutyOut']

const SETTLE = 250 // of a burst of events the figures are asked once
const LEAST = 2_000
const AGAIN = 15_000
const AGAIN_PERIOD = 120_000

/** Whether the period before has enough cases to be compared with: a city that has just begun has none. */
export const isComparable = (period?: Period) => (period?.received_before.n ?? 0) >= 0.2 * (period?.received.n ?? 1)
export const toCases = (counted: Counted | string) => `/cases/?${typeof counted === 'string' ? counted : counted.query}`

/** Figures of an area; `stir` asks again soon, however often it is called. */
export function useFigures(area: Ref<number | undefined>, days: Ref<number>) {
  const centre = shallowRef<Centre>()
  const period = shallowRef<Period>()
  const problem = shallowRef<Problem | null>(null)
  const asking = ref(false)
  let asked = 0
  let timer = 0
  let turn = 0

  async function ask() {
    window.clearTimeout(timer)
    timer = 0
    asked = Date.now()
    const mine = ++turn
    asking.value = true
    try {
      const found = area.value ? await take(api.GET('/api/v1/overview/centre', { params: { query: { area: area.value } } })) : await takeCentre()
      if (mine === turn) { centre.value = found; problem.value = null }
    } catch (error) {
      if (mine === turn) problem.value = error as Problem
    } finally {
      if (mine === turn) asking.value = false
    }
  }
  async function askPeriod() {
    const [wanted, length] = [area.value, days.value]
    try {
      const found = await take(api.GET('/api/v1/overview/period', { params: { query: { area: wanted, days: length } } }))
      if (wanted === area.value && length === days.value) period.value = found
    } catch (error) {
      problem.value = error as Problem
    }
  }
  function stir() {
    if (!timer && !document.hidden) timer = window.setTimeout(ask, Math.max(SETTLE, asked + LEAST - Date.now()))
  }
  const again = window.setInterval(() => { if (!document.hidden && Date.now() - asked > AGAIN) void ask() }, 5_000)
  const againPeriod = window.setInterval(() => { if (!document.hidden) void askPeriod() }, AGAIN_PERIOD)
  // Nobody looks at a hidden page; who comes back sees this moment.
  const seen = () => { if (!document.hidden && Date.now() - asked > LEAST) void ask() }
  document.addEventListener('visibilitychange', seen)
  onScopeDispose(() => { window.clearInterval(again); window.clearInterval(againPeriod); window.clearTimeout(timer); document.removeEventListener('visibilitychange', seen) })
  // This moment first: the month behind it takes the server longer and nobody waits for it.
  watch(area, () => { void ask().then(askPeriod) }, { immediate: true })
  watch(days, askPeriod)
  return { centre, period, problem, asking, ask, stir }
}
