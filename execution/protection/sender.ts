/** Sends and cancels for the guard, and leaves alone for a while what was just refused. */
import type { Clock } from '../../domain/clock.ts';
import type { Order } from '../../domain/order.ts';
import { isLive, type OrderRecord } from '../../domain/order-record.ts';
import type { ReadonlyBook } from '../../ledger/projections/readonly-book.ts';
import type { ExecutionEngine, SendResult } from '../engine.ts';
import type { Holding } from './holding.ts';
import { Patience } from './patience.ts';

/** A cancel that the venue refused is asked for again, but not in a storm. */
const CANCEL_PAUSE_MS = 5_000;

export interface SenderParts {
  readonly engine: ExecutionEngine;
  readonly book: ReadonlyBook;
  readonly clock: Clock;
}

export class Sender {
  readonly patience = new Patience();
  readonly #parts: SenderParts;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** False while an order like this one was denied, or the venue asked to be left alone. */
  mayAsk(subject: string): boolean {
    return this.patience.isOver(subject, this.#parts.clock.now());
  }

  send(order: Order, { entry, proposalId }: Holding, cause: number | null): Promise<SendResult> {
    return this.#parts.engine.send(order, {
      correlationId: entry.correlationId,
      causationSeq: cause,
      intentId: null,
      proposalId,
    });
  }

  /**
   * Sends, and lets `subject` rest when the venue asks for that or the kernel denied it. A denial leaves
   * no order in the book, so nothing else would remember it.
   */
  async sendPatiently(
    order: Order,
    holding: Holding,
    cause: number | null,
    { subject, deniedPauseMs }: { readonly subject: string; readonly deniedPauseMs: number },
  ): Promise<SendResult> {
    const result = await this.send(order, holding, cause);
    const nowMs = this.#parts.clock.now();
    // A duplicate is not denied for what it is: somebody was faster with the very same order.
    if (result.kind === 'DENIED' && result.code !== 'COMMAND_DUPLICATE')
      this.patience.wait(subject, nowMs, deniedPauseMs);
    if (result.kind === 'REJECTED' && result.retryAfterMs !== undefined)
      this.patience.wait(subject, nowMs, result.retryAfterMs);
    return result;
  }

  async cancel({ order: { id } }: OrderRecord, because: string): Promise<void> {
    const { engine, book, clock } = this.#parts;
    const record = book.order(id);
    if (record === undefined || !isLive(record) || record.cancelWanted) return;
    const subject = `cancel ${id}`;
    if (!this.mayAsk(subject)) return;
    this.patience.wait(subject, clock.now(), CANCEL_PAUSE_MS);
    await engine.cancel(id, because);
  }
}
