import { DAY_MS, MINUTE_MS } from '../domain/clock.ts';
import { returnCorrelation } from '../domain/correlation.ts';
import type { InstrumentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import { type OrderRecord, remainingHold, unfilled } from '../domain/order-record.ts';
import { equity } from '../domain/portfolio.ts';
import type { Position } from '../domain/position.ts';
import { absolute, larger, notional, type Price } from '../domain/units.ts';
import type { ReadonlyBook } from '../ledger/projections/readonly-book.ts';
import { type Hold, holdOf } from '../risk-kernel/command.ts';
import type { Exposure, OpenPosition, RestingExit, RiskSnapshot } from '../risk-kernel/snapshot.ts';
import type { Marks } from './marks.ts';
import { lossAtStops } from './risk-at-stops.ts';
import { standingLadders, unsentAdds } from './risk-ladders.ts';
import { locksOf } from './risk-locks.ts';

export interface SnapshotSources {
  readonly book: ReadonlyBook;
  readonly marks: Marks;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly auditIntact: boolean;
  readonly reconciled: boolean;
}

/**
 * Which order the picture is taken for: correlations and the mark are its instrument's, and what is
 * reserved for it is left out, because it is about to stand for itself.
 */
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
  const mark = marks.get(order.instrumentId) ?? book.mark(order.instrumentId);
  const ladders = standingLadders(book);
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
    positions: [...book.portfolio.positions.values()]
      .filter((position) => isTradable(position, sources.instruments))
      .map((position) => positionExposure(sources, order.instrumentId, position, live)),
    holds: [
      ...live
        .filter((record) => record.order.role === 'ENTRY')
        .map((record) =>
          holdExposure(sources, order.instrumentId, record.order, remainingHold(record)),
        ),
      ...unsentAdds(book, ladders, order.id).map((add) =>
        holdExposure(sources, order.instrumentId, add, reserveFor(add, markOf)),
      ),
    ],
    ladders: ladders.map(({ ladder }) => ladder),
    locks: locksOf(book, live),
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
    mark: mark === undefined ? null : marks.aged(mark),
    orderKnown: book.order(order.id) !== undefined,
  };
}

/** Less than a lot, as a fee in base leaves it, can neither be closed nor guarded, and takes no place. */
function isTradable(
  { instrumentId, quantity }: Position,
  instruments: SnapshotSources['instruments'],
): boolean {
  const lot = instruments.get(instrumentId)?.lot;
  return lot === undefined || absolute(quantity) >= lot;
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
  return {
    ...identity(sources, candidate, position.instrumentId),
    strategyId: position.strategyId,
    direction: position.quantity > 0n ? 'LONG' : 'SHORT',
    quantity,
    notional: value,
    // Without a stop of its full size all of it is at risk.
    risk: (mark === undefined ? undefined : lossAtStops(position, mark, live)) ?? value,
    addTo: null,
  };
}

/** An add whose instrument has no price yet is reckoned at its own. */
const reserveFor = (add: Order, markOf: (id: InstrumentId) => Price | undefined): Hold =>
  holdOf(add, markOf(add.instrumentId) ?? add.limitPrice);

function holdExposure(
  sources: SnapshotSources,
  candidate: InstrumentId,
  order: Order,
  { notional: value, risk }: Hold,
): Exposure {
  return {
    ...identity(sources, candidate, order.instrumentId),
    strategyId: order.strategyId,
    direction: order.side === 'BUY' ? 'LONG' : 'SHORT',
    notional: value,
    risk,
    addTo: order.addTo ?? null,
  };
}

function identity(
  { book, instruments }: SnapshotSources,
  candidate: InstrumentId,
  id: InstrumentId,
): Pick<Exposure, 'instrumentId' | 'assetClass' | 'correlation'> {
  // What is held but not known any more counts as the candidate's kind: it must not keep exits from being judged.
  const assetClass = (instruments.get(id) ?? instruments.get(candidate))?.assetClass ?? 'CRYPTO';
  const a = book.bars.get(candidate);
  const b = book.bars.get(id);
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
