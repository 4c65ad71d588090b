/** The exchange in this process, behind a wire that may be told to lie and a door that only cleared orders pass. */
import type { ClientOrderId, InstrumentId } from '../domain/ids.ts';
import { namedRandom } from '../domain/random.ts';
import type { Price } from '../domain/units.ts';
import type {
  CancelOutcome,
  SubmitOutcome,
  Venue,
  VenueBalances,
  VenueCapabilities,
  VenueFill,
  VenueNews,
  VenueOrder,
} from '../execution/venue.ts';
import { type ClearedOrder, isCleared } from '../risk-kernel/review.ts';
import { ACCEPTANCE_WINDOW_MS } from './admission.ts';
import { Exchange, type ExchangeOptions, type Restored } from './exchange.ts';
import { FAULT_PROFILES, type FaultProfile } from './fault-profiles.ts';
import { Wire } from './wire.ts';

export interface SimulatedVenueOptions extends ExchangeOptions {
  /** Nothing goes wrong when it is left out. */
  readonly profile?: FaultProfile;
}

const CAPABILITIES: VenueCapabilities = Object.freeze({
  orderTypes: Object.freeze(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'] as const),
  timesInForce: Object.freeze(['GTC', 'IOC', 'FOK', 'DAY'] as const),
  reduceOnly: true,
  postOnly: true,
  oco: true,
  acceptanceWindowMs: ACCEPTANCE_WINDOW_MS,
  requestsPerMinute: 1_200,
});

export class SimulatedVenue implements Venue {
  readonly name: string = 'simulated';
  readonly capabilities = CAPABILITIES;
  readonly #exchange: Exchange;
  readonly #wire: Wire;

  /** A second client, or the same after a crash, is given the exchange that the first one trades on. */
  constructor(options: SimulatedVenueOptions, exchange = new Exchange(options)) {
    const { clock, seed, profile = FAULT_PROFILES.calm } = options;
    this.#exchange = exchange;
    this.#wire = new Wire(exchange, clock, namedRandom(seed, 'wire'), profile);
  }

  /** What rested here before the process ended, as the ledger knows it. */
  restore(known: Restored): void {
    this.#exchange.restore(known);
  }

  /** From now on nothing goes wrong any more. */
  heal(): void {
    this.#wire.heal();
  }

  async submit(order: ClearedOrder, signedAtMs: number): Promise<SubmitOutcome> {
    if (!isCleared(order)) throw new Error(`order ${order.id} carries no redeemed clearance`);
    return this.#wire.send(order, signedAtMs);
  }

  async cancel(id: ClientOrderId): Promise<CancelOutcome> {
    return this.#wire.withdraw(id);
  }

  async order(id: ClientOrderId): Promise<VenueOrder | undefined> {
    return this.#wire.order(id);
  }

  async openOrders(): Promise<readonly VenueOrder[]> {
    return this.#wire.openOrders();
  }

  async history(sinceMs: number): Promise<readonly VenueOrder[]> {
    return this.#wire.history(sinceMs);
  }

  async fills(sinceMs: number): Promise<readonly VenueFill[]> {
    return this.#wire.fills(sinceMs);
  }

  async balances(): Promise<VenueBalances> {
    return this.#wire.balances();
  }

  async time(): Promise<number> {
    return this.#wire.time();
  }

  takeNews(): VenueNews {
    return this.#wire.takeNews();
  }

  /** Requests that were late land, whether or not anybody speaks to the venue meanwhile. */
  deliver(): void {
    this.#wire.deliver();
  }

  print(instrumentId: InstrumentId, at: Price): void {
    this.#wire.deliver();
    this.#exchange.print(instrumentId, at);
  }

  range(instrumentId: InstrumentId, low: Price, high: Price): void {
    this.#wire.deliver();
    this.#exchange.range(instrumentId, low, high);
  }
}
