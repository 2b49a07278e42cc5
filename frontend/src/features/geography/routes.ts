import type { RouteRecordRaw } from 'vue-router'
import { MapPlus } from 'lucide-vue-next'

export const desk: RouteRecordRaw[] = [
  { path: '/manage/geography/', component: () => import('./GeographyPage.vue'), meta: { title: 'geography.title', nav: { order: 81, icon: MapPlus, roles: ['system_admin'] } } },
]
