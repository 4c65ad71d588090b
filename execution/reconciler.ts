/**
 * Brings ledger and venue together again: at the start before the first order, after every break of the
 * stream, and now and then. It only ever writes down what the venue proves; what it cannot explain stops
 * new risk and calls a person.
 */
import type { Clock } from '../domain/clock.ts';
import { DAY_MS, MINUTE_MS } from '../domain/clock.ts';
import { draft } from '../domain/draft.ts';
import type { EventDraft } from '../domain/event.ts';
import type { ClientOrderId } from '../domain/ids.ts';
import { isLive, type OrderRecord } from '../domain/order-record.ts';
import { text } from '../domain/units.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ReadonlyBook } from '../ledger/projections/readonly-book.ts';
import { ENGINE } from './actor.ts';
import type { OrderNews } from './order-news.ts';
import { type Comparison, compare, mismatches, type Told } from './reconciliation.ts';
import type { Safety } from './safety.ts';
import { fillDraft, isSame, settlement, venueActor } from './settlement.ts';
import type { VenueFill, VenueOrder } from './venue.ts';
import type { VenueLink, VenuePicture } from './venue-link.ts';

const EVERY_MS = 15 * MINUTE_MS;
/** After an answer that left something open. */
const AGAIN_MS = 5_000;
const RETRY_MS_MAX = MINUTE_MS;
/** Questions wait 1, 2, 4 … seconds; this is the third that failed. */
const ALARM_AFTER_MS = 8_000;
/** An order is a suspect when the venue could not find it so often in a row. */
const ABSENCES_MAX = 3;
/** A difference must be seen so often in a row: the pictures of an account are never of one instant. */
const MISMATCHES_MAX = 2;

export interface ReconcilerParts {
  readonly ledger: Ledger;
  readonly book: ReadonlyBook;
  readonly link: VenueLink;
  readonly news: OrderNews;
  readonly safety: Safety;
  readonly clock: Clock;
}

