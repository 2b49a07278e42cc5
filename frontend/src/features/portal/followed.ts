// The own case as the API shows it, and the sentences that say it plainly.
import { useI18n } from 'vue-i18n'
import { api, take } from '@/shared/api'
import { language } from '@/shared/language'
import { useWhen } from './when'

export const readFollowed = (key: string) => take(api.GET('/api/v1/follow/{key}', { params: { path: { key } } }))
export type Followed = Awaited<ReturnType<typeof readFollowed>>
export type Step = Followed['steps'][number]
type Names = { department_zh?: string | null; department_en?: string | null }

export function useSentences() {
  const { t } = useI18n()
  const { exact, left } = useWhen()
  const department = (row?: Names | null) => (language.value === 'en' ? row?.department_en : row?.department_zh) || ''
  const who = (row?: Names | null) => department(row) || t('portal.dept')
  const level = (name?: string | null) => t(`portal.level.${name ?? 'district'}`)

  /** Where it stands, in one sentence. */
  const state = (shown: Followed) => t(`portal.st.${shown.state}`, { who: who(shown) })
  /** Whose turn it is and until when; honestly, where the time has passed. */
  function waiting(shown: Followed): { late: boolean; text: string } | null {
    const now = shown.waiting
    if (!now?.due_at) return null
    const whoNow = department(now) || (language.value === 'en' ? now.role_en : now.role_zh)
    const time = exact(now.due_at)
    if (now.late) {
      const told = now.level ? t('portal.overdueTold', { level: level(now.level) }) : t('portal.overdueWill')
      return { late: true, text: `${t('portal.overdueBy', { who: whoNow, time, over: left(now.due_at) })}${language.value === 'en' ? ' ' : ''}${told}` }
    }
    const key = shown.state === 'dispatched' ? 'dueRespond' : shown.state === 'handling' ? 'due' : 'dueNext'
    return { late: false, text: t(`portal.${key}`, { who: whoNow, time, left: left(now.due_at) }) }
  }
  const step = (row: Step) => t(`portal.k.${row.reopened ? 'rateNo' : row.kind}`, { who: who(row), level: level(row.level) })
  return { state, waiting, step }
}
