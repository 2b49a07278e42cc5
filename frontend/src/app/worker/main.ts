import '@/shared/tokens.css'
import '@/shared/base.css'
import '@/features/worker/worker.css'
import '@/features/worker/settings'
import { open } from '@/shared/room'
import App from './App.vue'

open({
  root: App,
  room: 'worker',
  routes: import.meta.glob('@/features/worker/routes.ts', { eager: true }),
  messages: import.meta.glob('@/features/worker/messages.ts', { eager: true }),
  // Going to the log-in by itself would take the page away from somebody who works offline: the page offers it.
  logInNeeded: false,
}).mount('#app')
