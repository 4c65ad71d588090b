import { DECIMAL_PLACES, placesOf } from './decimal.ts';
import type { InstrumentId } from './ids.ts';
import type { Price, Quantity, Money } from './units.ts';

export type AssetClass = 'CRYPTO' | 'FX' | 'METAL' | 'EQUITY';

/** What can be traded, and in which steps. */
export interface Instrument {
  readonly id: InstrumentId;
  readonly base: string;
  readonly quote: string;
  readonly assetClass: AssetClass;
  /** Smallest step of a price. */
  readonly tick: Price;
  /** Smallest step of a quantity. */
  readonly lot: Quantity;
  /** Smallest order value the venue takes, in quote currency. */
  readonly minNotional: Money;
  /** Base units in one standard lot (100,000 for a currency pair); the lots limit counts in these. */
  readonly unitsPerStandardLot: Quantity;
}

/** Checks that the instrument is well formed and that every notional will be exact. */
export function defineInstrument(instrument: Instrument): Instrument {
  const { id, tick, lot, unitsPerStandardLot, minNotional } = instrument;
  if (tick <= 0n) throw new Error(`${id}: tick must be positive`);
  if (lot <= 0n) throw new Error(`${id}: lot must be positive`);
  if (unitsPerStandardLot <= 0n) throw new Error(`${id}: units per standard lot must be positive`);
  if (minNotional < 0n) throw new Error(`${id}: minimum notional must not be negative`);
  const places = placesOf(tick) + placesOf(lot);
  if (places > DECIMAL_PLACES) {
    throw new Error(
      `${id}: tick and lot use ${places} places together; ${DECIMAL_PLACES} is the most`,
    );
  }
  return Object.freeze(instrument);
}
