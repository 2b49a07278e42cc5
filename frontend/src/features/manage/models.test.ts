import { describe, expect, it } from 'vitest'
import { acts, coverages, figure, glance, keptOf, modeOf, ordered, originOf, type Card, type Model } from './models'

const step = (mode: string, ended_at: string | null, share = 0): Card['way'][number] => ({ mode, share, begun_at: '2026-01-01T00:00:00Z', ended_at, by: '', why_zh: '', why_en: '' })

describe('a model and its card', () => {
  it('has no figure where nothing was tried', () => {
    expect(figure({ accuracy: null }, 'accuracy')).toBeNull()
    expect(figure({}, 'top2')).toBeNull()
    expect(figure({ top2: 0 }, 'top2')).toBe(0)
  })
  it('reads coverage in the order of what is asked for, and none without a report', () => {
    expect(coverages({ coverage: { '0.97': { share: 0, realised: null }, '0.80': { share: 0.1, realised: 0.82 }, odd: { share: 1 }, '0.95': null } })).toEqual([
      { wanted: 0.8, share: 0.1, realised: 0.82 }, { wanted: 0.97, share: 0, realised: null },
    ])
    expect(coverages({ accuracy: null })).toEqual([])
  })
  it('stands where its open step says, whatever went before', () => {
    expect(modeOf(true, [step('stopped', null), step('live', '2026-02-01T00:00:00Z')])).toEqual({ mode: 'stopped', share: 0 })
    expect(modeOf(false, [step('share', null, 0.2), step('shadow', '2026-02-01T00:00:00Z')])).toEqual({ mode: 'share', share: 0.2 })
    expect(modeOf(false, [step('shadow', '2026-02-01T00:00:00Z')]).mode).toBe('off')
    expect(modeOf(true, []).mode).toBe('live')
  })
  it('offers what the server would take', () => {
    expect(acts(true, 'live')).toEqual({ letIn: false, activate: false, retire: true, back: true })
    expect(acts(true, 'stopped').activate).toBe(true)
    expect(acts(false, 'off')).toEqual({ letIn: true, activate: true, retire: false, back: false })
    expect(acts(false, 'shadow').retire).toBe(true)
  })
  it('puts the one in service first, then the newest', () => {
    const model = (kind: string, number: number, active: boolean) => ({ kind, number, active, label: `${kind}-${number}` }) as Model
    expect(ordered([model('department', 1, false), model('class', 1, true), model('class', 3, false), model('class', 2, false)]).map((one) => one.label)).toEqual(['class-1', 'class-3', 'class-2', 'department-1'])
  })
  it('says at a glance where it stands and whether it keeps its promise', () => {
    const standing = { mode: 'live', share: 0, judged: 100, accuracy: 0.9, low: 0.83, high: 0.94, keeps: true, drift_level: 'some' } as const
    const model = (given: object, active = true) => ({ active, accuracy_wanted: 0.8, standing: { ...standing, ...given } }) as unknown as Model
    expect(glance(model({}))).toEqual({ mode: 'live', share: 0, promise: 0.8, real: 0.9, judged: 100, keeps: true, drift: 'some' })
    expect([glance(model({ mode: 'ended' })), glance(model({ mode: 'ended' }, false))].map((one) => [one.mode, one.drift])).toEqual([['live', 'some'], ['off', null]])
    expect([true, false, null].map((keeps) => keptOf(glance(model({ keeps }))))).toEqual(['kept', 'broken', 'unknown'])
  })
  it('knows where the platform took a model from', () => {
    expect([originOf('177 corrections'), originOf('spring texts')]).toEqual([{ key: 'fromCorrections', n: 177 }, null])
  })
})
