import type { Exchange, Market } from 'ccxt';

import { instrumentId } from '../../../domain/ids.ts';
import { defineInstrument } from '../../../domain/instrument.ts';
import { money, price, quantity } from '../../../domain/units.ts';
import { defineTerms, type InstrumentTerms } from '../../instruments/terms.ts';

const BPS = 10_000;

/** What the exchange says of a market, as terms that hold from now on. Fees are those without any discount. */
export function termsOf(
  exchange: Exchange,
  market: NonNullable<Market>,
  validFromMs: number,
): InstrumentTerms {
  const { symbol, base, quote, precision, limits, maker, taker, contractSize } = market;
  const decimal = (name: string, value: number | undefined): string => {
    if (value !== undefined && value > 0) return exchange.numberToString(value);
    throw new Error(`${exchange.id} says no ${name} of ${symbol}`);
  };
  return defineTerms({
    instrument: defineInstrument({
      id: instrumentId(`${base}/${quote}`),
      base,
      quote,
      assetClass: 'CRYPTO',
      tick: price(decimal('price step', precision.price)),
      lot: quantity(decimal('amount step', precision.amount)),
      minNotional: money(exchange.numberToString(limits.cost?.min ?? 0)),
      unitsPerStandardLot: quantity('1'),
    }),
    fees: { makerBps: (maker ?? 0) * BPS, takerBps: (taker ?? 0) * BPS },
    contractValue: quantity(exchange.numberToString(contractSize ?? 1)),
    validFromMs,
  });
}
