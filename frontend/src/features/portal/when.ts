// Times as people say them.
import { useI18n } from 'vue-i18n'
import { dayAndTime, span } from '@/shared/times'

export function useWhen() {
  const { t } = useI18n()
  const length = (ms: number) => { const { key, n } = span(ms); return t(key, { n }) }
  return {
    exact: dayAndTime,
    length,
    ago: (iso: string) => { const ms = Date.now() - Date.parse(iso); return ms < 90_000 ? t('justNow') : t('ago', { time: length(ms) }) },
    left: (iso: string) => { const ms = Date.parse(iso) - Date.now(); return t(ms < 0 ? 'over' : 'left', { time: length(ms) }) },
    minutes: (n: number) => length(n * 60_000),
  }
}
