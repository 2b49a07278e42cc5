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

if ('serviceWorker' in navigator && import.meta.env.PROD) {
  void navigator.serviceWorker.register('/worker/sw.js', { scope: '/worker/' }).catch(() => undefined)
  // Asked once: photos that wait must not be cleared to make room for something else.
  void navigator.storage?.persist?.().catch(() => false)
}
