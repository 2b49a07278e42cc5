import { LayoutDashboard } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'
import { begin } from './early'

const roles = ['supervisor_district', 'supervisor_subdistrict', 'supervisor_community', 'analyst', 'acceptor', 'dispatcher', 'hotline_operator', 'department_lead', 'grid_worker']
const page = () => import('./CentrePage.vue')
if (location.pathname === '/centre/') { begin(); void page() }

export const desk: RouteRecordRaw[] = [
  { path: '/centre/', component: page, meta: { title: 'centre.title', wide: true, nav: { order: 10, icon: LayoutDashboard, roles } } },
]
