import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { DAY_MS, HOUR_MS } from '../domain/clock.ts';
import { formatDecimal } from '../domain/decimal.ts';
import { clientOrderId, instrumentId, strategyId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Level, Management } from '../domain/management.ts';
import type { Order } from '../domain/order.ts';
import { REASON_CODES, type ReasonCode } from '../domain/reason-code.ts';
import { BTC, ETH, MOMENTUM, REVERSION, START_MS } from '../domain/testing/samples.ts';
import {
  add,
  type DecimalText,
  type Money,
  money,
  price,
  quantity,
  subtract,
} from '../domain/units.ts';
import type { Command } from './command.ts';
import type { Finding, Measure } from './findings.ts';
import { LIMITS } from './limits.ts';
import { type LimitsInForce, STANDARD, tighten } from './limits-in-force.ts';
import { preview, review } from './review.ts';
import type {
  Lock,
  OpenPosition,
  PlannedAdd,
  RecentEntry,
  RestingExit,
  RiskSnapshot,
  StrategyStanding,
} from './snapshot.ts';
import {
  ADD,
  baseAdd,
  baseEntry,
  baseExit,
  CALM,
  type Case,
  commandFor,
  ENTRY,
  EXIT,
  held,
  ladder,
  position,
  positions,
  recent,
  resting,
  SHORT_ENTRY,
  standing,
} from './testing/base-case.ts';

/** A case, and the limits it is judged under where they are not the constants. */
interface Judged extends Case {
  readonly under?: LimitsInForce;
}

const codeOf = ({ command, snapshot, under }: Judged): ReasonCode | 'CLEARED' => {
  const verdict = review(command, snapshot, under);
  return verdict.cleared ? 'CLEARED' : verdict.code;
};

/** One unit of the twelfth place. */
const UNIT = 1n as Money;
const justOver = (amount: Money): Money => add(amount, UNIT);
const justUnder = (amount: Money): Money => subtract(amount, UNIT);

const entry = (change: Partial<Order>, command: Partial<Command> = {}): Case => ({
  command: commandFor({ ...ENTRY, ...change }, command),
  snapshot: CALM,
});
const short = (change: Partial<Order>, snapshot: Partial<RiskSnapshot> = {}): Case => ({
  command: commandFor({ ...SHORT_ENTRY, ...change }),
  snapshot: { ...CALM, ...snapshot },
});
const exit = (change: Partial<Order>): Case => ({
  command: commandFor({ ...EXIT, ...change }),
  snapshot: baseExit().snapshot,
});
const without = (name: 'protectiveStop' | 'target'): Case => {
  const order = Object.fromEntries(Object.entries(ENTRY).filter(([key]) => key !== name));
  return { command: commandFor(order as unknown as Order), snapshot: CALM };
};
/** The order on an account that is not the calm one. */
const on = (snapshot: Partial<RiskSnapshot>, order: Partial<Order>): Case => ({
  command: commandFor({ ...ENTRY, ...order }),
  snapshot: { ...CALM, ...snapshot },
});

const momentum = (change: Partial<StrategyStanding>): Partial<RiskSnapshot> => ({
  strategies: [standing(MOMENTUM, change)],
});
const active = (enabled: readonly boolean[]): Partial<RiskSnapshot> => ({
  strategies: enabled.map((isOn, index) =>
    standing(index === 0 ? MOMENTUM : strategyId(`other${index}`), { enabled: isOn }),
  ),
});

/** The account at one value of equity, which was also its peak and the day's opening. */
const worth = (equity: Money): Partial<RiskSnapshot> => ({
  equity,
  peakEquity: equity,
  dayOpenEquity: equity,
});

const smallEntry = (snapshot: Partial<RiskSnapshot>): Case =>
  on(snapshot, { quantity: quantity('0.0015') });

/** What `ENTRY` is worth at its worst fill, and what is then left of a sum. */
const VALUE = money('141.4');
const beside = (sum: DecimalText): Money => subtract(money(sum), VALUE);
const elsewhere = (
  notional: Money,
  assetClass: OpenPosition['assetClass'],
): Partial<RiskSnapshot> => ({
  positions: [position('X', { notional, assetClass })],
});
const sameInstrument = (notional: Money): Partial<RiskSnapshot> => ({
  positions: [position('BTC', { notional, correlation: 1 })],
});
const ownRisk = (risk: Money): Partial<RiskSnapshot> => ({
  holds: [position('X', { strategyId: MOMENTUM, notional: money('600'), risk })],
});

const entriesAt = (count: number, atMs: number): RecentEntry[] =>
  Array.from({ length: count }, () => recent({ atMs }));
/** Entries of the last minute, none of them like `ENTRY`. */
const others = (count: number): Partial<RiskSnapshot> => ({
  recentEntries: entriesAt(count, START_MS - 60_000),
});
const MIDNIGHT = START_MS - (START_MS % DAY_MS);
const like = (change: Partial<RecentEntry> = {}): RecentEntry =>
  recent({ instrumentId: BTC.id, side: 'BUY', quantity: ENTRY.quantity, ...change });

const likeStep = (): RecentEntry => like({ quantity: ADD.quantity });

const exits = (count: number): Partial<RiskSnapshot> => ({
  exits: Array.from({ length: count }, (_, index) => resting(`X9P${index}`)),
});
/** A limit of our own that waits to sell, or to buy, in the instrument of the order. */
const waiting = (side: Order['side'], at: DecimalText): Partial<RiskSnapshot> => ({
  exits: [resting('T1P9', { instrumentId: BTC.id, side, limitPrice: price(at) })],
});

/** The target that rests beside `EXIT`, in its group. */
const rival = (change: Partial<RestingExit> = {}): RestingExit =>
  resting('T1P1', {
    instrumentId: BTC.id,
    strategyId: MOMENTUM,
    quantity: EXIT.quantity,
    ocoGroupId: EXIT.ocoGroupId ?? null,
    ...change,
  });

/** Exactly two hundred to lose from the worst fill: two percent of the account. */
const twoPercent: Partial<Order> = {
  quantity: quantity('0.016'),
  protectiveStop: price('38000'),
  target: price('70000'),
};
const onePercent = { ...twoPercent, quantity: quantity('0.008') };
const halfPercent = { ...twoPercent, quantity: quantity('0.004') };
const furtherStop = { protectiveStop: price('37999.99') };
const limitAt = (limit: DecimalText): Partial<Order> => ({
  type: 'LIMIT',
  limitPrice: price(limit),
});
const stopAt = (trigger: DecimalText): Partial<Order> => ({
  type: 'STOP',
  stopPrice: price(trigger),
});

/** A purchase worth a million at twenty coins, by an account for which that is little. */
const million = (size: DecimalText): Case => {
  const instrument: Instrument = { ...BTC, unitsPerStandardLot: quantity('100') };
  const order = { ...ENTRY, ...limitAt('50000'), quantity: quantity(size) };
  return {
    command: commandFor(order, { instrument }),
    snapshot: { ...CALM, ...worth(money('100000000')) },
  };
};

const lock = (change: Partial<Record<keyof Lock, unknown>> = {}): Partial<RiskSnapshot> => ({
  locks: [{ instrumentId: BTC.id, side: 'BOTH', code: 'INSTRUMENT_HALTED', ...change } as Lock],
});

/** The planned add of `baseAdd`, changed, or on another picture. */
const step = (change: Partial<Order>, picture: Partial<RiskSnapshot> = {}): Case => ({
  command: commandFor({ ...ADD, ...change }),
  snapshot: { ...baseAdd().snapshot, ...picture },
});

const level = (at: DecimalText, size: DecimalText = '0.0014'): Level => ({
  price: price(at),
  quantity: quantity(size),
});
/** `ENTRY` with so many levels of the smallest useful size between two prices. */
const spread = (count: number, from: number, by: number): readonly Level[] =>
  Array.from({ length: count }, (_, index) => level(String(from + index * by), '0.0003'));
const managed = (management: Management, change: Partial<Order> = {}): Case =>
  entry({ ...change, management });
const adding = (...adds: readonly Level[]): Case => managed({ adds });
const taking = (...partialTargets: readonly Level[]): Case => managed({ partialTargets });
const shortManaged = (management: Management): Case => short({ management });

/** An entry with one add, worth 70 at the mark and 0.84 to its stop, beside something else. */
const growing = (picture: Partial<RiskSnapshot>): Case =>
  on(picture, { management: { adds: [level('49600')] } });
const ADD_VALUE = money('70');
const besideBoth = (sum: DecimalText): Money => subtract(beside(sum), ADD_VALUE);

/** Limits that nobody tightened: the same in every field, and not the kernel's. */
const lookalike = { ...STANDARD } as LimitsInForce;

interface Row {
  readonly code: ReasonCode;
  readonly fires: Judged;
  /** One unit away. */
  readonly spares: Judged;
  /** What the spared case comes to, where something else stands right behind. */
  readonly spared?: ReasonCode;
}

