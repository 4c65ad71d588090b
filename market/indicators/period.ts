/** An indicator's period as given, or a sentence when it is not a whole number of bars. */
export function checkedPeriod(indicator: string, period: number): number {
  if (Number.isInteger(period) && period >= 1) return period;
  throw new Error(`${indicator}: period ${period} must be a whole number of bars, 1 or more`);
}

/** What a width or a distance is multiplied by, as given, or a sentence when it is not above 0. */
export function checkedMultiple(indicator: string, multiple: number): number {
  if (Number.isFinite(multiple) && multiple > 0) return multiple;
  throw new Error(`${indicator}: multiple ${multiple} must be a number above 0`);
}

/** Throws when what was saved is of another period: its values would be averaged as if they were of this one. */
export function fillWindow(window: Float64Array, saved: Float64Array): void {
  if (saved.length !== window.length)
    throw new Error(`a window of ${window.length} values cannot go on from ${saved.length}`);
  window.set(saved);
}
