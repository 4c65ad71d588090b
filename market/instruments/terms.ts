import { type AssetClass, defineInstrument, type Instrument } from '../../domain/instrument.ts';
import { quantity, type Quantity } from '../../domain/units.ts';

/** What a fill costs, in basis points of its notional; below zero, the venue pays. */
export interface Fees {
  readonly makerBps: number;
  readonly takerBps: number;
}

/** On what terms an instrument trades from an instant on, until the next version of its terms. */
export interface InstrumentTerms {
  readonly instrument: Instrument;
  readonly fees: Fees;
  /** Base units in one contract; 1 where one trades the base itself. */
  readonly contractValue: Quantity;
  /** UTC milliseconds, or `BEGINNING_MS`. */
  readonly validFromMs: number;
}

/** Before every instant: of terms that were never different as far as we know. */
export const BEGINNING_MS = Number.NEGATIVE_INFINITY;

/** Typical retail fees. They ignore tiers by volume and what single venues offer. */
const FEES: Readonly<Record<AssetClass, Fees>> = {
  CRYPTO: { makerBps: 10, takerBps: 10 },
  FX: { makerBps: 1, takerBps: 1 },
  METAL: { makerBps: 1, takerBps: 1 },
  EQUITY: { makerBps: 1, takerBps: 1 },
};

const FEE_BPS_MAX = 1_000;
const REBATE_BPS_MAX = 100;

/** Checks the terms; throws a sentence that names the instrument, the field and what would be right. */
export function defineTerms(terms: InstrumentTerms): InstrumentTerms {
  const { fees, contractValue, validFromMs } = terms;
  const { id, base, quote } = defineInstrument(terms.instrument);
  if (id !== `${base}/${quote}`)
    throw new Error(`${id}: the name must be ${base}/${quote}, its base and its quote`);
  for (const name of ['makerBps', 'takerBps'] as const) {
    if (!(fees[name] >= -REBATE_BPS_MAX && fees[name] <= FEE_BPS_MAX))
      throw new Error(
        `${id}: ${name} ${fees[name]} must be a number from ${-REBATE_BPS_MAX} to ${FEE_BPS_MAX}`,
      );
  }
  if (contractValue <= 0n) throw new Error(`${id}: contractValue must be above zero`);
  if (validFromMs !== BEGINNING_MS && !Number.isSafeInteger(validFromMs))
    throw new Error(`${id}: validFromMs ${validFromMs} must be whole milliseconds`);
  return Object.freeze(terms);
}

/** The terms of an instrument about which no more is known than its class. */
export const usualTerms = (instrument: Instrument): InstrumentTerms =>
  defineTerms({
    instrument,
    fees: FEES[instrument.assetClass],
    contractValue: quantity('1'),
    validFromMs: BEGINNING_MS,
  });
