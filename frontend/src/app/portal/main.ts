import '@/shared/tokens.css'
import '@/shared/base.css'
import './portal.css'
import { open } from '@/shared/room'
import { draft } from '@/features/portal/store'
import App from './App.vue'

// What was typed into the plain form before the scripts came goes on as the draft.
for (const name of ['text', 'address', 'phone'] as const) {
  const typed = document.querySelector<HTMLInputElement>(`#plain-report [name="${name}"]`)?.value.trim()
  if (typed) draft.value[name] = typed
}
const wasTyping = document.activeElement?.id === 'plain-text'

const app = open({
  root: App,
  room: 'portal',
  routes: import.meta.glob('@/features/portal/routes.ts', { eager: true }),
  messages: import.meta.glob('@/features/portal/messages.ts', { eager: true }),
  logInNeeded: false,
})
void app.config.globalProperties.$router.isReady().then(() => {
  app.mount('#app')
  if (wasTyping) requestAnimationFrame(() => document.getElementById('words')?.focus())
})
