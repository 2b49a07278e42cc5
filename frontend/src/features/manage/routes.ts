import type { RouteRecordRaw } from 'vue-router'
import { Settings } from 'lucide-vue-next'
import { ENTERS, SECTIONS } from './sections'

const pages = import.meta.glob('./pages/*.vue')

export const desk: RouteRecordRaw[] = [
  {
    path: '/manage/',
    component: () => import('./ManageFrame.vue'),
    meta: { title: 'manage.title', nav: { order: 80, icon: Settings, roles: ENTERS } },
    children: [
      { path: '', component: () => import('./pages/StartPage.vue'), meta: { title: 'manage.title' } },
      ...SECTIONS.map((one) => ({ path: `${one.key}/`, component: pages[`./pages/${one.page}.vue`]!, meta: { title: `manage.nav.${one.key}` } })),
    ],
  },
]