export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #absences = new Map<ClientOrderId, number>();
  #done = false;
  #dueMs = Number.NEGATIVE_INFINITY;
  #retryMs = 1_000;
  #mismatchesSeen = 0;
  #sinceMs: number;

  constructor(parts: ReconcilerParts) {
    const { book, clock } = parts;
    this.#parts = parts;
    // Where the last process ended: what happened since is still to be heard of.
    this.#sinceMs = book.lastEventMs === 0 ? clock.now() : book.lastEventMs;
  }

  /**
   * True while ledger and venue have been compared since the start and since anything may have been
   * missed: nothing new is opened before.
   */
  get done(): boolean {
    return this.#done && !this.#parts.news.mayHaveMissed;
  }

  async tend(): Promise<void> {
    this.#distrust();
    if (this.#parts.clock.now() >= this.#dueMs) await this.run();
  }

  /** One comparison; false when the venue did not answer in full. */
  async run(): Promise<boolean> {
    const { link, news, clock } = this.#parts;
    await news.collect();
    // What was missed until now is in the picture, if there will be one.
    this.#distrust();
    if (!(await link.measureClock())) return this.#postpone('its clock can not be read');
    const startedMs = clock.now();
    const picture = await link.picture(this.#since());
    if (!picture.answered) return this.#postpone(picture.because);
    // What arrived while the pictures were taken is older than what they show.
    await news.collect();
    const open = await this.#apply(picture.value);
    const unexplained = await this.#judge(picture.value);
    this.#retryMs = 1_000;
    this.#sinceMs = startedMs;
    this.#dueMs = startedMs + (open || unexplained ? AGAIN_MS : EVERY_MS);
    this.#done = true;
    return true;
  }

  #distrust(): void {
    if (!this.#parts.news.takeMissed()) return;
    this.#done = false;
    this.#dueMs = Number.NEGATIVE_INFINITY;
  }

  /** A day more than anything still open needs, on the venue's clock. */
  #since(): number {
    const { book, link } = this.#parts;
    const live = book.liveOrders().map(({ submittedAtMs }) => submittedAtMs);
    return link.clock.at(Math.min(this.#sinceMs, ...live)) - DAY_MS;
  }

  async #postpone(because: string): Promise<false> {
    const { clock, safety, link } = this.#parts;
    this.#dueMs = clock.now() + this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
    // A question that was lost is asked again; that nobody answers for long is worth calling somebody.
    if (this.#done || this.#retryMs < ALARM_AFTER_MS) return false;
    const told = `${link.name} could not be compared with the ledger: ${because}`;
    await safety.alarm('RECONCILIATION_PENDING', link.name, told);
    return false;
  }

  /** Writes down what the venue proves; true when an order stays in doubt. */
  async #apply(picture: VenuePicture): Promise<boolean> {
    const { ledger, book, link, news, safety, clock } = this.#parts;
    const first = !this.#done;
    const found = compare(book, picture, clock.now(), link.clock.offsetMs);
    const drafts = draftsOf(found, picture, book, link.name);
    const differences = [...drafts.orders.map(describe), ...drafts.foreign.map(describe)];
    if (first || differences.length > 0) {
      const body = { venue: link.name, differences };
      await ledger.append(draft('reconciliation.completed', ENGINE, 'reconciliation', null, body));
    }
    await ledger.append(...drafts.foreign);
    for (const { venueOrderId } of found.foreign)
      await safety.alarm('VENUE_MISMATCH', venueOrderId, 'an order rests there that is not ours');
    await news.note(...drafts.orders);
    let open = found.told.some((one) => this.#isUnfinished(one));
    for (const record of found.doubtful) if (await this.#ask(record, picture.fills)) open = true;
    for (const { record } of found.told) {
      this.#absences.delete(record.order.id);
      safety.calm('ORDER_SUSPECT', record.order.id);
    }
    await ledger.flush();
    if (first) safety.calm('RECONCILIATION_PENDING', link.name);
    return open;
  }

  /** Ended at the venue and not here: its executions are still on their way. */
  #isUnfinished({ record, found }: Told): boolean {
    const after = this.#parts.book.order(record.order.id);
    return found.status !== 'OPEN' && after !== undefined && isLive(after);
  }

  /** Asks for one order by its id; true while it stays in doubt. */
  async #ask(record: OrderRecord, fills: readonly VenueFill[]): Promise<boolean> {
    const { book, link, news, safety } = this.#parts;
    const { id } = record.order;
    const answer = await link.order(id);
    // A failed question is no answer: it must never count as "not found".
    if (!answer.answered) return true;
    const found = answer.value;
    if (found !== undefined && isSame(record, found, link.clock.offsetMs)) {
      this.#absences.delete(id);
      // The stream may have told of it while it was asked for.
      const known = book.order(id) ?? record;
      const drafts = settlement(known, found, fills, (fill) => book.hasFill(fill), link.name);
      await news.note(...drafts);
      if (drafts.some(({ type }) => type === 'order.resurfaced'))
        await safety.alarm('VENUE_MISMATCH', id, `${id} was over here and rests at the venue`);
      return this.#isUnfinished({ record, found });
    }
    if (!isLive(record)) return false;
    const absences = (this.#absences.get(id) ?? 0) + 1;
    this.#absences.set(id, absences);
    if (absences < ABSENCES_MAX) return true;
    await suspect(this.#parts, record);
    return false;
  }

  /** Compares the sums; true while they do not agree. */
  async #judge({ balances }: VenuePicture): Promise<boolean> {
    const { book, safety, link } = this.#parts;
    const found = mismatches(book, balances);
    this.#mismatchesSeen = found.length === 0 ? 0 : this.#mismatchesSeen + 1;
    if (this.#mismatchesSeen < MISMATCHES_MAX) {
      if (found.length === 0) safety.calm('VENUE_MISMATCH', link.name);
      return found.length > 0;
    }
    const because = found.join('; ');
    await safety.pull('VENUE_MISMATCH', because);
    await safety.alarm('VENUE_MISMATCH', link.name, because);
    return true;
  }
}

/** The venue cannot find what it had acknowledged. Nothing is concluded from that but that somebody must look. */
export async function suspect(
  { news, safety }: Pick<ReconcilerParts, 'news' | 'safety'>,
  { order, correlationId }: OrderRecord,
): Promise<void> {
  const because = 'the venue does not find it any more';
  await news.note(
    draft('order.suspected', ENGINE, correlationId, null, { orderId: order.id, because }),
  );
  await safety.alarm('ORDER_SUSPECT', order.id, `${order.id}: ${because}`);
}

interface Corrections {
  readonly orders: readonly EventDraft[];
  readonly foreign: readonly EventDraft[];
}

/** The corrective events; the same differences always give the same ones, known by the venue's own ids. */
function draftsOf(
  found: Comparison,
  { fills }: VenuePicture,
  book: ReadonlyBook,
  venue: string,
): Corrections {
  const told = found.told.flatMap((one) =>
    settlement(one.record, one.found, fills, (fill) => book.hasFill(fill), venue),
  );
  const late = found.lateFills.map(({ record, fill }) => fillDraft(record, fill, venue));
  return {
    orders: [...told, ...late],
    foreign: [
      ...found.foreign.map((order) => foreignDraft(order, venue)),
      ...found.foreignGone.map((venueOrderId) =>
        draft('order.external-gone', venueActor(venue), venueOrderId, null, { venueOrderId }),
      ),
    ],
  };
}

const foreignDraft = (order: VenueOrder, venue: string): EventDraft =>
  draft('order.external-found', venueActor(venue), order.venueOrderId, null, {
    venueOrderId: order.venueOrderId,
    instrumentId: order.instrumentId,
    side: order.side,
    quantity: text(order.quantity),
  });

/** A difference in words, for the record. */
function describe(correction: EventDraft): string {
  switch (correction.type) {
    case 'order.accepted':
      return `${correction.body.orderId} rests at the venue though its acknowledgement was lost`;
    case 'order.filled':
      return `${correction.body.orderId} traded ${correction.body.quantity} at ${correction.body.price} unheard`;
    case 'order.external-found':
      return `${correction.body.venueOrderId} rests at the venue but is not ours`;
    case 'order.external-gone':
      return `${correction.body.venueOrderId}, which is not ours, is gone from the venue`;
    case 'order.canceled':
    case 'order.expired':
    case 'order.rejected':
    case 'order.resurfaced':
      return `${correction.body.orderId}: ${correction.body.because}`;
    default:
      return correction.type;
  }
}
