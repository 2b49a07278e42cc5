// Texts: each feature brings a messages.ts; its keys are <feature>.<key>.
import { watch, type Plugin } from 'vue'
import { createI18n } from 'vue-i18n'
import { language } from './language'
import shared from './messages'

type Texts = { [key: string]: string | Texts }
export type Messages = { zh: Texts; en: Texts }

type Spoken = Plugin & { global: { locale: { value: string }; t: (key: string) => string } }

/** The plugin for the app, and one plain function that says a text by its key. */
export function texts(found: Record<string, { default: Messages }>): { plugin: Plugin; say: (key: string) => string } {
  const all = { zh: { ...shared.zh } as Texts, en: { ...shared.en } as Texts }
  for (const [path, module] of Object.entries(found)) {
    const feature = path.split('/').at(-2) ?? path
    all.zh[feature] = module.default.zh
    all.en[feature] = module.default.en
  }
  // Its own type follows every key of every language and ends in no time.
  const i18n = createI18n({ legacy: false, locale: language.value, fallbackLocale: 'zh', messages: all as never, missingWarn: import.meta.env.DEV }) as unknown as Spoken
  watch(language, (now) => { i18n.global.locale.value = now })
  return { plugin: i18n, say: i18n.global.t }
}
