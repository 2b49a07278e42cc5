import type { RouteRecordRaw } from 'vue-router'
import { ChartNoAxesCombined } from 'lucide-vue-next'

const roles = ['analyst', 'dispatcher', 'department_lead', 'supervisor_community', 'supervisor_subdistrict', 'supervisor_district']
export const desk: RouteRecordRaw[] = [
  { path: '/forecasts/', component: () => import('./ForecastPage.vue'), meta: { title: 'forecast.title', nav: { order: 45, icon: ChartNoAxesCombined, roles } } },
]
