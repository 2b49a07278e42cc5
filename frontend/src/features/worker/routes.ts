import type { RouteRecordRaw } from 'vue-router'
import { ClipboardList, Footprints, Inbox, UserRound } from 'lucide-vue-next'
import HomePage from './pages/HomePage.vue'

// The first page comes with the frame; all of them are kept on the device afterwards.
export const worker: RouteRecordRaw[] = [
  { path: '/worker/', component: HomePage, meta: { title: 'worker.home', nav: { order: 10, icon: ClipboardList } } },
  { path: '/worker/patrol', component: () => import('./pages/PatrolPage.vue'), meta: { title: 'worker.patrol', nav: { order: 20, icon: Footprints } } },
  { path: '/worker/outbox', component: () => import('./pages/OutboxPage.vue'), meta: { title: 'worker.outbox', nav: { order: 30, icon: Inbox } } },
  { path: '/worker/me', component: () => import('./pages/MePage.vue'), meta: { title: 'worker.me', nav: { order: 40, icon: UserRound } } },
  { path: '/worker/report', component: () => import('./pages/ReportPage.vue'), meta: { title: 'worker.report' } },
  { path: '/worker/inspections', component: () => import('./pages/InspectionsPage.vue'), meta: { title: 'worker.inspections' } },
  { path: '/worker/inspection/:id(\\d+)', component: () => import('./pages/InspectionPage.vue'), props: true, meta: { title: 'worker.inspection' } },
  { path: '/worker/task/:number', component: () => import('./pages/TaskPage.vue'), props: true, meta: { title: 'worker.task' } },
]
