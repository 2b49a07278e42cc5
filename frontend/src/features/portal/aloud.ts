// Reading a screen aloud with the voice of the device; nothing is sent anywhere.
import { ref } from 'vue'
import { language } from '@/shared/language'

export const canSpeak = typeof speechSynthesis !== 'undefined' && typeof SpeechSynthesisUtterance !== 'undefined'
export const speaking = ref(false)
const SAID = 'h1,h2,h3,p,li,label,legend,dt,dd,figcaption,button,a.btn,textarea,input:not([type=file]):not([type=hidden])'

/** What a person would read out: headings, sentences, labels with what was filled in, then what can be pressed. */
export function wordsOf(root: ParentNode): string[] {
  const found: string[] = []
  for (const node of root.querySelectorAll<HTMLElement>(SAID)) {
    if (node.closest('[hidden],[aria-hidden=true],[data-silent]')) continue
    if (node.parentElement?.closest(SAID) && !node.matches('button,a.btn,textarea,input')) continue
    const said = textOf(node)
    if (said && found.at(-1) !== said) found.push(said)
  }
  return found
}

function textOf(node: HTMLElement): string {
  if (node instanceof HTMLTextAreaElement || node instanceof HTMLInputElement) {
    if (node.type === 'radio' || node.type === 'checkbox') return ''
    return node.value.trim()
  }
  const copy = node.cloneNode(true) as HTMLElement
  for (const silent of copy.querySelectorAll('[aria-hidden=true],[data-silent],textarea,input,button,a.btn,svg')) silent.remove()
  return (node.getAttribute('aria-label') ?? copy.textContent ?? '').replace(/\s+/g, ' ').trim()
}

export function beQuiet(): void {
  speaking.value = false
  if (canSpeak) speechSynthesis.cancel()
}

/** Reads `lines` one by one; a second call stops. Digits are read one by one where they are a number to write down. */
export function readAloud(lines: string[]): void {
  beQuiet()
  if (!canSpeak || !lines.length) return
  speaking.value = true
  lines.forEach((line, n) => {
    const said = new SpeechSynthesisUtterance(spelled(line))
    said.lang = language.value === 'en' ? 'en-GB' : 'zh-CN'
    said.rate = 0.85
    if (n === lines.length - 1) said.onend = said.onerror = () => { speaking.value = false }
    speechSynthesis.speak(said)
  })
}

/** Example: "编号 20260316" → "编号 2 0 2 6 0 3 1 6". */
export const spelled = (line: string) => line.replace(/\d{5,}/g, (digits) => [...digits].join(' '))
