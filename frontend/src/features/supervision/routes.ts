import type { RouteRecordRaw } from 'vue-router'
import { BellRing, ChartColumnIncreasing } from 'lucide-vue-next'

const roles = ['supervisor_community', 'supervisor_subdistrict', 'supervisor_district', 'analyst']
export const desk: RouteRecordRaw[] = [
  { path: '/supervision/', component: () => import('./SupervisionPage.vue'), meta: { title: 'supervision.title', nav: { order: 40, icon: BellRing, roles } } },
  { path: '/changes/', component: () => import('./ChangesPage.vue'), meta: { title: 'supervision.changes', nav: { order: 42, icon: ChartColumnIncreasing, roles } } },
]
