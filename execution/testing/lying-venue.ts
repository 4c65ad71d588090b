/**
 * A venue that answers what a test tells it to and fills only when a test says so. It keeps everything
 * it was ever sent, so that a test can tell what it heard of, and the truth about it for whoever asks.
 */
import { ManualClock } from '../../domain/clock.ts';
import type { ClientOrderId, InstrumentId } from '../../domain/ids.ts';
import { fillId, venueOrderId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import {
  add,
  type DecimalText,
  type Money,
  money,
  negate,
  NO_MONEY,
  NO_QUANTITY,
  notional,
  price,
  type Quantity,
  quantity,
  subtract,
  text,
} from '../../domain/units.ts';
import { type ClearedOrder, isCleared } from '../../risk-kernel/review.ts';
import {
  type CancelOutcome,
  type NumberedReport,
  type SubmitOutcome,
  type Venue,
  type VenueBalances,
  type VenueCapabilities,
  VenueError,
  type VenueFill,
  type VenueNews,
  type VenueOrder,
  type VenueOrderStatus,
  type VenueReport,
} from '../venue.ts';

/**
 * LOST rests at the venue though nobody was told; TIMEOUT never arrived. Both look the same from here.
 * BUSY was not looked at.
 */
export type Answer = 'ACCEPT' | 'REJECT' | 'UNKNOWN' | 'LOST' | 'TIMEOUT' | 'BREAK' | 'BUSY';

interface Kept {
  readonly order: Order;
  status: VenueOrderStatus;
  filled: Quantity;
  readonly createdAtMs: number;
}

export class LyingVenue implements Venue {
  readonly name = 'lying';
  readonly capabilities: VenueCapabilities = {
    orderTypes: ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'],
    timesInForce: ['GTC', 'IOC', 'FOK', 'DAY'],
    reduceOnly: true,
    postOnly: true,
    oco: true,
    acceptanceWindowMs: 5_000,
    requestsPerMinute: 100_000,
  };
  readonly received: Order[] = [];
  /** Every cancel it was asked for, in order. */
  readonly canceled: ClientOrderId[] = [];
  readonly resting = new Map<ClientOrderId, Order>();
  /** What it will say of an order; decided anew for each. */
  answer: (order: Order) => Answer = () => 'ACCEPT';
  /** What it will say of a cancel. LOST is a cancel that never arrived, GONE one that it denies to know. */
  answerCancel: (id: ClientOrderId) => 'ACCEPT' | 'REFUSE' | 'LOST' | 'GONE' = () => 'ACCEPT';
  /** Runs before anything else when an order arrives. */
  onArrival: (order: Order) => Promise<void> = async () => {};
  /** What becomes of its reports on their way: lost, repeated, out of order. */
  onTheWay: (reports: readonly NumberedReport[]) => readonly NumberedReport[] = (reports) =>
    reports;
  /** Orders it denies to know in every answer. */
  readonly forgotten = new Set<string>();
  /** Orders of other people on the same account. */
  readonly strangers: VenueOrder[] = [];
  /** True while no question is answered. */
  unreachable = false;
  /** How far its clock is ahead. */
  skewMs = 0;
  #clock = new ManualClock(0);
  #kept = new Map<string, Kept>();
  #fills: VenueFill[] = [];
  #news: VenueReport[] = [];
  #seq = 0;
  #interrupted = false;
  #cash: Money = money('10000');

  /** The clock everything here is told by. */
  bind(clock: ManualClock): void {
    this.#clock = clock;
  }

  // Not async: a BREAK throws before there is a promise, as a client library with a bug would.
  submit(order: ClearedOrder, signedAtMs: number): Promise<SubmitOutcome> {
    if (!isCleared(order)) throw new Error(`order ${order.id} carries no redeemed clearance`);
    this.received.push(order);
    const answer = this.answer(order);
    if (answer === 'BREAK') throw new Error('the client broke');
    return this.onArrival(order).then(() => this.#say(order, answer, signedAtMs));
  }

  async cancel(id: ClientOrderId): Promise<CancelOutcome> {
    this.canceled.push(id);
    const answer = this.answerCancel(id);
    if (answer === 'LOST') return { kind: 'UNKNOWN', because: 'the line went dead' };
    if (answer === 'REFUSE') return { kind: 'REFUSED', because: 'not now' };
    if (answer === 'GONE' || !this.resting.has(id)) return { kind: 'NOT_FOUND' };
    this.end(id, 'CANCELED', 'canceled on request');
    return { kind: 'ACCEPTED' };
  }

  async order(id: ClientOrderId): Promise<VenueOrder | undefined> {
    this.#assertReachable();
    const kept = this.#kept.get(id);
    return kept === undefined || this.forgotten.has(id) ? undefined : told(kept);
  }

  async openOrders(): Promise<readonly VenueOrder[]> {
    this.#assertReachable();
    return [...this.#tell((status) => status === 'OPEN'), ...this.strangers];
  }

  async history(): Promise<readonly VenueOrder[]> {
    this.#assertReachable();
    return this.#tell((status) => status !== 'OPEN');
  }

  async fills(): Promise<readonly VenueFill[]> {
    this.#assertReachable();
    return this.#fills.filter(({ clientId }) => !this.forgotten.has(clientId));
  }

  async balances(): Promise<VenueBalances> {
    this.#assertReachable();
    const positions = new Map<InstrumentId, Quantity>();
    for (const { instrumentId, side, quantity: filled } of this.#fills) {
      const signed = side === 'BUY' ? filled : negate(filled);
      positions.set(instrumentId, add(positions.get(instrumentId) ?? NO_QUANTITY, signed));
    }
    return { currency: 'USD', cash: this.#cash, positions };
  }

  async time(): Promise<number> {
    this.#assertReachable();
    return this.#clock.now() + this.skewMs;
  }

  takeNews(): VenueNews {
    const reports = this.#news.map((report) => ({ seq: ++this.#seq, report }));
    const interrupted = this.#interrupted;
    this.#news = [];
    this.#interrupted = false;
    return { reports: this.onTheWay(reports), interrupted };
  }

  report(...reports: readonly VenueReport[]): void {
    this.#news.push(...reports);
  }

  /** What it has to say is lost on the way; `count` is how much of it. */
  loseNews(): void {
    this.#seq += this.#news.length;
    this.#news = [];
  }

  /** The stream breaks off and comes back. */
  interrupt(): void {
    this.loseNews();
    this.#interrupted = true;
  }

  /** An order ends without filling further, and the venue says so. */
  end(id: ClientOrderId, kind: 'CANCELED' | 'EXPIRED' | 'REJECTED', because: string): void {
    this.#keptOf(id).status = kind;
    this.resting.delete(id);
    this.report({ kind, clientId: id, because });
  }

  /** Fills an order, or a part of it; a fill of a group cancels the rest of the group. */
  fill(id: ClientOrderId, at: DecimalText, part?: DecimalText): VenueFill {
    const kept = this.#keptOf(id);
    const { order } = kept;
    const traded: VenueFill = {
      fillId: fillId(`fill-${this.#fills.length + 1}`),
      clientId: id,
      instrumentId: order.instrumentId,
      side: order.side,
      quantity: quantity(part ?? text(order.quantity)),
      price: price(at),
      fee: NO_MONEY,
      atMs: this.#clock.now() + this.skewMs,
    };
    this.#fills.push(traded);
    const worth = notional(traded.price, traded.quantity);
    this.#cash = order.side === 'BUY' ? subtract(this.#cash, worth) : add(this.#cash, worth);
    kept.filled = add(kept.filled, traded.quantity);
    this.report({ kind: 'FILL', ...traded });
    if (kept.filled >= order.quantity) {
      kept.status = 'FILLED';
      this.resting.delete(id);
    }
    this.#cancelGroup(order);
    return traded;
  }

  /** Rests here, whatever anybody was told. */
  land(order: Order): void {
    this.resting.set(order.id, order);
    this.#kept.set(order.id, {
      order,
      status: 'OPEN',
      filled: NO_QUANTITY,
      createdAtMs: this.#clock.now() + this.skewMs,
    });
  }

  #say(order: Order, answer: Answer, signedAtMs: number): SubmitOutcome {
    if (
      Math.abs(this.#clock.now() + this.skewMs - signedAtMs) > this.capabilities.acceptanceWindowMs
    )
      return { kind: 'REJECTED', because: 'signed by another clock', retryAfterMs: 0 };
    if (answer === 'ACCEPT' || answer === 'LOST') this.land(order);
    switch (answer) {
      case 'ACCEPT':
        return { kind: 'ACCEPTED', venueOrderId: venueOrderId(`v-${order.id}`) };
      case 'REJECT':
        return { kind: 'REJECTED', because: 'the venue does not like it' };
      case 'BUSY':
        return { kind: 'REJECTED', because: 'too many requests', retryAfterMs: 1_000 };
      case 'UNKNOWN':
        return { kind: 'UNKNOWN', because: 'the venue is not sure' };
      default:
        throw new Error('the line went dead');
    }
  }

  #cancelGroup(order: Order): void {
    for (const other of this.resting.values()) {
      if (order.ocoGroupId === undefined || other.ocoGroupId !== order.ocoGroupId) continue;
      if (other.id !== order.id) this.end(other.id, 'CANCELED', `${order.id} filled first`);
    }
  }

  #tell(wanted: (status: VenueOrderStatus) => boolean): readonly VenueOrder[] {
    return [...this.#kept.values()]
      .filter(({ order, status }) => wanted(status) && !this.forgotten.has(order.id))
      .map(told);
  }

  #keptOf(id: ClientOrderId): Kept {
    const kept = this.#kept.get(id);
    if (kept === undefined) throw new Error(`${id} never arrived here`);
    return kept;
  }

  #assertReachable(): void {
    if (this.unreachable) throw new VenueError('UNREACHABLE', 'nobody answers');
  }
}

const told = ({ order, status, filled, createdAtMs }: Kept): VenueOrder => ({
  venueOrderId: venueOrderId(`v-${order.id}`),
  clientId: order.id,
  instrumentId: order.instrumentId,
  side: order.side,
  type: order.type,
  quantity: order.quantity,
  filled,
  status,
  because: null,
  createdAtMs,
});
