// What the trace calls an act, in the words of the house. A test of the server fails when a kind it writes has none.
import { named } from '@/shared/language'
import kinds from './words/kinds.json'

type Name = { zh: string; en: string }
const NAMES = kinds as Record<string, Name>

/** The name of a kind; a kind of a newer server under its own key, so that nothing is hidden. */
export const kindName = (kind: string): string => (NAMES[kind] ? named(NAMES[kind]) : kind)

/** What is often asked for together; "" = everything. */
export const PRESETS = ['', 'reporter.opened', 'role.*', 'login.*', 'token.*', 'routing.*', 'division.*', 'element*', 'issue.*', 'model.*', 'forecast.*', 'retention.*', 'audit.*'] as const

// By what the act was about, in the order of the house: people, places, registers, cases, models, the platform itself.
const FAMILIES: Record<string, string[]> = {
  people: ['account', 'department', 'login', 'password', 'reporter', 'role', 'session', 'token'],
  places: ['calendar', 'catalogue', 'division', 'duty', 'places', 'routing'],
  registers: ['element', 'elements', 'inspection', 'patrol', 'person'],
  cases: ['case', 'filter', 'import', 'photo', 'task'],
  models: ['forecast', 'issue', 'model'],
  platform: ['audit', 'job', 'ledger', 'retention', 'webhook'],
}

/** The kinds there are, by family, by name within one; what no family knows stands at the end. */
export function families(kinds: string[]): { key: string; kinds: string[] }[] {
  const of = (kind: string) => Object.keys(FAMILIES).find((key) => FAMILIES[key]!.includes(kind.split('.')[0]!)) ?? 'platform'
  return Object.keys(FAMILIES).map((key) => ({
    key, kinds: kinds.filter((kind) => of(kind) === key).sort((a, b) => kindName(a).localeCompare(kindName(b))),
  })).filter((group) => group.kinds.length)
}
