/** An entry and an exit that the kernel clears, for tests that change one thing about them. */
import { clientOrderId, instrumentId, ocoGroupId, type StrategyId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import { BTC, MOMENTUM, REVERSION, sampleOrder, START_MS } from '../../domain/testing/samples.ts';
import { type DecimalText, money, NO_MONEY, price, quantity } from '../../domain/units.ts';
import type { Command } from '../command.ts';
import type {
  Ladder,
  OpenPosition,
  RecentEntry,
  RestingExit,
  RiskSnapshot,
  StrategyStanding,
} from '../snapshot.ts';

export interface Case {
  readonly command: Command;
  readonly snapshot: RiskSnapshot;
}

/** Worth 141.40 at its worst fill, 4.20 to lose at the stop, three to win for each one to lose. */
export const ENTRY: Order = sampleOrder({ quantity: quantity('0.0028') });

export const SHORT_ENTRY: Order = {
  ...ENTRY,
  side: 'SELL',
  protectiveStop: price('51000'),
  target: price('47000'),
};

const { protectiveStop: _, target: __, ...plain } = ENTRY;

export const EXIT: Order = {
  ...plain,
  id: clientOrderId('S1P1'),
  role: 'STOP',
  side: 'SELL',
  type: 'STOP',
  stopPrice: price('49000'),
  reduceOnly: true,
  ocoGroupId: ocoGroupId('exits:P1'),
};

/** A strategy in good standing. */
export const standing = (
  id: StrategyId,
  change: Partial<StrategyStanding> = {},
): StrategyStanding => ({ id, enabled: true, lossStreak: 0, dayResult: NO_MONEY, ...change });

export const CALM: RiskSnapshot = {
  seq: 7,
  asOfMs: START_MS,
  tradingState: 'ACTIVE',
  emergency: false,
  auditIntact: true,
  reconciled: true,
  permitted: [BTC.id],
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
  strategies: [standing(MOMENTUM), standing(REVERSION)],
  mark: { price: price('50000'), atMs: START_MS },
  orderKnown: false,
};

export const commandFor = (order: Order, change: Partial<Command> = {}): Command => ({
  order,
  instrument: BTC,
  nowMs: START_MS,
  ...change,
});

/** A small position of another strategy in an instrument that moves on its own. */
export const position = (name: string, change: Partial<OpenPosition> = {}): OpenPosition => ({
  instrumentId: instrumentId(`${name}/USD`),
  strategyId: REVERSION,
  assetClass: 'CRYPTO',
  direction: 'LONG',
  quantity: quantity('1'),
  notional: money('10'),
  risk: money('1'),
  correlation: 0,
  addTo: null,
  ...change,
});

export const positions = (count: number, change: Partial<OpenPosition> = {}): OpenPosition[] =>
  Array.from({ length: count }, (_, index) => position(`X${index}`, change));

/** The position that `EXIT` ends. */
export const held = (size: DecimalText = '0.0028'): OpenPosition =>
  position('BTC', {
    strategyId: MOMENTUM,
    quantity: quantity(size),
    notional: money('140'),
    risk: money('2.8'),
    correlation: 1,
  });

export const baseEntry = (change: Partial<RiskSnapshot> = {}): Case => ({
  command: commandFor(ENTRY),
  snapshot: { ...CALM, ...change },
});

export const baseExit = (change: Partial<RiskSnapshot> = {}): Case => ({
  command: commandFor(EXIT),
  snapshot: { ...CALM, positions: [held()], ...change },
});

/** The step planned four hundred dollars below `ENTRY`, half its size. */
export const ladder = (change: Partial<Ladder> = {}): Ladder => ({
  entryId: ENTRY.id,
  instrumentId: BTC.id,
  strategyId: MOMENTUM,
  side: 'BUY',
  protectiveStop: price('49000'),
  adds: [{ orderId: clientOrderId('E2P1'), price: price('49600'), quantity: quantity('0.0014') }],
  ...change,
});

/** That step, sent while `ENTRY` is held. */
export const ADD: Order = {
  ...ENTRY,
  id: clientOrderId('E2P1'),
  type: 'LIMIT',
  limitPrice: price('49600'),
  quantity: quantity('0.0014'),
  addTo: ENTRY.id,
};

export const baseAdd = (change: Partial<RiskSnapshot> = {}): Case => ({
  command: commandFor(ADD),
  snapshot: { ...CALM, positions: [held()], ladders: [ladder()], ...change },
});

/** An entry of another strategy in another instrument, cleared a minute before. */
export const recent = (change: Partial<RecentEntry> = {}): RecentEntry => ({
  instrumentId: instrumentId('X/USD'),
  side: 'BUY',
  quantity: quantity('1'),
  notional: money('10'),
  atMs: START_MS - 60_000,
  ...change,
});

/** A resting stop of another strategy in another instrument. */
export const resting = (id: string, change: Partial<RestingExit> = {}): RestingExit => ({
  orderId: clientOrderId(id),
  instrumentId: instrumentId('X/USD'),
  strategyId: REVERSION,
  side: 'SELL',
  quantity: quantity('1'),
  limitPrice: null,
  ocoGroupId: null,
  ...change,
});
