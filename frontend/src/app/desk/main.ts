import '@/shared/tokens.css'
import '@/shared/base.css'
import '@fontsource-variable/inter'
import './element.css'
import { open } from '@/shared/room'
import App from './App.vue'

open({
  root: App,
  room: 'desk',
  routes: import.meta.glob('@/features/{centre,desk,case,supervision,approvals,manage,elements,help}/routes.ts', { eager: true }),
  messages: import.meta.glob('@/features/{centre,desk,case,supervision,approvals,manage,elements,help}/messages.ts', { eager: true }),
  logInNeeded: true,
}).mount('#app')
