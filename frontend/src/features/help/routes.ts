import { CircleHelp } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

export const desk: RouteRecordRaw[] = [
  {
    path: '/help/',
    component: () => import('./HelpFrame.vue'),
    meta: { title: 'help.title', nav: { order: 90, icon: CircleHelp } },
    children: [
      { path: '', redirect: '/help/guide/' },
      { path: 'guide/:role?/', component: () => import('./guide/GuidePage.vue'), props: true, meta: { title: 'help.guide' } },
      { path: 'practice/', component: () => import('./practice/PracticePage.vue'), meta: { title: 'help.practice' } },
      { path: 'practice/:run(\\d+)/', component: () => import('./practice/RunPage.vue'), props: true, meta: { title: 'help.practice' } },
      { path: 'usage/', component: () => import('./usage/UsagePage.vue'), meta: { title: 'help.usage' } },
    ],
  },
]
