// Speaking instead of typing, where the browser offers it.
import { onScopeDispose, ref } from 'vue'
import { language } from '@/shared/language'

type Heard = { results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }>; resultIndex: number }
type Recognition = {
  lang: string; interimResults: boolean; continuous: boolean
  onresult: ((heard: Heard) => void) | null; onend: (() => void) | null; onerror: ((error: { error: string }) => void) | null
  start(): void; stop(): void
}
const Maker = () => {
  const names = globalThis as unknown as Record<string, (new () => Recognition) | undefined>
  return names.SpeechRecognition ?? names.webkitSpeechRecognition
}
export const canListen = () => Boolean(Maker())

/** `say` gets each finished sentence. */
export function useVoice(say: (words: string) => void) {
  const listening = ref(false)
  const trouble = ref('')
  let ear: Recognition | null = null
  function stop(): void { ear?.stop() }
  function toggle(): void {
    if (listening.value) { stop(); return }
    const Made = Maker()
    if (!Made) return
    ear = new Made()
    ear.lang = language.value === 'en' ? 'en-GB' : 'zh-CN'
    ear.continuous = true
    ear.interimResults = false
    ear.onresult = (heard) => {
      for (let n = heard.resultIndex; n < heard.results.length; n += 1) if (heard.results[n].isFinal) say(heard.results[n][0].transcript.trim())
    }
    ear.onerror = (error) => { trouble.value = error.error }
    ear.onend = () => { listening.value = false }
    trouble.value = ''
    listening.value = true
    ear.start()
  }
  onScopeDispose(stop)
  return { listening, trouble, toggle, stop }
}
