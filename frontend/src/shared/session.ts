// Who is here, and what they may open.
import { defineStore } from 'pinia'
import { api, take } from './api'
import { language } from './language'

export type Me = Awaited<ReturnType<typeof me>>
const me = () => take(api.GET('/api/v1/me'))

export const useSession = defineStore('session', {
  state: () => ({ me: null as Me | null }),
  getters: {
    roles: (state): string[] => [...new Set(state.me?.person?.holdings.map((holding) => holding.role) ?? [])],
    loggedIn: (state): boolean => state.me?.kind === 'person',
    userId: (state): number => state.me?.person?.id ?? 0,
    roleNames(state): string {
      const names = state.me?.person?.holdings.map((h) => (language.value === 'en' ? h.role_en : h.role_zh)) ?? []
      return [...new Set(names)].join(language.value === 'en' ? ', ' : '、')
    },
  },
  actions: {
    async load() { this.me = await me() },
    holds(...roles: string[]): boolean { return roles.some((role) => this.roles.includes(role)) },
  },
})

/** The session is over: to the log-in, which says so, and back here. */
export function toLogIn(): void {
  location.assign(`/login/?over=1&next=${encodeURIComponent(location.pathname + location.search)}`)
}
/** Ends the session on the server, then shows the log-in. */
export async function logOut(): Promise<void> {
  await take(api.DELETE('/api/v1/session') as never)
  location.assign('/login/')
}
