import { DAY_MS, MINUTE_MS } from '../domain/clock.ts';
import { returnCorrelation } from '../domain/correlation.ts';
import type { InstrumentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order, OrderState } from '../domain/order.ts';
import { type OrderRecord, remainingHold, unfilled } from '../domain/order-record.ts';
import { equity } from '../domain/portfolio.ts';
import type { Position } from '../domain/position.ts';
import {
  absolute,
  larger,
  type Money,
  NO_MONEY,
  notional,
  type Price,
  subtract,
} from '../domain/units.ts';
import type { ReadonlyBook } from '../ledger/projections/book.ts';
import type { Exposure, OpenPosition, RestingExit, RiskSnapshot } from '../risk-kernel/snapshot.ts';
import type { Marks } from './marks.ts';

export interface SnapshotSources {
  readonly book: ReadonlyBook;
  readonly marks: Marks;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly auditIntact: boolean;
  readonly reconciled: boolean;
}

/** Which order the picture is taken for: correlations and the mark are its instrument's. */
export type SnapshotSubject = Pick<Order, 'id' | 'instrumentId'>;

/** The account as the ledger and the feed know it at this instant, for judging one order. */
export function takeSnapshot(
  sources: SnapshotSources,
  order: SnapshotSubject,
  nowMs: number,
): RiskSnapshot {
  const { book, marks } = sources;
  const live = book.liveOrders();
  const markOf = (id: InstrumentId): Price | undefined =>
    marks.get(id)?.price ?? book.mark(id)?.price;
  const equityNow = equity(book.portfolio, markOf);
  const mark = marks.get(order.instrumentId) ?? book.mark(order.instrumentId) ?? null;
  return {
    seq: book.seq,
    asOfMs: nowMs,
    tradingState: book.tradingState,
    emergency: book.emergency,
    auditIntact: sources.auditIntact,
    reconciled: sources.reconciled,
    permitted: [...sources.instruments.keys()],
    currency: book.portfolio.currency,
    equity: equityNow,
    peakEquity: larger(book.peakEquity, equityNow),
    dayOpenEquity: book.dayOpenEquity(nowMs),
    rung: book.rung,
    positions: [...book.portfolio.positions.values()].map((position) =>
      positionExposure(sources, order.instrumentId, position, live),
    ),
    holds: live
      .filter((record) => record.order.role === 'ENTRY')
      .map((record) => holdExposure(sources, order.instrumentId, record)),
    exits: live.filter((record) => record.order.reduceOnly).map(restingExit),
    recentEntries: book.traffic.entriesAfter(nowMs - DAY_MS),
    messagesLastMinute: book.traffic.messagesAfter(nowMs - MINUTE_MS),
    strategies: book.active.map((id) => {
      const standing = book.standings.get(id);
      return {
        id,
        enabled: standing?.enabled ?? false,
        lossStreak: standing?.lossStreak ?? Number.NaN,
        dayResult: book.strategyDayResult(id, nowMs, markOf),
      };
    }),
    mark,
    orderKnown: book.order(order.id) !== undefined,
  };
}

function positionExposure(
  sources: SnapshotSources,
  candidate: InstrumentId,
  position: Position,
  live: readonly OrderRecord[],
): OpenPosition {
  const mark =
    sources.marks.get(position.instrumentId)?.price ??
    sources.book.mark(position.instrumentId)?.price;
  const quantity = absolute(position.quantity);
  const value = mark === undefined ? absolute(position.cost) : notional(mark, quantity, 'up');
  const stop = live.find((record) => protects(record, position))?.order.stopPrice;
  return {
    ...identity(sources, candidate, position.instrumentId),
    strategyId: position.strategyId,
    direction: position.quantity > 0n ? 'LONG' : 'SHORT',
    quantity,
    notional: value,
    risk: mark === undefined || stop === undefined ? value : lossAtStop(position, mark, stop),
  };
}

/** Nothing can be lost at a stop that already lies in profit; what is not at risk counts as zero. */
function lossAtStop(position: Position, mark: Price, stop: Price): Money {
  const distance = position.quantity > 0n ? subtract(mark, stop) : subtract(stop, mark);
  return larger(notional(distance, absolute(position.quantity), 'up'), NO_MONEY);
}

/** A stop that may not have reached the venue, or may have left it, protects nothing. */
const AT_VENUE: ReadonlySet<OrderState> = new Set<OrderState>([
  'OPEN',
  'PARTIALLY_FILLED',
  'PENDING_CANCEL',
]);

const protects = (record: OrderRecord, position: Position): boolean =>
  record.order.role === 'STOP' &&
  AT_VENUE.has(record.state) &&
  record.order.instrumentId === position.instrumentId &&
  record.order.strategyId === position.strategyId &&
  unfilled(record) >= absolute(position.quantity);

function holdExposure(
  sources: SnapshotSources,
  candidate: InstrumentId,
  record: OrderRecord,
): Exposure {
  const hold = remainingHold(record);
  return {
    ...identity(sources, candidate, record.order.instrumentId),
    strategyId: record.order.strategyId,
    direction: record.order.side === 'BUY' ? 'LONG' : 'SHORT',
    notional: hold.notional,
    risk: hold.risk,
  };
}

function identity(
  { book, instruments }: SnapshotSources,
  candidate: InstrumentId,
  id: InstrumentId,
): Pick<Exposure, 'instrumentId' | 'assetClass' | 'correlation'> {
  // What is held but not known any more counts as the candidate's kind: it must not keep exits from being judged.
  const assetClass = (instruments.get(id) ?? instruments.get(candidate))?.assetClass ?? 'CRYPTO';
  const a = book.closes.get(candidate);
  const b = book.closes.get(id);
  const correlation =
    id === candidate ? 1 : a === undefined || b === undefined ? null : returnCorrelation(a, b);
  return { instrumentId: id, assetClass, correlation };
}

const restingExit = (record: OrderRecord): RestingExit => ({
  orderId: record.order.id,
  instrumentId: record.order.instrumentId,
  strategyId: record.order.strategyId,
  side: record.order.side,
  quantity: unfilled(record),
  limitPrice: record.order.limitPrice ?? null,
  ocoGroupId: record.order.ocoGroupId ?? null,
});
