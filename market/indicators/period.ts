/** An indicator's period as given, or a sentence when it is not a whole number of bars. */
export function checkedPeriod(indicator: string, period: number): number {
  if (Number.isInteger(period) && period >= 1) return period;
  throw new Error(`${indicator}: period ${period} must be a whole number of bars, 1 or more`);
}
