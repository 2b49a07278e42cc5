// One draft of a division: its steps go to the server with the number of the step seen, so that nobody overwrites another.
import { ref, shallowRef, watch } from 'vue'
import { api, take, Problem } from '@/shared/api'
import { useAct } from './acts'
import { SLOW_MS, type Draft, type Edit, type House } from './division'

export type Words = { slow: (seconds: string) => string; overtaken: (step: number) => string }

export function useDivision(id: () => number | null, words: Words) {
  const draft = shallowRef<Draft | null>(null)
  const houses = shallowRef<House[]>([])
  const chosen = ref(new Set<number>())
  const problem = shallowRef<Problem | null>(null)
  const act = useAct()

  const read = (draft_id: number) => take(api.GET('/api/v1/places/division/drafts/{draft_id}', { params: { path: { draft_id } } }))
  function show(now: Draft): void {
    draft.value = now
    const left = new Set(now.cells.map((one) => one.number))
    chosen.value = new Set([...chosen.value].filter((number) => left.has(number)))
  }
  async function load(): Promise<void> {
    const wanted = id()
    problem.value = null
    if (wanted === null) { draft.value = null; return }
    if (draft.value?.id !== wanted) { draft.value = null; houses.value = []; chosen.value.clear() }
    try {
      const now = await read(wanted)
      if (id() === wanted) show(now)
      if (!houses.value.length) houses.value = await take(api.GET('/api/v1/places/division/drafts/{draft_id}/buildings', { params: { path: { draft_id: wanted } } }))
    } catch (caught) { if (id() === wanted) problem.value = caught as Problem }
  }
  /** One step; true when it was taken. Where somebody was faster, their step is shown and said. */
  async function step(given: Edit, said: string): Promise<boolean> {
    const table = draft.value
    if (!table) return false
    const begun = performance.now()
    const after = await act.run(() => take(api.POST('/api/v1/places/division/drafts/{draft_id}/edit', { params: { path: { draft_id: table.id } }, body: { ...given, step: table.step } })))
    if (after) {
      const took = performance.now() - begun
      show(after)
      act.done = took > SLOW_MS ? `${said} ${words.slow((took / 1000).toFixed(1))}` : said
    } else if (act.problem?.code === 'division.changed' || act.problem?.code === 'division.published') await catchUp()
    return !!after
  }
  const overtaken = (now: Draft) => { act.problem = new Problem(409, 'division.changed', words.overtaken(now.step)) }
  // The refusal stays to be read; what it is about is loaded.
  async function catchUp(): Promise<void> {
    const refused = act.problem
    await load()
    if (draft.value && refused?.code === 'division.changed') overtaken(draft.value)
  }
  /** Whether what is seen is still the newest step; else the newest is shown and said. */
  async function fresh(): Promise<boolean> {
    const table = draft.value
    const now = table && await act.run(() => read(table.id))
    if (!now || !table) return false
    show(now)
    if (now.step === table.step && now.published_at === table.published_at) return true
    overtaken(now)
    return false
  }
  const publish = (draft_id: number) => act.run(() => take(api.POST('/api/v1/places/division/drafts/{draft_id}/publish', { params: { path: { draft_id } } })))
  watch(id, load, { immediate: true })
  return { draft, houses, chosen, problem, act, load, step, fresh, publish }
}
