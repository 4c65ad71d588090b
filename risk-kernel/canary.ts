/**
 * Orders that must be denied on any picture of any account. They are reviewed while the system runs; one
 * that comes back cleared means that the kernel itself has failed, and trading stops.
 */
import { clientOrderId, instrumentId, strategyId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { ReasonCode } from '../domain/reason-code.ts';
import {
  money,
  NO_MONEY,
  type Price,
  price,
  proportion,
  type Quantity,
  quantity,
  quantityFor,
  toLot,
  toTick,
} from '../domain/units.ts';
import type { Command } from './command.ts';
import type { LimitsInForce } from './limits-in-force.ts';
import type { review } from './review.ts';
import type { Ladder, RiskSnapshot } from './snapshot.ts';

/** An account and an instrument to try the orders on. */
export interface Perch {
  readonly instrument: Instrument;
  readonly snapshot: RiskSnapshot;
  readonly nowMs: number;
}

export interface Canary {
  /** What is wrong with it. */
  readonly name: string;
  /** What a calm account is told. */
  readonly code: ReasonCode;
  readonly order: Partial<Record<keyof Order, unknown>>;
  readonly snapshot: Partial<RiskSnapshot>;
}

const ELSEWHERE = instrumentId('CANARY-ELSEWHERE/USD');
const NOBODY = strategyId('canary-nobody');
const ELSEWHERE_ENTRY = clientOrderId('CANARYENTRY');

/** The hostile orders, each as its difference from one that a calm account would be allowed. */
export function canaries({ instrument, snapshot, nowMs }: Perch): readonly Canary[] {
  const mark = markOf(snapshot);
  const template = allowed({ instrument, snapshot, nowMs });
  const size = template.quantity;
  const step = { type: 'LIMIT', limitPrice: at(mark, 9_900, instrument), addTo: ELSEWHERE_ENTRY };
  const wrong = (
    name: string,
    code: ReasonCode,
    order: Canary['order'],
    picture: Canary['snapshot'] = {},
  ): Canary => ({ name, code, order, snapshot: picture });
  return [
    wrong('no protective stop', 'STOP_MISSING', { protectiveStop: undefined }),
    wrong('a stop above the price', 'STOP_WRONG_SIDE', {
      protectiveStop: at(mark, 10_100, instrument),
    }),
    wrong('no target', 'TARGET_WRONG_SIDE', { target: undefined }),
    wrong('a reward not worth the risk', 'REWARD_RISK_BELOW_MINIMUM', {
      target: at(mark, 10_050, instrument),
    }),
    wrong('a million times the size', 'LOTS_EXCEED_MAXIMUM', {
      quantity: (size * 1_000_000n) as Quantity,
    }),
    wrong('no size', 'COMMAND_MALFORMED', { quantity: 0n }),
    wrong('a negative size', 'COMMAND_MALFORMED', { quantity: -size }),
    // Where the lot is the smallest amount there is, nothing lies between two lots.
    ...(instrument.lot === 1n
      ? []
      : [
          wrong('half a lot', 'QUANTITY_NOT_ON_LOT', {
            quantity: (size + instrument.lot / 2n) as Quantity,
          }),
        ]),
    wrong('a limit far above the market', 'PRICE_OUTSIDE_COLLAR', {
      type: 'LIMIT',
      limitPrice: at(mark, 10_300, instrument),
    }),
    wrong('a strategy nobody knows', 'STRATEGY_UNKNOWN', { strategyId: NOBODY }),
    wrong('an exit of nothing', 'REDUCE_WITHOUT_POSITION', {
      role: 'EXIT',
      reduceOnly: true,
      strategyId: NOBODY,
    }),
    wrong('an entry that claims to reduce', 'COMMAND_MALFORMED', { reduceOnly: true }),
    wrong('an add that nobody planned', 'ADD_NOT_PLANNED', step),
    wrong('an add larger than it was planned', 'ADD_NOT_PLANNED', step, {
      ladders: [ladderOf(template, step.limitPrice, (size - instrument.lot) as Quantity)],
    }),
    wrong('a ladder that hides its size in its adds', 'LOTS_EXCEED_MAXIMUM', {
      management: {
        adds: [{ price: at(mark, 9_900, instrument), quantity: (size * 1_000_000n) as Quantity }],
      },
    }),
    wrong(
      'an entry into a side where an order is unresolved',
      'ORDER_UNRESOLVED',
      {},
      { locks: [{ instrumentId: instrument.id, side: 'BUY', code: 'ORDER_UNRESOLVED' }] },
    ),
    wrong(
      'an instrument that is halted',
      'INSTRUMENT_HALTED',
      {},
      { locks: [{ instrumentId: instrument.id, side: 'BOTH', code: 'INSTRUMENT_HALTED' }] },
    ),
    wrong('an order that was sent before', 'COMMAND_DUPLICATE', {}, { orderKnown: true }),
    wrong(
      'an instrument that is not permitted',
      'INSTRUMENT_NOT_PERMITTED',
      {},
      { permitted: [ELSEWHERE] },
    ),
    wrong(
      'an account in another currency',
      'CURRENCY_MISMATCH',
      {},
      { currency: `not ${instrument.quote}` },
    ),
    wrong('an emergency', 'EMERGENCY_ACTIVE', {}, { emergency: true }),
    wrong('a halt', 'TRADING_HALTED', {}, { tradingState: 'HALTED' }),
    wrong('a state that only reduces', 'TRADING_REDUCING', {}, { tradingState: 'REDUCING' }),
    wrong('a broken audit', 'AUDIT_CHAIN_BROKEN', {}, { auditIntact: false }),
    wrong('a venue that was not compared', 'RECONCILIATION_PENDING', {}, { reconciled: false }),
    wrong(
      'a picture from another day',
      'SNAPSHOT_STALE',
      {},
      { asOfMs: nowMs - 86_400_000, recentEntries: [] },
    ),
    wrong('no price', 'MARKET_DATA_MISSING', {}, { mark: null }),
    wrong(
      'a price from another day',
      'MARKET_DATA_STALE',
      {},
      { mark: { price: mark, atMs: nowMs - 86_400_000 } },
    ),
    wrong(
      'a fifth of the peak lost',
      'DRAWDOWN_EXCEEDS_MAXIMUM',
      {},
      { peakEquity: money('1000000000000') },
    ),
    wrong('an empty account', 'DRAWDOWN_EXCEEDS_MAXIMUM', {}, { equity: NO_MONEY }),
    wrong('no strategy at all', 'STRATEGY_UNKNOWN', {}, { strategies: [] }),
  ];
}

/** The names of those that the kernel cleared; anything but none means that the kernel has failed. */
export function escaped(
  perch: Perch,
  inForce: LimitsInForce,
  ask: typeof review,
): readonly string[] {
  const { instrument, snapshot, nowMs } = perch;
  const template = allowed(perch);
  return canaries(perch)
    .filter((canary) => {
      const order = { ...template, ...canary.order } as Order;
      const command: Command = { order, instrument, nowMs };
      return ask(command, { ...snapshot, ...canary.snapshot }, inForce).cleared;
    })
    .map(({ name }) => name);
}

/** A ladder with the template as its one step, at a price and of a size that it does not have. */
const ladderOf = (order: Order, price: Price, planned: Quantity): Ladder => ({
  entryId: ELSEWHERE_ENTRY,
  instrumentId: order.instrumentId,
  strategyId: order.strategyId,
  side: order.side,
  protectiveStop: order.protectiveStop ?? price,
  adds: [{ orderId: order.id, price, quantity: planned }],
});

const CANARY_SIZE = money('100');

/** A price to make orders from; where the account has none, or none that can be divided by, any will do. */
const markOf = ({ mark }: RiskSnapshot): Price =>
  mark !== null && mark.price > 0n ? mark.price : price('100');

/** What a calm account may do: a hundred's worth, two percent to the stop, six to the target. */
export function allowed({
  instrument,
  snapshot,
}: Pick<Perch, 'instrument' | 'snapshot'> & Partial<Perch>): Order {
  const mark = markOf(snapshot);
  const size = toLot(quantityFor(CANARY_SIZE, mark), instrument.lot, 'up');
  return {
    id: clientOrderId('CANARY'),
    instrumentId: instrument.id,
    strategyId: snapshot.strategies[0]?.id ?? NOBODY,
    role: 'ENTRY',
    side: 'BUY',
    type: 'MARKET',
    quantity: size,
    timeInForce: 'GTC',
    reduceOnly: false,
    protectiveStop: at(mark, 9_800, instrument),
    target: at(mark, 10_600, instrument),
  };
}

const WHOLE = quantity('10000');

/** So many ten-thousandths of a price, on the tick. */
const at = (mark: Price, share: number, { tick }: Instrument): Price =>
  toTick(proportion(mark, quantity(String(share)), WHOLE, 'half-even'), tick, 'half-even');

/** A calm account of its own, for a time when the real one has no price yet. */
export const CALM_PERCH: Perch = Object.freeze({
  instrument: Object.freeze({
    id: instrumentId('CANARY/USD'),
    base: 'CANARY',
    quote: 'USD',
    assetClass: 'CRYPTO',
    tick: price('0.01'),
    lot: quantity('0.0001'),
    minNotional: money('1'),
    unitsPerStandardLot: quantity('1000'),
  }),
  nowMs: 1_700_000_000_000,
  snapshot: Object.freeze({
    seq: 1,
    asOfMs: 1_700_000_000_000,
    tradingState: 'ACTIVE',
    emergency: false,
    auditIntact: true,
    reconciled: true,
    permitted: [instrumentId('CANARY/USD')],
    currency: 'USD',
    equity: money('10000'),
    peakEquity: money('10000'),
    dayOpenEquity: money('10000'),
    rung: 0,
    positions: [],
    holds: [],
    ladders: [],
    locks: [],
    exits: [],
    recentEntries: [],
    messagesLastMinute: 0,
    strategies: [{ id: strategyId('canary'), enabled: true, lossStreak: 0, dayResult: NO_MONEY }],
    mark: { price: price('100'), atMs: 1_700_000_000_000 },
    orderKnown: false,
  }),
} satisfies Perch);
