// What a person would call the program they log in with.
const BROWSERS: [RegExp, string][] = [[/MicroMessenger/, 'WeChat'], [/Edg\//, 'Edge'], [/Firefox\//, 'Firefox'], [/HeadlessChrome|Chrome\//, 'Chrome'], [/Safari\//, 'Safari']]
const SYSTEMS: [RegExp, string][] = [[/HarmonyOS/, 'HarmonyOS'], [/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux']]
const first = (rows: [RegExp, string][], agent: string) => rows.find(([mark]) => mark.test(agent))?.[1]

export function device(agent: string): string {
  return [first(BROWSERS, agent), first(SYSTEMS, agent)].filter(Boolean).join(' · ') || agent.slice(0, 40) || '—'
}
