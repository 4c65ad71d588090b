import type { Ledger } from '../../../ledger/ledger.ts';
import type { Fold } from '../../../ledger/snapshots/fold.ts';
import type { Snapshots } from '../../../ledger/snapshots/snapshots.ts';
import { logFault } from '../http/fault-log.ts';
import { follow, type Follower } from './follow.ts';

export interface Followed<T> {
  readonly fold: T;
  readonly stop: () => void;
}

/** A fold of what people look at: as the snapshot has it, brought up to the head, and kept there. */
export async function takeUpAndFollow<T extends Fold & Follower>(
  ledger: Ledger,
  snapshots: Snapshots,
  name: string,
  make: () => T,
): Promise<Followed<T>> {
  const { fold, drop } = snapshots.takeUp(name, make);
  const stop = await follow(ledger, fold, (error) => {
    // What it shows from here on is not what the journal says, and must not be put away as if it were.
    drop();
    logFault(`an event is missing from what the ${name} show`, error);
  });
  return { fold, stop };
}
