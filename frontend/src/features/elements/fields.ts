// The city's own fields of a kind as a form, and back: their JSON schema says what each one is.
export type Language = 'zh' | 'en'
export type FieldType = 'text' | 'number' | 'whole' | 'yesno' | 'choice' | 'date'
export type Field = { name: string; title: string; type: FieldType; choices: string[]; min?: number; max?: number; longest?: number; needed: boolean }
type Rule = { type?: string; enum?: unknown[]; format?: string; minimum?: number; maximum?: number; maxLength?: number; title?: string; title_zh?: string; title_en?: string }

const TYPES: Record<string, FieldType> = { integer: 'whole', number: 'number', boolean: 'yesno' }

export function fieldsOf(schema: Record<string, unknown>, language: Language): Field[] {
  const rules = (schema.properties ?? {}) as Record<string, Rule>
  const needed = new Set((schema.required ?? []) as string[])
  return Object.entries(rules).map(([name, rule]) => ({
    name,
    title: (language === 'en' ? rule.title_en : rule.title_zh) ?? rule.title ?? name,
    type: rule.enum ? 'choice' : rule.format === 'date' ? 'date' : TYPES[rule.type ?? ''] ?? 'text',
    choices: (rule.enum ?? []).map(String),
    min: rule.minimum, max: rule.maximum, longest: rule.maxLength, needed: needed.has(name),
  }))
}

/** What a form holds for these values; fields without one are empty. */
export function toForm(fields: Field[], values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(fields.map((field) => {
    const value = values[field.name]
    return [field.name, value === undefined || value === null ? '' : String(value)]
  }))
}

/** Values of a form in the schema's types. What is empty is left out, fields the form does not know stay;
 *  a number that is none goes as it was typed, so that the server names it. */
export function fromForm(fields: Field[], form: Record<string, string>, former: Record<string, unknown>): Record<string, unknown> {
  const known = new Set(fields.map((field) => field.name))
  const values = Object.fromEntries(Object.entries(former).filter(([name]) => !known.has(name)))
  for (const field of fields) {
    const text = (form[field.name] ?? '').trim()
    if (text === '') continue
    if (field.type === 'yesno') values[field.name] = text === 'true'
    else if ((field.type === 'number' || field.type === 'whole') && Number.isFinite(Number(text))) values[field.name] = Number(text)
    else values[field.name] = text
  }
  return values
}

/** Every own field that has a value, titled; those the schema does not know under their own name. */
export function shown(fields: Field[], values: Record<string, unknown>, words: { yes: string; no: string }): [string, string][] {
  const titles = new Map(fields.map((field) => [field.name, field.title]))
  const order = [...fields.map((field) => field.name), ...Object.keys(values).filter((name) => !titles.has(name))]
  return order.filter((name) => values[name] !== undefined && values[name] !== null && values[name] !== '')
    .map((name) => [titles.get(name) ?? name, said(values[name], words)])
}

function said(value: unknown, words: { yes: string; no: string }): string {
  if (value === true) return words.yes
  if (value === false) return words.no
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

type Version = { name: string; name_en: string; address: string; lon: number; lat: number; households?: number | null; properties: Record<string, unknown>; cell: string }
export type Difference = { what: string; before: string; after: string }

/** What changed from one version to the next, own fields by their titles. */
export function differences(before: Version, after: Version, fields: Field[], words: { yes: string; no: string }): Difference[] {
  const titles = new Map(fields.map((field) => [field.name, field.title]))
  const found: Difference[] = []
  const add = (what: string, a: unknown, b: unknown) => { if (JSON.stringify(a ?? '') !== JSON.stringify(b ?? '')) found.push({ what, before: said(a ?? '', words), after: said(b ?? '', words) }) }
  add('name', before.name, after.name)
  add('nameEn', before.name_en, after.name_en)
  add('address', before.address, after.address)
  add('households', before.households, after.households)
  add('position', `${before.lon.toFixed(6)}, ${before.lat.toFixed(6)}`, `${after.lon.toFixed(6)}, ${after.lat.toFixed(6)}`)
  for (const name of new Set([...Object.keys(before.properties), ...Object.keys(after.properties)])) add(titles.get(name) ?? name, before.properties[name], after.properties[name])
  return found
}
