// Classes of colour with round bounds: the legend says what a colour means in numbers.
const ROUND = [1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 80, 100, 150, 200, 300, 500, 800, 1000, 1500, 2000, 3000, 5000, 10000]

/** Lower bounds of up to four classes above zero, ascending, about as many areas in each. */
export function bounds(numbers: number[]): number[] {
  if (!numbers.length) return [1]
  const sorted = [...numbers].sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!
  const quantiles = [at(0.45), at(0.75), at(0.93)]
  const round = distinct(quantiles.map(rounded))
  const unit = unitOf(at(0.93) - at(0.1)) // for areas of about one size, as large ones are: 450, 500, 550
  const fine = distinct(quantiles.map((one) => Math.max(1, Math.round(one / unit) * unit)))
  return fine.length > round.length ? fine : round
}

const distinct = (lower: number[]) => [...new Set([1, ...lower])].sort((a, b) => a - b)

/** 1, 2 or 5 with noughts: about a sixth of a spread. */
function unitOf(spread: number): number {
  const tens = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(spread / 6, 1))))
  return [5, 2, 1].find((one) => one * tens <= Math.max(spread / 6, 1))! * tens
}

export function rounded(number: number): number {
  return ROUND.reduce((best, one) => (Math.abs(one - number) < Math.abs(best - number) ? one : best), 1)
}

// Few classes stand far apart in the ramp, and the highest of several is its end.
const STEPS = [[2], [2, 4], [1, 3, 4], [1, 2, 3, 4]]

/** `step`: the place of the colour in the ramp. */
export type Class = { from: number; to: number | null; step: number; colour: string }
/** The classes as a legend shows them: none, then from..to. */
export function classesOf(lower: number[], ramp: string[]): Class[] {
  const steps = STEPS[Math.min(lower.length, STEPS.length) - 1]!
  const none = { from: 0, to: 0, step: 0, colour: ramp[0]! }
  return [none, ...lower.map((from, n) => {
    const step = steps[Math.min(n, steps.length - 1)]!
    return { from, to: lower[n + 1] === undefined ? null : lower[n + 1]! - 1, step, colour: ramp[step]! }
  })]
}

/** The class that a number belongs to. */
export const classOf = (classes: Class[], number: number): Class => classes.reduce((best, one) => (one.from <= number ? one : best))
