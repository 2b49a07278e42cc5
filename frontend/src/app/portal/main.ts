import '@/shared/tokens.css'
import '@/shared/base.css'
import { open } from '@/shared/room'
import App from './App.vue'

open({
  root: App,
  room: 'portal',
  routes: import.meta.glob('@/features/portal/routes.ts', { eager: true }),
  messages: import.meta.glob('@/features/portal/messages.ts', { eager: true }),
  logInNeeded: false,
}).mount('#app')
