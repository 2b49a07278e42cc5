import { LayoutDashboard } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

const roles = ['supervisor_district', 'supervisor_subdistrict', 'supervisor_community', 'analyst', 'acceptor', 'dispatcher', 'hotline_operator', 'department_lead', 'grid_worker']
export const desk: RouteRecordRaw[] = [
  { path: '/centre/', component: () => import('./CentrePage.vue'), meta: { title: 'centre.title', wide: true, nav: { order: 10, icon: LayoutDashboard, roles } } },
]
