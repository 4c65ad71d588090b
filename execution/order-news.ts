/**
 * Journals what is learned of orders, from wherever it comes: each execution once, each step only where the
 * order table has it. News may repeat, come late or contradict; none of that moves an order backwards.
 */
import { draft } from '../domain/draft.ts';
import type { DomainEvent, EventDraft, EventOf } from '../domain/event.ts';
import type { ClientOrderId } from '../domain/ids.ts';
import {
  isLive,
  type OrderLifeDraft,
  type OrderRecord,
  stateAfter,
} from '../domain/order-record.ts';
import { quantity, smaller, subtract, text } from '../domain/units.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ReadonlyBook } from '../ledger/projections/readonly-book.ts';
import { Turnstile } from '../ledger/turnstile.ts';
import { ENGINE } from './actor.ts';
import type { Safety } from './safety.ts';
import { reportDraft } from './settlement.ts';
import type { VenueReport } from './venue.ts';
import type { VenueLink } from './venue-link.ts';

export interface NewsParts {
  readonly ledger: Ledger;
  readonly book: ReadonlyBook;
  readonly link: VenueLink;
  readonly safety: Safety;
}

export class OrderNews {
  readonly #parts: NewsParts;
  /** Looking whether something is news and writing it down must not be torn apart. */
  readonly #turn = new Turnstile();
  #mayHaveMissed = false;

  constructor(parts: NewsParts) {
    this.#parts = parts;
  }

  /** Whether something may have been kept back from us, which only a comparison can tell. */
  get mayHaveMissed(): boolean {
    return this.#mayHaveMissed;
  }

  /** The same, asked by whoever compares next. */
  takeMissed(): boolean {
    const missed = this.#mayHaveMissed;
    this.#mayHaveMissed = false;
    return missed;
  }

  /** The venue speaks of more than we were told. */
  distrust(): void {
    this.#mayHaveMissed = true;
  }

  /** Takes what the stream brought and journals it; returns the events it made. */
  async collect(): Promise<readonly DomainEvent[]> {
    const { link } = this.#parts;
    const { reports, gap } = link.takeNews();
    if (gap) this.#mayHaveMissed = true;
    const events: DomainEvent[] = [];
    for (const report of reports) events.push(...(await this.#hear(report)));
    return events;
  }

  /** Journals those that are news, in order; returns the events they became. */
  note(...drafts: readonly EventDraft[]): Promise<readonly DomainEvent[]> {
    return this.#turn.run(async () => {
      const events: DomainEvent[] = [];
      for (const one of drafts) events.push(...(await this.#noteOne(one as OrderLifeDraft)));
      return events;
    });
  }

  async #hear(report: VenueReport): Promise<readonly DomainEvent[]> {
    const { book, link } = this.#parts;
    const record = book.order(report.clientId as ClientOrderId);
    if (record !== undefined) return this.note(reportDraft(record, report, link.name));
    // Somebody else trades on this account: what rests there is compared, what traded is a mismatch.
    this.#mayHaveMissed = true;
    if (report.kind === 'FILL') await this.#mismatch(report.clientId);
    return [];
  }

  async #mismatch(clientId: string): Promise<void> {
    const { safety, link } = this.#parts;
    const because = `${link.name} reports an execution of ${clientId}, which we never sent`;
    await safety.pull('VENUE_MISMATCH', because);
    await safety.alarm('VENUE_MISMATCH', clientId, because);
  }

  async #noteOne(news: OrderLifeDraft): Promise<readonly DomainEvent[]> {
    const { ledger, book } = this.#parts;
    const record = book.order(news.body.orderId);
    if (record === undefined || this.#isKnown(record, news)) return [];
    if (stateAfter(record, news) === undefined) return this.#ignore(record, news);
    const events = await ledger.append(news as EventDraft);
    for (const event of events) if (event.type === 'order.filled') await this.#watchOverfill(event);
    return events;
  }

  #isKnown(record: OrderRecord, news: OrderLifeDraft): boolean {
    if (news.type === 'order.filled') return this.#parts.book.hasFill(news.body.fillId);
    if (news.type === 'order.cancel-requested') return record.cancelWanted;
    if (news.type === 'order.accepted')
      return record.venueOrderId !== null && stateAfter(record, news) === record.state;
    return false;
  }

  /**
   * What an order that is over is still said to have done is an echo; of a live one it is a contradiction,
   * and so is the refusal of what has traded.
   */
  async #ignore(record: OrderRecord, news: OrderLifeDraft): Promise<readonly DomainEvent[]> {
    const refusesTraded = news.type === 'order.rejected' && record.filled > 0n;
    // Taken after all, though we had it as refused: where it stands now only the venue can tell.
    if (news.type === 'order.accepted' && record.state === 'REJECTED') this.#mayHaveMissed = true;
    if (!isLive(record) && !refusesTraded) return [];
    const told = `${news.type} while it is ${record.state}`;
    const { correlationId, order } = record;
    const body = { orderId: order.id, news: told };
    await this.#parts.ledger.append(draft('order.news-ignored', ENGINE, correlationId, null, body));
    return [];
  }

  /** It happened, so it is booked; and it must not happen again, so nothing goes on by itself. */
  async #watchOverfill(event: EventOf<'order.filled'>): Promise<void> {
    const { ledger, book, safety } = this.#parts;
    const { orderId, fillId } = event.body;
    const record = book.order(orderId);
    if (record === undefined || record.filled <= record.order.quantity) return;
    const over = subtract(record.filled, record.order.quantity);
    const excess = text(smaller(over, quantity(event.body.quantity)));
    const body = { orderId, fillId, excess };
    await ledger.append(draft('order.overfilled', ENGINE, event.correlationId, event.seq, body));
    const because = `the venue filled ${text(record.filled)} of ${orderId}, which was for ${text(record.order.quantity)}`;
    await safety.pull('ORDER_OVERFILLED', because);
    await safety.alarm('ORDER_OVERFILLED', orderId, because);
  }
}
