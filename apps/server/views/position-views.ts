import { type OrderRecord, unfilled, UNRESOLVED_STATES } from '../../../domain/order-record.ts';
import { entryPrice, marketValue, type Position, unrealised } from '../../../domain/position.ts';
import { absolute, text, toTick } from '../../../domain/units.ts';
import type { OrderView, PositionView } from '../../api/views.ts';
import type { Runtime } from '../../runtime/runtime.ts';

export function positionViews(runtime: Runtime): readonly PositionView[] {
  const { book } = runtime.parts;
  const live = book.liveOrders();
  return [...book.portfolio.positions.values()].map((position) =>
    positionView(runtime, position, live),
  );
}

function positionView(
  { options, parts }: Runtime,
  position: Position,
  live: readonly OrderRecord[],
): PositionView {
  const { instrument } = options.feed;
  const { instrumentId, strategyId } = position;
  const entry = toTick(entryPrice(position), instrument.tick, 'half-even');
  const mark = (parts.marks.get(instrumentId) ?? parts.book.mark(instrumentId))?.price ?? entry;
  const own = live.filter(
    ({ order }) => order.instrumentId === instrumentId && order.strategyId === strategyId,
  );
  const stop = own.findLast(({ order }) => order.role === 'STOP');
  const target = own.findLast(({ order }) => order.role === 'TARGET');
  const stopPrice = stop?.order.stopPrice;
  const targetPrice = target?.order.limitPrice;
  return {
    instrumentId,
    strategyId,
    direction: position.quantity > 0n ? 'LONG' : 'SHORT',
    quantity: text(absolute(position.quantity)),
    base: instrument.base,
    entryPrice: text(entry),
    markPrice: text(mark),
    notional: text(absolute(marketValue(position, mark))),
    unrealised: text(unrealised(position, mark)),
    stopPrice: stopPrice === undefined ? null : text(stopPrice),
    targetPrice: targetPrice === undefined ? null : text(targetPrice),
    isProtected: own.some((record) => protects(record, position)),
    openedAtMs: position.openedAtMs,
  };
}

/** Rests at the venue, not merely on its way, and covers everything that is held. */
const protects = (record: OrderRecord, position: Position): boolean =>
  record.order.role === 'STOP' &&
  record.venueOrderId !== null &&
  unfilled(record) >= absolute(position.quantity);

export function orderView({ order, filled, state, submittedAtMs }: OrderRecord): OrderView {
  const shown = order.limitPrice ?? order.stopPrice;
  return {
    id: order.id,
    instrumentId: order.instrumentId,
    strategyId: order.strategyId,
    role: order.role,
    side: order.side,
    type: order.type,
    quantity: text(order.quantity),
    filled: text(filled),
    price: shown === undefined ? null : text(shown),
    state,
    unresolved: UNRESOLVED_STATES.has(state),
    atMs: submittedAtMs,
  };
}
