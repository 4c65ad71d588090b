/**
 * A venue that answers what a test tells it to and fills only when a test says so. It keeps everything
 * it was ever sent, so that a test can tell what it heard of.
 */
import type { ClientOrderId } from '../../domain/ids.ts';
import { fillId, venueOrderId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import { type DecimalText, NO_MONEY, price, quantity, text } from '../../domain/units.ts';
import { type ClearedOrder, isCleared } from '../../risk-kernel/review.ts';
import type { SubmitOutcome, Venue, VenueReport } from '../venue.ts';

/** LOST rests at the venue though nobody was told; TIMEOUT never arrived. Both look the same from here. */
export type Answer = 'ACCEPT' | 'REJECT' | 'UNKNOWN' | 'LOST' | 'TIMEOUT' | 'BREAK';

export class LyingVenue implements Venue {
  readonly name = 'lying';
  readonly received: Order[] = [];
  readonly resting = new Map<ClientOrderId, Order>();
  /** What it will say of an order; decided anew for each. */
  answer: (order: Order) => Answer = () => 'ACCEPT';
  /** Runs before anything else when an order arrives. */
  onArrival: (order: Order) => Promise<void> = async () => {};
  #reports: VenueReport[] = [];
  #fills = 0;

  // Not async: a BREAK throws before there is a promise, as a client library with a bug would.
  submit(order: ClearedOrder): Promise<SubmitOutcome> {
    if (!isCleared(order)) throw new Error(`order ${order.id} carries no redeemed clearance`);
    this.received.push(order);
    const answer = this.answer(order);
    if (answer === 'BREAK') throw new Error('the client broke');
    return this.onArrival(order).then(() => this.#say(order, answer));
  }

  async cancel(id: ClientOrderId): Promise<boolean> {
    const known = this.resting.delete(id);
    if (known) this.report({ kind: 'CANCELED', orderId: id, because: 'canceled on request' });
    return known;
  }

  async openOrders(): Promise<readonly ClientOrderId[]> {
    return [...this.resting.keys()];
  }

  takeReports(): readonly VenueReport[] {
    const reports = this.#reports;
    this.#reports = [];
    return reports;
  }

  report(...reports: readonly VenueReport[]): void {
    this.#reports.push(...reports);
  }

  /** Fills an order, or a part of it; the first fill of a group cancels the rest of the group. */
  fill(id: ClientOrderId, at: DecimalText, part?: DecimalText): void {
    const order = this.received.find((one) => one.id === id);
    if (order === undefined) throw new Error(`${id} was never sent here`);
    this.#fills += 1;
    this.report({
      kind: 'FILL',
      fillId: fillId(`fill-${this.#fills}`),
      orderId: id,
      quantity: quantity(part ?? text(order.quantity)),
      price: price(at),
      fee: NO_MONEY,
    });
    if (part === undefined) this.resting.delete(id);
    for (const other of this.resting.values()) {
      if (order.ocoGroupId === undefined || other.ocoGroupId !== order.ocoGroupId) continue;
      if (other.id === id) continue;
      this.resting.delete(other.id);
      this.report({ kind: 'CANCELED', orderId: other.id, because: `${id} filled first` });
    }
  }

  #say(order: Order, answer: Answer): SubmitOutcome {
    if (answer === 'ACCEPT' || answer === 'LOST') this.resting.set(order.id, order);
    switch (answer) {
      case 'ACCEPT':
        return { kind: 'ACCEPTED', venueOrderId: venueOrderId(`v-${order.id}`) };
      case 'REJECT':
        return { kind: 'REJECTED', because: 'the venue does not like it' };
      case 'UNKNOWN':
        return { kind: 'UNKNOWN', because: 'the venue is not sure' };
      default:
        throw new Error('the line went dead');
    }
  }
}
