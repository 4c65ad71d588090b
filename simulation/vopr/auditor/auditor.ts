/**
 * The independent auditor: its own plain model of ledger and venue, and what must never happen. It shares
 * no code with what it audits; it is told in plain words what was stored, asked and done, and believes
 * nobody's account of themselves. It imports nothing but its own folder.
 */
import type { Case } from './case.ts';
import { chainFault, columnFault } from './chain.ts';
import { decimal } from './decimal.ts';
import { JournalModel } from './journal-model.ts';
import type { Rule, Violation } from './rules.ts';
import { judgeAsk, judgeCancel, judgePlaced, judgeRecord } from './sending.ts';
import { judgeRest, judgeSettled } from './settled.ts';
import { Deadlines, judgeBurials, judgeFills, judgePiles, judgeSums } from './standing.ts';
import type { EventWords, RowWords, Testimony } from './testimony.ts';
import { VenueModel } from './venue-model.ts';

const LEDGER_WAIT_MS = 2_000;
const HURRY_MS_MAX = 60_000;

export class Auditor {
  readonly violations: Violation[] = [];
  readonly #journal = new JournalModel();
  readonly #venue = new VenueModel();
  readonly #deadlines = new Deadlines();
  readonly #classes = new Map<string, string>();
  readonly #traded = new Set<string>();
  /** Processes that were told to stop, when, and the newest durable row at that moment. */
  readonly #stopped = new Map<number, { readonly atMs: number; readonly seq: number }>();
  readonly #approved = new Set<string>();
  readonly #unapproved = new Set<string>();
  #epoch = 0;

  hear(atMs: number, said: Testimony): void {
    const at = this.#case(atMs);
    switch (said.kind) {
      case 'OPENED':
        this.#journal.begin(decimal(said.cash));
        this.#venue.cash = decimal(said.cash);
        for (const [id, kind] of Object.entries(said.classes)) this.#classes.set(id, kind);
        return;
      case 'LED':
        this.#epoch = said.epoch;
        return;
      case 'COMMITTED':
        return this.#commit(at, said.epoch, said.rows);
      case 'INTENDED':
        return this.#intend(said.intentId, said.approved);
      case 'ASKED': {
        const { process, order, broken } = said;
        const stopped = order.role === 'ENTRY' && this.#isStopped(process, order.id);
        judgeAsk(at, order, broken, stopped);
        this.#venue.ask(order);
        return;
      }
      case 'CANCEL_ASKED':
        return judgeCancel(at, said.orderId, said.broken || this.#isHurried(atMs, said));
      case 'PLACED': {
        const placed = this.#venue.place(said.orderId);
        if (placed !== undefined) judgePlaced(at, placed.order);
        return;
      }
      case 'TRADED':
        return this.#venue.trade(said);
      case 'ENDED':
        return this.#venue.end(said.orderId);
      case 'TOLD':
        return this.#venue.tell(said.fillIds);
      case 'LIED': {
        const denied = this.#venue.orders.get(said.orderId);
        if (denied !== undefined) denied.denied = true;
        this.#deadlines.excuse(atMs);
        return;
      }
      case 'TROUBLE':
        this.#deadlines.excuse(atMs + said.waitMs);
        return;
      case 'PRICE':
        this.#venue.prices.set(said.instrumentId, decimal(said.price));
        this.#traded.add(said.instrumentId);
        return;
      case 'KILLED':
        this.#stopped.set(said.process, { atMs, seq: this.#journal.seq });
        return;
      case 'PASSED':
        return this.#pass(at, said.ms, said.tended);
      case 'ACCOUNT':
        return judgeSums(at, 'the venue', said, this.#venue.cash, this.#venue.netPositions());
      case 'BOOK':
        // What is not durable yet we do not know of.
        if (said.hash === this.#journal.hash)
          judgeSums(at, 'the book', said, this.#journal.cash, this.#journal.positions);
        return;
      case 'THREW':
        return at.object('THREW', said.because, []);
      case 'SETTLED':
        return judgeSettled(at, said.rows);
      case 'NOTE':
        return;
    }
  }

  /** Whether what must hold after healing holds already. */
  isAtRest(atMs: number): boolean {
    let clean = true;
    const at = this.#case(atMs);
    judgeRest({ ...at, object: () => void (clean = false) });
    return clean;
  }

  #commit(at: Case, epoch: number, rows: readonly RowWords[]): void {
    if (epoch !== this.#epoch) {
      const because = `epoch ${epoch} wrote row ${rows[0]?.seq} while epoch ${this.#epoch} leads`;
      at.object('DEPOSED_LEADER_WROTE', because, []);
    }
    const fills = this.#journal.fills.size;
    for (const row of rows) {
      const event = JSON.parse(row.body) as EventWords;
      const fault = chainFault(this.#journal, row) ?? columnFault(row, event);
      if (fault !== undefined) at.object('CHAIN_BROKEN', fault, []);
      const booked = this.#journal.read(row, event);
      if (booked !== undefined) judgeRecord(at, booked);
    }
    if (this.#journal.fills.size > fills || this.#journal.twice.length > 0)
      judgeFills(at, [...this.#journal.fills.keys()].slice(fills));
  }

  /** Of two intents of one id the first is kept; which came first nobody can know from outside. */
  #intend(id: string, approved: boolean): void {
    if (approved) this.#approved.add(id);
    if (this.#approved.has(id)) this.#unapproved.delete(id);
    else this.#unapproved.add(id);
  }

  #pass(at: Case, ms: number, tended: boolean): void {
    this.#deadlines.pass(at, ms, tended, this.#traded);
    this.#traded.clear();
    judgeBurials(at);
    judgePiles(at);
  }

  /** Its process was told to stop, and it was not cleared after somebody had let it go on again. */
  #isStopped(process: number, orderId: string): boolean {
    const { resumes, orders } = this.#journal;
    const killed = this.#stopped.get(process);
    const booked = orders.get(orderId);
    if (killed === undefined || booked === undefined) return false;
    return !resumes.some((seq) => seq > killed.seq && seq < booked.seq);
  }

  /** Whoever is to stop everything waits two seconds for the ledger, and for entries no longer. */
  #isHurried(
    atMs: number,
    { process, orderId }: Extract<Testimony, { kind: 'CANCEL_ASKED' }>,
  ): boolean {
    const waitedMs = atMs - (this.#stopped.get(process)?.atMs ?? atMs);
    const isEntry = this.#journal.orders.get(orderId)?.order.role === 'ENTRY';
    return isEntry && waitedMs >= LEDGER_WAIT_MS && waitedMs <= HURRY_MS_MAX;
  }

  #case(atMs: number): Case {
    return {
      atMs,
      journal: this.#journal,
      venue: this.#venue,
      classes: this.#classes,
      unapproved: this.#unapproved,
      object: (rule: Rule, sentence: string, about: readonly string[]) =>
        void this.violations.push({ rule, atMs, sentence, about }),
    };
  }
}
