import type { RouteRecordRaw } from 'vue-router'
import { Stamp } from 'lucide-vue-next'

export const desk: RouteRecordRaw[] = [
  { path: '/approvals/', component: () => import('./ApprovalsPage.vue'), meta: { title: 'approvals.title', nav: { order: 30, icon: Stamp, roles: ['acceptor', 'dispatcher', 'supervisor_subdistrict', 'supervisor_district', 'department_lead', 'handler'] } } },
]
