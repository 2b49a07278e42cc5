import { Inbox } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

const ROLES = ['grid_worker', 'hotline_operator', 'acceptor', 'dispatcher', 'handler', 'department_lead', 'supervisor_community', 'supervisor_subdistrict', 'supervisor_district', 'analyst']
export const desk: RouteRecordRaw[] = [
  { path: '/cases/', name: 'desk', component: () => import('./DeskPage.vue'), meta: { title: 'desk.title', nav: { order: 20, icon: Inbox, roles: ROLES }, wide: true } },
]