const ROWS: readonly Row[] = [
  {
    code: 'COMMAND_MALFORMED',
    fires: entry({ quantity: quantity('0') }),
    spares: entry({ quantity: BTC.lot }),
    spared: 'NOTIONAL_BELOW_MINIMUM',
  },
  {
    code: 'COMMAND_DUPLICATE',
    fires: baseEntry({ orderKnown: true }),
    spares: baseEntry({ orderKnown: false }),
  },
  {
    code: 'SNAPSHOT_INCONSISTENT',
    fires: baseEntry({ peakEquity: justUnder(CALM.equity) }),
    spares: baseEntry({ peakEquity: CALM.equity }),
  },
  {
    // What was sent after the picture was taken cannot be on it.
    code: 'SNAPSHOT_INCONSISTENT',
    fires: baseEntry({ recentEntries: [recent({ atMs: START_MS + 1 })] }),
    spares: baseEntry({ recentEntries: [recent({ atMs: START_MS })] }),
  },
  {
    code: 'SNAPSHOT_INCONSISTENT',
    fires: baseEntry({ positions: [position('X'), position('X')] }),
    spares: baseEntry({ positions: [position('X'), position('Y')] }),
  },
  {
    // One position per instrument and strategy; two strategies may hold the same.
    code: 'SNAPSHOT_INCONSISTENT',
    fires: baseEntry({ positions: [position('X'), position('Y'), position('X')] }),
    spares: baseEntry({
      positions: [position('X'), position('Y'), position('X', { strategyId: MOMENTUM })],
    }),
  },
  {
    code: 'SNAPSHOT_INCONSISTENT',
    fires: baseEntry({ strategies: [standing(MOMENTUM), standing(MOMENTUM)] }),
    spares: baseEntry({ strategies: [standing(MOMENTUM), standing(REVERSION)] }),
  },
  {
    code: 'SNAPSHOT_INCONSISTENT',
    fires: baseEntry({ rung: 5 as RiskSnapshot['rung'] }),
    spares: baseEntry({ rung: 4 }),
    spared: 'DRAWDOWN_EXCEEDS_MAXIMUM',
  },
  {
    code: 'LIMITS_UNKNOWN',
    fires: { ...baseEntry(), under: lookalike },
    spares: { ...baseEntry(), under: STANDARD },
  },
  {
    code: 'LIMITS_UNKNOWN',
    fires: { ...baseEntry(), under: { ...tighten({ leverageMax: 1 }) } as LimitsInForce },
    spares: { ...baseEntry(), under: tighten({ leverageMax: 1 }) },
  },
  {
    code: 'SNAPSHOT_STALE',
    fires: baseEntry({ asOfMs: START_MS - LIMITS.snapshotAgeMsMax - 1 }),
    spares: baseEntry({ asOfMs: START_MS - LIMITS.snapshotAgeMsMax }),
  },
  {
    code: 'SNAPSHOT_STALE',
    fires: baseEntry({ asOfMs: START_MS + 1 }),
    spares: baseEntry({ asOfMs: START_MS }),
  },
  {
    code: 'AUDIT_CHAIN_BROKEN',
    fires: baseEntry({ auditIntact: false }),
    spares: baseEntry({ auditIntact: true }),
  },
  {
    code: 'RECONCILIATION_PENDING',
    fires: baseEntry({ reconciled: false }),
    spares: baseEntry({ reconciled: true }),
  },
  {
    code: 'INSTRUMENT_NOT_PERMITTED',
    fires: baseEntry({ permitted: [ETH.id] }),
    spares: baseEntry({ permitted: [ETH.id, BTC.id] }),
  },
  {
    code: 'CURRENCY_MISMATCH',
    fires: baseEntry({ currency: 'USDT' }),
    spares: baseEntry({ currency: 'USD' }),
  },
  {
    code: 'CURRENCY_MISMATCH',
    fires: entry({}, { instrument: { ...BTC, quote: 'EUR' } }),
    spares: entry({}, { instrument: { ...BTC, quote: 'USD' } }),
  },
  {
    code: 'EMERGENCY_ACTIVE',
    fires: baseEntry({ emergency: true }),
    spares: baseEntry({ emergency: false }),
  },
  {
    code: 'TRADING_REDUCING',
    fires: baseEntry({ tradingState: 'REDUCING' }),
    spares: baseEntry({ tradingState: 'ACTIVE' }),
  },
  {
    code: 'TRADING_HALTED',
    fires: baseEntry({ tradingState: 'HALTED' }),
    spares: baseEntry({ tradingState: 'ACTIVE' }),
  },
  {
    code: 'INSTRUMENT_HALTED',
    fires: baseEntry(lock()),
    spares: baseEntry(lock({ instrumentId: ETH.id })),
  },
  {
    // A lock that names no reason the kernel knows is the gravest, and of both sides.
    code: 'INSTRUMENT_HALTED',
    fires: baseEntry(lock({ code: 'LUNCH', side: 'SELL' })),
    spares: baseEntry(lock({ side: 'SELL' })),
  },
  {
    code: 'ORDER_UNRESOLVED',
    fires: baseEntry(lock({ code: 'ORDER_UNRESOLVED', side: 'BUY' })),
    spares: baseEntry(lock({ code: 'ORDER_UNRESOLVED', side: 'SELL' })),
  },
  {
    code: 'ORDER_UNRESOLVED',
    fires: short({}, lock({ code: 'ORDER_UNRESOLVED', side: 'SELL' })),
    spares: short({}, lock({ code: 'ORDER_UNRESOLVED', side: 'BUY' })),
  },
  {
    // A side that is none is both.
    code: 'ORDER_UNRESOLVED',
    fires: baseEntry(lock({ code: 'ORDER_UNRESOLVED', side: 'sell' })),
    spares: baseEntry(lock({ code: 'ORDER_UNRESOLVED', side: 'SELL' })),
  },
  {
    code: 'ORDER_SUSPECT',
    fires: baseEntry(lock({ code: 'ORDER_SUSPECT' })),
    spares: baseEntry(lock({ code: 'ORDER_SUSPECT', instrumentId: ETH.id })),
  },
  {
    // An add is an entry like any other.
    code: 'ORDER_SUSPECT',
    fires: step({}, lock({ code: 'ORDER_SUSPECT' })),
    spares: step({}),
  },
  {
    // A fall of 14.99 % and the smallest bit more counts as the next whole basis point, 15 %.
    code: 'DRAWDOWN_EXCEEDS_MAXIMUM',
    fires: baseEntry({ equity: justUnder(money('8501')), dayOpenEquity: money('8501') }),
    spares: baseEntry({ equity: money('8501'), dayOpenEquity: money('8501') }),
    spared: 'DRAWDOWN_BLOCKS_ENTRIES',
  },
  {
    // A rung counts until it is left, although the fall has been made good.
    code: 'DRAWDOWN_EXCEEDS_MAXIMUM',
    fires: baseEntry({ rung: 4 }),
    spares: baseEntry({ rung: 3 }),
    spared: 'DRAWDOWN_BLOCKS_ENTRIES',
  },
  {
    code: 'DRAWDOWN_BLOCKS_ENTRIES',
    fires: baseEntry({ equity: justUnder(money('8801')), dayOpenEquity: money('8801') }),
    spares: baseEntry({ equity: money('8801'), dayOpenEquity: money('8801') }),
  },
  {
    code: 'DRAWDOWN_BLOCKS_ENTRIES',
    fires: baseEntry({ rung: 3 }),
    spares: baseEntry({ rung: 2 }),
  },
  {
    code: 'POSITIONS_EXCEED_MAXIMUM',
    fires: baseEntry({ positions: positions(9), holds: [position('H')] }),
    spares: baseEntry({ positions: positions(9) }),
  },
  {
    // An add needs no room for one more, but neither does it clear where there are too many.
    code: 'POSITIONS_EXCEED_MAXIMUM',
    fires: step({}, { positions: [held(), ...positions(10)] }),
    spares: step({}, { positions: [held(), ...positions(9)] }),
  },
  {
    // A step of a ladder is no further position while the picture has that ladder.
    code: 'POSITIONS_EXCEED_MAXIMUM',
    fires: baseEntry({
      positions: positions(9),
      holds: [position('X0', { addTo: clientOrderId('E1P9') })],
    }),
    spares: baseEntry({
      positions: positions(9),
      holds: [position('X0', { addTo: clientOrderId('E1P9') })],
      ladders: [ladder({ entryId: clientOrderId('E1P9') })],
    }),
  },
  {
    // A reserve for an add that was not sent keeps the place as the position itself does.
    code: 'POSITION_ALREADY_OPEN',
    fires: baseEntry({
      ladders: [ladder({ entryId: clientOrderId('E1P9') })],
      holds: [position('BTC', { strategyId: MOMENTUM, addTo: clientOrderId('E1P9') })],
    }),
    spares: baseEntry({
      ladders: [ladder({ entryId: clientOrderId('E1P9') })],
      holds: [position('BTC', { addTo: clientOrderId('E1P9') })],
    }),
  },
  {
    code: 'ADD_NOT_PLANNED',
    fires: step({}, { ladders: [] }),
    spares: step({}),
  },
  {
    code: 'ADD_NOT_PLANNED',
    fires: step({ id: clientOrderId('E3P1') }),
    spares: step({ id: clientOrderId('E2P1') }),
  },
  {
    code: 'ADD_NOT_PLANNED',
    fires: step({ limitPrice: price('49600.01') }),
    spares: step({ limitPrice: price('49600') }),
  },
  {
    code: 'ADD_NOT_PLANNED',
    fires: step({ quantity: quantity('0.00140001') }),
    spares: step({ quantity: quantity('0.0014') }),
  },
  {
    // Smaller is not what was planned either.
    code: 'ADD_NOT_PLANNED',
    fires: step({ quantity: quantity('0.00139999') }),
    spares: step({ quantity: quantity('0.0014') }),
  },
  {
    // Its loss was reckoned to this stop and to no nearer one.
    code: 'ADD_NOT_PLANNED',
    fires: step({ protectiveStop: price('49000.01') }),
    spares: step({ protectiveStop: price('49000') }),
  },
  {
    code: 'ADD_NOT_PLANNED',
    fires: step({ type: 'STOP_LIMIT', stopPrice: price('49600') }),
    spares: step({ type: 'LIMIT' }),
  },
  {
    code: 'ADD_NOT_PLANNED',
    fires: step({ addTo: clientOrderId('E1P2') }),
    spares: step({ addTo: clientOrderId('E1P1') }),
  },
  {
    code: 'ADD_NOT_PLANNED',
    fires: step({}, { ladders: [ladder({ side: 'SELL' })] }),
    spares: step({}, { ladders: [ladder({ side: 'BUY' })] }),
  },
  {
    code: 'ADD_NOT_PLANNED',
    fires: step({}, { ladders: [ladder({ strategyId: REVERSION })] }),
    spares: step({}, { ladders: [ladder({ strategyId: MOMENTUM })] }),
  },
  {
    code: 'ADD_NOT_PLANNED',
    fires: step({}, { ladders: [ladder({ instrumentId: ETH.id })] }),
    spares: step({}, { ladders: [ladder({ instrumentId: BTC.id })] }),
  },
  {
    // There is nothing to add to: an add on its way is no position yet.
    code: 'ADD_NOT_PLANNED',
    fires: step(
      {},
      { positions: [], holds: [position('BTC', { strategyId: MOMENTUM, addTo: ENTRY.id })] },
    ),
    spares: step({}, { positions: [], holds: [position('BTC', { strategyId: MOMENTUM })] }),
  },
  {
    code: 'POSITION_ALREADY_OPEN',
    fires: baseEntry({ holds: [position('BTC', { strategyId: MOMENTUM })] }),
    spares: baseEntry({ holds: [position('BTC')] }),
  },
  {
    code: 'POSITION_CONFLICT',
    fires: baseEntry({ positions: [position('BTC', { direction: 'SHORT' })] }),
    spares: baseEntry({ positions: [position('BTC', { direction: 'LONG' })] }),
  },
  {
    code: 'CORRELATED_POSITIONS_EXCEED_MAXIMUM',
    fires: baseEntry({ positions: positions(3, { correlation: 0.7 }) }),
    spares: baseEntry({
      positions: [...positions(2, { correlation: 0.7 }), position('Y', { correlation: 0.6999999 })],
    }),
  },
  {
    // An add moves with its own position, which is one of those that may.
    code: 'CORRELATED_POSITIONS_EXCEED_MAXIMUM',
    fires: step({}, { positions: [held(), ...positions(3, { correlation: 0.7 })] }),
    spares: step({}, { positions: [held(), ...positions(2, { correlation: 0.7 })] }),
  },
  {
    // Not enough returns to say: the same asset class counts as moving together.
    code: 'CORRELATED_POSITIONS_EXCEED_MAXIMUM',
    fires: baseEntry({ positions: positions(3, { correlation: null }) }),
    spares: baseEntry({
      positions: [
        ...positions(2, { correlation: null }),
        position('Y', { correlation: null, assetClass: 'FX' }),
      ],
    }),
  },
  {
    // On the other side, what moves against us moves with us.
    code: 'CORRELATED_POSITIONS_EXCEED_MAXIMUM',
    fires: baseEntry({ positions: positions(3, { correlation: -0.7, direction: 'SHORT' }) }),
    spares: baseEntry({ positions: positions(3, { correlation: 0.9, direction: 'SHORT' }) }),
  },
  {
    code: 'ENTRIES_PER_DAY_EXCEED_MAXIMUM',
    fires: baseEntry({ recentEntries: entriesAt(20, MIDNIGHT) }),
    spares: baseEntry({ recentEntries: entriesAt(19, MIDNIGHT) }),
  },
  {
    // The day begins at midnight UTC; the millisecond before is yesterday.
    code: 'ENTRIES_PER_DAY_EXCEED_MAXIMUM',
    fires: baseEntry({ recentEntries: entriesAt(20, MIDNIGHT) }),
    spares: baseEntry({
      recentEntries: [...entriesAt(19, MIDNIGHT), recent({ atMs: MIDNIGHT - 1 })],
    }),
  },
  {
    code: 'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
    fires: baseEntry(others(5)),
    spares: baseEntry(others(4)),
  },
  {
    // What is exactly sixty minutes old is out of the hour.
    code: 'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
    fires: baseEntry({ recentEntries: entriesAt(5, START_MS - HOUR_MS + 1) }),
    spares: baseEntry({
      recentEntries: [
        ...entriesAt(4, START_MS - HOUR_MS + 1),
        recent({ atMs: START_MS - HOUR_MS }),
      ],
    }),
  },
  {
    // On the first rung of the ladder three.
    code: 'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
    fires: baseEntry({ ...others(3), rung: 1 }),
    spares: baseEntry({ ...others(2), rung: 1 }),
  },
  {
    // On the second one.
    code: 'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
    fires: baseEntry({ ...others(1), rung: 2 }),
    spares: baseEntry({ ...others(0), rung: 2 }),
  },
  {
    code: 'REPEATED_EXECUTION',
    fires: baseEntry({ recentEntries: [like(), like()] }),
    spares: baseEntry({ recentEntries: [like(), like({ quantity: quantity('0.00280001') })] }),
  },
  {
    code: 'REPEATED_EXECUTION',
    fires: baseEntry({ recentEntries: [like(), like()] }),
    spares: baseEntry({ recentEntries: [like(), like({ side: 'SELL' })] }),
  },
  {
    code: 'REPEATED_EXECUTION',
    fires: baseEntry({ recentEntries: [like(), like()] }),
    spares: baseEntry({ recentEntries: [like(), like({ instrumentId: ETH.id })] }),
  },
  {
    code: 'REPEATED_EXECUTION',
    fires: baseEntry({ recentEntries: [like(), like({ atMs: START_MS - HOUR_MS + 1 })] }),
    spares: baseEntry({ recentEntries: [like(), like({ atMs: START_MS - HOUR_MS })] }),
  },
  {
    // A ladder may have steps of one size; only its own steps are like no other order.
    code: 'REPEATED_EXECUTION',
    fires: baseEntry({ recentEntries: [like(), like()] }),
    spares: step({}, { recentEntries: [likeStep(), likeStep()] }),
  },
  {
    code: 'MESSAGE_RATE_EXCEEDS_MAXIMUM',
    fires: baseEntry({ messagesLastMinute: 60 }),
    spares: baseEntry({ messagesLastMinute: 59 }),
  },
  {
    code: 'OPEN_ORDERS_EXCEED_MAXIMUM',
    fires: baseEntry(exits(50)),
    spares: baseEntry(exits(49)),
  },
  {
    // So are the adds that are planned with it.
    code: 'OPEN_ORDERS_EXCEED_MAXIMUM',
    fires: growing(exits(49)),
    spares: growing(exits(48)),
  },
  {
    // Entries on their way are open orders too.
    code: 'OPEN_ORDERS_EXCEED_MAXIMUM',
    fires: baseEntry({ ...exits(49), holds: [position('H')] }),
    spares: baseEntry({ ...exits(48), holds: [position('H')] }),
  },
  {
    code: 'MARKET_DATA_MISSING',
    fires: baseEntry({ mark: null }),
    spares: baseEntry({ mark: CALM.mark }),
  },
  {
    code: 'MARKET_DATA_MISSING',
    fires: baseEntry({ mark: { price: price('50000'), atMs: START_MS - 0.5 } }),
    spares: baseEntry({ mark: { price: price('50000'), atMs: START_MS - 1 } }),
  },
  {
    code: 'MARKET_DATA_MISSING',
    fires: baseEntry({ mark: { price: price('0'), atMs: START_MS } }),
    spares: baseEntry({ mark: { price: BTC.tick, atMs: START_MS } }),
    spared: 'NOTIONAL_BELOW_MINIMUM',
  },
  {
    code: 'MARKET_DATA_STALE',
    fires: baseEntry({ mark: { price: price('50000'), atMs: START_MS - 60_001 } }),
    spares: baseEntry({ mark: { price: price('50000'), atMs: START_MS - 60_000 } }),
  },
  {
    code: 'MARKET_DATA_STALE',
    fires: baseEntry({ mark: { price: price('50000'), atMs: START_MS + 1 } }),
    spares: baseEntry({ mark: { price: price('50000'), atMs: START_MS } }),
  },
  {
    code: 'ACCOUNT_BALANCE_BELOW_MINIMUM',
    fires: smallEntry(worth(justUnder(money('1000')))),
    spares: smallEntry(worth(money('1000'))),
  },
  {
    code: 'QUANTITY_NOT_ON_LOT',
    fires: entry({ quantity: quantity('0.002800000001') }),
    spares: entry({ quantity: quantity('0.0028') }),
  },
  {
    code: 'QUANTITY_NOT_ON_LOT',
    fires: adding(level('49600', '0.001400000001')),
    spares: adding(level('49600', '0.0014')),
  },
  {
    code: 'QUANTITY_NOT_ON_LOT',
    fires: taking(level('52000', '0.001400000001')),
    spares: taking(level('52000', '0.0014')),
  },
  {
    // Each add has to reach the venue as an order of its own, at its own price.
    code: 'NOTIONAL_BELOW_MINIMUM',
    fires: adding(level('49600', '0.00020161')),
    spares: adding(level('49600', '0.00020162')),
  },
  {
    // What is taken off in parts is guarded in parts, and each has to reach the venue.
    code: 'NOTIONAL_BELOW_MINIMUM',
    fires: taking(level('52000', '0.00019801')),
    spares: taking(level('52000', '0.00019802')),
  },
  {
    // So has the part that is left for the target.
    code: 'NOTIONAL_BELOW_MINIMUM',
    fires: taking(level('52000', '0.00260199')),
    spares: taking(level('52000', '0.00260198')),
  },
  {
    // The adds do not make up for an entry that is too small.
    code: 'NOTIONAL_BELOW_MINIMUM',
    fires: managed({ adds: [level('49600')] }, { quantity: quantity('0.00019801') }),
    spares: managed({ adds: [level('49600')] }, { quantity: quantity('0.00019802') }),
  },
  {
    // Entry and adds are one order to the lots that are allowed.
    code: 'LOTS_EXCEED_MAXIMUM',
    fires: {
      ...growing({}),
      command: commandFor(growing({}).command.order, {
        instrument: { ...BTC, unitsPerStandardLot: quantity('0.004199999999') },
      }),
    },
    spares: {
      ...growing({}),
      command: commandFor(growing({}).command.order, {
        instrument: { ...BTC, unitsPerStandardLot: quantity('0.0042') },
      }),
    },
  },
  {
    code: 'NOTIONAL_BELOW_MINIMUM',
    fires: entry({}, { instrument: { ...BTC, minNotional: justOver(VALUE) } }),
    spares: entry({}, { instrument: { ...BTC, minNotional: VALUE } }),
  },
  {
    code: 'LOTS_EXCEED_MAXIMUM',
    fires: entry({}, { instrument: { ...BTC, unitsPerStandardLot: quantity('0.002799999999') } }),
    spares: entry({}, { instrument: { ...BTC, unitsPerStandardLot: quantity('0.0028') } }),
  },
  {
    code: 'NOTIONAL_EXCEEDS_MAXIMUM',
    fires: million('20.00000001'),
    spares: million('20'),
  },
  {
    code: 'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
    fires: entry({ ...twoPercent, protectiveStop: price('37999.99') }),
    spares: entry(twoPercent),
  },
  {
    // An add costs its own way to the stop: 199.5 and 0.5 are two percent, and a cent further is more.
    code: 'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
    fires: managed(
      { adds: [level('38500.01', '0.001')] },
      { ...twoPercent, quantity: quantity('0.01596') },
    ),
    spares: managed(
      { adds: [level('38500', '0.001')] },
      { ...twoPercent, quantity: quantity('0.01596') },
    ),
  },
  {
    // Two percent of a hair under 10,000 is a hair under 200: limits are rounded down.
    code: 'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
    fires: { ...entry(twoPercent), snapshot: { ...CALM, ...worth(justUnder(money('10000'))) } },
    spares: { ...entry(twoPercent), snapshot: { ...CALM, ...worth(money('10000')) } },
  },
  {
    // On the first rung of the ladder half of that.
    code: 'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
    fires: on({ rung: 1 }, { ...onePercent, ...furtherStop }),
    spares: on({ rung: 1 }, onePercent),
  },
  {
    // On the second a quarter.
    code: 'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
    fires: on({ rung: 2 }, { ...halfPercent, ...furtherStop }),
    spares: on({ rung: 2 }, halfPercent),
  },
  {
    code: 'POSITION_SIZE_EXCEEDS_MAXIMUM',
    fires: baseEntry({ ...sameInstrument(beside('1000')), ...worth(justUnder(money('10000'))) }),
    spares: baseEntry({ ...sameInstrument(beside('1000')), ...worth(money('10000')) }),
  },
  {
    code: 'POSITION_SIZE_EXCEEDS_MAXIMUM',
    fires: baseEntry(sameInstrument(justOver(beside('1000')))),
    spares: baseEntry(sameInstrument(beside('1000'))),
  },
  // What is planned counts with what is ordered, against every limit of value.
  {
    code: 'POSITION_SIZE_EXCEEDS_MAXIMUM',
    fires: growing(sameInstrument(justOver(besideBoth('1000')))),
    spares: growing(sameInstrument(besideBoth('1000'))),
  },
  {
    code: 'CONCENTRATION_EXCEEDS_MAXIMUM',
    fires: growing(elsewhere(justOver(besideBoth('5000')), 'CRYPTO')),
    spares: growing(elsewhere(besideBoth('5000'), 'CRYPTO')),
  },
  {
    code: 'TURNOVER_EXCEEDS_MAXIMUM',
    fires: growing({ recentEntries: [recent({ notional: justOver(besideBoth('4000')) })] }),
    spares: growing({ recentEntries: [recent({ notional: besideBoth('4000') })] }),
  },
  {
    code: 'GROSS_EXPOSURE_EXCEEDS_MAXIMUM',
    fires: growing(elsewhere(justOver(besideBoth('8000')), 'FX')),
    spares: growing(elsewhere(besideBoth('8000'), 'FX')),
  },
  {
    code: 'BUYING_POWER_INSUFFICIENT',
    fires: growing(elsewhere(justOver(besideBoth('10000')), 'FX')),
    spares: growing(elsewhere(besideBoth('10000'), 'FX')),
    spared: 'GROSS_EXPOSURE_EXCEEDS_MAXIMUM',
  },
  {
    code: 'LEVERAGE_EXCEEDS_MAXIMUM',
    fires: growing(elsewhere(justOver(besideBoth('100000')), 'FX')),
    spares: growing(elsewhere(besideBoth('100000'), 'FX')),
    spared: 'BUYING_POWER_INSUFFICIENT',
  },
  {
    code: 'STRATEGY_RISK_EXCEEDS_MAXIMUM',
    fires: growing(ownRisk(justOver(money('494.96')))),
    spares: growing(ownRisk(money('494.96'))),
  },
  {
    // Half size, latched although nothing is lost any more.
    code: 'POSITION_SIZE_EXCEEDS_MAXIMUM',
    fires: baseEntry({ ...sameInstrument(justOver(beside('500'))), rung: 1 }),
    spares: baseEntry({ ...sameInstrument(beside('500')), rung: 1 }),
  },
  {
    // Quarter size.
    code: 'POSITION_SIZE_EXCEEDS_MAXIMUM',
    fires: baseEntry({ ...sameInstrument(justOver(beside('250'))), rung: 2 }),
    spares: baseEntry({ ...sameInstrument(beside('250')), rung: 2 }),
  },
  {
    // The fall itself puts the account on the first rung, whatever was latched.
    code: 'POSITION_SIZE_EXCEEDS_MAXIMUM',
    fires: baseEntry({
      ...sameInstrument(money('500')),
      equity: justUnder(money('9501')),
      dayOpenEquity: money('9501'),
    }),
    spares: baseEntry({
      ...sameInstrument(money('500')),
      equity: money('9501'),
      dayOpenEquity: money('9501'),
    }),
  },
  {
    code: 'CONCENTRATION_EXCEEDS_MAXIMUM',
    fires: baseEntry(elsewhere(justOver(beside('5000')), 'CRYPTO')),
    spares: baseEntry(elsewhere(beside('5000'), 'CRYPTO')),
  },
  {
    code: 'CONCENTRATION_EXCEEDS_MAXIMUM',
    fires: baseEntry(elsewhere(justOver(beside('5000')), 'CRYPTO')),
    spares: baseEntry(elsewhere(justOver(beside('5000')), 'FX')),
  },
  {
    code: 'TURNOVER_EXCEEDS_MAXIMUM',
    fires: baseEntry({ recentEntries: [recent({ notional: justOver(beside('4000')) })] }),
    spares: baseEntry({ recentEntries: [recent({ notional: beside('4000') })] }),
  },
  {
    code: 'TURNOVER_EXCEEDS_MAXIMUM',
    fires: baseEntry({
      recentEntries: [recent({ notional: money('4000'), atMs: START_MS - HOUR_MS + 1 })],
    }),
    spares: baseEntry({
      recentEntries: [recent({ notional: money('4000'), atMs: START_MS - HOUR_MS })],
    }),
  },
  // Limits are rounded down, as those of a position are.
  {
    code: 'CONCENTRATION_EXCEEDS_MAXIMUM',
    fires: baseEntry({
      ...elsewhere(beside('5000'), 'CRYPTO'),
      ...worth(justUnder(money('10000'))),
    }),
    spares: baseEntry({ ...elsewhere(beside('5000'), 'CRYPTO'), ...worth(money('10000')) }),
  },
  {
    code: 'TURNOVER_EXCEEDS_MAXIMUM',
    fires: baseEntry({
      recentEntries: [recent({ notional: beside('4000') })],
      ...worth(justUnder(money('10000'))),
    }),
    spares: baseEntry({
      recentEntries: [recent({ notional: beside('4000') })],
      ...worth(money('10000')),
    }),
  },
  {
    code: 'GROSS_EXPOSURE_EXCEEDS_MAXIMUM',
    fires: baseEntry({ ...elsewhere(beside('8000'), 'FX'), ...worth(justUnder(money('10000'))) }),
    spares: baseEntry({ ...elsewhere(beside('8000'), 'FX'), ...worth(money('10000')) }),
  },
  {
    code: 'LEVERAGE_EXCEEDS_MAXIMUM',
    fires: baseEntry(elsewhere(justOver(beside('100000')), 'FX')),
    spares: baseEntry(elsewhere(beside('100000'), 'FX')),
    spared: 'BUYING_POWER_INSUFFICIENT',
  },
  {
    code: 'BUYING_POWER_INSUFFICIENT',
    fires: baseEntry(elsewhere(justOver(beside('10000')), 'FX')),
    spares: baseEntry(elsewhere(beside('10000'), 'FX')),
    spared: 'GROSS_EXPOSURE_EXCEEDS_MAXIMUM',
  },
  {
    code: 'GROSS_EXPOSURE_EXCEEDS_MAXIMUM',
    fires: baseEntry(elsewhere(justOver(beside('8000')), 'FX')),
    spares: baseEntry(elsewhere(beside('8000'), 'FX')),
  },
  {
    code: 'PRICE_NOT_ON_TICK',
    fires: entry({ target: price('53000.000000000001') }),
    spares: entry({ target: price('53000') }),
  },
  {
    code: 'PRICE_NOT_ON_TICK',
    fires: adding(level('49600.001')),
    spares: adding(level('49600')),
  },
  {
    code: 'PRICE_NOT_ON_TICK',
    fires: taking(level('52000.001')),
    spares: taking(level('52000')),
  },
  {
    // The nearest add lies behind the mark, where a market order is expected to fill.
    code: 'COMMAND_MALFORMED',
    fires: adding(level('50000')),
    spares: adding(level('49999.99')),
  },
  {
    code: 'COMMAND_MALFORMED',
    fires: shortManaged({ adds: [level('50000')] }),
    spares: shortManaged({ adds: [level('50000.01')] }),
  },
  {
    // Behind the limit, where that lies behind the mark.
    code: 'COMMAND_MALFORMED',
    fires: managed({ adds: [level('49600')] }, limitAt('49600')),
    spares: managed({ adds: [level('49599.99')] }, limitAt('49600')),
  },
  {
    // Behind the mark, although the limit would pay more.
    code: 'COMMAND_MALFORMED',
    fires: managed({ adds: [level('50000')] }, limitAt('50400')),
    spares: managed({ adds: [level('49999.99')] }, limitAt('50400')),
  },
  {
    // Each before the stop.
    code: 'COMMAND_MALFORMED',
    fires: adding(level('49000')),
    spares: adding(level('49000.01')),
  },
  {
    code: 'COMMAND_MALFORMED',
    fires: shortManaged({ adds: [level('51000')] }),
    spares: shortManaged({ adds: [level('50999.99')] }),
  },
  {
    // Each beyond the one before it.
    code: 'COMMAND_MALFORMED',
    fires: adding(level('49600'), level('49600')),
    spares: adding(level('49600'), level('49599.99')),
  },
  {
    code: 'COMMAND_MALFORMED',
    fires: shortManaged({ adds: [level('50400'), level('50400')] }),
    spares: shortManaged({ adds: [level('50400'), level('50400.01')] }),
  },
  {
    code: 'COMMAND_MALFORMED',
    fires: adding(...spread(11, 49_900, -50)),
    spares: adding(...spread(10, 49_900, -50)),
  },
  {
    code: 'COMMAND_MALFORMED',
    fires: taking(...spread(6, 52_000, 50)),
    spares: taking(...spread(5, 52_000, 50)),
  },
  {
    // Partial targets leave something for the target.
    code: 'COMMAND_MALFORMED',
    fires: taking(level('52000', '0.0028')),
    spares: taking(level('52000', '0.00279999')),
    spared: 'NOTIONAL_BELOW_MINIMUM',
  },
  {
    code: 'COMMAND_MALFORMED',
    fires: taking(level('52000', '0.0014'), level('52500', '0.0014')),
    spares: taking(level('52000', '0.0014'), level('52500', '0.001')),
  },
  {
    // Each is nearer than the target,
    code: 'COMMAND_MALFORMED',
    fires: taking(level('53000')),
    spares: taking(level('52999.99')),
  },
  {
    code: 'COMMAND_MALFORMED',
    fires: shortManaged({ partialTargets: [level('47000')] }),
    spares: shortManaged({ partialTargets: [level('47000.01')] }),
  },
  {
    // and nearer than the one after it.
    code: 'COMMAND_MALFORMED',
    fires: taking(level('52000', '0.001'), level('52000', '0.001')),
    spares: taking(level('52000', '0.001'), level('52000.01', '0.001')),
  },
  {
    code: 'PRICE_OUTSIDE_COLLAR',
    fires: entry(limitAt('50500.01')),
    spares: entry(limitAt('50500')),
  },
  {
    code: 'PRICE_OUTSIDE_COLLAR',
    fires: entry({ ...limitAt('49499.99'), quantity: quantity('0.002') }),
    spares: entry({ ...limitAt('49500'), quantity: quantity('0.002') }),
  },
  {
    // A stop entry fills at its trigger or beyond, so the trigger itself is collared.
    code: 'PRICE_OUTSIDE_COLLAR',
    fires: entry(stopAt('50500.01')),
    spares: entry(stopAt('50500')),
  },
  { code: 'STOP_MISSING', fires: without('protectiveStop'), spares: entry({}) },
  {
    code: 'STOP_MISSING',
    fires: entry({ protectiveStop: price('0') }),
    spares: entry({ protectiveStop: BTC.tick }),
    spared: 'REWARD_RISK_BELOW_MINIMUM',
  },
  {
    code: 'STOP_WRONG_SIDE',
    fires: entry({ protectiveStop: price('50000') }),
    spares: entry({ protectiveStop: price('49999.99') }),
  },
  {
    code: 'STOP_WRONG_SIDE',
    fires: short({ protectiveStop: price('50000') }),
    spares: short({ protectiveStop: price('50000.01') }),
  },
  {
    // Below the limit it may fill at, but not below the mark: it would trigger at once.
    code: 'STOP_WRONG_SIDE',
    fires: entry({ ...limitAt('50400'), protectiveStop: price('50000') }),
    spares: entry({ ...limitAt('50400'), protectiveStop: price('49999.99') }),
  },
  {
    // Below the mark, but not below the limit it may fill at.
    code: 'STOP_WRONG_SIDE',
    fires: entry({ ...limitAt('49600'), protectiveStop: price('49600') }),
    spares: entry({ ...limitAt('49600'), protectiveStop: price('49599.99') }),
  },
  {
    code: 'STOP_WRONG_SIDE',
    fires: short({ ...limitAt('49600'), protectiveStop: price('50000') }),
    spares: short({ ...limitAt('49600'), protectiveStop: price('50000.01') }),
  },
  {
    code: 'STOP_WRONG_SIDE',
    fires: short({ ...limitAt('50400'), protectiveStop: price('50400') }),
    spares: short({ ...limitAt('50400'), protectiveStop: price('50400.01') }),
  },
  {
    code: 'TARGET_WRONG_SIDE',
    fires: entry({ target: price('50000') }),
    spares: entry({ target: price('50000.01') }),
    spared: 'REWARD_RISK_BELOW_MINIMUM',
  },
  {
    code: 'TARGET_WRONG_SIDE',
    fires: short({ target: price('50000') }),
    spares: short({ target: price('49999.99') }),
    spared: 'REWARD_RISK_BELOW_MINIMUM',
  },
  { code: 'TARGET_WRONG_SIDE', fires: without('target'), spares: entry({}) },
  {
    code: 'TARGET_WRONG_SIDE',
    fires: taking(level('50000')),
    spares: taking(level('50000.01')),
  },
  {
    code: 'TARGET_WRONG_SIDE',
    fires: shortManaged({ partialTargets: [level('50000')] }),
    spares: shortManaged({ partialTargets: [level('49999.99')] }),
  },
  {
    // Half of it at one to one needs the other half at two to one.
    code: 'REWARD_RISK_BELOW_MINIMUM',
    fires: managed({ partialTargets: [level('50999.99')] }, { target: price('52000') }),
    spares: managed({ partialTargets: [level('51000')] }, { target: price('52000') }),
  },
  {
    // A quarter at the target weighs a quarter: 0.75 × 1 + 0.25 × 3 is one and a half.
    code: 'REWARD_RISK_BELOW_MINIMUM',
    fires: taking(level('51000', '0.00210001')),
    spares: taking(level('51000', '0.0021')),
  },
  {
    code: 'REWARD_RISK_BELOW_MINIMUM',
    fires: short({ target: price('48000'), management: { partialTargets: [level('49000.01')] } }),
    spares: short({ target: price('48000'), management: { partialTargets: [level('49000')] } }),
  },
  {
    code: 'REWARD_RISK_BELOW_MINIMUM',
    fires: entry({ target: price('51499.99') }),
    spares: entry({ target: price('51500') }),
  },
  {
    code: 'REWARD_RISK_BELOW_MINIMUM',
    fires: short({ target: price('48500.01') }),
    spares: short({ target: price('48500') }),
  },
  {
    // A market order may buy as high as 50,500.
    code: 'SELF_MATCH',
    fires: baseEntry(waiting('SELL', '50500')),
    spares: baseEntry(waiting('SELL', '50500.01')),
  },
  {
    code: 'SELF_MATCH',
    fires: short({}, waiting('BUY', '49500')),
    spares: short({}, waiting('BUY', '49499.99')),
  },
  {
    code: 'SELF_MATCH',
    fires: on(waiting('SELL', '50100'), limitAt('50100')),
    spares: on(waiting('SELL', '50100.01'), limitAt('50100')),
  },
  {
    // In another instrument it is no match.
    code: 'SELF_MATCH',
    fires: baseEntry(waiting('SELL', '50000')),
    spares: baseEntry({ exits: [resting('T1P9', { limitPrice: price('50000') })] }),
  },
  {
    // On the same side neither.
    code: 'SELF_MATCH',
    fires: baseEntry(waiting('SELL', '50000')),
    spares: baseEntry(waiting('BUY', '50000')),
  },
  {
    code: 'STRATEGY_UNKNOWN',
    fires: baseEntry({ strategies: [standing(REVERSION)] }),
    spares: baseEntry({ strategies: [standing(MOMENTUM)] }),
  },
  {
    code: 'STRATEGY_DISABLED',
    fires: baseEntry(momentum({ enabled: false })),
    spares: baseEntry(momentum({ enabled: true })),
  },
  {
    code: 'STRATEGY_LOSING_STREAK',
    fires: baseEntry(momentum({ lossStreak: 5 })),
    spares: baseEntry(momentum({ lossStreak: 4 })),
  },
  {
    code: 'STRATEGIES_ACTIVE_EXCEED_MAXIMUM',
    fires: baseEntry(active([true, true, true, true, true])),
    spares: baseEntry(active([true, true, true, true, false])),
  },
  {
    // A loss of 1.99 % and the smallest bit more counts as 2 %.
    code: 'STRATEGY_DAILY_LOSS_EXCEEDS_MAXIMUM',
    fires: baseEntry(momentum({ dayResult: justUnder(money('-199')) })),
    spares: baseEntry(momentum({ dayResult: money('-199') })),
  },
  {
    code: 'STRATEGY_RISK_EXCEEDS_MAXIMUM',
    fires: baseEntry(ownRisk(justOver(money('495.8')))),
    spares: baseEntry(ownRisk(money('495.8'))),
  },
  {
    code: 'STRATEGY_RISK_EXCEEDS_MAXIMUM',
    fires: baseEntry({ ...ownRisk(money('495.8')), ...worth(justUnder(money('10000'))) }),
    spares: baseEntry({ ...ownRisk(money('495.8')), ...worth(money('10000')) }),
  },
  {
    // A loss of 4.99 % and the smallest bit more counts as 5 %.
    code: 'DAILY_LOSS_EXCEEDS_MAXIMUM',
    fires: baseEntry({ equity: justUnder(money('9501')) }),
    spares: baseEntry({ equity: money('9501') }),
  },
  {
    code: 'REDUCE_WITHOUT_POSITION',
    fires: baseExit({ positions: [{ ...held(), strategyId: REVERSION }] }),
    spares: baseExit({ positions: [held()] }),
  },
  {
    code: 'REDUCE_WRONG_SIDE',
    fires: exit({ side: 'BUY' }),
    spares: exit({ side: 'SELL' }),
  },
  {
    code: 'REDUCE_WRONG_SIDE',
    fires: baseExit({ positions: [{ ...held(), direction: 'SHORT' }] }),
    spares: baseExit({ positions: [{ ...held(), direction: 'LONG' }] }),
  },
  {
    code: 'REDUCE_EXCEEDS_POSITION',
    fires: exit({ quantity: quantity('0.00280001') }),
    spares: exit({ quantity: quantity('0.0028') }),
  },
  {
    code: 'REDUCE_EXCEEDS_POSITION',
    fires: baseExit({ positions: [held('0.00279999')] }),
    spares: baseExit({ positions: [held('0.0028')] }),
  },
  {
    // Of one group only one can fill; an exit outside it may fill beside this one, so both must fit.
    code: 'REDUCE_EXCEEDS_POSITION',
    fires: baseExit({ exits: [rival({ ocoGroupId: null })] }),
    spares: baseExit({ exits: [rival()] }),
  },
];

