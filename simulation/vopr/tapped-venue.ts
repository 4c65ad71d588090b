import type { ClientOrderId } from '../../domain/ids.ts';
import { orderToText } from '../../domain/order-record.ts';
import {
  type CancelOutcome,
  type SubmitOutcome,
  type Venue,
  type VenueBalances,
  type VenueCapabilities,
  VenueError,
  type VenueFill,
  type VenueNews,
  type VenueOrder,
} from '../../execution/venue.ts';
import type { ClearedOrder } from '../../risk-kernel/review.ts';
import type { SimulatedVenue } from '../simulated-venue.ts';
import type { Testimony } from './auditor/testimony.ts';
import type { Gate } from './gate.ts';
import type { TrueVenue } from './true-venue.ts';
import type { Witness } from './witness.ts';

export interface TapParts {
  readonly venue: SimulatedVenue;
  readonly truth: TrueVenue;
  readonly gate: Gate;
  readonly witness: Witness;
  readonly process: number;
  readonly isBroken: () => boolean;
}

/**
 * The simulated venue as one process reaches it: through its gate, and with a witness who hears every
 * question and answer and knows what is true.
 */
export class TappedVenue implements Venue {
  readonly name = 'simulated';
  readonly capabilities: VenueCapabilities;
  readonly #parts: TapParts;

  constructor(parts: TapParts) {
    this.#parts = parts;
    this.capabilities = parts.venue.capabilities;
  }

  submit(order: ClearedOrder, signedAtMs: number): Promise<SubmitOutcome> {
    this.#hear({ kind: 'ASKED', order: orderToText(order), ...this.#speaker() });
    return this.#through('sending', async () => {
      const { venue } = this.#parts;
      const outcome = await venue.submit(order, signedAtMs);
      if (outcome.kind === 'UNKNOWN') this.#trouble(outcome.because);
      else if (outcome.kind === 'REJECTED' && isNoFault(outcome))
        this.#trouble(outcome.because, outcome.retryAfterMs);
      return outcome;
    });
  }

  cancel(id: ClientOrderId): Promise<CancelOutcome> {
    this.#hear({ kind: 'CANCEL_ASKED', orderId: id, ...this.#speaker() });
    return this.#through('cancelling', async () => {
      const { venue, witness } = this.#parts;
      const rested = this.#rests(id);
      const outcome = await venue.cancel(id);
      if (outcome.kind === 'NOT_FOUND' && rested) witness.hear({ kind: 'LIED', orderId: id });
      if (outcome.kind === 'UNKNOWN' || outcome.kind === 'REFUSED') this.#trouble(outcome.because);
      return outcome;
    });
  }

  order(id: ClientOrderId): Promise<VenueOrder | undefined> {
    return this.#through('asking for an order', async () => {
      const { venue, witness } = this.#parts;
      const found = await venue.order(id);
      if (found === undefined && this.#parts.truth.exchange.order(id) !== undefined)
        witness.hear({ kind: 'LIED', orderId: id });
      return found;
    });
  }

  openOrders(): Promise<readonly VenueOrder[]> {
    return this.#through('asking what is open', () => this.#parts.venue.openOrders());
  }

  history(sinceMs: number): Promise<readonly VenueOrder[]> {
    return this.#through('asking what ended', () => this.#parts.venue.history(sinceMs));
  }

  fills(sinceMs: number): Promise<readonly VenueFill[]> {
    return this.#through('asking for executions', async () => {
      const fills = await this.#parts.venue.fills(sinceMs);
      this.#told(fills);
      return fills;
    });
  }

  balances(): Promise<VenueBalances> {
    return this.#through('asking for balances', () => this.#parts.venue.balances());
  }

  time(): Promise<number> {
    return this.#through('asking for the time', () => this.#parts.venue.time());
  }

  takeNews(): VenueNews {
    const { gate, venue, truth } = this.#parts;
    if (gate.dead) return { reports: [], interrupted: false };
    const news = venue.takeNews();
    truth.watch();
    this.#told(news.reports.flatMap(({ report }) => (report.kind === 'FILL' ? [report] : [])));
    return news;
  }

  #through<T>(what: string, call: () => Promise<T>): Promise<T> {
    const { gate, truth } = this.#parts;
    return gate.pass(what, async () => {
      try {
        return await call();
      } catch (error) {
        this.#trouble(String(error), error instanceof VenueError ? error.retryAfterMs : 0);
        throw error;
      } finally {
        truth.watch();
      }
    });
  }

  #told(fills: readonly VenueFill[]): void {
    if (fills.length === 0) return;
    this.#parts.witness.hear({ kind: 'TOLD', fillIds: fills.map(({ fillId }) => fillId) });
  }

  #trouble(because: string, waitMs = 0): void {
    this.#parts.witness.hear({ kind: 'TROUBLE', because, waitMs });
  }

  /** What a process says that has ended already reaches nobody. */
  #hear(said: Testimony): void {
    if (!this.#parts.gate.dead) this.#parts.witness.hear(said);
  }

  #rests(id: ClientOrderId): boolean {
    return this.#parts.truth.exchange.order(id)?.status === 'OPEN';
  }

  #speaker(): { readonly process: number; readonly broken: boolean } {
    return { process: this.#parts.process, broken: this.#parts.isBroken() };
  }
}

/** Refused without being looked at: too much was asked, or the clocks disagree. */
const isNoFault = ({
  retryAfterMs,
  because,
}: Extract<SubmitOutcome, { kind: 'REJECTED' }>): boolean =>
  retryAfterMs !== undefined || because.startsWith('the request was signed');
