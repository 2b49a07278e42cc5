// The map's colours are the page's tokens: one look, light and dark.
export type Rgb = [number, number, number]
export type Palette = {
  land: string; block: string; water: string; park: string; road: string; house: string; edge: string
  ink: string; quiet: string; sheet: string; accent: string; late: string; near: string; done: string
  load: string[]; lateness: string[]; hanzi: string
}

/** Reads the tokens as they stand now (theme included). */
export function palette(root: Element = document.documentElement): Palette {
  const style = getComputedStyle(root)
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const late = token('late')
  return {
    land: token('m-land'), block: token('m-block'), water: token('m-water'), park: token('m-park'),
    road: token('m-road'), house: token('m-house'), edge: token('m-edge'), ink: token('ink'), quiet: token('quiet'),
    sheet: token('sheet'), accent: token('accent'), late, near: token('near'), done: token('done'),
    load: [0, 1, 2, 3, 4].map((n) => token(`load-${n}`)),
    lateness: [token('load-0'), ...[0.3, 0.5, 0.75, 1].map((part) => mixed(token('m-land'), late, part))],
    hanzi: token('hanzi'),
  }
}

/** A colour between two, as hexadecimal; `part` 0 gives the first. */
export function mixed(from: string, to: string, part: number): string {
  const [a, b] = [rgb(from), rgb(to)]
  return `#${a.map((value, k) => Math.round(value + ((b[k] ?? 0) - value) * part).toString(16).padStart(2, '0')).join('')}`
}

export function rgb(colour: string): Rgb {
  const digits = colour.replace('#', '')
  const wide = digits.length === 3 ? [...digits].map((d) => d + d).join('') : digits
  const value = parseInt(wide, 16)
  return Number.isNaN(value) ? [128, 128, 128] : [value >> 16 & 255, value >> 8 & 255, value & 255]
}
