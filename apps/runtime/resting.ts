import type { InstrumentId } from '../../domain/ids.ts';
import { add, NO_QUANTITY, type Quantity } from '../../domain/units.ts';
import type { ReadonlyBook } from '../../ledger/projections/readonly-book.ts';
import type { Restored } from '../../simulation/exchange.ts';

/** The account and its open orders, as an exchange that starts anew needs to know them. */
export function restingAt(book: ReadonlyBook): Restored {
  const positions = new Map<InstrumentId, Quantity>();
  for (const { instrumentId, quantity } of book.portfolio.positions.values())
    positions.set(instrumentId, add(positions.get(instrumentId) ?? NO_QUANTITY, quantity));
  const orders = book.liveOrders().filter(({ venueOrderId }) => venueOrderId !== null);
  return { orders, cash: book.portfolio.cash, positions };
}
