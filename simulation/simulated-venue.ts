/**
 * A venue in the same process. It ignores queue position, market impact, partial fills and latency:
 * a market order fills whole at the next price it sees, a stop at its trigger or at the gap beyond it,
 * a limit at its price once the market trades through it.
 */
import type { ClientOrderId, InstrumentId } from '../domain/ids.ts';
import { fillId, venueOrderId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { Random } from '../domain/random.ts';
import {
  add,
  basisPoints,
  notional,
  type Price,
  larger,
  smaller,
  subtract,
  toTick,
} from '../domain/units.ts';
import type { SubmitOutcome, Venue, VenueReport } from '../execution/venue.ts';
import { type ClearedOrder, isCleared } from '../risk-kernel/review.ts';
import { type Costs, costsOf } from './costs.ts';

export class SimulatedVenue implements Venue {
  readonly name = 'simulated';
  readonly #instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly #chanceOf: (order: ClientOrderId) => Random;
  readonly #resting = new Map<ClientOrderId, Order>();
  #reports: VenueReport[] = [];

  /** `chanceOf` gives each order its own chance, so that a restart does not change a later fill. */
  constructor(
    instruments: ReadonlyMap<InstrumentId, Instrument>,
    chanceOf: (order: ClientOrderId) => Random,
  ) {
    this.#instruments = instruments;
    this.#chanceOf = chanceOf;
  }

  /** Orders that rested here before the process ended, as the ledger knows them. */
  restore(orders: readonly Order[]): void {
    for (const order of orders) this.#resting.set(order.id, order);
  }

  async submit(order: ClearedOrder): Promise<SubmitOutcome> {
    if (!isCleared(order)) throw new Error(`order ${order.id} carries no redeemed clearance`);
    if (this.#resting.has(order.id)) {
      return { kind: 'REJECTED', because: `order ${order.id} already rests here` };
    }
    if (order.type === 'STOP_LIMIT') {
      return { kind: 'REJECTED', because: 'STOP_LIMIT orders are not traded here' };
    }
    if (!this.#instruments.has(order.instrumentId)) {
      return { kind: 'REJECTED', because: `${order.instrumentId} is not traded here` };
    }
    this.#resting.set(order.id, order);
    return { kind: 'ACCEPTED', venueOrderId: venueOrderId(`sim-${order.id}`) };
  }

  async cancel(id: ClientOrderId): Promise<boolean> {
    const known = this.#resting.delete(id);
    if (known)
      this.#reports.push({ kind: 'CANCELED', orderId: id, because: 'canceled on request' });
    return known;
  }

  async openOrders(): Promise<readonly ClientOrderId[]> {
    return [...this.#resting.keys()];
  }

  takeReports(): readonly VenueReport[] {
    const reports = this.#reports;
    this.#reports = [];
    return reports;
  }

  /** One traded price: a tick, or the open or close of a bar. */
  print(instrumentId: InstrumentId, at: Price): void {
    for (const order of this.#ordersOf(instrumentId)) {
      if (order.type === 'MARKET') this.#fillAsTaker(order, at);
      else if (order.type === 'STOP' && isTriggered(order, at, at)) this.#fillAsTaker(order, at);
      else if (order.type === 'LIMIT' && isReached(order, at, at)) this.#fill(order, at);
    }
  }

  /**
   * The rest of a bar, of which only the extremes are known: every stop it touched fills before any
   * target does, because the bar cannot say which came first and the worse guess is the honest one.
   */
  range(instrumentId: InstrumentId, low: Price, high: Price): void {
    for (const order of this.#ordersOf(instrumentId)) {
      if (order.type === 'STOP' && order.stopPrice !== undefined && isTriggered(order, low, high)) {
        this.#fillAsTaker(order, traded(order.stopPrice, low, high));
      }
    }
    for (const order of this.#ordersOf(instrumentId)) {
      if (order.type === 'LIMIT' && order.limitPrice !== undefined && isReached(order, low, high)) {
        this.#fill(order, traded(order.limitPrice, low, high));
      }
    }
  }

  #ordersOf(instrumentId: InstrumentId): readonly Order[] {
    // Exits of one group may cancel each other while this list is walked; `#fill` looks again.
    return [...this.#resting.values()].filter((order) => order.instrumentId === instrumentId);
  }

  #fillAsTaker(order: Order, at: Price): void {
    const instrument = this.#instrument(order);
    const costs = costsOf(instrument.assetClass);
    this.#fill(order, adverse(order, at, costs, this.#chanceOf(order.id), instrument));
  }

  #fill(order: Order, at: Price): void {
    if (!this.#resting.delete(order.id)) return;
    const { feeBps } = costsOf(this.#instrument(order).assetClass);
    this.#reports.push({
      kind: 'FILL',
      fillId: fillId(`${order.id}-1`),
      orderId: order.id,
      quantity: order.quantity,
      price: at,
      fee: basisPoints(notional(at, order.quantity), feeBps, 'up'),
    });
    this.#cancelGroup(order);
  }

  #cancelGroup(filled: Order): void {
    if (filled.ocoGroupId === undefined) return;
    for (const order of this.#resting.values()) {
      if (order.ocoGroupId !== filled.ocoGroupId) continue;
      this.#resting.delete(order.id);
      this.#reports.push({
        kind: 'CANCELED',
        orderId: order.id,
        because: `${filled.id} filled first`,
      });
    }
  }

  #instrument(order: Order): Instrument {
    const instrument = this.#instruments.get(order.instrumentId);
    if (instrument === undefined) throw new Error(`${order.instrumentId} is not traded here`);
    return instrument;
  }
}

/** Half the spread and a random slip, against the order, to the next tick. */
function adverse(
  order: Order,
  at: Price,
  costs: Costs,
  random: Random,
  instrument: Instrument,
): Price {
  const thousandths = Math.floor(random.next() * (costs.slippageBpsMax * 1_000 + 1));
  const milliBps = costs.spreadBps * 500 + thousandths;
  const slip = basisPoints(at, milliBps, 'up');
  const away = toTick((slip / 1_000n) as Price, instrument.tick, 'up');
  return order.side === 'BUY' ? add(at, away) : larger(subtract(at, away), instrument.tick);
}

/** A price nobody traded at fills nothing: a level outside the range counts as its nearer end. */
const traded = (level: Price, low: Price, high: Price): Price => larger(low, smaller(level, high));

function isTriggered(order: Order, low: Price, high: Price): boolean {
  if (order.stopPrice === undefined) return false;
  return order.side === 'SELL' ? low <= order.stopPrice : high >= order.stopPrice;
}

function isReached(order: Order, low: Price, high: Price): boolean {
  if (order.limitPrice === undefined) return false;
  return order.side === 'BUY' ? low <= order.limitPrice : high >= order.limitPrice;
}
