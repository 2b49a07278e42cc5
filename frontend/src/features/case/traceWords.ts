// A row of the trace in words: what was done, by whom, what came of it.
import type { ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { named } from '@/shared/language'
import { departmentName, useChoices } from './choices'
import type { CasePage, TraceRow } from './types'

const SAID = ['reason', 'text', 'purpose', 'note', 'words'] as const

export function useTraceWords(page: ComputedRef<CasePage>) {
  const { t, te } = useI18n()
  const { departments } = useChoices()
  const or = (key: string, fallback: string) => (te(key) ? t(key) : fallback)
  const unit = (id: unknown) => named(page.value.departments.find((row) => row.id === id)) || departmentName(departments.value.find((row) => row.id === id)) || `#${String(id)}`
  const name = (row: TraceRow) => row.kind.replace(/^case\./, '').replace('.', '_')

  return {
    did: (row: TraceRow) => or(`case.did.${name(row)}`, row.kind),
    who: (row: TraceRow) => row.actor_name || or(`case.actors.${row.actor_kind}`, row.actor_kind),
    detail(row: TraceRow): string {
      const data = row.data as Record<string, unknown>
      const parts: string[] = []
      if (data.from !== data.to && te(`case.states.${String(data.to)}`)) parts.push(t('case.became', { state: t(`case.states.${String(data.to)}`) }))
      if (typeof data.lead === 'number') parts.push(`→ ${unit(data.lead)}`)
      if (Array.isArray(data.co) && data.co.length) parts.push(`+ ${data.co.map(unit).join('、')}`)
      if (typeof data.class === 'string' && data.class) parts.push(data.class)
      if (typeof data.task_department === 'number') parts.push(unit(data.task_department))
      if (typeof data.target_number === 'string') parts.push(`→ ${data.target_number}`)
      if (typeof data.absorbed_number === 'string') parts.push(data.absorbed_number)
      if (typeof data.level === 'string' && te(`case.levels.${data.level}`)) parts.push(t(`case.levels.${data.level}`))
      if (typeof data.urgency === 'string' && te(`case.levelsOfUrgency.${data.urgency}`)) parts.push(`${t(`case.levelsOfUrgency.${String(data.urgency_before)}`)} → ${t(`case.levelsOfUrgency.${data.urgency}`)}`)
      if (typeof data.sha256 === 'string') parts.push(`SHA-256 ${data.sha256.slice(0, 12)}…`)
      return parts.join(' · ')
    },
    /** What was written; fingerprints of contents are not words. */
    said(row: TraceRow): string {
      const given = (row.private ?? {}) as Record<string, unknown>
      return SAID.map((key) => given[key]).filter((value): value is string => typeof value === 'string' && value.trim() !== '').join('\n')
    },
  }
}
