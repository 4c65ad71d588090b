/**
 * The accountants' files, RFC 4180: commas, CRLF, quotes doubled inside quotes. Amounts keep every digit
 * and instants are RFC 3339 in UTC. A text that a spreadsheet would take for a formula gets an
 * apostrophe before it.
 */
import { absolute, averagePrice, type Amount, text } from '../../domain/units.ts';
import type { CostMethod, Lot } from './lots.ts';
import type { Disposal } from './cost-basis.ts';

const DISPOSAL_COLUMNS = [
  'opened_at',
  'closed_at',
  'instrument',
  'side',
  'strategy',
  'quantity',
  'proceeds',
  'cost_basis',
  'fees',
  'gain',
  'currency',
  'method',
  'term_days',
  'opening_order',
  'opening_fill',
  'closing_order',
  'closing_fill',
] as const;

const LOT_COLUMNS = [
  'opened_at',
  'instrument',
  'side',
  'strategy',
  'quantity',
  'cost_basis',
  'unit_cost',
  'fees',
  'currency',
  'method',
  'opening_order',
  'opening_fill',
] as const;

export const disposalHeader = (): string => row(DISPOSAL_COLUMNS);
export const lotHeader = (): string => row(LOT_COLUMNS);

export const disposalRow = (one: Disposal, currency: string): string =>
  row([
    instant(one.openedAtMs),
    instant(one.closedAtMs),
    word(one.instrumentId),
    one.side,
    word(one.strategyId),
    text(one.quantity),
    text(one.proceeds),
    text(one.costBasis),
    text(one.fees),
    text(one.gain),
    word(currency),
    one.method,
    String(one.termDays),
    word(one.openedBy.orderId),
    word(one.openedBy.fillId),
    word(one.closedBy.orderId),
    word(one.closedBy.fillId),
  ]);

/** Of a short the cost is what its sale brought, as an amount above zero. */
export const lotRow = (lot: Lot, currency: string, method: CostMethod): string =>
  row([
    instant(lot.openedAtMs),
    word(lot.instrumentId),
    lot.quantity > 0n ? 'LONG' : 'SHORT',
    word(lot.strategyId),
    size(lot.quantity),
    size(lot.cost),
    unitCost(lot),
    text(lot.fees),
    word(currency),
    method,
    word(lot.orderId),
    word(lot.fillId),
  ]);

const size = (amount: Amount): string => text(absolute(amount));

const unitCost = ({ cost, quantity }: Lot): string =>
  text(averagePrice(absolute(cost), absolute(quantity)));

const instant = (ms: number): string => new Date(ms).toISOString();

/** What a spreadsheet reads a formula by, blanks before it or not. */
const FORMULA = /^\s*[=+\-@\t\r＝＋－＠]/;

/** A text of ours or of the venue's; what is no text never goes through here, so that amounts stay amounts. */
const word = (value: string): string => quoted(FORMULA.test(value) ? `'${value}` : value);

const quoted = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

const row = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
