/** Figures of trades as people read them. */
import { parseDecimal, roundToStep, formatDecimal } from '../../../domain/decimal.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../domain/clock.ts';
import type { TradeView } from '../../api/trade-views.ts';
import { amount } from '../output.ts';

const CENT = parseDecimal('0.01');
export const NOTHING = '–';

/** To the cent, with its unit: `1,204.50 USD`. */
export const moneyWords = (decimal: string, currency: string): string =>
  `${amount(formatDecimal(toCent(decimal)), 2)} ${currency}`;

/** A result always shows its sign: `+12.00 USD`. */
export const resultWords = (decimal: string, currency: string): string =>
  `${toCent(decimal) > 0n ? '+' : ''}${moneyWords(decimal, currency)}`;

const toCent = (decimal: string): bigint => roundToStep(parseDecimal(decimal), CENT, 'half-even');

/** Multiples of the planned loss: `-1.07 R`. */
export const multipleWords = (r: number | null): string =>
  r === null ? NOTHING : `${signed(r, 2)} R`;

export const signed = (value: number, places: number): string => {
  const words = value.toFixed(places);
  return value > 0 && Number(words) !== 0 ? `+${words}` : words.replace(/^-(?=[0.]*$)/, '');
};

export const percentWords = (share: number | null): string =>
  share === null ? NOTHING : `${(share * 100).toFixed(1)} %`;

export function durationWords(ms: number | null): string {
  if (ms === null) return NOTHING;
  if (ms >= DAY_MS) return pair(ms, DAY_MS, 'd', HOUR_MS, 'h');
  if (ms >= HOUR_MS) return pair(ms, HOUR_MS, 'h', MINUTE_MS, 'min');
  return ms >= MINUTE_MS ? `${Math.floor(ms / MINUTE_MS)} min` : `${Math.round(ms / 1_000)} s`;
}

const pair = (ms: number, big: number, bigUnit: string, small: number, smallUnit: string): string =>
  `${Math.floor(ms / big)} ${bigUnit} ${Math.floor((ms % big) / small)} ${smallUnit}`;

/** `2026-01-05 00:05`, in UTC. */
export const minuteWords = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

/** What the trade cost beside its plan at both ends; unknown when it is unknown of one. */
export function slippageWords(trade: TradeView): string {
  const { entrySlippage, exitSlippage, currency, closedAtMs } = trade;
  if (entrySlippage === null || (exitSlippage === null && closedAtMs !== null)) return NOTHING;
  const total = parseDecimal(entrySlippage.cost) + parseDecimal(exitSlippage?.cost ?? '0');
  return moneyWords(formatDecimal(total), currency);
}

/** `trailing stop`, or with shares: `target 1 of 2 30 %, stop 70 %`. */
export function exitPartsWords({ exitParts }: TradeView): string {
  const [only] = exitParts;
  if (only === undefined) return NOTHING;
  if (exitParts.length === 1) return only.words;
  const sizes = exitParts.map(({ quantity }) => Number(quantity));
  const whole = sizes.reduce((a, b) => a + b, 0);
  return exitParts
    .map(({ words }, index) => `${words} ${Math.round(((sizes[index] ?? 0) / whole) * 100)} %`)
    .join(', ');
}

const CELL_MAX = 44;

export const cut = (words: string): string =>
  words.length > CELL_MAX ? `${words.slice(0, CELL_MAX - 1)}…` : words;
