import type { DomainEvent } from '../../../domain/event.ts';
import type { Ledger } from '../../../ledger/ledger.ts';

const PAGE = 2_000;

export interface Follower {
  /** The newest event it has seen; 0 before the first. */
  readonly seq: number;
  apply(event: DomainEvent): void;
}

/**
 * Brings a fold up to the head of the journal and keeps it there; returns the way to stop. Events that
 * come while the journal is still being read are kept and applied after it.
 *
 * A listener that throws would break the ledger, and nobody decides by this fold: what goes wrong with a
 * new event is told to `onFault` instead.
 */
export async function follow(
  ledger: Pick<Ledger, 'read' | 'subscribe'>,
  fold: Follower,
  onFault: (error: unknown) => void,
): Promise<() => void> {
  let waiting: DomainEvent[] | undefined = [];
  const take = (event: DomainEvent): void => {
    if (event.seq > fold.seq) fold.apply(event);
  };
  const stop = ledger.subscribe(({ event }) => {
    if (waiting !== undefined) return void waiting.push(event);
    try {
      take(event);
    } catch (error) {
      onFault(error);
    }
  });
  try {
    for (let page = await ledger.read(fold.seq, PAGE); ; page = await ledger.read(fold.seq, PAGE)) {
      for (const { event } of page) take(event);
      if (page.length < PAGE) break;
    }
  } catch (error) {
    stop();
    throw error;
  }
  for (const event of waiting) take(event);
  waiting = undefined;
  return stop;
}
