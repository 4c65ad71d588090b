import { DAY_MS, utcDay } from '../../domain/clock.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Every checkpoint of the last week is kept; of the days before, the last one of each. */
const KEPT_WHOLE_MS = 7 * DAY_MS;

type Timed = Pick<Checkpoint, 'atMs'>;

/**
 * Says of each checkpoint, in their order, whether it is worth keeping; the first and the last always
 * are. Leaving one out takes nothing from the others: the next one covers all that it covered.
 */
export async function* marked<T extends Timed>(
  checkpoints: Iterable<T> | AsyncIterable<T>,
  nowMs: number,
): AsyncGenerator<{ readonly checkpoint: T; readonly isKept: boolean }, void, undefined> {
  let held: { readonly checkpoint: T; readonly isFirst: boolean } | undefined;
  for await (const next of checkpoints) {
    if (held !== undefined) {
      const { checkpoint, isFirst } = held;
      yield { checkpoint, isKept: isFirst || isWorth(checkpoint, next, nowMs) };
    }
    held = { checkpoint: next, isFirst: held === undefined };
  }
  if (held !== undefined) yield { checkpoint: held.checkpoint, isKept: true };
}

const isWorth = (one: Timed, next: Timed, nowMs: number): boolean =>
  one.atMs >= nowMs - KEPT_WHOLE_MS || utcDay(one.atMs) !== utcDay(next.atMs);
