// Lengths as a person says them.
import { language } from './language'

/** Metres to ten, from about a kilometre on with one decimal; nothing for an unknown length. */
export function metresText(metres: number | null | undefined): string {
  if (metres === null || metres === undefined) return ''
  const [short, long] = language.value === 'en' ? ['m', 'km'] : ['米', '公里']
  return metres < 950 ? `${Math.max(10, Math.round(metres / 10) * 10)} ${short}` : `${(metres / 1000).toFixed(1)} ${long}`
}
