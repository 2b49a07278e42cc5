import type { RouteRecordRaw } from 'vue-router'
import { Headset } from 'lucide-vue-next'

export const desk: RouteRecordRaw[] = [
  { path: '/calls/', component: () => import('./CallPage.vue'), meta: { title: 'intake.title', nav: { order: 15, icon: Headset, roles: ['hotline_operator', 'acceptor'] } } },
]
