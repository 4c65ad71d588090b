/** The rules that hold at every moment. */
import type { Case } from './case.ts';
import { decimal, words } from './decimal.ts';
import type { Holdings } from './testimony.ts';

/**
 * Five seconds for a stop to be acknowledged, a minute for the longest pause between two questions or two
 * tries to close, and as much again, in a row. Only time in which anybody could have done something
 * counts: a process was up, awake and did its work, and the instrument traded; of a longer stretch between
 * two looks only so much, because nobody could act within it. Whenever the venue loses, refuses, denies or
 * does not answer something, everybody has their two minutes again, from when it may be asked again.
 */
export const PATIENCE_MS = 120_000;
const COUNTED_MS_MAX = 10_000;

export class Deadlines {
  readonly #bareMs = new Map<string, number>();
  #excusedUntilMs = Number.NEGATIVE_INFINITY;

  /** Everybody has their time again, and nobody is to be asked before then. */
  excuse(untilMs: number): void {
    this.#bareMs.clear();
    this.#excusedUntilMs = Math.max(this.#excusedUntilMs, untilMs);
  }

  pass(at: Case, ms: number, tended: boolean, traded: ReadonlySet<string>): void {
    const counts = tended && at.atMs - ms >= this.#excusedUntilMs;
    const countedMs = counts ? Math.min(ms, COUNTED_MS_MAX) : 0;
    for (const key of at.venue.positions.keys()) {
      if (at.venue.bare(key) === 0n) {
        this.#bareMs.delete(key);
        continue;
      }
      if (!traded.has(key.slice(0, key.lastIndexOf(':')))) continue;
      const bareMs = (this.#bareMs.get(key) ?? 0) + countedMs;
      this.#bareMs.set(key, bareMs);
      if (bareMs <= PATIENCE_MS) continue;
      const because = `${key} has lacked a stop of ${words(at.venue.bare(key))} for ${bareMs} ms`;
      at.object('UNPROTECTED_PAST_DEADLINE', because, [key, ...at.venue.ordersOf(key)]);
    }
  }
}

export function judgeBurials(at: Case): void {
  for (const { order, denied } of at.venue.resting) {
    const booked = at.journal.orders.get(order.id);
    if (booked?.where !== 'OVER' || (denied && !booked.acknowledged)) continue;
    at.object('BURIED_ALIVE', `${order.id} is over in the journal and rests at the venue`, [
      order.id,
    ]);
  }
}

/**
 * Of the exits that nobody has tried to get rid of: one of a kind and its replacement, and one close. A
 * replacement that nobody knows to rest yet may itself be replaced meanwhile.
 */
export function judgePiles(at: Case): void {
  const piles = new Map<string, string[]>();
  for (const { order, denied, cancelAsked } of at.venue.resting) {
    if (denied || cancelAsked || order.ocoGroupId === undefined) continue;
    const known = at.journal.orders.get(order.id)?.where === 'AT_VENUE';
    if (!known && order.role !== 'EXIT') continue;
    const pile = `${order.role} ${order.ocoGroupId}`;
    piles.set(pile, [...(piles.get(pile) ?? []), order.id]);
  }
  for (const [pile, ids] of piles)
    if (ids.length > (pile.startsWith('EXIT') ? 1 : 2))
      at.object('EXITS_PILE_UP', `${ids.join(', ')} rest as ${pile}`, ids);
}

/** The sums that somebody states, against our own of the same executions. */
export function judgeSums(
  at: Case,
  who: string,
  stated: { readonly cash: string; readonly positions: Holdings },
  cash: bigint,
  positions: ReadonlyMap<string, bigint>,
): void {
  if (decimal(stated.cash) !== cash)
    at.object(
      'MONEY_NOT_CONSERVED',
      `${who} has ${stated.cash}, the executions leave ${words(cash)}`,
      [],
    );
  for (const key of new Set([...positions.keys(), ...Object.keys(stated.positions)])) {
    const theirs = stated.positions[key] ?? '0';
    const ours = positions.get(key) ?? 0n;
    if (decimal(theirs) === ours) continue;
    const because = `${who} holds ${theirs} ${key}, the executions add up to ${words(ours)}`;
    at.object('MONEY_NOT_CONSERVED', because, [key]);
  }
}

/** New executions in the journal: each once, each as it was traded. */
export function judgeFills(at: Case, fillIds: readonly string[]): void {
  const { journal, venue } = at;
  for (const id of journal.twice.splice(0))
    at.object('FILL_BOOKED_TWICE', `execution ${id} is in the journal twice`, [id]);
  for (const id of fillIds) {
    const booked = journal.fills.get(id);
    const real = venue.fills.get(id);
    if (booked === undefined) continue;
    if (real === undefined) {
      at.object('FILL_NOT_REAL', `the venue traded no ${id}`, [id, booked.orderId]);
      continue;
    }
    const wrong = (['orderId', 'instrumentId', 'side', 'quantity', 'price', 'fee'] as const).find(
      (field) => booked[field] !== real[field],
    );
    if (wrong !== undefined)
      at.object('FILL_NOT_REAL', `the ${wrong} of ${id} was booked as ${booked[wrong]}`, [id]);
  }
}
