// Moves by the names of the move table, for events that the feed has no shorter word for.
import { ref } from 'vue'
import { api, take } from '@/shared/api'
import { named } from '@/shared/language'

const names = ref<Map<string, { zh: string; en: string }>>()
let asked = false

export function moveName(name: string): string {
  if (!asked) {
    asked = true
    take(api.GET('/api/v1/moves')).then((rows) => { names.value = new Map(rows.map((row) => [row.name, row])) }, () => { asked = false })
  }
  return named(names.value?.get(name))
}