/** Given by other code than `review`, and the test beside it that makes each fire. */
const ELSEWHERE: Partial<Record<ReasonCode, string>> = {
  REJECT_STORM: 'breakers.test.ts',
  ORDER_STORM: 'breakers.test.ts',
  FEED_SILENT: 'breakers.test.ts',
  VENUE_MISMATCH: 'breakers.test.ts',
  ORDER_OVERFILLED: 'breakers.test.ts',
  KILL_SWITCH: 'breakers.test.ts',
  POSITION_UNPROTECTED: 'breakers.test.ts',
  CANARY_CLEARED: 'breakers.test.ts',
  STATE_NOT_LOOSER: 'loosening.test.ts',
  PEAK_NOT_FLAT: 'loosening.test.ts',
  CLEARANCE_INVALID: 'clearance.test.ts',
  APPROVAL_MISSING: '../execution/engine.test.ts',
  PRICE_MOVED: '../coordination/approvals.test.ts',
};

test('the base cases clear, long, short and out', () => {
  expect(codeOf(baseEntry())).toBe('CLEARED');
  expect(codeOf(short({}))).toBe('CLEARED');
  expect(codeOf(baseAdd())).toBe('CLEARED');
  expect(codeOf(baseExit())).toBe('CLEARED');
});

test('every code has a case here that fires it and one that is spared, or a test elsewhere', () => {
  const tested = new Set([...ROWS.map(({ code }) => code), ...Object.keys(ELSEWHERE)]);
  expect([...REASON_CODES].sort()).toEqual([...tested].sort());
});

