/** Gaps an entry could slip through and ways an exit could be held up, each found once and closed. */
import { describe, expect, test } from 'vitest';

import { instrumentId, ocoGroupId, strategyId } from '../domain/ids.ts';
import type { AssetClass } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import { BTC, MOMENTUM, REVERSION } from '../domain/testing/samples.ts';
import { money, price, quantity } from '../domain/units.ts';
import { review } from './review.ts';
import type { RestingExit, RiskSnapshot } from './snapshot.ts';
import {
  CALM,
  commandFor,
  ENTRY,
  EXIT,
  held,
  position,
  positions,
  resting,
  SHORT_ENTRY,
} from './testing/base-case.ts';

type Change = Partial<Record<keyof Order, unknown>>;

const answer = (order: Order, snapshot: RiskSnapshot): string => {
  const verdict = review(commandFor(order), snapshot);
  return verdict.cleared ? 'CLEARED' : verdict.code;
};
const enter = (change: Change, picture: Partial<RiskSnapshot> = {}): string =>
  answer({ ...ENTRY, ...change } as Order, { ...CALM, ...picture });
const enterShort = (change: Change): string => answer({ ...SHORT_ENTRY, ...change } as Order, CALM);
const leave = (change: Change, picture: Partial<RiskSnapshot> = {}): string =>
  answer({ ...EXIT, ...change } as Order, { ...CALM, positions: [held()], ...picture });

describe('a trigger the market has passed already', () => {
  const stop = (at: string): Change => ({ type: 'STOP', stopPrice: price(at) });

  test('is judged at the mark, where it fills, and not where it says', () => {
    const levels = { protectiveStop: price('49000'), target: price('50600') };
    expect(enter({ ...stop('49600'), ...levels })).toBe('REWARD_RISK_BELOW_MINIMUM');
    expect(enter(levels)).toBe('REWARD_RISK_BELOW_MINIMUM');
  });

  test('is collared like any other price', () => {
    expect(enter(stop('49500'))).toBe('CLEARED');
    expect(enter(stop('49499.99'))).toBe('PRICE_OUTSIDE_COLLAR');
  });

  test('leaves no room for a target on the wrong side of the mark', () => {
    const long = { protectiveStop: price('49500'), target: price('49900') };
    expect(enter({ ...stop('49600'), ...long })).toBe('TARGET_WRONG_SIDE');
    const short = { protectiveStop: price('50500'), target: price('50100') };
    expect(enterShort({ ...stop('50400'), ...short })).toBe('TARGET_WRONG_SIDE');
  });
});

describe('a stop-limit', () => {
  const stopLimit = (trigger: string, limit: string): Change => ({
    type: 'STOP_LIMIT',
    stopPrice: price(trigger),
    limitPrice: price(limit),
  });

  test('has both its prices collared', () => {
    expect(enter(stopLimit('50500', '50500'))).toBe('CLEARED');
    expect(enter(stopLimit('50500.01', '50500'))).toBe('PRICE_OUTSIDE_COLLAR');
    expect(enter(stopLimit('50500', '50500.01'))).toBe('PRICE_OUTSIDE_COLLAR');
    expect(enter(stopLimit('49499.99', '50000'))).toBe('PRICE_OUTSIDE_COLLAR');
  });

  test('needs both its prices', () => {
    expect(enter({ type: 'STOP_LIMIT', stopPrice: price('50000') })).toBe('COMMAND_MALFORMED');
    expect(enter({ type: 'STOP_LIMIT', limitPrice: price('50000') })).toBe('COMMAND_MALFORMED');
  });
});

test('a price just inside the collar is not rounded out of it', () => {
  expect(enter({ type: 'LIMIT', limitPrice: price('50499.99') })).toBe('CLEARED');
});

test.each<[string, Change]>([
  ['the limit', { type: 'LIMIT', limitPrice: price('50000.001') }],
  ['the trigger', { type: 'STOP', stopPrice: price('50000.001') }],
  ['the protective stop', { protectiveStop: price('49000.001') }],
  ['the target', { target: price('53000.001') }],
])('%s alone off the tick is enough', (_, change) => {
  expect(enter(change)).toBe('PRICE_NOT_ON_TICK');
});

describe('a trade with ourselves', () => {
  const sale = (change: Partial<RestingExit>): Partial<RiskSnapshot> => ({
    exits: [resting('T9P9', { instrumentId: BTC.id, side: 'SELL', ...change })],
  });

  test('is no danger from a resting stop, which has no limit', () => {
    expect(enter({}, sale({ limitPrice: null }))).toBe('CLEARED');
  });

  test('is one from a limit the order can reach, for a purchase and for a sale', () => {
    expect(enter({}, sale({ limitPrice: price('50500') }))).toBe('SELF_MATCH');
    expect(enter({}, sale({ limitPrice: price('50500.01') }))).toBe('CLEARED');
    const purchase = resting('T9P9', { instrumentId: BTC.id, side: 'BUY' });
    const facing = (at: string): string =>
      answer(SHORT_ENTRY, { ...CALM, exits: [{ ...purchase, limitPrice: price(at) }] });
    expect(facing('49500')).toBe('SELF_MATCH');
    expect(facing('49499.99')).toBe('CLEARED');
  });
});

