/** The venue as the auditor knows it: what was really placed, traded and ended there. */
import { decimal, least, most, size, times } from './decimal.ts';
import { positionKey } from './journal-model.ts';
import type { FillWords, OrderWords } from './testimony.ts';

export interface TrueOrder {
  readonly order: OrderWords;
  placed: boolean;
  rests: boolean;
  filled: bigint;
  /** The venue said it was not there while it was. */
  denied: boolean;
  cancelAsked: boolean;
}

export class VenueModel {
  cash = 0n;
  readonly orders = new Map<string, TrueOrder>();
  readonly resting = new Set<TrueOrder>();
  readonly fills = new Map<string, FillWords>();
  readonly prices = new Map<string, bigint>();
  /** By position key, signed: as it is, and as far as any client was told. */
  readonly positions = new Map<string, bigint>();
  readonly told = new Map<string, bigint>();
  readonly #told = new Set<string>();

  ask(order: OrderWords): TrueOrder {
    const asked = {
      order,
      placed: false,
      rests: false,
      filled: 0n,
      denied: false,
      cancelAsked: false,
    };
    this.orders.set(order.id, asked);
    return asked;
  }

  place(orderId: string): TrueOrder | undefined {
    const found = this.orders.get(orderId);
    if (found === undefined) return undefined;
    found.placed = true;
    found.rests = true;
    this.resting.add(found);
    return found;
  }

  trade(fill: FillWords): void {
    this.fills.set(fill.fillId, fill);
    const quantity = decimal(fill.quantity);
    const value = times(decimal(fill.price), quantity);
    this.cash += (fill.side === 'BUY' ? -value : value) - decimal(fill.fee);
    this.#move(this.positions, fill);
    const found = this.orders.get(fill.orderId);
    if (found === undefined) return;
    found.filled += quantity;
    if (found.filled >= decimal(found.order.quantity)) this.end(fill.orderId);
  }

  end(orderId: string): void {
    const found = this.orders.get(orderId);
    if (found === undefined) return;
    found.rests = false;
    this.resting.delete(found);
  }

  tell(fillIds: readonly string[]): void {
    for (const id of fillIds) {
      const fill = this.fills.get(id);
      if (fill === undefined || this.#told.has(id)) continue;
      this.#told.add(id);
      this.#move(this.told, fill);
    }
  }

  /** Net of all strategies, by instrument. */
  netPositions(): ReadonlyMap<string, bigint> {
    const net = new Map<string, bigint>();
    for (const [key, amount] of this.positions) {
      const instrument = key.slice(0, key.lastIndexOf(':'));
      net.set(instrument, (net.get(instrument) ?? 0n) + amount);
    }
    return net;
  }

  equity(): bigint {
    let total = this.cash;
    for (const [instrument, amount] of this.netPositions())
      total += times(this.prices.get(instrument) ?? 0n, amount);
    return total;
  }

  /** How much of a position a client can know of: no more than there is, no more than was told. */
  known(key: string): bigint {
    const real = this.positions.get(key) ?? 0n;
    const told = this.told.get(key) ?? 0n;
    if (real > 0n) return most(0n, least(real, told));
    return least(0n, most(real, told));
  }

  /** How much of it the resting stops would take off, and closes at the market that are on their way. */
  covered(key: string): bigint {
    const held = this.positions.get(key) ?? 0n;
    const groups = new Map<string, bigint>();
    for (const { order, filled } of this.resting) {
      if (positionKey(order.instrumentId, order.strategyId) !== key) continue;
      const guards = order.role === 'STOP' || (order.role === 'EXIT' && order.type === 'MARKET');
      if (!guards || (order.side === 'SELL') !== held > 0n) continue;
      // Of one group only one can ever fill.
      const group = order.ocoGroupId ?? order.id;
      groups.set(group, most(groups.get(group) ?? 0n, decimal(order.quantity) - filled));
    }
    return [...groups.values()].reduce((sum, rest) => sum + rest, 0n);
  }

  /** Every order that was ever sent for a position. */
  ordersOf(key: string): readonly string[] {
    return [...this.orders.values()]
      .filter(({ order }) => positionKey(order.instrumentId, order.strategyId) === key)
      .map(({ order }) => order.id);
  }

  /** What a position lacks of being covered. */
  bare(key: string): bigint {
    return most(0n, size(this.known(key)) - this.covered(key));
  }

  #move(
    positions: Map<string, bigint>,
    { orderId, instrumentId, side, quantity }: FillWords,
  ): void {
    const strategyId = this.orders.get(orderId)?.order.strategyId ?? 'nobody';
    const key = positionKey(instrumentId, strategyId);
    const amount = decimal(quantity);
    positions.set(key, (positions.get(key) ?? 0n) + (side === 'BUY' ? amount : -amount));
  }
}
