/** Whole days since something was due; 0 within the day before and after it, negative before. */
export function daysLate(dueAt: string, now: number): number {
  return Math.trunc((now - Date.parse(dueAt)) / 86_400_000)
}