describe('what moves together', () => {
  test('is an instrument with itself, whatever its correlation is said to be', () => {
    const three = ['a', 'b', 'c'].map((id) =>
      position('BTC', { strategyId: strategyId(id), correlation: 0 }),
    );
    expect(enter({}, { positions: three })).toBe('CORRELATED_POSITIONS_EXCEED_MAXIMUM');
  });

  test('an instrument labelled as another kind still counts with its own', () => {
    const odd = position('BTC', { assetClass: 'FX', notional: money('100'), correlation: 1 });
    const crypto = position('X', { notional: money('4800') });
    expect(enter({}, { positions: [odd, crypto] })).toBe('CONCENTRATION_EXCEEDS_MAXIMUM');
    expect(enter({}, { positions: [crypto] })).toBe('CLEARED');
  });

  test('a correlation beyond what there is makes no picture; the ends do', () => {
    for (const correlation of [-5, -1.000001, 1.000001]) {
      const beyond = { positions: positions(1, { correlation }) };
      expect(enter({}, beyond)).toBe('SNAPSHOT_INCONSISTENT');
    }
    for (const correlation of [-1, 1]) {
      expect(enter({}, { positions: positions(1, { correlation }) })).toBe('CLEARED');
    }
  });
});

test.each<AssetClass>(['CRYPTO', 'FX', 'METAL', 'EQUITY'])('%s can be traded', (assetClass) => {
  const instrument = { ...BTC, assetClass };
  expect(review(commandFor(ENTRY, { instrument }), CALM).cleared).toBe(true);
});

test('a list that hides what it holds is none', () => {
  const hidden = positions(10);
  const nothing = { value: () => [].values() };
  Object.defineProperty(hidden, Symbol.iterator, nothing);
  expect(enter({}, { positions: hidden })).toBe('SNAPSHOT_INCONSISTENT');
});

describe('an exit', () => {
  const half = { quantity: quantity('0.0014') };
  const beside = (id: string, change: Partial<RestingExit> = {}): RestingExit =>
    resting(id, { instrumentId: BTC.id, strategyId: MOMENTUM, ...half, ...change });
  const other = { ocoGroupId: ocoGroupId('exits:P9') };

  test('is not held up by a group of which only one can fill', () => {
    const exits = [beside('S9', other), beside('T9', other)];
    expect(leave(half, { exits })).toBe('CLEARED');
    const larger = { ...other, quantity: quantity('0.00140001') };
    expect(leave(half, { exits: [beside('S9', other), beside('T9', larger)] })).toBe(
      'REDUCE_EXCEEDS_POSITION',
    );
  });

  test('is, by two groups, and by exits that stand alone', () => {
    const another = { ocoGroupId: ocoGroupId('exits:P8') };
    const twoGroups = [beside('S9', other), beside('S8', another)];
    expect(leave(half, { exits: twoGroups })).toBe('REDUCE_EXCEEDS_POSITION');
    expect(leave(half, { exits: [beside('S9'), beside('S8')] })).toBe('REDUCE_EXCEEDS_POSITION');
  });

  test('is not held up by one exit that is listed twice', () => {
    expect(leave(half, { exits: [beside('S9'), beside('S9')] })).toBe('CLEARED');
  });

  test('is not held up by an order on the other side, another strategy or instrument', () => {
    const full = { quantity: quantity('0.0028') };
    for (const stranger of [
      { side: 'BUY' as const },
      { strategyId: REVERSION },
      { instrumentId: instrumentId('ETH/USD') },
    ]) {
      expect(leave({}, { exits: [beside('S9', { ...full, ...stranger })] })).toBe('CLEARED');
    }
  });

  test('is not held up by garbage beside its position', () => {
    const nothing = [null, undefined] as unknown as readonly never[];
    expect(leave({}, { positions: [...nothing, held()], exits: nothing })).toBe('CLEARED');
  });

  test('is not taken against the position of another strategy or instrument', () => {
    expect(leave({}, { positions: [{ ...held(), strategyId: REVERSION }] })).toBe(
      'REDUCE_WITHOUT_POSITION',
    );
    const elsewhere = { ...held(), instrumentId: instrumentId('ETH/USD') };
    expect(leave({}, { positions: [elsewhere] })).toBe('REDUCE_WITHOUT_POSITION');
  });

  test('is refused while its position is on the picture twice, because nobody knows how much there is', () => {
    for (const twin of [held('0.0001'), { ...held(), direction: 'SHORT' as const }]) {
      expect(leave({}, { positions: [held(), twin] })).toBe('SNAPSHOT_INCONSISTENT');
    }
  });

  test.each<[string, Change]>([
    ['a group without a name', { ocoGroupId: '' }],
    ['a protective stop below nought', { protectiveStop: -1n }],
    ['a target below nought', { target: -1n }],
  ])('with %s is malformed', (_, change) => {
    expect(leave(change)).toBe('COMMAND_MALFORMED');
  });
});
