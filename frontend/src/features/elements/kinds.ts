// Kinds as people look for them: by family, what is registered first.
import type { components } from '@/shared/api/schema'

export type Kind = components['schemas']['ElementKindOut']
export type Family = Kind['family']
export const FAMILIES: Family[] = ['people', 'place', 'matter', 'thing', 'organisation']
export type Group = { family: Family; kinds: Kind[]; elements: number }

/** Families in their usual order (人地事物组织), empty ones left out; within one the fullest kinds first. */
export function byFamily(kinds: Kind[], showEmpty: boolean): Group[] {
  return FAMILIES.map((family) => {
    const own = kinds.filter((kind) => kind.family === family && (showEmpty || kind.elements > 0))
    own.sort((a, b) => b.elements - a.elements || a.code.localeCompare(b.code))
    return { family, kinds: own, elements: own.reduce((sum, kind) => sum + kind.elements, 0) }
  }).filter((group) => group.kinds.length > 0)
}

/** The kind to begin with: the fullest, else the first. */
export function firstKind(kinds: Kind[]): string {
  return [...kinds].sort((a, b) => b.elements - a.elements)[0]?.code ?? ''
}
