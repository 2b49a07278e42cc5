// Which tour is mine, whether I have seen it, and whether it runs. One state for the whole room.
import { computed, ref } from 'vue'
import { api, take } from '@/shared/api'
import { useSession } from '@/shared/session'
import { tourFor, type Step } from './tours'

const seen = ref<string[] | null>(null)
const steps = ref<Step[]>([])
const at = ref(0)

export function useTours() {
  const session = useSession()
  const tour = computed(() => tourFor(session.roles))
  /** To be offered: it is mine and I have neither taken nor declined it. */
  const isNew = computed(() => Boolean(tour.value && seen.value && !seen.value.includes(tour.value.key)))

  async function load() {
    if (seen.value === null && session.loggedIn) seen.value = (await take(api.GET('/api/v1/help/tours'))).seen
  }
  async function remember() {
    const key = tour.value?.key
    if (!key || seen.value?.includes(key)) return
    seen.value = [...(seen.value ?? []), key]
    await take(api.PUT('/api/v1/help/tours/{tour}', { params: { path: { tour: key } } }))
  }
  function begin() {
    const shown = (one: Step) => { const box = document.querySelector(one.at)?.getBoundingClientRect(); return Boolean(box && box.width && box.height) }
    steps.value = (tour.value?.steps ?? []).filter(shown)
    at.value = 0
  }
  async function end() {
    steps.value = []
    await remember()
  }
  return { tour, isNew, steps, at, load, begin, end }
}
