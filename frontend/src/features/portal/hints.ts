// What may be said gently about the words of a report, before it is sent. Never refuses anything.
const MARKS_ZH = /(?:^|[\s。；;，,！!？?\n])(?:[（(]?[一二三四五六七八九1-9][）)]?[、.．:：](?!\d)|第[一二三四五][、，,是点条件个])/g
const MORE_ZH = /(另外|此外|还有一[个件]|还有就是|再有|其次|另一[个件]问题|同时还反映|顺便(?:反映|说|问))/g
const MARKS_EN = /(?:^|\s)(?:\(?[1-9][).]\s|first(?:ly)?,|second(?:ly)?,|third(?:ly)?,)/gi
const MORE_EN = /\b(another (?:thing|problem|issue)|in addition|additionally|also, (?:the|there)|besides,)/gi

/** Whether a text seems to speak of several matters: a list of points, or "and another thing". */
export function severalMatters(text: string): boolean {
  const count = (pattern: RegExp) => (text.match(pattern) ?? []).length
  return count(MARKS_ZH) >= 2 || count(MARKS_EN) >= 2 || count(MORE_ZH) + count(MORE_EN) >= 1
}

const DANGER = /(着火|起火|火灾|冒烟|煤气泄|燃气泄|煤气味|燃气味|瓦斯味|天然气味|爆炸|触电|漏电|有人受伤|有人落水|溺水|坍塌|塌陷|晕倒|跳楼|gas leak|smell(?:s|ing)? (?:of )?gas|on fire|explosion|injured|electrocut|collapsed|drowning)/i
/** Whether somebody should rather call 110, 119 or 120 now. */
export const soundsDangerous = (text: string) => DANGER.test(text)

const PERSONAL = /(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)/
/** Whether a phone or identity number stands in the words instead of in its own field. */
export const holdsNumbers = (text: string) => PERSONAL.test(text.replace(/[\s-]/g, ''))

const pairs = (text: string) => { const plain = text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''); return new Set([...plain].slice(1).map((one, n) => plain[n]! + one)) }
const ALIKE = 0.5, LEAST_PAIRS = 4
/** Whether two texts begin with much the same words: what was reported from here before, typed again. */
export function saysTheSame(one: string, other: string): boolean {
  const [a, b] = [pairs(one.slice(0, 40)), pairs(other.slice(0, 40))]
  if (Math.min(a.size, b.size) < LEAST_PAIRS) return false
  return (2 * [...a].filter((pair) => b.has(pair)).length) / (a.size + b.size) >= ALIKE
}
