// Names for what the API answers with.
import type { components } from '@/shared/api/schema'

type Shapes = components['schemas']
export type StaffImport = Shapes['StaffImportOut']
export type Person = Shapes['UserOut']
export type Role = Shapes['RoleOut']
export type Rule = Shapes['RuleOut']
