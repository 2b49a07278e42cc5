import '@/shared/tokens.css'
import '@/shared/base.css'
import { open } from '@/shared/room'
import App from './App.vue'

open({
  root: App,
  room: 'worker',
  routes: import.meta.glob('@/features/worker/routes.ts', { eager: true }),
  messages: import.meta.glob('@/features/worker/messages.ts', { eager: true }),
  logInNeeded: true,
}).mount('#app')
