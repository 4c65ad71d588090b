/**
 * The line to the venue: the only caller of its port. It keeps the budget of requests, signs with the
 * venue's own time, numbers the stream, and sorts every failure: what nobody has classified says nothing.
 */
import { type Clock, MINUTE_MS } from '../domain/clock.ts';
import type { ClientOrderId } from '../domain/ids.ts';
import type { ClearedOrder } from '../risk-kernel/review.ts';
import { RateGovernor } from './rate-governor.ts';
import { StreamGaps } from './stream-gaps.ts';
import {
  type CancelOutcome,
  type SubmitOutcome,
  type Venue,
  type VenueBalances,
  type VenueCapabilities,
  VenueError,
  type VenueFill,
  type VenueOrder,
  type VenueReport,
} from './venue.ts';
import { VenueClock } from './venue-clock.ts';

/** A question that was not answered says nothing about any order. */
export type Answer<T> =
  | { readonly answered: true; readonly value: T }
  | { readonly answered: false; readonly because: string };

/** Everything the venue says of the account at about one moment. */
export interface VenuePicture {
  readonly open: readonly VenueOrder[];
  /** Orders that ended, and executions, since the instant asked for. */
  readonly ended: readonly VenueOrder[];
  readonly fills: readonly VenueFill[];
  readonly balances: VenueBalances;
}

/** How long to leave a venue alone that says we ask too much, when it does not say so itself. */
const RATE_PAUSE_MS = 1_000;
const CLOCK_EVERY_MS = MINUTE_MS;
/** An order that stayed here: the venue never heard of it, so it has refused nothing. */
export interface Withheld {
  readonly kind: 'WITHHELD';
  readonly because: string;
}

const NO_BUDGET = 'the budget of requests is used up for now';

/** What one picture costs. */
const PICTURE_REQUESTS = 4;

export class VenueLink {
  readonly #venue: Venue;
  readonly #ours: Clock;
  readonly #governor: RateGovernor;
  readonly #gaps = new StreamGaps();
  readonly clock: VenueClock;
  #clockDueMs = Number.NEGATIVE_INFINITY;

  constructor(venue: Venue, clock: Clock) {
    this.#venue = venue;
    this.#ours = clock;
    this.#governor = new RateGovernor(venue.capabilities.requestsPerMinute, clock);
    this.clock = new VenueClock(clock);
  }

  get name(): string {
    return this.#venue.name;
  }

  get capabilities(): VenueCapabilities {
    return this.#venue.capabilities;
  }

  /**
   * Never rejects: a venue that fails in any way has not refused. It is signed as of when it was recorded:
   * a process that was stopped before it sent, and taken for dead, must not send later what somebody else
   * has by then concluded never to have arrived.
   */
  async submit(order: ClearedOrder, recordedAtMs: number): Promise<SubmitOutcome | Withheld> {
    const unfit = unfitFor(order, this.capabilities);
    if (unfit !== undefined) return { kind: 'WITHHELD', because: unfit };
    if (!this.#governor.take(order.role === 'ENTRY' ? 'ENTRY' : 'EXIT'))
      return { kind: 'WITHHELD', because: NO_BUDGET };
    try {
      const outcome = await this.#venue.submit(order, this.clock.at(recordedAtMs));
      if (outcome.kind === 'REJECTED' && outcome.retryAfterMs !== undefined) {
        this.#governor.closeFor(outcome.retryAfterMs);
        // It may have been our idea of its clock that it would not look at.
        this.#clockDueMs = Number.NEGATIVE_INFINITY;
      }
      return outcome;
    } catch (error) {
      return { kind: 'UNKNOWN', because: `the venue did not answer: ${sentenceOf(error)}` };
    }
  }

  /** Never rejects. */
  async cancel(id: ClientOrderId): Promise<CancelOutcome> {
    this.#governor.take('EXIT');
    try {
      return await this.#venue.cancel(id);
    } catch (error) {
      return { kind: 'UNKNOWN', because: `the venue did not answer: ${sentenceOf(error)}` };
    }
  }

  order(id: ClientOrderId): Promise<Answer<VenueOrder | undefined>> {
    return this.#ask((venue) => venue.order(id));
  }

  openOrders(): Promise<Answer<readonly VenueOrder[]>> {
    return this.#ask((venue) => venue.openOrders());
  }

  fills(sinceMs: number): Promise<Answer<readonly VenueFill[]>> {
    return this.#ask((venue) => venue.fills(sinceMs));
  }

  /** All of it, or the reason why a part is missing: half a picture would be compared as if it were whole. */
  async picture(sinceMs: number): Promise<Answer<VenuePicture>> {
    return this.#ask(
      async (venue) => ({
        open: await venue.openOrders(),
        ended: await venue.history(sinceMs),
        fills: await venue.fills(sinceMs),
        balances: await venue.balances(),
      }),
      PICTURE_REQUESTS,
    );
  }

  /**
   * Measures the venue's clock once more and keeps the old estimate when it does not answer. False while
   * there is none at all.
   */
  async measureClock(): Promise<boolean> {
    const askedMs = this.#ours.now();
    this.#clockDueMs = askedMs + CLOCK_EVERY_MS;
    const answer = await this.#ask((venue) => venue.time());
    if (answer.answered) this.clock.measured(answer.value, askedMs);
    return this.clock.known;
  }

  /** Clocks drift and jump: to be called again and again. */
  async tendClock(): Promise<void> {
    if (this.#ours.now() >= this.#clockDueMs) await this.measureClock();
  }

  /** What the stream brought, and whether something may be missing in it. */
  takeNews(): { readonly reports: readonly VenueReport[]; readonly gap: boolean } {
    const news = this.#venue.takeNews();
    const gap = this.#gaps.follow(news.reports) || news.interrupted;
    return { reports: news.reports.map(({ report }) => report), gap };
  }

  async #ask<T>(question: (venue: Venue) => Promise<T>, requests = 1): Promise<Answer<T>> {
    if (!this.#governor.take('READ', requests)) return { answered: false, because: NO_BUDGET };
    try {
      return { answered: true, value: await question(this.#venue) };
    } catch (error) {
      if (error instanceof VenueError && error.fault === 'RATE_LIMITED')
        this.#governor.closeFor(error.retryAfterMs || RATE_PAUSE_MS);
      return { answered: false, because: sentenceOf(error) };
    }
  }
}

const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** What the venue could not even read; such an order never leaves. */
function unfitFor(order: ClearedOrder, can: VenueCapabilities): string | undefined {
  if (!can.orderTypes.includes(order.type)) return `the venue takes no ${order.type} orders`;
  if (!can.timesInForce.includes(order.timeInForce))
    return `the venue takes no ${order.timeInForce} orders`;
  if (order.postOnly === true && !can.postOnly) return 'the venue takes no post-only orders';
  return undefined;
}
