import type { RouteRecordRaw } from 'vue-router'
import { Flame } from 'lucide-vue-next'

const roles = ['acceptor', 'dispatcher', 'hotline_operator', 'supervisor_community', 'supervisor_subdistrict', 'supervisor_district', 'analyst']
export const desk: RouteRecordRaw[] = [
  { path: '/issues/', component: () => import('./HotPage.vue'), meta: { title: 'hot.title', nav: { order: 35, icon: Flame, roles } } },
  { path: '/issues/:id/', component: () => import('./IssuePage.vue'), meta: { title: 'hot.title' } },
]