test.each(Object.entries(ELSEWHERE))('%s is named in %s', (code, file) => {
  expect(readFileSync(new URL(file, import.meta.url), 'utf8')).toContain(code);
});

describe.each(ROWS)('$code', ({ code, fires, spares, spared }) => {
  test('fires', () => {
    expect(codeOf(fires)).toBe(code);
  });

  test(`is spared one unit away, ${spared === undefined ? 'and the order clears' : `to ${spared}`}`, () => {
    expect(codeOf(spares)).toBe(spared ?? 'CLEARED');
  });
});

describe('orders that are not well formed', () => {
  const odd = instrumentId('BTC|USD');
  const twoFields = entry({ instrumentId: odd }, { instrument: { ...BTC, id: odd } });
  const trail = (distance: unknown, armed: unknown = 'AT_ENTRY'): unknown => ({
    trail: { distance, armed },
  });
  const ODD_PLANS: readonly [string, unknown][] = [
    ['a plan that is none', 5],
    ['a plan that is a list', []],
    ['a plan the kernel does not know', { hedge: true }],
    ['a trail of nothing', trail({})],
    ['a trail at nought', trail({ bps: 0 })],
    ['a trail in part of a point', trail({ bps: 0.5 })],
    ['a trail that is no number', trail({ bps: Number.NaN })],
    ['a trail of two kinds', trail({ bps: 1, atrTenths: 1, atrBars: 1 })],
    ['a range over no bars', trail({ atrTenths: 20, atrBars: 0 })],
    ['a range over more bars than anybody remembers', trail({ atrTenths: 20, atrBars: 61 })],
    ['a range over nobody knows how many bars', trail({ atrTenths: 20 })],
    ['a trail that is never armed', trail({ bps: 1 }, 'NEVER')],
    ['a trail armed at no gain', trail({ bps: 1 }, { gainBps: 0 })],
    ['a trail armed by no target', trail({ bps: 1 }, { targetsFilled: 0 })],
    ['a trail armed twice', trail({ bps: 1 }, { gainBps: 1, targetsFilled: 1 })],
    ['a break-even perhaps', { breakEven: 1 }],
    ['a close by its rule perhaps', { closeOnSignal: 1 }],
    ['a position that closes before it opens', { closeAfterMs: 0 }],
    ['a close before any time', { closeAtMs: -1 }],
    ['a close in part of a millisecond', { closeAtMs: START_MS + 0.5 }],
    ['an add of nothing', { adds: [level('49600', '0')] }],
    ['an add at nought', { adds: [level('0')] }],
    ['a target of nothing', { partialTargets: [level('52000', '0')] }],
    ['adds that are no list', { adds: new Set([level('49600')]) }],
  ];
  const brokenInstruments: readonly [string, Partial<Instrument>][] = [
    ['no currency', { quote: '' }],
    ['no kind', { assetClass: 'BOND' as Instrument['assetClass'] }],
    ['no tick', { tick: price('0') }],
    ['no lot', { lot: quantity('0') }],
    ['a minimum below nought', { minNotional: money('-1') }],
    ['no standard lot', { unitsPerStandardLot: quantity('0') }],
  ];
  const malformed: readonly [string, Case][] = [
    ['an entry that says it only reduces', entry({ reduceOnly: true })],
    ['an exit that says it may grow', exit({ reduceOnly: false })],
    ['another instrument’s order', entry({ instrumentId: ETH.id })],
    ['a limit order without its limit', entry({ type: 'LIMIT' })],
    ['a market order with a limit', entry({ limitPrice: price('50000') })],
    ['a stop order without its trigger', exit({ type: 'MARKET' })],
    ['a trigger at nought', exit({ stopPrice: price('0') })],
    ['a limit below nought', entry({ type: 'LIMIT', limitPrice: price('-1') })],
    ['a fraction of a millisecond', entry({}, { nowMs: START_MS + 0.5 })],
    ['an exit that is managed', exit({ management: {} })],
    ['an add that is managed', step({ management: {} })],
    ['an add without a ladder’s name', step({ addTo: '' as Order['id'] })],
    ['an add whose ladder could pass for two fields', step({ addTo: 'E1|P1' as Order['id'] })],
    ['an exit that adds', exit({ addTo: ENTRY.id })],
    ...ODD_PLANS.map(([name, management]): [string, Case] => [
      name,
      entry({ management: management as Management }),
    ]),
    ['a market order that refuses to take', entry({ postOnly: true })],
    ['a trigger that refuses to take', exit({ postOnly: false })],
    [
      'a limit that refuses perhaps',
      entry({ ...limitAt('49900'), postOnly: 1 as unknown as true }),
    ],
    ['a trigger that is filled at once', exit({ timeInForce: 'IOC' })],
    ['a trigger that is filled or gone', entry({ ...stopAt('50100'), timeInForce: 'FOK' })],
    [
      'a stop with a limit that is filled at once',
      entry({ type: 'STOP_LIMIT', ...limitAt('50200'), ...stopAt('50100'), timeInForce: 'IOC' }),
    ],
    ['a name that could pass for two fields', entry({ id: 'E1|P1' as Order['id'] })],
    ['an instrument whose name could pass for two fields', twoFields],
    ...brokenInstruments.map(([name, change]): [string, Case] => [
      `an exit of an instrument with ${name}`,
      { ...baseExit(), command: commandFor(EXIT, { instrument: { ...BTC, ...change } }) },
    ]),
    ['a side that is none', entry({ side: 'HOLD' as Order['side'] })],
    ['a type that is none', entry({ type: 'ICEBERG' as Order['type'] })],
    ['a role that is none', exit({ role: 'HEDGE' as Order['role'] })],
    ['a time in force that is none', entry({ timeInForce: 'GTD' as Order['timeInForce'] })],
  ];

  test.each(malformed)('%s', (_, one) => {
    expect(codeOf(one)).toBe('COMMAND_MALFORMED');
  });
});

