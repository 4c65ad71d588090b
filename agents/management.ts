/** A signal's wishes about its position, on the instrument's tick and lot. */
import { decimalFromNumber, multiplyDecimals } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Level, Management } from '../domain/management.ts';
import type { Signal } from '../domain/signal.ts';
import { type Price, priceFromNumber, type Quantity, toLot } from '../domain/units.ts';

/** Shares and ratios are told to a millionth, rounded down: nothing becomes larger than it was asked to be. */
const RATIO_STEP = 1_000_000n;

/** An add on the tick; `ratio` to the entry's size as an exact decimal. */
export interface AddStep {
  readonly price: Price;
  readonly ratio: bigint;
}

const exactRatio = (ratio: number): bigint => decimalFromNumber(ratio, RATIO_STEP, 'floor');

/** The adds of a signal, nearest first; each price is rounded away from the entry, so that it is never a worse one. */
export function addSteps(
  { management, direction }: Signal,
  { tick }: Instrument,
): readonly AddStep[] {
  const rounding = direction === 'LONG' ? 'floor' : 'ceil';
  return (management?.adds ?? []).map(({ price, ratio }) => ({
    price: priceFromNumber(price, tick, rounding),
    ratio: exactRatio(ratio),
  }));
}

/** What the position's order says about how it is looked after; parts of less than a lot are left out. */
export function managementFor(
  { management, direction }: Signal,
  { tick, lot }: Instrument,
  adds: readonly AddStep[],
  entry: Quantity,
): Management | undefined {
  if (management === undefined) return undefined;
  const { partialTargets: parts, adds: _, ...rest } = management;
  const part = (ratio: bigint): Quantity =>
    toLot(multiplyDecimals(entry, ratio, 'down') as Quantity, lot, 'down');
  const rounding = direction === 'LONG' ? 'floor' : 'ceil';
  const partialTargets = (parts ?? []).map(({ price, share }) => ({
    price: priceFromNumber(price, tick, rounding),
    quantity: part(exactRatio(share)),
  }));
  return {
    ...rest,
    ...levels('partialTargets', partialTargets),
    ...levels(
      'adds',
      adds.map(({ price, ratio }) => ({ price, quantity: part(ratio) })),
    ),
  };
}

function levels(name: 'partialTargets' | 'adds', all: readonly Level[]): Management {
  const large = all.filter(({ quantity }) => quantity > 0n);
  return large.length === 0 ? {} : { [name]: large };
}
