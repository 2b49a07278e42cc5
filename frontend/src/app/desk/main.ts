import '@/shared/tokens.css'
import '@/shared/base.css'
import '@fontsource-variable/inter'
import './element.css'
import { open } from '@/shared/room'
import App from './App.vue'

open({
  root: App,
  room: 'desk',
  routes: import.meta.glob('@/features/{centre,desk,intake,case,hot,supervision,approvals,manage,elements,geography,help,forecast}/routes.ts', { eager: true }),
  messages: import.meta.glob('@/features/{centre,desk,intake,case,hot,supervision,approvals,manage,elements,geography,help,forecast,notices,replies}/messages.ts', { eager: true }),
  logInNeeded: true,
}).mount('#app')
