/**
 * The exchange in the same process: the truth that clients are told about. Cancels are there at once, and
 * a stop that was touched and could not fill at all is untouched again after a restart.
 */
import type { Clock } from '../domain/clock.ts';
import type { ClientOrderId, InstrumentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { OrderRecord } from '../domain/order-record.ts';
import { type Money, NO_QUANTITY, type Price, type Quantity } from '../domain/units.ts';
import type {
  NumberedReport,
  SubmitOutcome,
  VenueBalances,
  VenueFill,
  VenueOrder,
} from '../execution/venue.ts';
import { Account } from './account.ts';
import { tooOldOrNew, unfit, wouldTake } from './admission.ts';
import { travelMs } from './latency.ts';
import { type Market, Matching, NOTHING_TO_REDUCE } from './matching.ts';
import { type Models, PLAIN_MODELS } from './models.ts';
import { OrderRegister } from './order-register.ts';
import { queueAhead } from './queue.ts';
import { Reports } from './reports.ts';
import { RestingOrder } from './resting-order.ts';

export interface ExchangeOptions {
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly currency: string;
  readonly cash: Money;
  readonly clock: Clock;
  readonly seed: number;
  readonly models?: Partial<Models>;
}

/** What the ledger knows of an exchange that ended with its process. */
export interface Restored {
  /** Those that rested; records of the ledger will do. */
  readonly orders: readonly Pick<
    OrderRecord,
    'order' | 'filled' | 'submittedAtMs' | 'venueOrderId'
  >[];
  readonly cash: Money;
  /** Net and signed. */
  readonly positions: ReadonlyMap<InstrumentId, Quantity>;
  /** The number of the next report, for a client that goes on counting; 1 when left out. */
  readonly nextSeq?: number;
}

type Refused = Extract<SubmitOutcome, { readonly kind: 'REJECTED' }>;
export type Placement = Exclude<SubmitOutcome, { readonly kind: 'UNKNOWN' }>;

export class Exchange {
  readonly #clock: Clock;
  readonly #seed: number;
  readonly #models: Models;
  readonly #markets: ReadonlyMap<InstrumentId, Market>;
  readonly #reports = new Reports();
  readonly #register: OrderRegister;
  readonly #account: Account;
  readonly #matching: Matching;

  constructor({ instruments, currency, cash, clock, seed, ...options }: ExchangeOptions) {
    const models = { ...PLAIN_MODELS, ...options.models };
    const reports = this.#reports;
    const register = new OrderRegister(clock, reports);
    const account = new Account(currency, cash);
    this.#clock = clock;
    this.#seed = seed;
    this.#models = models;
    this.#markets = new Map(
      Array.from(instruments.values(), (instrument): [InstrumentId, Market] => [
        instrument.id,
        { instrument, costs: models.costs[instrument.assetClass], last: undefined },
      ]),
    );
    this.#register = register;
    this.#account = account;
    this.#matching = new Matching({ clock, seed, models, register, account, reports });
  }

  /** Before anything else: what rested here, what was held and what was paid. */
  restore({ orders, cash, positions, nextSeq = 1 }: Restored): void {
    this.#account.restore(cash, positions);
    this.#reports.startAt(nextSeq);
    for (const { order, filled, submittedAtMs, venueOrderId } of orders) {
      const resting = new RestingOrder(order, 1, submittedAtMs, submittedAtMs, venueOrderId);
      resting.filled = filled;
      // A stop that has traded was touched.
      resting.triggered = filled > NO_QUANTITY;
      this.#rest(resting, this.#market(order.instrumentId).instrument);
    }
  }

  /** `atMs` is when the request reached the exchange, which may be told of it later. */
  place(order: Order, signedAtMs: number, atMs = this.#clock.now()): Placement {
    this.#register.expireDays();
    const market = this.#markets.get(order.instrumentId);
    if (market === undefined) return rejected(`${order.instrumentId} is not traded here`);
    const late = tooOldOrNew(signedAtMs, atMs);
    // The order itself was not looked at: signed by the right clock it may be tried again.
    if (late !== undefined) return { ...rejected(late), retryAfterMs: 0 };
    const refusal = this.#refusal(order, market);
    if (refusal !== undefined) return rejected(refusal);
    const use = (this.#register.latest(order.id)?.use ?? 0) + 1;
    const arrivesAtMs = atMs + travelMs(this.#seed, order.id, this.#models.latencyMsMax);
    const resting = new RestingOrder(order, use, atMs, arrivesAtMs);
    this.#rest(resting, market.instrument);
    const { venueOrderId } = resting;
    this.#reports.add({ kind: 'ACCEPTED', clientId: order.id, venueOrderId });
    return { kind: 'ACCEPTED', venueOrderId };
  }

  withdraw(id: ClientOrderId): 'ACCEPTED' | 'NOT_FOUND' {
    this.#register.expireDays();
    const resting = this.#register.open(id);
    if (resting === undefined) return 'NOT_FOUND';
    this.#register.end(resting, 'CANCELED', 'canceled on request');
    return 'ACCEPTED';
  }

  order(id: ClientOrderId): VenueOrder | undefined {
    this.#register.expireDays();
    return this.#register.latest(id)?.told();
  }

  openOrders(): readonly VenueOrder[] {
    this.#register.expireDays();
    return this.#register.allOpen().map((resting) => resting.told());
  }

  history(sinceMs: number): readonly VenueOrder[] {
    this.#register.expireDays();
    return this.#register.endedSince(sinceMs).map((resting) => resting.told());
  }

  fills(sinceMs: number): readonly VenueFill[] {
    return this.#account.fillsSince(sinceMs);
  }

  balances(): VenueBalances {
    return this.#account.balances();
  }

  /** The number of the newest report; 0 before the first. */
  get lastSeq(): number {
    return this.#reports.lastSeq;
  }

  reportsAfter(seq: number): readonly NumberedReport[] {
    this.#register.expireDays();
    return this.#reports.after(seq);
  }

  /** One traded price: a tick, or the open or close of a bar. */
  print(instrumentId: InstrumentId, at: Price): void {
    this.#register.expireDays();
    const market = this.#market(instrumentId);
    this.#matching.print(market, at);
    market.last = at;
  }

  /** The lowest and the highest price of what lies between two prints. */
  range(instrumentId: InstrumentId, low: Price, high: Price): void {
    this.#register.expireDays();
    this.#matching.range(this.#market(instrumentId), low, high);
  }

  #refusal(order: Order, { instrument, costs, last }: Market): string | undefined {
    const { id, instrumentId, side, reduceOnly } = order;
    if (this.#register.open(id) !== undefined) return `order ${id} already rests here`;
    const wrong = unfit(order, instrument, last) ?? wouldTake(order, last, costs, instrument);
    if (wrong !== undefined || !reduceOnly) return wrong;
    return this.#account.reducible(instrumentId, side) > NO_QUANTITY
      ? undefined
      : NOTHING_TO_REDUCE;
  }

  #rest(resting: RestingOrder, { assetClass }: Instrument): void {
    const most = this.#models.queue[assetClass];
    resting.queueAhead = queueAhead(this.#seed, resting.order, most);
    this.#register.rest(resting);
  }

  #market(id: InstrumentId): Market {
    const market = this.#markets.get(id);
    if (market === undefined) throw new Error(`${id} is not traded here`);
    return market;
  }
}

const rejected = (because: string): Refused => ({ kind: 'REJECTED', because });
