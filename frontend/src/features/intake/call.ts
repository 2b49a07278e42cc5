// The call that is being taken. It lives in memory alone: a caller's number has no place on a shared computer.
import { reactive } from 'vue'
import { newKey } from '@/features/portal/keys'

export type Matter = {
  id: string; followKey: string; text: string; address: string; lon: number | null; lat: number | null
  /** "" = the platform, then the acceptor decides. */
  classKey: string
  /** Number of the open case that this is, after the caller was asked. */
  joins: string
}
export type Call = { id: string; phone: string; name: string; confidential: boolean; matters: Matter[] }

export function newMatter(text = '', from?: Matter): Matter {
  const { address = '', lon = null, lat = null } = from ?? {}
  return { id: newKey(), followKey: newKey(), text, address, lon, lat, classKey: '', joins: '' }
}
const fresh = (): Call => ({ id: newKey(), phone: '', name: '', confidential: false, matters: [newMatter()] })
export const call = reactive<Call>(fresh())
export function nextCall(phone = ''): void { Object.assign(call, fresh(), { phone }) }
export const isBegun = () => call.matters.some((one) => one.text.trim() || one.address.trim()) || call.matters.length > 1

/** One matter becomes several; what was said of the place holds for all of them until somebody says otherwise. */
export function splitInto(matter: Matter, parts: string[]): void {
  const at = call.matters.indexOf(matter)
  if (at >= 0) call.matters.splice(at, 1, ...parts.map((text) => newMatter(text, matter)))
}

/** Digits of a number that can be looked up; "" while it is too short. */
export function wholeNumber(phone: string): string {
  const digits = phone.replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0)).replace(/\D/g, '')
  return digits.length >= 7 ? digits : ''
}
/** The number that a telephone system hands over: /calls/#phone=13800000000. After the #, so that it is never sent or logged. */
export const handedOver = (hash: string) => wholeNumber(new URLSearchParams(hash.replace(/^#/, '')).get('phone') ?? '')

const SAYS = 10
/** The first sentence that says something ("I am at the market." does not), for reading back. */
export function inShort(text: string): string {
  const parts = text.trim().split(/[。！？!?；;\n]+/)
  return (parts.find((one) => [...one.trim()].length >= SAYS) ?? parts[0] ?? '').trim().slice(0, 40)
}
/** Digits in groups of four, as people say them: year, day, the rest. */
export const grouped = (number: string) => number.replace(/\d{4}(?=\d)/g, '$& ')
