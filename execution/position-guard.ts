/**
 * Keeps every position protected and the account inside its line: places the stop and target when an
 * entry fills, moves trailing stops, and closes what cannot be protected.
 */
import { draft } from '../domain/draft.ts';
import { orderIdFor } from '../domain/entry-order.ts';
import type { BarText, DomainEvent, EventOf } from '../domain/event.ts';
import type { InstrumentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { OrderRole } from '../domain/order.ts';
import { type OrderRecord, unfilled } from '../domain/order-record.ts';
import { positionKey } from '../domain/portfolio.ts';
import { entryPrice, type Position } from '../domain/position.ts';
import { absolute, type Price } from '../domain/units.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ReadonlyBook } from '../ledger/projections/book.ts';
import type { LimitsInForce } from '../risk-kernel/limits-in-force.ts';
import { ENGINE } from './actor.ts';
import type { ExecutionEngine } from './engine.ts';
import { closeOrder, type ExitSource, stopOrder, targetOrder, trailedStop } from './exits.ts';
import type { Origin } from './write-ahead.ts';

export interface GuardParts {
  readonly engine: ExecutionEngine;
  readonly ledger: Ledger;
  readonly book: ReadonlyBook;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly limits: LimitsInForce;
}

export class PositionGuard {
  readonly #parts: GuardParts;

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** Takes the venue's reports and does what each calls for, until there are none left. */
  async settle(): Promise<void> {
    const { engine, ledger } = this.#parts;
    let collected = await engine.collect();
    const any = collected.length > 0;
    while (collected.length > 0) {
      for (const event of collected) await this.#react(event);
      collected = await engine.collect();
    }
    if (any) await ledger.flush();
  }

  /** After a restart: every open position gets the stop it should have. */
  async protectAll(): Promise<void> {
    for (const key of this.#parts.book.portfolio.positions.keys()) await this.#protect(key, null);
    await this.settle();
  }

  /** Once a closed bar is in the book: stop what has no stop any more, then move trailing stops. */
  async onBar(instrumentId: InstrumentId, bar: BarText): Promise<void> {
    for (const [key, position] of this.#parts.book.portfolio.positions) {
      if (position.instrumentId !== instrumentId) continue;
      await this.#stop(key, null);
      await this.#trail(key, bar);
    }
    await this.settle();
  }

  async #react(event: DomainEvent): Promise<void> {
    if (event.type !== 'order.filled') return;
    const role = this.#parts.book.order(event.body.orderId)?.order.role;
    if (role !== 'ENTRY') await this.#watchStreak(event);
    // After an exit too: one that filled in part took the rest of its group with it.
    await this.#protect(positionKey(event.body.instrumentId, event.body.strategyId), event.seq);
  }

  async #protect(key: string, causationSeq: number | null): Promise<void> {
    if (await this.#stop(key, causationSeq)) await this.#target(key, causationSeq);
  }

  /** One stop for the whole position; true when it rests, or was there already. */
  async #stop(key: string, causationSeq: number | null): Promise<boolean> {
    const source = this.#source(key);
    if (source === undefined) return false;
    const stops = this.#exits(source, 'STOP');
    const at = this.#stopLevel(source);
    if (covers(stops, source.position) || at === undefined) return true;
    const origin = this.#origin(source, causationSeq);
    const order = stopOrder(source, at, this.#count(source, 'STOP'));
    const sent = await this.#parts.engine.send(order, origin);
    if (sent.kind !== 'SENT') {
      await this.#abandon(source, origin);
      return false;
    }
    for (const old of stops)
      await this.#parts.engine.cancel(old.order.id, 'replaced by a larger stop');
    return true;
  }

  async #target(key: string, causationSeq: number | null): Promise<void> {
    const source = this.#source(key);
    const at = source?.entry.order.target;
    if (source === undefined || at === undefined) return;
    const targets = this.#exits(source, 'TARGET');
    if (covers(targets, source.position)) return;
    const order = targetOrder(source, at, this.#count(source, 'TARGET'));
    const sent = await this.#parts.engine.send(order, this.#origin(source, causationSeq));
    if (sent.kind !== 'SENT') return;
    for (const old of targets)
      await this.#parts.engine.cancel(old.order.id, 'replaced by a larger target');
  }

  /** Where the last stop rested, or where the entry wanted the first: a stop never goes back. */
  #stopLevel({ entry, proposalId }: ExitSource): Price | undefined {
    const { book } = this.#parts;
    for (let count = book.exitsSent(proposalId, 'STOP'); count > 0; count--) {
      const record = book.order(orderIdFor(proposalId, 'STOP', count));
      if (record?.venueOrderId != null) return record.order.stopPrice;
    }
    return entry.order.protectiveStop;
  }

  /** A position whose stop the venue would not take is closed at once, and nothing new is opened. */
  async #abandon(source: ExitSource, origin: Origin): Promise<void> {
    const { engine } = this.#parts;
    await engine.send(closeOrder(source, this.#count(source, 'EXIT')), origin);
    await engine.pull('POSITION_UNPROTECTED', 'a protective stop could not be placed');
  }

  async #trail(key: string, bar: BarText): Promise<void> {
    const source = this.#source(key);
    if (source === undefined) return;
    const stop = this.#exits(source, 'STOP').at(-1);
    const instrument = this.#parts.instruments.get(source.position.instrumentId);
    const current: Price | undefined = stop?.order.stopPrice;
    if (stop === undefined || current === undefined || instrument === undefined) return;
    const range = { high: Number(bar.high), low: Number(bar.low) };
    const wanted = trailedStop(source, current, entryPrice(source.position), range, instrument);
    if (wanted === undefined) return;
    const order = stopOrder(source, wanted, this.#count(source, 'STOP'));
    const sent = await this.#parts.engine.send(order, this.#origin(source, null));
    // The old stop goes only after the new one rests at the venue.
    if (sent.kind === 'SENT')
      await this.#parts.engine.cancel(stop.order.id, 'the stop followed the price');
  }

  async #watchStreak(event: EventOf<'order.filled'>): Promise<void> {
    const { book, ledger, limits } = this.#parts;
    const { strategyId } = event.body;
    const standing = book.standings.get(strategyId);
    if (standing === undefined || !standing.enabled) return;
    if (standing.lossStreak < limits.limits.strategyLossStreakMax) return;
    const because = `${standing.lossStreak} losses in a row`;
    await ledger.append(
      draft('strategy.disabled', ENGINE, event.correlationId, event.seq, { strategyId, because }),
    );
  }

  #source(key: string): ExitSource | undefined {
    const position: Position | undefined = this.#parts.book.portfolio.positions.get(key);
    const entry = this.#parts.book.entryOf(key);
    if (position === undefined || entry?.proposalId == null) return undefined;
    return { position, entry, proposalId: entry.proposalId };
  }

  #exits(source: ExitSource, role: OrderRole): readonly OrderRecord[] {
    return this.#parts.book
      .liveOrders()
      .filter((record) => record.order.role === role && record.proposalId === source.proposalId);
  }

  /** The next unused count of a role's order id. */
  #count(source: ExitSource, role: OrderRole): number {
    return this.#parts.book.exitsSent(source.proposalId, role) + 1;
  }

  #origin(source: ExitSource, causationSeq: number | null): Origin {
    return {
      correlationId: source.entry.correlationId,
      causationSeq,
      intentId: null,
      proposalId: source.proposalId,
    };
  }
}

const covers = (exits: readonly OrderRecord[], position: Position): boolean =>
  exits.some((exit) => unfilled(exit) >= absolute(position.quantity));
