// Shapes of the API that the case's page works with.
import type { components } from '@/shared/api/schema'

type Schemas = components['schemas']
export type CasePage = Schemas['CasePageOut']
export type Case = Schemas['CaseOut']
export type Offer = Schemas['MoveOffer']
export type FormField = Schemas['MoveField']
export type Stage = Schemas['CaseStage']
export type Task = Schemas['TaskOut']
export type Report = Schemas['ReportOut']
export type Photo = Schemas['PhotoOut']
export type Reasons = Schemas['CaseReasons']
export type TraceRow = Schemas['TraceOut']
export type TraceProofs = Schemas['TraceProofs']
export type Hints = Schemas['CaseHints']
export type Near = Schemas['CaseNear']
export type Relative = Schemas['CaseRelative']
export type Urge = Schemas['UrgeOut']
export type ApprovalFile = Schemas['ApprovalFile']
export type Department = { id: number; key: string; name_zh: string; name_en: string }
export type Reason = Schemas['ReasonOut']
export type Limit = { value: number; unit: string; zh: string; en: string }
export type ClassRow = { key: string; name_zh: string; name_en: string; big_zh: string; big_en: string; aliases: string[] }
export type Condition = { id: number; file_zh: string; file_en: string; limit: Limit; is_default: boolean }