describe('plans that are well formed', () => {
  const trail = (distance: unknown, armed: unknown): Management =>
    ({ trail: { distance, armed } }) as Management;

  test.each<[string, Management]>([
    ['an empty one', {}],
    ['a trail from the entry', trail({ bps: 1 }, 'AT_ENTRY')],
    ['a trail by range, from a gain', trail({ atrTenths: 25, atrBars: 60 }, { gainBps: 100 })],
    ['a trail from a target', trail({ bps: 1 }, { targetsFilled: 1 })],
    ['a break-even', { breakEven: true }],
    ['an end', { closeAfterMs: 1, closeAtMs: START_MS }],
    ['an end by its rule', { closeOnSignal: true }],
    ['no adds and no partial targets', { adds: [], partialTargets: [] }],
    ['all of it', { adds: [level('49600')], partialTargets: [level('52000')], breakEven: false }],
  ])('%s', (_, management) => {
    expect(codeOf(entry({ management }))).toBe('CLEARED');
  });

  test.each<[string, Partial<Order>]>([
    ['the market, now', { timeInForce: 'IOC' }],
    ['the market, all or nothing', { timeInForce: 'FOK' }],
    ['the market, today', { timeInForce: 'DAY' }],
    ['a limit, now', { ...limitAt('49900'), timeInForce: 'IOC' }],
    ['a limit that refuses to take', { ...limitAt('49900'), postOnly: true }],
    ['a limit that does not', { ...limitAt('49900'), postOnly: false }],
    ['a trigger, today', { ...stopAt('50100'), timeInForce: 'DAY' }],
  ])('and terms that fit the type: %s', (_, terms) => {
    const said = { ...ENTRY, ...terms };
    expect(codeOf({ command: commandFor(said), snapshot: CALM })).toBe('CLEARED');
  });

  test('without a target there is nothing for partial targets to be nearer than', () => {
    const { target: _, ...aimless } = ENTRY;
    const order = { ...aimless, management: { partialTargets: [level('52000')] } };
    expect(codeOf({ command: commandFor(order), snapshot: CALM })).toBe('COMMAND_MALFORMED');
  });
});

