// Tours as data: which steps, for whom, pointing at what. A step whose place is not on the page is left out.
export type Step = { key: string; at: string }
export type Tour = { key: string; roles: string[]; steps: Step[] }

const WELCOME: Step = { key: 'welcome', at: 'nav#nav' }
const CENTRE: Step = { key: 'centre', at: '#nav a[href="/centre/"]' }
const SEARCH: Step = { key: 'search', at: '#main input[type="search"]' }
const END: Step[] = [{ key: 'preferences', at: '.who .tools' }, { key: 'help', at: '.help-menu' }]
const ISSUES: Step = { key: 'issues', at: '#nav a[href="/issues/"]' }
const FORECASTS: Step = { key: 'forecasts', at: '#nav a[href="/forecasts/"]' }
const ELEMENTS: Step = { key: 'elements', at: '#nav a[href="/elements/"]' }
const CASES = '#nav a[href="/cases/"]'
const to = (key: string, at: string): Step => ({ key, at })

/** In order: the first tour one of whose roles somebody holds is theirs. */
export const TOURS: Tour[] = [
  { key: 'supervisor', roles: ['supervisor_district', 'supervisor_subdistrict', 'supervisor_community', 'analyst'], steps: [WELCOME, CENTRE, to('supervisor', '#nav a[href="/supervision/"]'), to('approvals', '#nav a[href="/approvals/"]'), ISSUES, FORECASTS, ELEMENTS, to('queue', CASES), SEARCH, ...END] },
  { key: 'acceptor', roles: ['acceptor', 'hotline_operator'], steps: [WELCOME, to('calls', '#nav a[href="/calls/"]'), to('queue', CASES), to('acceptor', '#main'), SEARCH, ISSUES, ...END] },
  { key: 'dispatcher', roles: ['dispatcher'], steps: [WELCOME, to('queue', CASES), to('dispatcher', '#main'), SEARCH, ISSUES, FORECASTS, ...END] },
  { key: 'handler', roles: ['handler', 'department_lead'], steps: [WELCOME, to('queue', CASES), to('handler', '#main'), ...END] },
  { key: 'grid_worker', roles: ['grid_worker'], steps: [WELCOME, to('queue', CASES), ELEMENTS, ...END] },
  { key: 'admin', roles: ['system_admin', 'security_admin', 'audit_admin'], steps: [WELCOME, to('manage', '#nav a[href="/manage/"]'), to('models', '#main a[href="/manage/models/"]'), ELEMENTS, ...END] },
]

export function tourFor(roles: string[]): Tour | undefined {
  return TOURS.find((tour) => tour.roles.some((role) => roles.includes(role)))
}

export type Box = { left: number; top: number; width: number; height: number }
export type Size = { width: number; height: number }
const GAP = 16

/** Where the words stand: in a corner, out of the way of work, and not over the place they speak of. */
export function placed(target: Box, words: Size, view: Size): { left: number; top: number } {
  const right = Math.max(8, view.width - words.width - GAP), bottom = Math.max(8, view.height - words.height - GAP)
  const corners = [{ left: right, top: bottom }, { left: right, top: GAP }, { left: GAP, top: bottom }]
  const over = (at: { left: number; top: number }) => at.left < target.left + target.width && at.left + words.width > target.left && at.top < target.top + target.height && at.top + words.height > target.top
  return corners.find((at) => !over(at)) ?? corners[0]!
}
