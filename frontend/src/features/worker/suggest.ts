// A class from the words, without network: a count of known words, no model. Whoever uses it says so.
export type Known = { key: string; words: string[] }
export type Hint = { key: string; score: number; words: string[] }

const plain = (text: string) => text.toLowerCase().replace(/\s+/g, ' ')
/** Two letters in a row of a Chinese text; whole words of a Latin one. */
function pieces(word: string): string[] {
  if (/[a-z]/.test(word)) return word.split(/[^a-z]+/).filter((part) => part.length > 3)
  return Array.from({ length: Math.max(0, word.length - 1) }, (_, n) => word.slice(n, n + 2))
}

/** Classes whose words the text says, the likeliest first; a whole word weighs its length squared, a part of one its length. */
export function hints(text: string, classes: readonly Known[], most = 3): Hint[] {
  const said = plain(text)
  if (said.trim().length < 2) return []
  const found: Hint[] = []
  for (const row of classes) {
    let score = 0
    const words: string[] = []
    for (const word of row.words.map(plain)) {
      if (word.length > 1 && said.includes(word)) { score += word.length ** 2; words.push(word) }
    }
    const parts = new Set(row.words.map(plain).flatMap(pieces))
    let shared = 0
    for (const part of parts) if (said.includes(part)) { shared += part.length; words.push(part) }
    score += shared
    // One shared pair of letters proves nothing.
    if (score >= 4) found.push({ key: row.key, score, words })
  }
  return found.sort((a, b) => b.score - a.score || a.key.localeCompare(b.key)).slice(0, most)
}
