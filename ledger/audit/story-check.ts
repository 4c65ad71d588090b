import type { DomainEvent, EventOf } from '../../domain/event.ts';
import type { InstrumentId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { price, quantity } from '../../domain/units.ts';
import { Accounts } from '../accounts/accounts.ts';
import { disagreement } from '../accounts/agreement.ts';
import { OutOfBalance, type TrialLine } from '../accounts/balances.ts';
import { canonicalJson } from '../canonical-json.ts';
import { Book } from '../projections/book.ts';
import { Decisions } from '../projections/decisions.ts';
import type { Saved } from '../snapshots/state-text.ts';
import { type AuditFault, type Finding, finding } from './finding.ts';
import { Lineage, LineageBroken } from './lineage.ts';

export interface SavedStory {
  readonly book: Saved;
  readonly decisions: Saved;
  readonly accounts: Saved;
  readonly lineage: Saved;
}

/**
 * That the journal tells a story that can be: every fold takes every event, double entry balances after
 * each, agrees with the book, and nothing was sent without what must come before it.
 */
export class StoryCheck {
  readonly #book: Book;
  readonly #decisions = new Decisions();
  readonly #accounts: Accounts;
  readonly #lineage = new Lineage();

  constructor(instruments: ReadonlyMap<InstrumentId, Instrument>) {
    this.#book = new Book(instruments);
    this.#accounts = new Accounts(instruments);
  }

  /** What is wrong with the story as of this event, or undefined. After it the folds are of no use. */
  see(event: DomainEvent): Finding | undefined {
    try {
      if (event.type === 'order.filled') this.#assertFits(event);
      this.#book.apply(event);
      this.#decisions.apply(event);
      this.#accounts.apply(event);
      this.#lineage.apply(event);
    } catch (error) {
      return finding(faultOf(error), event.seq, sentence(event.seq, error));
    }
    if (!MOVES_MONEY.has(event.type)) return undefined;
    const differs = disagreement(this.#accounts, this.#book);
    return differs === undefined
      ? undefined
      : finding(
          'OUT_OF_BALANCE',
          event.seq,
          `Double entry does not agree with the book: ${differs}.`,
        );
  }

  /** Both ways of reckoning believe what a fill says of itself; its order knows better. */
  #assertFits({ body }: EventOf<'order.filled'>): void {
    const { fillId, orderId, instrumentId, strategyId, side } = body;
    if (quantity(body.quantity) <= 0n || price(body.price) <= 0n)
      throw new Error(`fill ${fillId} is of ${body.quantity} at ${body.price}`);
    if (this.#book.hasFill(fillId)) throw new Error(`fill ${fillId} is booked already`);
    const order = this.#book.order(orderId)?.order;
    if (order === undefined) return;
    const fits =
      order.instrumentId === instrumentId && order.strategyId === strategyId && order.side === side;
    if (!fits) throw new Error(`fill ${fillId} is not of what order ${orderId} was for`);
  }

  trialBalance(): readonly TrialLine[] {
    return this.#accounts.trialBalance();
  }

  /** The folds that a snapshot holds too, by their names there, as canonical text. */
  sections(): ReadonlyMap<string, string> {
    return new Map([
      ['book', canonicalJson(this.#book.save())],
      ['decisions', canonicalJson(this.#decisions.save())],
      ['accounts', canonicalJson(this.#accounts.save())],
    ]);
  }

  save(): SavedStory {
    return {
      book: this.#book.save(),
      decisions: this.#decisions.save(),
      accounts: this.#accounts.save(),
      lineage: this.#lineage.save(),
    };
  }

  load(saved: SavedStory): void {
    this.#book.load(saved.book);
    this.#decisions.load(saved.decisions);
    this.#accounts.load(saved.accounts);
    this.#lineage.load(saved.lineage);
  }
}

/** After these the two ways of reckoning are compared; the others move nothing. */
const MOVES_MONEY: ReadonlySet<DomainEvent['type']> = new Set<DomainEvent['type']>([
  'system.started',
  'order.submitting',
  'order.filled',
  'order.canceled',
  'order.expired',
  'order.rejected',
  'order.resurfaced',
]);

function faultOf(error: unknown): AuditFault {
  if (error instanceof LineageBroken) return 'LINEAGE_BROKEN';
  return error instanceof OutOfBalance ? 'OUT_OF_BALANCE' : 'STORY_BROKEN';
}

function sentence(seq: number, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof LineageBroken
    ? message
    : `Event ${seq} cannot have happened: ${message}.`;
}
