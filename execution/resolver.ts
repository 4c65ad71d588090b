/**
 * Finds out what became of orders that nobody knows the whereabouts of, by asking for them by our own id.
 * An order is only believed never to have arrived when it cannot arrive any more and every list the venue
 * has agrees that it is not there; until then its instrument and side stay locked.
 */
import type { Clock } from '../domain/clock.ts';
import { MINUTE_MS } from '../domain/clock.ts';
import { draft } from '../domain/draft.ts';
import type { ClientOrderId } from '../domain/ids.ts';
import { isLive, type OrderRecord, UNRESOLVED_STATES } from '../domain/order-record.ts';
import type { ReadonlyBook } from '../ledger/projections/readonly-book.ts';
import { ENGINE } from './actor.ts';
import type { OrderNews } from './order-news.ts';
import { mismatches } from './reconciliation.ts';
import { suspect } from './reconciler.ts';
import type { Safety } from './safety.ts';
import { fillDraft, isSame, settlement } from './settlement.ts';
import type { VenueFill, VenueOrder } from './venue.ts';
import type { VenueLink, VenuePicture } from './venue-link.ts';

const FIRST_MS = 1_000;
const LONGEST_MS = MINUTE_MS;
/** What a request may still take on the way, and a clock be wrong by, beyond the venue's own window. */
const SLACK_MS = 1_000;
/** How often in a row the venue must not know an order before something follows from it. */
const ABSENCES_NEVER_LANDED = 2;
const ABSENCES_SUSPECT = 3;

export interface ResolverParts {
  readonly book: ReadonlyBook;
  readonly link: VenueLink;
  readonly news: OrderNews;
  readonly safety: Safety;
  readonly clock: Clock;
  /** Sent by this process and not answered yet: the answer is on its way. */
  readonly inFlight: ReadonlySet<ClientOrderId>;
}

interface Probe {
  readonly dueMs: number;
  readonly waitMs: number;
  /** Looks in a row that did not find the order anywhere; questions that failed do not count. */
  readonly absences: number;
}

export class Resolver {
  readonly #parts: ResolverParts;
  readonly #probes = new Map<ClientOrderId, Probe>();

  constructor(parts: ResolverParts) {
    this.#parts = parts;
  }

  /** At the start: whatever was on its way when the last process ended is unknown, and asked for at once. */
  async begin(): Promise<void> {
    const { book, news, clock, inFlight } = this.#parts;
    for (const record of book.liveOrders()) {
      const { order, state, correlationId } = record;
      if (!isInDoubt(record) || inFlight.has(order.id)) continue;
      if (state === 'SUBMITTING') {
        const because = 'the process ended before the venue answered';
        await news.note(
          draft('order.unknown', ENGINE, correlationId, null, { orderId: order.id, because }),
        );
      }
      this.#probes.set(order.id, { dueMs: clock.now(), waitMs: FIRST_MS, absences: 0 });
    }
    await this.tend();
  }

  async tend(): Promise<void> {
    const { book, clock, inFlight } = this.#parts;
    const doubtful = book.liveOrders().filter(isInDoubt);
    this.#forgetOthers(doubtful);
    const nowMs = clock.now();
    for (const record of doubtful) {
      const { id } = record.order;
      if (inFlight.has(id)) continue;
      const probe = this.#probes.get(id);
      if (probe === undefined)
        this.#probes.set(id, { dueMs: nowMs + FIRST_MS, waitMs: FIRST_MS, absences: 0 });
      else if (nowMs >= probe.dueMs) await this.#probe(record, probe);
    }
  }

  /** An order that is in doubt again is asked for from the beginning. */
  #forgetOthers(doubtful: readonly OrderRecord[]): void {
    const ids = new Set(doubtful.map(({ order }) => order.id));
    for (const id of this.#probes.keys()) if (!ids.has(id)) this.#probes.delete(id);
  }

