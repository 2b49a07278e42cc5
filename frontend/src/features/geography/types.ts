import type { components } from '@/shared/api/schema'

export type Report = components['schemas']['GeographyReport']
export type Choice = components['schemas']['GeographyMapOut']
