// A rule's tree as rows a person can edit: all of these, or any of these. What is deeper stays as text.
export type Test = { field: string; op: string; value: unknown }
export type Tree = Record<string, unknown>
export type Rows = { join: 'all' | 'any'; tests: Test[] }

const isTest = (tree: unknown): tree is Test => typeof tree === 'object' && tree !== null && 'field' in tree && 'op' in tree

/** The rows of a flat tree; null where it nests deeper than rows can show. */
export function rowsOf(tree: Tree): Rows | null {
  if (isTest(tree)) return { join: 'all', tests: [{ ...tree }] }
  for (const join of ['all', 'any'] as const) {
    const inner = tree[join]
    if (Array.isArray(inner) && Object.keys(tree).length === 1 && inner.every(isTest)) return { join, tests: inner.map((one) => ({ ...one })) }
  }
  return null
}

export function treeOf(rows: Rows): Tree {
  return rows.tests.length === 1 ? { ...rows.tests[0]! } : { [rows.join]: rows.tests.map((one) => ({ ...one })) }
}

/** What was typed or chosen as the value a comparison wants: one, a list, or two numbers. */
export function valueOf(op: string, given: string[], isNumber: boolean): unknown {
  const values = given.map((one) => one.trim()).filter(Boolean).map((one) => (isNumber ? Number(one) : one))
  if (op === 'between') return values.slice(0, 2)
  return op === 'eq' || op === 'starts_with' ? values[0] ?? '' : values
}
export const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value : value === '' || value === undefined || value === null ? [] : [value]).map(String)

type Name = { key: string; zh: string; en: string }
type Field = { field: string; values: Name[] | null }
type Say = (key: string) => string
const SHOWN = 3
/** When a rule holds, as one reads it: 小类 属于 井盖、路灯；渠道 等于 热线. */
export function inWords(tree: Tree, fields: readonly Field[], say: Say, named: (name: Name) => string): string {
  if (isTest(tree)) return testInWords(tree, fields, say, named)
  const [join, inner] = Object.entries(tree)[0] ?? []
  if (join === 'not') return `${say('not')}${bracketed(inWords(inner as Tree, fields, say, named))}`
  if (!Array.isArray(inner) || !inner.length) return say('always')
  const parts = (inner as Tree[]).map((one) => (isTest(one) || 'not' in one || inner.length === 1 ? inWords(one, fields, say, named) : bracketed(inWords(one, fields, say, named))))
  return parts.join(say(join === 'any' ? 'or' : 'also'))
}
const bracketed = (text: string) => `(${text})`
function testInWords(test: Test, fields: readonly Field[], say: Say, named: (name: Name) => string): string {
  const values = fields.find((one) => one.field === test.field)?.values ?? []
  const names = textsOf(test.value).map((text) => { const known = values.find((one) => one.key === text); return known ? named(known) : text })
  const list = test.op === 'between' ? names.join('–') : `${names.slice(0, SHOWN).join(say('and'))}${names.length > SHOWN ? `${say('and')}… (${names.length})` : ''}`
  return `${say(`fields.${test.field}`)} ${say(`ops.${test.op}`)} ${list}`
}
