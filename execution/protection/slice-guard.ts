/** Keeps the exits of one slice at the venue: its stop first, then its target, or its close. */
import { type Clock, MINUTE_MS } from '../../domain/clock.ts';
import type { ClientOrderId } from '../../domain/ids.ts';
import { type OrderRecord, unfilled } from '../../domain/order-record.ts';
import { type Price, text } from '../../domain/units.ts';
import type { ReadonlyBook } from '../../ledger/projections/readonly-book.ts';
import type { ExecutionEngine } from '../engine.ts';
import { closeOrder, type ExitRole, stopOrder, targetOrder } from './exit-orders.ts';
import type { Holding, Slice } from './holding.ts';
import { calmRetryAtMs, urgentRetryAtMs } from './pauses.ts';
import type { Sender } from './sender.ts';
import { everSent, isCovered, isOnItsWay, liveIn, rests, standingStop } from './slice-orders.ts';
import { isTighter } from './stop-level.ts';
import { wantedStop } from './wanted-stop.ts';

/** What was denied is decided by our own picture, which may be another one soon; less so where nothing hangs on it. */
const STOP_DENIED_PAUSE_MS = 1_000;
const CLOSE_DENIED_PAUSE_MS = 5_000;
const CALM_DENIED_PAUSE_MS = MINUTE_MS;
/** A stop that a fill of its group took with it is placed anew at once, but once for each such fill. */
const SAME_FILL_PAUSE_MS = 1_000;

/** REFUSED: the venue will not have it, and no other stop guards the slice. */
export type StopState = 'RESTS' | 'AWAITED' | 'REFUSED';

export interface SliceGuardParts {
  readonly engine: ExecutionEngine;
  readonly book: ReadonlyBook;
  readonly clock: Clock;
  readonly sender: Sender;
}

export class SliceGuard {
  readonly #parts: SliceGuardParts;

  constructor(parts: SliceGuardParts) {
    this.#parts = parts;
  }

