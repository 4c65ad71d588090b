/** UTC to the minute, with seconds only where there are some. */
export function utc(ms: number): string {
  const text = new Date(ms).toISOString();
  const isWholeMinute = ms % 60_000 === 0;
  return `${text.slice(0, 10)} ${text.slice(11, isWholeMinute ? 16 : 19)}`;
}

export const count = (value: number): string => value.toLocaleString('en');

/** `1 bar`, `2,000 bars`. */
export const bars = (value: number): string => `${count(value)} ${value === 1 ? 'bar' : 'bars'}`;
