import { text } from '../../../domain/units.ts';
import type { CycleId } from '../../../domain/ids.ts';
import type { EventOf } from '../../../domain/event.ts';
import type { ChartView, MarkerView } from '../../api/views.ts';
import type { Sources } from '../sources.ts';

export function chartView({ runtime, projection }: Sources): ChartView {
  const { book, decisions } = runtime.parts;
  const { closed, forming } = projection.candles;
  const fromMs = (closed[0]?.time ?? 0) * 1_000;
  const marker = ({ atMs, correlationId, body }: EventOf<'order.filled'>): MarkerView => ({
    fillId: body.fillId,
    timeMs: atMs,
    side: body.side,
    role: book.order(body.orderId)?.order.role ?? '',
    price: body.price,
    quantity: body.quantity,
    cycleId: decisions.get(correlationId as CycleId)?.cycleId ?? null,
  });
  return {
    candles: [...closed],
    forming,
    fills: projection.fills.filter(({ atMs }) => atMs >= fromMs).map(marker),
    equity: projection.equity.points.map(({ timeMs, equity }) => ({
      timeMs,
      equity: text(equity),
    })),
  };
}
