// Names made on the device: the report keeps its name through a lost answer, the key opens it.
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** 22 characters, 132 random bits: nobody guesses it. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(22))].map((byte) => LETTERS[byte & 63]).join('')
}

/** The follow-up key or the case number in what somebody pasted: a link, a key, a number. */
export function readAsked(text: string): { key?: string; number?: string } {
  const asked = text.trim()
  const link = /\/follow\/([A-Za-z0-9_-]{16,64})/.exec(asked)
  if (link) return { key: link[1] }
  const digits = asked.replace(/[\s-]/g, '').replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0))
  if (/^\d{8,20}$/.test(digits)) return { number: digits }
  return /^[A-Za-z0-9_-]{16,64}$/.test(asked) ? { key: asked } : {}
}