describe('locks', () => {
  const lockOf = (code: Lock['code']): Lock => ({ instrumentId: BTC.id, side: 'BUY', code });
  const ALL = [lockOf('ORDER_SUSPECT'), lockOf('ORDER_UNRESOLVED'), lockOf('INSTRUMENT_HALTED')];

  test('are told gravest first, in whatever order they stand', () => {
    expect(codeOf(baseEntry({ locks: ALL }))).toBe('INSTRUMENT_HALTED');
    expect(codeOf(baseEntry({ locks: ALL.slice(0, 2) }))).toBe('ORDER_UNRESOLVED');
    expect(codeOf(baseEntry({ locks: ALL.slice(0, 1) }))).toBe('ORDER_SUSPECT');
  });

  test('never keep an exit', () => {
    const both = ALL.map((one) => ({ ...one, side: 'BOTH' as const }));
    expect(codeOf(baseExit({ locks: both }))).toBe('CLEARED');
  });
});

describe('pictures that cannot be true', () => {
  const not = (change: Partial<Record<keyof RiskSnapshot, unknown>>): Case =>
    baseEntry(change as Partial<RiskSnapshot>);
  const addOf = (change: object): PlannedAdd => ({ ...ladder().adds[0]!, ...change });
  const impossible: readonly [string, Case][] = [
    ['before the first event', not({ seq: -1 })],
    ['at half a millisecond', not({ asOfMs: START_MS - 0.5 })],
    ['in no currency', not({ currency: '' })],
    ['with equity that is no amount', not({ equity: 10_000 })],
    ['with no peak', not({ equity: money('0'), peakEquity: money('0') })],
    ['on a day that began with nothing', not({ dayOpenEquity: money('0') })],
    ['on a rung below the last', not({ rung: 5 })],
    ['on a rung above the first', not({ rung: -1 })],
    ['with half a message', not({ messagesLastMinute: 0.5 })],
    ['with a nameless permission', not({ permitted: [BTC.id, ''] })],
    [
      'with a position of nothing',
      not({ positions: [position('X', { quantity: quantity('0') })] }),
    ],
    [
      'with an exit that waits at nought',
      not({ exits: [resting('X', { limitPrice: price('0') })] }),
    ],
    ['with an exit below nought', not({ exits: [resting('X', { quantity: quantity('-1') })] })],
    ['with an entry of nothing', not({ recentEntries: [recent({ quantity: quantity('0') })] })],
    ['with a position that is an add', not({ positions: [position('X', { addTo: ENTRY.id })] })],
    [
      'with a hold that adds to nobody knows what',
      not({ holds: [{ ...position('X'), addTo: '' }] }),
    ],
    ['with an add of nothing', not({ ladders: [ladder({ adds: [addOf({ quantity: 0n })] })] })],
    ['with an add at nought', not({ ladders: [ladder({ adds: [addOf({ price: 0n })] })] })],
    ['with an add without a name', not({ ladders: [ladder({ adds: [addOf({ orderId: '' })] })] })],
    ['with a ladder of no side', not({ ladders: [ladder({ side: 'UP' as Order['side'] })] })],
    ['with a ladder without a stop', not({ ladders: [ladder({ protectiveStop: price('0') })] })],
    ['with two ladders of one entry', not({ ladders: [ladder(), ladder({ adds: [] })] })],
    ['with ladders that are no list', not({ ladders: {} })],
    ['with a lock of nothing', not({ locks: [{ side: 'BOTH', code: 'ORDER_SUSPECT' }] })],
    ['with locks that are no list', not({ locks: undefined })],
    ['with entries that are no list', not({ recentEntries: new Set([recent()]) })],
    ['with a strategy that lost half a trade', not(momentum({ lossStreak: 0.5 }))],
    [
      'with a strategy that is neither on nor off',
      not({ strategies: [{ ...standing(MOMENTUM), enabled: 1 }] }),
    ],
    [
      'with a result that is no amount',
      not({ strategies: [{ ...standing(MOMENTUM), dayResult: 0 }] }),
    ],
  ];

  test.each(impossible)('%s', (_, { command, snapshot }) => {
    const { findings } = preview(command, snapshot);
    expect(findings.list.at(-1)).toMatchObject({
      code: 'SNAPSHOT_INCONSISTENT',
      passed: false,
      value: 'contradictory',
    });
  });

  test('a hold that is missing is a denial and no error', () => {
    expect(codeOf(not({ holds: [undefined] }))).toBe('SNAPSHOT_INCONSISTENT');
  });

  test('amounts past every bound are a denial and no error', () => {
    const endless = (10n ** 60n) as Money;
    const { findings } = preview(commandFor(ENTRY), { ...CALM, ...elsewhere(endless, 'FX') });
    expect(findings.decisive).toBe('SNAPSHOT_INCONSISTENT');
  });
});

