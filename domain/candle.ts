export const TIMEFRAMES = ['1m', '5m', '15m', '1h', '4h', '1d'] as const;
export type Timeframe = (typeof TIMEFRAMES)[number];

export const TIMEFRAME_MS: Readonly<Record<Timeframe, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};

/**
 * One closed bar. Prices are doubles because indicators and statistics use them; they become exact
 * prices only by quantization to the instrument's tick.
 */
export interface Candle {
  /** UTC milliseconds of the bar's open. */
  readonly openTimeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Why a candle cannot be believed, or undefined when it can. */
export function candleFault(candle: Candle): string | undefined {
  const { openTimeMs, open, high, low, close, volume } = candle;
  if (!Number.isSafeInteger(openTimeMs)) return `time ${openTimeMs} is not whole milliseconds`;
  for (const [name, value] of Object.entries({ open, high, low, close })) {
    if (!Number.isFinite(value) || value <= 0) return `${name} ${value} is not a positive number`;
  }
  if (!Number.isFinite(volume) || volume < 0) return `volume ${volume} is not zero or more`;
  if (high < Math.max(open, close)) return `high ${high} is below the open or the close`;
  if (low > Math.min(open, close)) return `low ${low} is above the open or the close`;
  return undefined;
}
