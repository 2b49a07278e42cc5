import type { RouteRecordRaw } from 'vue-router'
import { Boxes } from 'lucide-vue-next'

const READERS = ['system_admin', 'security_admin', 'audit_admin', 'dispatcher', 'acceptor', 'hotline_operator', 'analyst', 'handler', 'department_lead', 'supervisor_community', 'supervisor_subdistrict', 'supervisor_district', 'grid_worker']

export const desk: RouteRecordRaw[] = [
  { path: '/elements/', component: () => import('./pages/RegistersPage.vue'), meta: { title: 'elements.title', wide: true, nav: { order: 70, icon: Boxes, roles: READERS } } },
  { path: '/elements/due/', component: () => import('./pages/DuePage.vue'), meta: { title: 'elements.due.title', wide: true } },
]
