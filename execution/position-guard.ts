/**
 * Keeps every position protected and managed as it was planned: stops and targets for each slice, stops
 * that follow, adds, and the close of what has run out of time or cannot be protected.
 *
 * It looks at a position and does what is missing. What that is follows from the book and the clock alone,
 * so it matters neither how often it looks nor whether it is the same process that looks again.
 */
import type { Clock } from '../domain/clock.ts';
import { draft } from '../domain/draft.ts';
import type { Actor, DomainEvent } from '../domain/event.ts';
import type { ClientOrderId, InstrumentId, StrategyId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { positionKey } from '../domain/portfolio.ts';
import type { Position } from '../domain/position.ts';
import type { ExitSignal } from '../domain/signal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ReadonlyBook } from '../ledger/projections/readonly-book.ts';
import type { LimitsInForce } from '../risk-kernel/limits-in-force.ts';
import { ENGINE } from './actor.ts';
import type { ExecutionEngine } from './engine.ts';
import { addsToSend } from './protection/adds.ts';
import {
  type CloseReason,
  reasonToClose,
  reasonToGiveUp,
  REFUSED_STOP,
} from './protection/closing.ts';
import { type Holding, holdingOf } from './protection/holding.ts';
import { Sender } from './protection/sender.ts';
import { SliceGuard } from './protection/slice-guard.ts';
import { strayBecause } from './protection/strays.ts';

const STRATEGY: Actor = { kind: 'AGENT', name: 'strategy' };

export interface GuardParts {
  readonly engine: ExecutionEngine;
  readonly ledger: Ledger;
  readonly book: ReadonlyBook;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly clock: Clock;
  readonly limits: LimitsInForce;
}

export class PositionGuard {
  readonly #parts: GuardParts;
  readonly #sender: Sender;
  readonly #slices: SliceGuard;
  readonly #denied = new Set<ClientOrderId>();

  constructor(parts: GuardParts) {
    this.#parts = parts;
    this.#sender = new Sender(parts);
    this.#slices = new SliceGuard({ ...parts, sender: this.#sender });
  }

  /** Takes what the venue said and does what it calls for, until there is nothing left. */
  async settle(): Promise<void> {
    const { engine, ledger } = this.#parts;
    let events = await engine.collect();
    if (events.length === 0) return;
    while (events.length > 0) {
      await this.#follow(events);
      events = await engine.collect();
    }
    await ledger.flush();
  }

  /** After a restart: every open position gets what it should have. */
  protectAll(): Promise<void> {
    return this.tend();
  }

  /** Once a closed bar is in the book: stops follow it. */
  async onBar(instrumentId: InstrumentId): Promise<void> {
    for (const [key, position] of this.#parts.book.portfolio.positions)
      if (position.instrumentId === instrumentId) await this.#look(key, null);
    await this.#sweep();
    await this.settle();
  }

  /**
   * The rule that opened a position said, when a bar closed, that it is over. It is closed where its
   * entry agreed to that, and only when it was there already: what was opened later is another decision.
   */
  async closeByRule(
    { strategyId, direction, because }: ExitSignal,
    bar: { readonly instrumentId: InstrumentId; readonly closedAtMs: number },
    correlationId: string,
  ): Promise<void> {
    const { book, ledger, instruments } = this.#parts;
    const { instrumentId } = bar;
    const key = positionKey(instrumentId, strategyId);
    const position = book.portfolio.positions.get(key);
    if (position === undefined || position.openedAtMs > bar.closedAtMs) return;
    const holding = holdingOf(position, book, instruments);
    if (holding === undefined || holding.long !== (direction === 'LONG')) return;
    if (holding.entry.order.management?.closeOnSignal !== true || book.closing.has(key)) return;
    const body = { instrumentId, strategyId, because: `its rule is over: ${because}` };
    await ledger.append(draft('position.close-requested', STRATEGY, correlationId, null, body));
    await this.#look(key, null);
    await this.settle();
  }

  /** What time alone brings: deadlines, retries, sessions that end. To be called again and again. */
  async tend(): Promise<void> {
    const { book } = this.#parts;
    for (const key of book.portfolio.positions.keys()) await this.#look(key, null);
    await this.#sweep();
    for (const id of book.standings.keys()) await this.#watchStreak(id, id, null);
    await this.settle();
  }

  async #follow(events: readonly DomainEvent[]): Promise<void> {
    for (const event of events)
      if (event.type === 'order.filled')
        await this.#watchStreak(event.body.strategyId, event.correlationId, event.seq);
    for (const [key, cause] of this.#touched(events)) await this.#look(key, cause);
    await this.#sweep();
  }

  /** The positions that events speak of, each with what caused the next look: a fill before anything else. */
  #touched(events: readonly DomainEvent[]): ReadonlyMap<string, number> {
    const { book } = this.#parts;
    const causes = new Map<string, number>();
    const fills = events.filter(({ type }) => type === 'order.filled');
    for (const { body, seq } of [...fills, ...events]) {
      const order = 'orderId' in body ? book.order(body.orderId)?.order : undefined;
      if (order === undefined) continue;
      const key = positionKey(order.instrumentId, order.strategyId);
      if (!causes.has(key)) causes.set(key, seq);
    }
    return causes;
  }

  async #look(key: string, cause: number | null): Promise<void> {
    const { book, instruments, clock } = this.#parts;
    const position = book.portfolio.positions.get(key);
    if (position === undefined) return;
    const holding = holdingOf(position, book, instruments);
    if (holding === undefined) return this.#halt(position, key, 'no proposal stands behind it');
    // Less than a lot can neither be protected nor closed.
    if (holding.slices.length === 0) return;
    const reason =
      reasonToClose(holding, book, clock.now()) ?? (await this.#manage(holding, cause));
    if (reason !== undefined) await this.#close(holding, reason, cause);
  }

  /** Stops, then targets, then adds. Returns why the position must be closed instead, if it must. */
  async #manage(holding: Holding, cause: number | null): Promise<CloseReason | undefined> {
    const guarded = new Set<string>();
    for (const slice of holding.slices) {
      const stop = await this.#slices.stop(holding, slice, cause);
      if (stop === 'REFUSED') return REFUSED_STOP;
      if (stop === 'RESTS') guarded.add(slice.group);
    }
    const { book, clock } = this.#parts;
    const reason = reasonToGiveUp(holding, book, clock.now());
    if (reason !== undefined) return reason;
    for (const slice of holding.slices)
      if (guarded.has(slice.group)) await this.#slices.target(holding, slice, cause);
    if (guarded.size === holding.slices.length) await this.#add(holding, cause);
    return undefined;
  }

  async #add(holding: Holding, cause: number | null): Promise<void> {
    const { book, engine } = this.#parts;
    const { instrumentId } = holding.position;
    if (book.tradingState !== 'ACTIVE' || book.halted.has(instrumentId)) return;
    for (const order of addsToSend(holding, book)) {
      // Denied today, cleared when the price is nearer: the one denial is on record, and not repeated.
      if (this.#denied.has(order.id) && !engine.preview(order).cleared) return;
      const result = await this.#sender.send(order, holding, cause);
      if (result.kind === 'DENIED') this.#denied.add(order.id);
      // The next one is farther away and has time.
      if (result.kind !== 'SENT') return;
    }
  }

  async #close(holding: Holding, reason: CloseReason, cause: number | null): Promise<void> {
    const { key, position, entry } = holding;
    const { book, ledger } = this.#parts;
    if (reason.grave) await this.#halt(position, key, reason.because);
    if (!book.closing.has(key)) {
      const { instrumentId, strategyId } = position;
      const body = { instrumentId, strategyId, because: reason.because };
      await ledger.append(
        draft('position.close-requested', ENGINE, entry.correlationId, cause, body),
      );
    }
    await this.#sweep();
    // The close would be denied for them; their end brings the next look.
    if (this.#hasRivals(holding)) return;
    for (const slice of holding.slices) await this.#slices.close(holding, slice, cause);
  }

  /** Exits of slices that are gone: until they are too, the kernel counts them beside every other. */
  #hasRivals({ position, long, slices }: Holding): boolean {
    const serving = new Set(slices.map(({ group }) => group));
    return this.#parts.book
      .liveOrders()
      .some(
        ({ order }) =>
          order.reduceOnly &&
          order.side === (long ? 'SELL' : 'BUY') &&
          order.instrumentId === position.instrumentId &&
          order.strategyId === position.strategyId &&
          (order.ocoGroupId === undefined || !serving.has(order.ocoGroupId)),
      );
  }

  async #halt({ instrumentId }: Position, key: string, because: string): Promise<void> {
    const { engine, book } = this.#parts;
    const told = `${key}: ${because}`;
    if (!book.halted.has(instrumentId))
      await engine.haltInstrument(instrumentId, 'POSITION_UNPROTECTED', told);
    await engine.alarm('POSITION_UNPROTECTED', key, told);
  }

  /** Cancels what outlived its purpose, again and again until the venue has let go of it. */
  async #sweep(): Promise<void> {
    const { book, clock } = this.#parts;
    for (const record of book.liveOrders()) {
      const { instrumentId, strategyId } = record.order;
      const holding = this.#holding(positionKey(instrumentId, strategyId));
      const because = strayBecause(record, holding, book, clock.now());
      if (because !== undefined) await this.#sender.cancel(record, because);
    }
  }

  #holding(key: string): Holding | undefined {
    const { book, instruments } = this.#parts;
    const position = book.portfolio.positions.get(key);
    return position === undefined ? undefined : holdingOf(position, book, instruments);
  }

  async #watchStreak(
    strategyId: StrategyId,
    correlationId: string,
    cause: number | null,
  ): Promise<void> {
    const { book, ledger, limits } = this.#parts;
    const standing = book.standings.get(strategyId);
    if (standing === undefined || !standing.enabled) return;
    if (standing.lossStreak < limits.limits.strategyLossStreakMax) return;
    const because = `${standing.lossStreak} losses in a row`;
    await ledger.append(
      draft('strategy.disabled', ENGINE, correlationId, cause, { strategyId, because }),
    );
  }
}