  async #probe(record: OrderRecord, probe: Probe): Promise<void> {
    const { link } = this.#parts;
    const { id } = record.order;
    const answer = await link.order(id);
    if (!answer.answered) return this.#postpone(id, probe);
    const found = answer.value;
    const isThere = found !== undefined && isSame(record, found, link.clock.offsetMs);
    return isThere ? this.#found(record, found, probe) : this.#missing(record, probe);
  }

  async #found(record: OrderRecord, found: VenueOrder, probe: Probe): Promise<void> {
    const { book, link, news, safety } = this.#parts;
    const { id } = record.order;
    const fills = await link.fills(link.clock.at(record.submittedAtMs) - MINUTE_MS);
    if (!fills.answered) return this.#postpone(id, probe);
    // The stream may have told of it while it was asked for.
    const known = book.order(id) ?? record;
    await news.note(
      ...settlement(known, found, fills.value, (one) => book.hasFill(one), link.name),
    );
    safety.calm('ORDER_SUSPECT', id);
    const after = book.order(id) ?? known;
    // Its executions are still on their way; a comparison will ask for them until they are here.
    if (isLive(after) && after.filled < found.filled) news.distrust();
    // It rests there although its cancel was asked for: the cancel was lost, or the order was.
    if (found.status === 'OPEN' && after.cancelWanted) await link.cancel(id);
    if (isLive(after) && isInDoubt(after)) this.#postpone(id, { ...probe, absences: 0 });
    else this.#probes.delete(id);
  }

  async #missing(record: OrderRecord, probe: Probe): Promise<void> {
    const { book, link, news, clock } = this.#parts;
    const { order, state, submittedAtMs } = record;
    const windowMs = link.capabilities.acceptanceWindowMs + SLACK_MS;
    // It may still arrive: that it is not there says nothing yet.
    if (clock.now() - submittedAtMs <= windowMs) return this.#postpone(order.id, probe);
    const answer = await link.picture(link.clock.at(submittedAtMs) - MINUTE_MS);
    if (!answer.answered) return this.#postpone(order.id, probe);
    // What the stream has brought meanwhile says more than that it is missing.
    await news.collect();
    if (book.order(order.id)?.state !== state) return void this.#probes.delete(order.id);
    if (!(await this.#isNowhere(record, answer.value)))
      return this.#postpone(order.id, { ...probe, absences: 0 });
    const absences = probe.absences + 1;
    // What can not arrive any more is settled soon; what was there once may come into sight again.
    const waitMs = wasAcknowledged(record) ? probe.waitMs : FIRST_MS;
    this.#postpone(order.id, { ...probe, waitMs, absences });
    await this.#conclude(record, absences);
  }

  async #conclude(record: OrderRecord, absences: number): Promise<void> {
    const { order, state, correlationId } = record;
    if (wasAcknowledged(record)) {
      if (absences >= ABSENCES_SUSPECT && state !== 'SUSPECT') await suspect(this.#parts, record);
    } else if (absences >= ABSENCES_NEVER_LANDED) {
      const body = { orderId: order.id, because: 'it never reached the venue' };
      await this.#parts.news.note(draft('order.rejected', ENGINE, correlationId, null, body));
    }
  }

  /** True when no list knows the order; what one of them does know is written down. */
  async #isNowhere(record: OrderRecord, picture: VenuePicture): Promise<boolean> {
    const { book, link, news } = this.#parts;
    const { id } = record.order;
    await this.#bookOthers(id, picture.fills);
    const found = [...picture.open, ...picture.ended].find(
      (one) => one.clientId === id && isSame(record, one, link.clock.offsetMs),
    );
    if (found !== undefined) {
      const { fills } = picture;
      const known = book.order(id) ?? record;
      await news.note(...settlement(known, found, fills, (one) => book.hasFill(one), link.name));
      return false;
    }
    const traded = picture.fills.filter(({ clientId }) => clientId === id);
    if (traded.length > 0) {
      await news.note(...traded.map((fill) => fillDraft(record, fill, link.name)));
      return false;
    }
    // The sums must agree too: a venue that lost an order from its lists may still have traded it.
    return wasAcknowledged(record) || mismatches(book, picture.balances).length === 0;
  }

  /** An execution that is seen is booked, whichever order was asked for. */
  async #bookOthers(asked: ClientOrderId, fills: readonly VenueFill[]): Promise<void> {
    const { book, link, news } = this.#parts;
    for (const fill of fills) {
      const record = book.order(fill.clientId as ClientOrderId);
      if (record !== undefined && record.order.id !== asked)
        await news.note(fillDraft(record, fill, link.name));
    }
  }

  #postpone(id: ClientOrderId, probe: Probe): void {
    const dueMs = this.#parts.clock.now() + probe.waitMs;
    const waitMs = Math.min(probe.waitMs * 2, LONGEST_MS);
    this.#probes.set(id, { ...probe, dueMs, waitMs });
  }
}

/** What is wanted gone is in doubt too, in whatever state, until the venue says that it is gone. */
const isInDoubt = ({ state, cancelWanted }: OrderRecord): boolean =>
  UNRESOLVED_STATES.has(state) || cancelWanted;

/** The venue has known it, so that it can not have been lost on the way there. */
const wasAcknowledged = ({ state }: OrderRecord): boolean =>
  state !== 'SUBMITTING' && state !== 'SUBMIT_UNKNOWN';
