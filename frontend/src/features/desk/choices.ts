// Names that rows are told by: states, departments, areas, classes with their filing conditions. Asked once.
import { defineStore } from 'pinia'
import { send } from '@/shared/api'
import { capital, language, named } from '@/shared/language'

export type Named = { zh: string; en: string }
export type Department = Named & { id: number; key: string }
export type Area = Named & { id: number; level: string; code?: string }
export type Condition = Named & { id: number; limit: number; unit: string; usual: boolean }
export type CaseClass = Named & { key: string; conditions: Condition[] }
type Choices = { states: Record<string, [string, string]>; roles: Record<string, [string, string]>; departments: Department[]; areas: Area[]; classes: CaseClass[] }
const CHANNELS: Record<string, [string, string]> = {
  citizen: ['随手拍', 'Citizen'], hotline: ['热线', 'Hotline'], grid: ['网格', 'Grid'], grid_worker: ['网格', 'Grid'], camera: ['视频', 'Camera'], video: ['视频', 'Video'], inspection: ['督查', 'Inspection'], sensor: ['物联', 'Sensor'], open311: ['Open311', 'Open311'], api: ['接口', 'API'], file: ['导入', 'File'], import: ['导入', 'File'],
}

export const useChoices = defineStore('desk-choices', {
  state: () => ({ all: null as Choices | null, asked: null as Promise<void> | null }),
  getters: {
    departments: (state): Map<number, Department> => new Map(state.all?.departments.map((row) => [row.id, row])),
    areas: (state): Map<number, Area> => new Map(state.all?.areas.map((row) => [row.id, row])),
    classes: (state): CaseClass[] => state.all?.classes ?? [],
  },
  actions: {
    load(): Promise<void> {
      this.asked ??= send('/pages/choices.json').then(async (answer) => { this.all = await answer.json() as Choices }).catch((problem) => { this.asked = null; throw problem })
      return this.asked
    },
    state(key: string): string { return capital(named(this.all?.states[key]) || key) },
    role(key: string): string { return named(this.all?.roles[key]) || key },
    channel(key: string): string { return named(CHANNELS[key]) || key },
    department(id?: number | null): string { return id ? named(this.departments.get(id)) : '' },
    area(id?: number | null): string { return id ? named(this.areas.get(id)) : '' },
    className(key?: string | null): string { return key ? named(this.classes.find((one) => one.key === key)) || key : '' },
    channels(): [string, string][] { return ['hotline', 'citizen', 'grid', 'video', 'sensor', 'inspection', 'open311', 'file', 'api'].map((key) => [key, named(CHANNELS[key])]) },
    /** The conditions of every class, the usual one of each first. */
    conditions(key?: string | null): (Condition & { key: string; of: string })[] {
      const classes = key ? this.classes.filter((one) => one.key === key) : this.classes
      return classes.flatMap((one) => [...one.conditions].sort((a, b) => Number(b.usual) - Number(a.usual)).map((row) => ({ ...row, key: one.key, of: language.value === 'en' ? one.en : one.zh })))
    },
  },
})
