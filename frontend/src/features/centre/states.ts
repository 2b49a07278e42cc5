// Names of states, as the centre's answer brings them; the map's card says the same words.
import { reactive } from 'vue'
import { named } from '@/shared/language'
import type { Centre } from './data'

const names = reactive(new Map<string, { zh: string; en: string }>())
export function learnStates(centre?: Centre): void { centre?.states.forEach((one) => names.set(one.state, one)) }
export const useStates = () => ({ stateName: (state: string) => named(names.get(state)) || state })
