// The reader's language, set by the server on <html>, kept in the server's cookie.
import { ref } from 'vue'

export type Language = 'zh' | 'en'
export const language = ref<Language>(document.documentElement.lang.startsWith('en') ? 'en' : 'zh')

/** Switches without leaving the page; the cookie makes the next page follow. */
export function speak(wanted: Language): void {
  language.value = wanted
  document.documentElement.lang = wanted === 'en' ? 'en' : 'zh-CN'
  document.cookie = `django_language=${wanted === 'en' ? 'en' : 'zh-hans'}; path=/; max-age=31536000; samesite=lax`
}

/** The one of two names that the reader reads; the API gives both as {zh, en}, [zh, en], or *_zh / *_en. */
export function named(row: { zh?: string; en?: string } | readonly string[] | null | undefined): string {
  if (!row) return ''
  const [zh = '', en = ''] = Array.isArray(row) ? row : [(row as { zh?: string }).zh, (row as { en?: string }).en]
  return language.value === 'en' ? en || zh : zh || en
}

/** As it stands on a button or at the head of a line; hanzi stay as they are. */
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
