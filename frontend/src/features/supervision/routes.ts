import type { RouteRecordRaw } from 'vue-router'
import { BellRing } from 'lucide-vue-next'

export const desk: RouteRecordRaw[] = [
  { path: '/supervision/', component: () => import('./SupervisionPage.vue'), meta: { title: 'supervision.title', nav: { order: 40, icon: BellRing, roles: ['supervisor_community', 'supervisor_subdistrict', 'supervisor_district', 'analyst'] } } },
]
