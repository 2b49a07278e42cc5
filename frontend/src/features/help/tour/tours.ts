// Tours as data: which steps, for whom, pointing at what. A step whose place is not on the page is left out.
export type Step = { key: string; at: string }
export type Tour = { key: string; roles: string[]; steps: Step[] }

const WELCOME: Step = { key: 'welcome', at: 'nav#nav' }
const CENTRE: Step = { key: 'centre', at: '#nav a[href="/centre/"]' }
const SEARCH: Step = { key: 'search', at: '#main input[type="search"]' }
const END: Step[] = [{ key: 'preferences', at: '.who .tools' }, { key: 'help', at: '.help-menu' }]
const CASES = '#nav a[href="/cases/"]'
const to = (key: string, at: string): Step => ({ key, at })

/** In order: the first tour one of whose roles somebody holds is theirs. */
export const TOURS: Tour[] = [
  { key: 'supervisor', roles: ['supervisor_district', 'supervisor_subdistrict', 'supervisor_community', 'analyst'], steps: [WELCOME, CENTRE, to('supervisor', '#nav a[href="/supervision/"]'), to('approvals', '#nav a[href="/approvals/"]'), to('queue', CASES), SEARCH, ...END] },
  { key: 'acceptor', roles: ['acceptor', 'hotline_operator'], steps: [WELCOME, to('queue', CASES), to('acceptor', '#main'), SEARCH, ...END] },
  { key: 'dispatcher', roles: ['dispatcher'], steps: [WELCOME, to('queue', CASES), to('dispatcher', '#main'), SEARCH, ...END] },
  { key: 'handler', roles: ['handler', 'department_lead'], steps: [WELCOME, to('queue', CASES), to('handler', '#main'), ...END] },
  { key: 'grid_worker', roles: ['grid_worker'], steps: [WELCOME, to('queue', CASES), ...END] },
  { key: 'admin', roles: ['system_admin', 'security_admin', 'audit_admin'], steps: [WELCOME, to('manage', '#nav a[href="/manage/"]'), ...END] },
]

export function tourFor(roles: string[]): Tour | undefined {
  return TOURS.find((tour) => tour.roles.some((role) => roles.includes(role)))
}

export type Box = { left: number; top: number; width: number; height: number }
export type Size = { width: number; height: number }
const GAP = 10

/** Where the words stand: beside the place if there is room, else below or above, always within the window. */
export function placed(target: Box, words: Size, view: Size): { left: number; top: number } {
  const within = (value: number, most: number) => Math.max(8, Math.min(value, Math.max(8, most)))
  const right = target.left + target.width + GAP
  const below = target.top + target.height + GAP
  let [left, top] = [target.left, below]
  if (right + words.width + 8 <= view.width) [left, top] = [right, target.top]
  else if (below + words.height + 8 > view.height) top = target.top - words.height - GAP
  return { left: within(left, view.width - words.width - 8), top: within(top, view.height - words.height - 8) }
}
