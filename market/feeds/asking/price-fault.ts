import { type Candle, candleFault } from '../../../domain/candle.ts';
import { type Price, toNumber } from '../../../domain/units.ts';

/** No market moves this far between two prices, whatever the news. */
const LEAP_MAX = 10;
/** Beyond this, what a position is worth could no longer be counted exactly. */
const PRICE_MAX = 1e12;

/** Why a price cannot be believed, or undefined when it can. `before` is the last that was, if any. */
export function priceFault(price: number, tick: Price, before?: number): string | undefined {
  const step = toNumber(tick);
  if (!(price >= step)) return `price ${price} is below the price step ${step}`;
  if (price > PRICE_MAX) return `price ${price} is above ${PRICE_MAX}`;
  if (before === undefined) return undefined;
  if (price <= before * LEAP_MAX && price >= before / LEAP_MAX) return undefined;
  return `price ${price} is more than ${LEAP_MAX} times away from the last, ${before}`;
}

/** Why a closed bar cannot be believed, or undefined when it can. It may go as far as it likes. */
export const barFault = (candle: Candle, tick: Price): string | undefined =>
  candleFault(candle) ?? priceFault(candle.low, tick) ?? priceFault(candle.high, tick);
