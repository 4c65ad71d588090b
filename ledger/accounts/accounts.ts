/**
 * The accounts: a fold of the journal beside the book, kept in double entry. Nothing here is ever set,
 * only moved; and after every event whatever it touched must sum to zero.
 */
import type { DomainEvent, EventOf } from '../../domain/event.ts';
import type { ClientOrderId, InstrumentId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import {
  advanceRecord,
  type OrderLifeEvent,
  type OrderRecord,
  startRecord,
} from '../../domain/order-record.ts';
import { CurrencyMismatch, positionKey } from '../../domain/portfolio.ts';
import { type Money, money, NO_MONEY, subtract } from '../../domain/units.ts';
import { fillFromEvent } from '../projections/book.ts';
import type { Fold } from '../snapshots/fold.ts';
import { unpackLike } from '../snapshots/shape.ts';
import { pack, partsOf, type Saved } from '../snapshots/state-text.ts';
import type { Account, Transfer } from './account.ts';
import { Balances, type TrialLine } from './balances.ts';
import { heldFor, NO_STAKE, postFill, postHold, postOpening, type Stake } from './postings.ts';

/** A stake and whose it is. */
export interface HeldStake extends Stake {
  readonly instrumentId: InstrumentId;
}

/** What an event will have done: all of it, or nothing when it cannot be worked out. */
interface Entry {
  readonly transfers: readonly Transfer[];
  readonly opens?: string;
  readonly record?: OrderRecord;
  readonly stake?: readonly [key: string, stake: HeldStake];
}

const NOTHING: Entry = { transfers: [] };

export class Accounts implements Fold {
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly #balances = new Balances();
  #orders = new Map<ClientOrderId, OrderRecord>();
  #holds = new Map<ClientOrderId, Money>();
  #stakes = new Map<string, HeldStake>();
  #seq = 0;
  #currency: string | undefined;

  constructor(instruments: ReadonlyMap<InstrumentId, Instrument>) {
    this.instruments = instruments;
  }

  /** The newest event that is booked. */
  get seq(): number {
    return this.#seq;
  }

  /** The account's own currency; undefined before the first start. */
  get currency(): string | undefined {
    return this.#currency;
  }

  apply(event: DomainEvent): void {
    const { transfers, opens, record, stake } = this.#entry(event);
    this.#seq = event.seq;
    if (opens !== undefined) this.#currency = opens;
    if (record !== undefined) this.#keep(record);
    if (stake !== undefined) this.#take(...stake);
    for (const transfer of transfers) this.#balances.post(transfer);
    for (const currency of new Set(transfers.map((transfer) => transfer.currency)))
      this.#balances.check(currency, `after event ${event.seq} (${event.type})`);
  }

  /** What an event would move, were it the next. */
  transfersOf(event: DomainEvent): readonly Transfer[] {
    return this.#entry(event).transfers;
  }

  /** Debit above zero. */
  balance(currency: string, account: Account): Money {
    return this.#balances.of(currency, account);
  }

  /** Every account of every currency that anything was ever booked in. */
  trialBalance(): readonly TrialLine[] {
    return this.#balances.lines();
  }

  /** What each live order has reserved; an order that holds nothing is not listed. */
  holds(): ReadonlyMap<ClientOrderId, Money> {
    return this.#holds;
  }

  /** What is open, by `positionKey`. */
  stakes(): ReadonlyMap<string, HeldStake> {
    return this.#stakes;
  }

  save(): Saved {
    return { own: pack(this.#state()), balances: this.#balances.save() };
  }

  load(saved: Saved): void {
    const parts = partsOf(saved, ['own', 'balances']);
    this.#balances.load(parts.balances);
    const state = unpackLike(parts.own, this.#state());
    this.#seq = state.seq;
    this.#currency = state.currency;
    this.#orders = state.orders;
    this.#holds = state.holds;
    this.#stakes = state.stakes;
  }

  /** The ended orders too: one that was over may be found alive. */
  #state() {
    return {
      seq: this.#seq,
      currency: this.#currency,
      orders: this.#orders,
      holds: this.#holds,
      stakes: this.#stakes,
    };
  }

  #entry(event: DomainEvent): Entry {
    switch (event.type) {
      case 'system.started':
        return this.#start(event);
      case 'order.submitting':
        return this.#follow(event, startRecord(event));
      case 'order.filled':
        return this.#fill(event);
      case 'order.accepted':
      case 'order.rejected':
      case 'order.unknown':
      case 'order.cancel-requested':
      case 'order.cancel-refused':
      case 'order.canceled':
      case 'order.expired':
      case 'order.suspected':
      case 'order.resurfaced':
        return this.#advance(event);
      default:
        return NOTHING;
    }
  }

  /** Only the first start brings cash; a later one finds it here. */
  #start({ body, seq }: EventOf<'system.started'>): Entry {
    if (this.#currency !== undefined) return NOTHING;
    const { currency } = body;
    return { opens: currency, transfers: postOpening(currency, money(body.cash), seq) };
  }

  #advance(event: OrderLifeEvent): Entry {
    const { orderId } = event.body;
    const before = this.#orders.get(orderId);
    if (before === undefined)
      throw new Error(`the journal speaks of order ${orderId} before submitting it`);
    return this.#follow(event, advanceRecord(before, event));
  }

  #follow({ seq, type }: DomainEvent, record: OrderRecord): Entry {
    const { id } = record.order;
    const currency = this.#currency;
    if (currency === undefined) throw new Error(`the journal sends order ${id} before any start`);
    const change = subtract(heldFor(record), heldFor(this.#orders.get(id)));
    const released = type === 'order.filled' ? 'POSTED' : 'VOIDED';
    return { record, transfers: postHold({ currency, seq, subject: id }, change, released) };
  }

  #fill(event: EventOf<'order.filled'>): Entry {
    const fill = fillFromEvent(event);
    const { instrumentId, strategyId } = fill;
    const instrument = this.#instrument(instrumentId);
    const key = positionKey(instrumentId, strategyId);
    const released = this.#advance(event);
    const booked = postFill(this.#stakes.get(key) ?? NO_STAKE, fill, instrument, event.seq);
    return {
      ...released,
      stake: [key, { instrumentId, ...booked.stake }],
      transfers: [...released.transfers, ...booked.transfers],
    };
  }

  #instrument(id: InstrumentId): Instrument {
    const instrument = this.instruments.get(id);
    if (instrument === undefined)
      throw new Error(`the journal trades ${id}, which these accounts do not know`);
    if (instrument.quote !== this.#currency)
      throw new CurrencyMismatch(
        `${id} is paid in ${instrument.quote}, the account in ${this.#currency ?? 'nothing yet'}; they cannot be added`,
      );
    return instrument;
  }

  #keep(record: OrderRecord): void {
    const { id } = record.order;
    const held = heldFor(record);
    this.#orders.set(id, record);
    if (held === NO_MONEY) this.#holds.delete(id);
    else this.#holds.set(id, held);
  }

  #take(key: string, stake: HeldStake): void {
    if (stake.quantity === 0n) this.#stakes.delete(key);
    else this.#stakes.set(key, stake);
  }
}

/** Every transfer of a journal, event by event. */
export function* statement(
  events: Iterable<DomainEvent>,
  instruments: ReadonlyMap<InstrumentId, Instrument>,
): Generator<Transfer> {
  const accounts = new Accounts(instruments);
  for (const event of events) {
    yield* accounts.transfersOf(event);
    accounts.apply(event);
  }
}
