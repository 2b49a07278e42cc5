import type { RouteRecordRaw } from 'vue-router'

export const desk: RouteRecordRaw[] = [
  { path: '/cases/:number/', component: () => import('./CasePage.vue'), meta: { title: 'case.title' } },
  { path: '/cases/:number/file/', component: () => import('./CaseFile.vue'), meta: { title: 'case.file' } },
]
