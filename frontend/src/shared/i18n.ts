// Texts: each feature brings a messages.ts; its keys are <feature>.<key>.
import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import { language } from './language'
import shared from './messages'

type Texts = { [key: string]: string | Texts }
export type Messages = { zh: Texts; en: Texts }

export function texts(found: Record<string, { default: Messages }>) {
  const all = { zh: { ...shared.zh } as Texts, en: { ...shared.en } as Texts }
  for (const [path, module] of Object.entries(found)) {
    const feature = path.split('/').at(-2) ?? path
    all.zh[feature] = module.default.zh
    all.en[feature] = module.default.en
  }
  const i18n = createI18n({ legacy: false, locale: language.value, fallbackLocale: 'zh', messages: all as never, missingWarn: import.meta.env.DEV })
  watch(language, (now) => { (i18n.global.locale as unknown as { value: string }).value = now })
  return i18n
}
