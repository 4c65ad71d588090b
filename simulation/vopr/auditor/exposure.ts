/** The rule of exposure: what an entry could take the account to, by the venue's own books. */
import type { Case } from './case.ts';
import { decimal, least, most, share, size, times, words } from './decimal.ts';
import {
  ASSET_CLASS_BPS,
  COLLAR_BPS,
  GROSS_BPS,
  POSITION_BPS,
  RISK_PER_TRADE_BPS,
  SLACK_BPS,
} from './lines.ts';
import type { OrderWords } from './testimony.ts';

export function judgeExposure(at: Case, order: OrderWords): void {
  const { venue } = at;
  const price = venue.prices.get(order.instrumentId);
  if (price === undefined) return at.object(RULE, 'there was no price to send it at', [order.id]);
  const equity = venue.equity();
  const quantity = decimal(order.quantity);
  const worst = worstOf(order, price);
  const own = times(most(worst, price), quantity);
  const stop = order.protectiveStop === undefined ? 0n : decimal(order.protectiveStop);
  const measured: readonly [string, bigint, bigint][] = [
    ['the loss at its stop', times(size(worst - stop), quantity), RISK_PER_TRADE_BPS],
    [
      `everything in ${order.instrumentId}`,
      own + load(at, order, sameInstrument(order)),
      POSITION_BPS,
    ],
    [
      'everything in its kind of market',
      own + load(at, order, sameClass(at, order)),
      ASSET_CLASS_BPS,
    ],
    ['everything together', own + load(at, order, () => true), GROSS_BPS],
  ];
  for (const [what, amount, bps] of measured) {
    const limit = share(share(equity, bps), SLACK_BPS);
    if (amount <= limit) continue;
    const because = `${what} could come to ${words(amount)}, the line is ${words(limit)}`;
    at.object(RULE, because, [order.id, ...othersIn(at, order)]);
  }
}

const RULE = 'EXPOSURE_ABOVE_LIMIT';

const othersIn = ({ venue }: Case, { id, instrumentId }: OrderWords): readonly string[] =>
  [...venue.orders.values()]
    .filter(({ order }) => order.role === 'ENTRY' && order.instrumentId === instrumentId)
    .map(({ order }) => order.id)
    .filter((other) => other !== id);

type Picks = (instrumentId: string) => boolean;

const sameInstrument =
  ({ instrumentId }: OrderWords): Picks =>
  (id) =>
    id === instrumentId;

const sameClass =
  ({ classes }: Case, { instrumentId }: OrderWords): Picks =>
  (id) =>
    classes.get(id) === classes.get(instrumentId);

/** What is held, at the price, and what rests beside it to open more, at its worst. */
function load({ venue }: Case, beside: OrderWords, picks: Picks): bigint {
  let sum = 0n;
  for (const [key, amount] of venue.positions) {
    const instrument = key.slice(0, key.lastIndexOf(':'));
    if (picks(instrument)) sum += times(venue.prices.get(instrument) ?? 0n, size(amount));
  }
  for (const { order, filled, denied } of venue.resting) {
    // What the venue denied having nobody could count.
    if (denied || order.id === beside.id || order.role !== 'ENTRY') continue;
    if (!picks(order.instrumentId)) continue;
    const price = venue.prices.get(order.instrumentId) ?? 0n;
    sum += times(most(worstOf(order, price), price), decimal(order.quantity) - filled);
  }
  return sum;
}

/** The worst price it may fill at. */
function worstOf(order: OrderWords, price: bigint): bigint {
  if (order.limitPrice !== undefined) return decimal(order.limitPrice);
  const slack = share(price, COLLAR_BPS);
  return order.side === 'BUY' ? price + slack : least(price, price - slack);
}
