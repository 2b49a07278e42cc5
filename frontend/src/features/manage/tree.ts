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