  /** One stop for the whole slice, where it should be. The old one goes only once the new one rests. */
  async stop(holding: Holding, slice: Slice, cause: number | null): Promise<StopState> {
    const { book, sender } = this.#parts;
    const level = wantedStop(book, holding, slice);
    const stops = liveIn(book, slice.group, 'STOP');
    const standing = standingStop(stops, holding.long, slice.quantity);
    const before = standing === undefined ? 'AWAITED' : 'RESTS';
    if (level === undefined) return before;
    if (standing !== undefined && fits(standing, holding, slice, level)) {
      await this.#cancelOthers(slice, 'STOP', standing.order.id, 'another stop guards its slice');
      return 'RESTS';
    }
    const urgent = standing === undefined;
    if (stops.some(isOnItsWay) || !this.#mayStop(holding, slice, urgent)) return before;
    const order = stopOrder(holding, slice, level, this.#count(holding, 'STOP'));
    const deniedPauseMs = urgent ? STOP_DENIED_PAUSE_MS : CALM_DENIED_PAUSE_MS;
    const ask = { subject: subjectOf(slice, 'STOP'), deniedPauseMs };
    const result = await sender.sendPatiently(order, holding, cause, ask);
    if (result.kind === 'SENT') {
      await this.#cancelOthers(slice, 'STOP', order.id, `replaced by ${order.id}`);
      return 'RESTS';
    }
    const refused = result.kind === 'REJECTED' && result.retryAfterMs === undefined;
    return urgent && refused ? 'REFUSED' : before;
  }

  /** The limit that takes the slice off; not while its stop is trading, which would only be taken away. */
  async target(holding: Holding, slice: Slice, cause: number | null): Promise<void> {
    const { book, clock, sender } = this.#parts;
    if (slice.target === undefined) return;
    if (liveIn(book, slice.group, 'STOP').some(({ filled }) => filled > 0n)) return;
    const targets = liveIn(book, slice.group, 'TARGET');
    const standing = targets.findLast((one) => rests(one) && unfilled(one) === slice.quantity);
    if (standing !== undefined)
      return this.#cancelOthers(slice, 'TARGET', standing.order.id, 'another serves its slice');
    if (targets.some((one) => isOnItsWay(one) || one.state === 'SUSPECT')) return;
    const subject = subjectOf(slice, 'TARGET');
    const sent = everSent(book, holding.proposalId, 'TARGET', slice.group);
    if (!sender.mayAsk(subject) || clock.now() < calmRetryAtMs(sent)) return;
    const order = targetOrder(holding, slice, slice.target, this.#count(holding, 'TARGET'));
    const ask = { subject, deniedPauseMs: CALM_DENIED_PAUSE_MS };
    const result = await sender.sendPatiently(order, holding, cause, ask);
    if (result.kind === 'SENT')
      await this.#cancelOthers(slice, 'TARGET', order.id, `replaced by ${order.id}`);
  }

  /** One close at a time; while none is at work, a stop is still better than nothing. */
  async close(holding: Holding, slice: Slice, cause: number | null): Promise<void> {
    const { book } = this.#parts;
    if (liveIn(book, slice.group, 'EXIT').length === 0)
      await this.#sendClose(holding, slice, cause);
    if (!isCovered(book, holding, slice)) await this.stop(holding, slice, cause);
  }

  async #sendClose(holding: Holding, slice: Slice, cause: number | null): Promise<void> {
    const { book, clock, engine, sender } = this.#parts;
    const subject = subjectOf(slice, 'EXIT');
    const sent = everSent(book, holding.proposalId, 'EXIT', slice.group);
    if (!sender.mayAsk(subject) || clock.now() < urgentRetryAtMs(sent)) return;
    const order = closeOrder(holding, slice, this.#count(holding, 'EXIT'));
    const ask = { subject, deniedPauseMs: CLOSE_DENIED_PAUSE_MS };
    const result = await sender.sendPatiently(order, holding, cause, ask);
    // It lives, or another look at the same moment was faster.
    if (liveIn(book, slice.group, 'EXIT').length > 0 || isCovered(book, holding, slice)) return;
    const because = `${holding.key} has no stop at the venue, and its close ${order.id} was ${result.kind}`;
    await engine.pull('POSITION_UNPROTECTED', because);
  }

  #mayStop(holding: Holding, slice: Slice, urgent: boolean): boolean {
    const { book, clock, sender } = this.#parts;
    if (!sender.mayAsk(subjectOf(slice, 'STOP'))) return false;
    const sent = everSent(book, holding.proposalId, 'STOP', slice.group);
    if (!urgent) return clock.now() >= calmRetryAtMs(sent);
    return clock.now() >= urgentRetryAtMs(sent) || this.#wasTakenByFill(slice);
  }

  /** A target that fills in parts takes the stop of its group with it each time; that is no refusal. */
  #wasTakenByFill({ group }: Slice): boolean {
    const { book, clock, sender } = this.#parts;
    const trading = liveIn(book, group, 'TARGET').find(({ filled }) => filled > 0n);
    if (trading === undefined) return false;
    const subject = `${trading.order.id} at ${text(trading.filled)}`;
    if (!sender.mayAsk(subject)) return false;
    sender.patience.wait(subject, clock.now(), SAME_FILL_PAUSE_MS);
    return true;
  }

  /** Of a role's orders only `id` stays; nothing goes while that one does not rest. */
  async #cancelOthers(
    { group }: Slice,
    role: ExitRole,
    id: ClientOrderId,
    because: string,
  ): Promise<void> {
    const { book, sender } = this.#parts;
    const stays = book.order(id);
    if (stays === undefined || !rests(stays)) return;
    for (const other of liveIn(book, group, role))
      // What is on its way was sent after the one that stands, to take its place.
      if (other !== stays && !isOnItsWay(other)) await sender.cancel(other, because);
  }

  /** The next unused count of a role's order id. */
  #count({ proposalId }: Holding, role: ExitRole): number {
    return this.#parts.book.exitsSent(proposalId, role) + 1;
  }
}

const subjectOf = ({ group }: Slice, role: ExitRole): string => `${role} ${group}`;

/** A stop that trades already is left to it; any other has its slice's size and is where it should be. */
function fits(stop: OrderRecord, { long }: Holding, { quantity }: Slice, level: Price): boolean {
  const at = stop.order.stopPrice;
  if (at === undefined || unfilled(stop) !== quantity) return false;
  return stop.filled > 0n || !isTighter(long, level, at);
}
