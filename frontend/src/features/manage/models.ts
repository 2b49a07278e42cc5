// A model's card in figures: what the report says, where the model stands, what may be done with it.
import type { components } from '@/shared/api/schema'

type Shapes = components['schemas']
export type Model = Shapes['ModelOut']
export type Card = Shapes['ModelCard']
export type Mode = 'shadow' | 'share' | 'live' | 'stopped' | 'off'
export type Coverage = { wanted: number; share: number; realised: number | null }
export const FIGURES = ['accuracy', 'macro_f1', 'top2', 'calibration_error'] as const
export const SHARES = { least: 5, most: 50, step: 5 }

/** A figure of a report; null where the model was not tried on unseen texts. */
export function figure(report: Record<string, unknown>, name: string): number | null {
  const value = report[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** What it decides alone for each accuracy asked for, the least demanding first. */
export function coverages(report: Record<string, unknown>): Coverage[] {
  const given = (report.coverage ?? {}) as Record<string, { share?: unknown; realised?: unknown } | null>
  return Object.entries(given)
    .map(([wanted, found]) => ({ wanted: Number(wanted), share: figure(found ?? {}, 'share') ?? NaN, realised: figure(found ?? {}, 'realised') }))
    .filter((one) => Number.isFinite(one.wanted) && Number.isFinite(one.share))
    .sort((a, b) => a.wanted - b.wanted)
}

/** Where it stands now: the step of its way that has not ended. */
export function modeOf(active: boolean, way: Card['way']): { mode: Mode; share: number } {
  const open = way.find((step) => !step.ended_at && step.mode !== 'ended')
  return open ? { mode: open.mode as Mode, share: open.share } : { mode: active ? 'live' : 'off', share: 0 }
}

/** Acts that make sense there. */
export function acts(active: boolean, mode: Mode): { letIn: boolean; activate: boolean; retire: boolean; back: boolean } {
  const stopped = mode === 'stopped'
  return { letIn: !active, activate: !active || stopped, retire: active || mode !== 'off', back: active }
}

/** Newest first within a kind, the one in service on top. */
export const ordered = (models: Model[]): Model[] => [...models].sort((a, b) => a.kind.localeCompare(b.kind) || Number(b.active) - Number(a.active) || b.number - a.number)

/** What is to be known of a model at a glance. */
export type Glance = { mode: Mode; share: number; promise: number; real: number | null; judged: number; keeps: boolean | null; drift: Card['drift_level'] }
export function glance(model: Model): Glance {
  const { mode, share, accuracy, judged, keeps, drift_level } = model.standing
  const now: Mode = mode !== 'ended' ? mode : model.active ? 'live' : 'off'
  return { mode: now, share, promise: model.accuracy_wanted, real: accuracy, judged, keeps, drift: now === 'off' ? null : drift_level }
}

/** Whether the promise is kept; the server says nothing before enough was judged. */
export type Kept = 'kept' | 'broken' | 'unknown'
export const keptOf = (one: Glance): Kept => (one.keeps === null ? 'unknown' : one.keeps ? 'kept' : 'broken')

/** Where a model came from, as the platform notes it; null where somebody gave it a name. */
export function originOf(name: string): { key: 'fromCorrections' | 'fromDemo'; n: number } | null {
  const corrections = /^(\d+) corrections$/.exec(name)
  if (corrections) return { key: 'fromCorrections', n: Number(corrections[1]) }
  return name === 'demo: three quarters of the profile' ? { key: 'fromDemo', n: 0 } : null
}

/** Of a hundred, as people say a share. */
export const ofHundred = (share: number): number => Math.round(share * 100)

/** A share as a slider knows it: whole per cent. */
export const percentOf = (share: number): string => `${Math.round(share * 100)}%`
