// Puts one room together: routes and texts of its features, session, language, log-in.
import type { App, Component } from 'vue'
import { createApp, watch } from 'vue'
import { createPinia } from 'pinia'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { whenLoggedOut } from './api'
import { texts, type Messages } from './i18n'
import { language } from './language'
import { toLogIn } from './session'
import NotFound from './ui/NotFound.vue'

export type Room = 'portal' | 'desk' | 'worker'
export type RouteModule = { [room in Room]?: RouteRecordRaw[] }
/** Where a page stands in the navigation: `meta: { nav: … }` of its route; the text is `<feature>.<title>`. */
export type Nav = { order: number; roles?: string[]; icon?: Component; group?: string }
declare module 'vue-router' {
  interface RouteMeta { nav?: Nav; title?: string; wide?: boolean }
}

export type Given = {
  root: Component
  room: Room
  routes: Record<string, RouteModule>
  messages: Record<string, { default: Messages }>
  logInNeeded: boolean
}

export function open({ root, room, routes, messages, logInNeeded }: Given): App {
  const app = createApp(root)
  const { plugin, say } = texts(messages)
  const router = createRouter({
    history: createWebHistory('/'),
    routes: [...Object.values(routes).flatMap((module) => module[room] ?? []), { path: '/:rest(.*)*', component: NotFound, meta: { title: 'notFound' } }],
    scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
  })
  const title = () => {
    const key = router.currentRoute.value.meta.title
    document.title = `${key ? `${say(key)} · ` : ''}${say('brand')}`
  }
  watch(language, title)
  router.afterEach((to, from) => {
    title()
    // A screen reader and the keyboard begin at the new page, not at the link left behind.
    if (from.matched.length && to.path !== from.path) requestAnimationFrame(() => document.getElementById('main')?.focus({ preventScroll: true }))
  })
  if (logInNeeded) whenLoggedOut(toLogIn)
  app.use(createPinia()).use(plugin).use(router)
  return app
}
