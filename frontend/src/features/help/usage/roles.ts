// Names of roles, asked once.
import { shallowRef } from 'vue'
import { api, take } from '@/shared/api'
import { named } from '@/shared/language'

const names = shallowRef<Record<string, { zh: string; en: string }>>({})
let asked = false

export function useRoleNames() {
  if (!asked) {
    asked = true
    void take(api.GET('/api/v1/roles')).then((rows) => { names.value = Object.fromEntries(rows.map((row) => [row.role, row])) }).catch(() => { asked = false })
  }
  return (role: string) => named(names.value[role]) || role
}
