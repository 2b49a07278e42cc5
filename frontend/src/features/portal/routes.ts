import type { RouteRecordRaw } from 'vue-router'
import HomePage from './HomePage.vue'

export const portal: RouteRecordRaw[] = [
  { path: '/', component: HomePage, meta: { title: 'portal.home' } },
  { path: '/report/', component: () => import('./ReportPage.vue'), meta: { title: 'portal.report' } },
  { path: '/follow/', component: () => import('./FollowAskPage.vue'), meta: { title: 'portal.follow' } },
  { path: '/follow/:key/', component: () => import('./FollowPage.vue'), meta: { title: 'portal.follow' } },
  { path: '/around/', component: () => import('./AroundPage.vue'), meta: { title: 'portal.around' } },
  { path: '/figures/', component: () => import('./FiguresPage.vue'), meta: { title: 'portal.figures' } },
]
