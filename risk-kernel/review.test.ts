import { describe, expect, test } from 'vitest';

import { clientOrderId, strategyId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { REASON_CODES, type ReasonCode } from '../domain/reason-code.ts';
import { BTC, ETH, MOMENTUM, REVERSION, START_MS } from '../domain/testing/samples.ts';
import { add, type Money, money, price, quantity, subtract } from '../domain/units.ts';
import type { Command } from './command.ts';
import { LIMITS } from './limits.ts';
import { preview, review } from './review.ts';
import type { RiskSnapshot, StrategyStanding } from './snapshot.ts';
import {
  baseEntry,
  baseExit,
  CALM,
  type Case,
  commandFor,
  ENTRY,
  EXIT,
  held,
  position,
  positions,
  SHORT_ENTRY,
} from './testing/base-case.ts';

const codeOf = ({ command, snapshot }: Case): ReasonCode | 'CLEARED' => {
  const verdict = review(command, snapshot);
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
const short = (change: Partial<Order>): Case => entry({ ...SHORT_ENTRY, ...change });
const exit = (change: Partial<Order>): Case => ({
  command: commandFor({ ...EXIT, ...change }),
  snapshot: baseExit().snapshot,
});
const without = (name: 'protectiveStop' | 'target'): Case => {
  const order = Object.fromEntries(Object.entries(ENTRY).filter(([key]) => key !== name));
  return { command: commandFor(order as unknown as Order), snapshot: CALM };
};

const standing = (change: Partial<StrategyStanding>): Partial<RiskSnapshot> => ({
  strategies: [{ id: MOMENTUM, enabled: true, lossStreak: 0, ...change }],
});
const active = (enabled: readonly boolean[]): Partial<RiskSnapshot> => ({
  strategies: enabled.map((on, index) => ({
    id: index === 0 ? MOMENTUM : strategyId(`other${index}`),
    enabled: on,
    lossStreak: 0,
  })),
});

/** The account at one value of equity, which was also its peak and the day's opening. */
const worth = (equity: Money): Partial<RiskSnapshot> => ({
  equity,
  peakEquity: equity,
  dayOpenEquity: equity,
});

const smallEntry = (snapshot: Partial<RiskSnapshot>): Case => ({
  command: commandFor({ ...ENTRY, quantity: quantity('0.0015') }),
  snapshot: { ...CALM, ...snapshot },
});

/** What `ENTRY` is worth at its worst fill, and what is then left of a sum. */
const VALUE = money('141.4');
const beside = (sum: string): Money => subtract(money(sum), VALUE);
const elsewhere = (notional: Money): Partial<RiskSnapshot> => ({
  positions: [position('X', { notional })],
});
const sameInstrument = (notional: Money): Partial<RiskSnapshot> => ({
  positions: [position('BTC', { notional, correlation: 1 })],
});
const ownRisk = (risk: Money): Partial<RiskSnapshot> => ({
  holds: [position('X', { strategyId: MOMENTUM, notional: money('600'), risk })],
});

/** Exactly two hundred to lose from the worst fill: two percent of the account. */
const twoPercent: Partial<Order> = {
  quantity: quantity('0.016'),
  protectiveStop: price('38000'),
  target: price('70000'),
};
const limitAt = (limit: string): Partial<Order> => ({ type: 'LIMIT', limitPrice: price(limit) });
const stopAt = (trigger: string): Partial<Order> => ({ type: 'STOP', stopPrice: price(trigger) });

interface Row {
  readonly code: ReasonCode;
  readonly fires: Case;
  /** One unit away. */
  readonly spares: Case;
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
    // A fall of 14.99 % and the smallest bit more counts as the next whole basis point, 15 %.
    code: 'DRAWDOWN_EXCEEDS_MAXIMUM',
    fires: baseEntry({ equity: justUnder(money('8501')), dayOpenEquity: money('8501') }),
    spares: baseEntry({ equity: money('8501'), dayOpenEquity: money('8501') }),
  },
  {
    code: 'POSITIONS_EXCEED_MAXIMUM',
    fires: baseEntry({ positions: positions(9), holds: [position('H')] }),
    spares: baseEntry({ positions: positions(9) }),
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
    fires: baseEntry({ entriesToday: 20 }),
    spares: baseEntry({ entriesToday: 19 }),
  },
  {
    code: 'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
    fires: baseEntry({ entriesLastHour: 5 }),
    spares: baseEntry({ entriesLastHour: 4 }),
  },
  {
    code: 'MARKET_DATA_MISSING',
    fires: baseEntry({ mark: null }),
    spares: baseEntry({ mark: CALM.mark }),
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
    code: 'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
    fires: entry({ ...twoPercent, protectiveStop: price('37999.99') }),
    spares: entry(twoPercent),
  },
  {
    // Two percent of a hair under 10,000 is a hair under 200: limits are rounded down.
    code: 'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
    fires: { ...entry(twoPercent), snapshot: { ...CALM, ...worth(justUnder(money('10000'))) } },
    spares: { ...entry(twoPercent), snapshot: { ...CALM, ...worth(money('10000')) } },
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
  {
    code: 'LEVERAGE_EXCEEDS_MAXIMUM',
    fires: baseEntry(elsewhere(justOver(beside('100000')))),
    spares: baseEntry(elsewhere(beside('100000'))),
    spared: 'BUYING_POWER_INSUFFICIENT',
  },
  {
    code: 'BUYING_POWER_INSUFFICIENT',
    fires: baseEntry(elsewhere(justOver(beside('10000')))),
    spares: baseEntry(elsewhere(beside('10000'))),
  },
  {
    code: 'PRICE_NOT_ON_TICK',
    fires: entry({ target: price('53000.000000000001') }),
    spares: entry({ target: price('53000') }),
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
    code: 'STRATEGY_UNKNOWN',
    fires: baseEntry(standing({ id: REVERSION })),
    spares: baseEntry(standing({ id: MOMENTUM })),
  },
  {
    code: 'STRATEGY_DISABLED',
    fires: baseEntry(standing({ enabled: false })),
    spares: baseEntry(standing({ enabled: true })),
  },
  {
    code: 'STRATEGY_LOSING_STREAK',
    fires: baseEntry(standing({ lossStreak: 5 })),
    spares: baseEntry(standing({ lossStreak: 4 })),
  },
  {
    code: 'STRATEGIES_ACTIVE_EXCEED_MAXIMUM',
    fires: baseEntry(active([true, true, true, true, true])),
    spares: baseEntry(active([true, true, true, true, false])),
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
    // An exit outside the group may fill beside this one, so both must fit.
    code: 'REDUCE_EXCEEDS_POSITION',
    fires: baseExit({ positions: [held('0.00279999')] }),
    spares: baseExit({
      exits: [
        {
          orderId: clientOrderId('T1P1'),
          instrumentId: BTC.id,
          strategyId: MOMENTUM,
          side: 'SELL',
          quantity: quantity('0.0028'),
          ocoGroupId: EXIT.ocoGroupId ?? null,
        },
      ],
    }),
  },
];

/** Given by the engine and the approvals, and tested there. */
const OUTSIDE: readonly ReasonCode[] = ['CLEARANCE_INVALID', 'APPROVAL_MISSING', 'PRICE_MOVED'];

test('the base cases clear, long, short and out', () => {
  expect(codeOf(baseEntry())).toBe('CLEARED');
  expect(codeOf(short({}))).toBe('CLEARED');
  expect(codeOf(baseExit())).toBe('CLEARED');
});

test('every code the kernel can give has a case that fires it and one that is spared', () => {
  const tested = new Set(ROWS.map(({ code }) => code));
  expect([...REASON_CODES].sort()).toEqual([...tested, ...OUTSIDE].sort());
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
    ['a trailing distance that is no count', entry({ trailBps: Number.NaN })],
    ['a name that could pass for two fields', entry({ id: 'E1|P1' as Order['id'] })],
    ['a side that is none', entry({ side: 'HOLD' as Order['side'] })],
    ['a type that is none', entry({ type: 'ICEBERG' as Order['type'] })],
    ['a role that is none', exit({ role: 'HEDGE' as Order['role'] })],
    ['a time in force that is none', entry({ timeInForce: 'GTD' as Order['timeInForce'] })],
  ];

  test.each(malformed)('%s', (_, one) => {
    expect(codeOf(one)).toBe('COMMAND_MALFORMED');
  });
});

test('an exit is held to tick and lot', () => {
  expect(codeOf(exit({ quantity: quantity('0.002799999999') }))).toBe('QUANTITY_NOT_ON_LOT');
  expect(codeOf(exit({ stopPrice: price('49000.001') }))).toBe('PRICE_NOT_ON_TICK');
});

test('an exit of a picture that cannot say how much there is, is not cleared', () => {
  const rival = {
    orderId: clientOrderId('X9P9'),
    instrumentId: BTC.id,
    strategyId: MOMENTUM,
    side: 'SELL' as const,
    quantity: quantity('-1'),
    ocoGroupId: null,
  };
  expect(codeOf(baseExit({ exits: [rival] }))).toBe('SNAPSHOT_INCONSISTENT');
  expect(codeOf(baseExit({ positions: [held('0')] }))).toBe('SNAPSHOT_INCONSISTENT');
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
    ['COMMAND_MALFORMED', { trailBps: -1 }, {}],
    ['COMMAND_DUPLICATE', {}, { orderKnown: true }],
    ['SNAPSHOT_INCONSISTENT', {}, { seq: -1 }],
    ['SNAPSHOT_STALE', {}, { asOfMs: 0 }],
    ['AUDIT_CHAIN_BROKEN', {}, { auditIntact: false }],
    ['RECONCILIATION_PENDING', {}, { reconciled: false }],
    ['INSTRUMENT_NOT_PERMITTED', {}, { permitted: [] }],
    ['EMERGENCY_ACTIVE', {}, { emergency: true }],
    ['TRADING_HALTED', {}, { tradingState: 'HALTED' }],
    ['DRAWDOWN_EXCEEDS_MAXIMUM', {}, { peakEquity: money('1000000') }],
    ['POSITIONS_EXCEED_MAXIMUM', {}, { positions: positions(10) }],
    ['ENTRIES_PER_DAY_EXCEED_MAXIMUM', {}, { entriesToday: 20 }],
    ['ENTRIES_PER_HOUR_EXCEED_MAXIMUM', {}, { entriesLastHour: 5 }],
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
    for (const one of [baseEntry(), baseExit(), ...ROWS.map(({ fires }) => fires)]) {
      const { clearance: _, ...verdict } = {
        clearance: undefined,
        ...review(one.command, one.snapshot),
      };
      expect(preview(one.command, one.snapshot)).toEqual(verdict);
    }
  });

  test('lists every comparison up to the one that failed', () => {
    const { command, snapshot } = baseEntry({ entriesToday: 20 });
    const { findings } = preview(command, snapshot);
    expect(findings.slice(0, -1).every(({ passed }) => passed)).toBe(true);
    expect(findings.at(-1)).toEqual({
      code: 'ENTRIES_PER_DAY_EXCEED_MAXIMUM',
      passed: false,
      value: 20,
      limit: 20,
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
