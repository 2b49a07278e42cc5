// The own fields of a kind as rows a person fills in, and back to their JSON schema.
import { fieldsOf, type FieldType } from './fields'

type Schema = Record<string, unknown>
type Rule = Record<string, unknown>
export type OwnField = { name: string; zh: string; en: string; type: FieldType; choices: string; min: string; max: string; needed: boolean }
export const TYPES: FieldType[] = ['text', 'whole', 'number', 'yesno', 'choice', 'date']
const NAME = /^[a-z][a-z0-9_]{0,39}$/
const MANAGED = ['type', 'enum', 'format', 'minimum', 'maximum', 'maxLength', 'title_zh', 'title_en']

export const newField = (): OwnField => ({ name: '', zh: '', en: '', type: 'text', choices: '', min: '', max: '', needed: false })

export function rowsOf(schema: Schema): OwnField[] {
  const rules = (schema.properties ?? {}) as Record<string, Rule>
  const said = (value: unknown) => (value === undefined || value === null ? '' : String(value))
  return fieldsOf(schema, 'zh').map((field) => ({
    name: field.name, zh: said(rules[field.name]!.title_zh ?? rules[field.name]!.title), en: said(rules[field.name]!.title_en), type: field.type, choices: field.choices.join(', '),
    min: said(field.min), max: said(field.type === 'text' ? field.longest : field.max), needed: field.needed,
  }))
}

/** The first name that cannot be one, or stands twice; ' ' for none at all, '' where all are fine. */
export function badName(rows: OwnField[]): string {
  const bad = rows.find((row, n) => !NAME.test(row.name) || rows.findIndex((one) => one.name === row.name) < n)
  return bad ? bad.name || ' ' : ''
}

/** The schema of these rows; what a person cannot set here (patterns, units) stays as it was. */
export function schemaOf(rows: OwnField[], former: Schema): Schema {
  const known = (former.properties ?? {}) as Record<string, Rule>
  const properties = Object.fromEntries(rows.map((row) => [row.name, ruleOf(row, known[row.name] ?? {})]))
  const required = rows.filter((row) => row.needed).map((row) => row.name)
  const rest = Object.fromEntries(Object.entries(former).filter(([key]) => key !== 'required'))
  return { ...rest, type: 'object', properties, ...(required.length ? { required } : {}) }
}

function ruleOf(row: OwnField, former: Rule): Rule {
  const kept = Object.fromEntries(Object.entries(former).filter(([key]) => !MANAGED.includes(key)))
  const bound = (key: string, text: string) => (text.trim() !== '' && Number.isFinite(Number(text)) ? { [key]: Number(text) } : {})
  const limits = row.type === 'whole' || row.type === 'number' ? { ...bound('minimum', row.min), ...bound('maximum', row.max) } : row.type === 'text' ? bound('maxLength', row.max) : {}
  const type = { text: 'string', date: 'string', choice: 'string', whole: 'integer', number: 'number', yesno: 'boolean' }[row.type]
  const choices = row.choices.split(/[,，、\n]/).map((one) => one.trim()).filter(Boolean)
  return { ...kept, type, ...(row.type === 'choice' ? { enum: choices } : {}), ...(row.type === 'date' ? { format: 'date' } : {}), ...limits, ...(row.zh ? { title_zh: row.zh } : {}), ...(row.en ? { title_en: row.en } : {}) }
}
