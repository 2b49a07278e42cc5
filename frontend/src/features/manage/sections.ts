// What administration consists of, and whose daily work each part is. The server decides; this list only keeps closed doors out of sight.
export type Section = { key: string; page: string; roles: string[]; group: 'begin' | 'people' | 'places' | 'work' | 'links' | 'watch' }

const SYSTEM = 'system_admin', SECURITY = 'security_admin', AUDIT = 'audit_admin', ANALYST = 'analyst'
const SUPERVISORS = ['supervisor_community', 'supervisor_subdistrict', 'supervisor_district']
export const STAFF = [SYSTEM, SECURITY, AUDIT, ...SUPERVISORS]
/** Who finds administration in the navigation: staff, and those who work in one part of it. */
export const ENTERS = [...STAFF, ANALYST]

export const SECTIONS: Section[] = [
  { key: 'setup', page: 'SetupPage', roles: [SYSTEM, SECURITY, AUDIT], group: 'begin' },
  { key: 'departments', page: 'DepartmentsPage', roles: [SYSTEM], group: 'people' },
  { key: 'users', page: 'UsersPage', roles: [SYSTEM, SECURITY, AUDIT], group: 'people' },
  { key: 'requests', page: 'RequestsPage', roles: [SYSTEM, SECURITY, AUDIT], group: 'people' },
  { key: 'here', page: 'HerePage', roles: STAFF, group: 'people' },
  { key: 'areas', page: 'AreasPage', roles: [SYSTEM], group: 'places' },
  { key: 'division', page: 'DivisionPage', roles: [SYSTEM], group: 'places' },
  { key: 'duty', page: 'DutyPage', roles: [SYSTEM, ...SUPERVISORS], group: 'places' },
  { key: 'shifts', page: 'ShiftsPage', roles: [SYSTEM, ...SUPERVISORS], group: 'places' },
  { key: 'catalogue', page: 'CataloguePage', roles: [SYSTEM], group: 'work' },
  { key: 'rules', page: 'RulesPage', roles: [SYSTEM, 'supervisor_district'], group: 'work' },
  { key: 'calendar', page: 'CalendarPage', roles: [SYSTEM], group: 'work' },
  { key: 'models', page: 'ModelsPage', roles: [SYSTEM, ANALYST], group: 'work' },
  { key: 'webhooks', page: 'WebhooksPage', roles: [SYSTEM], group: 'links' },
  { key: 'tokens', page: 'TokensPage', roles: [SECURITY, AUDIT], group: 'links' },
  { key: 'retention', page: 'RetentionPage', roles: [SYSTEM, SECURITY, AUDIT], group: 'watch' },
  { key: 'sessions', page: 'SessionsPage', roles: [SECURITY, AUDIT], group: 'watch' },
  { key: 'audit', page: 'AuditPage', roles: [AUDIT], group: 'watch' },
  { key: 'seen', page: 'SeenPage', roles: [SECURITY, AUDIT], group: 'watch' },
  { key: 'account', page: 'AccountPage', roles: [], group: 'watch' },
]

/** The parts somebody with these roles works in; an empty list of roles is open to all. */
export const sectionsFor = (held: string[]): Section[] => SECTIONS.filter((one) => !one.roles.length || one.roles.some((role) => held.includes(role)))
