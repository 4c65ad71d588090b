/** A number with its unit, as kernel checks and limits carry them. */
import { formatDecimal, parseDecimal } from '../../../../domain/decimal.ts';
import { formatAmount, formatExact, isDecimalText } from './amount.ts';
import { formatAge } from './duration.ts';

/** Large amounts need cents only; small ones keep the digits that make them differ. */
function readable(text: string): string {
  const magnitude = Math.abs(Number(text));
  const places = (text.split('.')[1] ?? '').length;
  if (places === 0) return formatExact(text);
  return formatAmount(text, magnitude >= 10 ? 2 : Math.min(places, 8));
}

/** Basis points read better as percent: 125 bps is 1.25 %. */
const percentOf = (bps: string): string =>
  `${formatAmount(formatDecimal(parseDecimal(bps) / 100n), 2)} %`;

/** Thousandths, as the kernel counts ratios, read as the ratio: 2100 ‰ is 2.10. */
const ratioOf = (milli: string): string =>
  formatAmount(formatDecimal(parseDecimal(milli) / 1_000n), 2);

/** Units arrive as words for many of them. */
const SINGULAR: Readonly<Record<string, string>> = {
  entries: 'entry',
  losses: 'loss',
  messages: 'message',
  orders: 'order',
  positions: 'position',
  strategies: 'strategy',
};

/**
 * Words pass through untouched: some checks measure a state and not a number. `currency` names what
 * the unit `money` is counted in.
 */
export function formatMeasure(text: string, unit: string, currency: string): string {
  if (!isDecimalText(text)) return text;
  switch (unit) {
    case 'money':
      return `${formatAmount(text, 2)} ${currency}`;
    case '‰':
      return ratioOf(text);
    case 'bps':
      return percentOf(text);
    case 'ms':
      return Number(text) < 10_000 ? `${formatExact(text)} ms` : formatAge(Number(text));
    case '':
      return readable(text);
    default:
      return `${readable(text)} ${text === '1' ? (SINGULAR[unit] ?? unit) : unit}`;
  }
}

/** `dailyLoss`, `daily-loss` and `DAILY_LOSS` are all `Daily loss` to a reader. */
export function humanise(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[-_.]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