test('an exit is held to tick and lot', () => {
  expect(codeOf(exit({ quantity: quantity('0.002799999999') }))).toBe('QUANTITY_NOT_ON_LOT');
  expect(codeOf(exit({ stopPrice: price('49000.001') }))).toBe('PRICE_NOT_ON_TICK');
});

test('an exit of a picture that cannot say how much there is, is not cleared', () => {
  const negative = rival({ quantity: quantity('-1'), ocoGroupId: null });
  expect(codeOf(baseExit({ exits: [negative] }))).toBe('SNAPSHOT_INCONSISTENT');
  expect(codeOf(baseExit({ positions: [held('0')] }))).toBe('SNAPSHOT_INCONSISTENT');
  // Without a group of its own it may not take an exit of an unknown group for one of the same.
  const { ocoGroupId: _, ...alone } = EXIT;
  const groupless = { ...rival(), ocoGroupId: undefined } as unknown as RestingExit;
  const { snapshot } = baseExit({ exits: [groupless] });
  expect(codeOf({ command: commandFor(alone), snapshot })).toBe('SNAPSHOT_INCONSISTENT');
});

test('a stop entry is judged at the worst fill beyond its trigger', () => {
  // It may fill as high as 51,005: 12,500 above the stop, times 0.016, is exactly two percent.
  const far = { ...stopAt('50500'), quantity: quantity('0.016'), target: price('69000') };
  expect(codeOf(entry({ ...far, protectiveStop: price('38505') }))).toBe('CLEARED');
  expect(codeOf(entry({ ...far, protectiveStop: price('38504.99') }))).toBe(
    'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
  );
  // A short one may fill as low as 49,005.
  const low = { ...stopAt('49500'), quantity: quantity('0.016'), target: price('31000') };
  expect(codeOf(short({ ...low, protectiveStop: price('61505') }))).toBe('CLEARED');
  expect(codeOf(short({ ...low, protectiveStop: price('61505.01') }))).toBe(
    'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
  );
});

describe('gravest first', () => {
  const GRAVEST_FIRST: readonly [ReasonCode, Partial<Order>, Partial<RiskSnapshot>][] = [
    ['COMMAND_MALFORMED', { management: { closeAfterMs: -1 } }, {}],
    ['COMMAND_DUPLICATE', {}, { orderKnown: true }],
    ['SNAPSHOT_INCONSISTENT', {}, { seq: -1 }],
    ['SNAPSHOT_STALE', {}, { asOfMs: START_MS - 5_001 }],
    ['AUDIT_CHAIN_BROKEN', {}, { auditIntact: false }],
    ['RECONCILIATION_PENDING', {}, { reconciled: false }],
    ['INSTRUMENT_NOT_PERMITTED', {}, { permitted: [] }],
    ['CURRENCY_MISMATCH', {}, { currency: 'EUR' }],
    ['EMERGENCY_ACTIVE', {}, { emergency: true }],
    ['TRADING_HALTED', {}, { tradingState: 'HALTED' }],
    ['INSTRUMENT_HALTED', {}, lock()],
    ['DRAWDOWN_EXCEEDS_MAXIMUM', {}, { peakEquity: money('1000000') }],
    ['POSITIONS_EXCEED_MAXIMUM', {}, { positions: positions(10) }],
    ['ENTRIES_PER_DAY_EXCEED_MAXIMUM', {}, others(20)],
    ['MESSAGE_RATE_EXCEEDS_MAXIMUM', {}, { messagesLastMinute: 60 }],
    ['OPEN_ORDERS_EXCEED_MAXIMUM', {}, exits(50)],
    ['MARKET_DATA_STALE', {}, { mark: { price: price('50000'), atMs: 0 } }],
    ['QUANTITY_NOT_ON_LOT', { quantity: quantity('0.002800000001') }, {}],
    ['TARGET_WRONG_SIDE', { target: price('50000') }, {}],
    ['STRATEGY_UNKNOWN', {}, { strategies: [] }],
    ['DAILY_LOSS_EXCEEDS_MAXIMUM', {}, { dayOpenEquity: money('11000') }],
  ];

  test.each(GRAVEST_FIRST.map(([code], index) => ({ code, index })))(
    '$code decides before everything below it',
    ({ code, index }) => {
      const failing = GRAVEST_FIRST.slice(index);
      const order = Object.assign({}, ENTRY, ...failing.map(([, change]) => change)) as Order;
      const snapshot = Object.assign({}, CALM, ...failing.map(([, , s]) => s)) as RiskSnapshot;
      expect(codeOf({ command: commandFor(order), snapshot })).toBe(code);
    },
  );
});

describe('an opinion', () => {
  test('says what the verdict says, without the permission', () => {
    const cases: readonly Judged[] = [baseEntry(), baseExit(), ...ROWS.map(({ fires }) => fires)];
    for (const one of cases) {
      const { clearance: _, ...verdict } = {
        clearance: undefined,
        ...review(one.command, one.snapshot, one.under),
      };
      expect(preview(one.command, one.snapshot, one.under)).toEqual(verdict);
    }
  });

  test('lists every comparison up to the one that failed', () => {
    const { command, snapshot } = baseEntry(others(5));
    const { list } = preview(command, snapshot).findings;
    expect(list.slice(0, -1).every(({ passed }) => passed)).toBe(true);
    expect(list.at(-1)).toEqual({
      code: 'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
      passed: false,
      value: 5,
      limit: 5,
      unit: 'entries',
    });
  });

  test('carries the picture and the time it was formed on', () => {
    const { command, snapshot } = baseExit();
    expect(preview(command, snapshot)).toMatchObject({
      lane: 'REDUCE_ONLY',
      snapshotSeq: 7,
      reviewedAtMs: START_MS,
    });
  });
});

/** Each comparison as the record will show it. */
const told = (findings: readonly Finding[]): string[] =>
  findings.map(({ code, passed, value, limit, unit }) =>
    `${passed ? 'ok  ' : 'FAIL'} ${code}: value=${shown(value)} limit=${shown(limit)} ${unit}`.trim(),
  );
const shown = (measure: Measure): string =>
  typeof measure === 'bigint' ? formatDecimal(measure) : String(measure);

test('what is recorded of a comparison is what it compared: value, limit and unit', async () => {
  const findingsOf = ({ command, snapshot }: Case): readonly Finding[] =>
    preview(command, snapshot).findings.list;
  const golden = [
    '# An entry that clears',
    ...told(findingsOf(baseEntry())),
    '',
    '# A planned add that clears, while another instrument is locked',
    ...told(findingsOf(baseAdd(lock({ instrumentId: ETH.id })))),
    '',
    '# An exit that clears',
    ...told(findingsOf(baseExit())),
    '',
    '# What decided in each case that fires',
    ...ROWS.flatMap(({ fires }) => told(findingsOf(fires).slice(-1))),
    '',
    '# Limits of one’s own, a position listed twice, an exit off the tick',
    ...told(preview(commandFor(ENTRY), CALM, { ...STANDARD }).findings.list.slice(-1)),
    ...told(findingsOf(baseExit({ positions: [held(), held()] })).slice(-1)),
    ...told(findingsOf(exit({ stopPrice: price('49000.001') })).slice(-1)),
  ];
  await expect(`${golden.join('\n')}\n`).toMatchFileSnapshot('./testing/findings.golden.txt');
});
