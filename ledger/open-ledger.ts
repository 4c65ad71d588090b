import type { Clock } from '../domain/clock.ts';
import { ChainedLedger } from './chained-ledger.ts';
import type { TakenOver } from './leadership.ts';
import { LedgerBroken, type Ledger } from './ledger.ts';
import { StoreFailed, type Store } from './store.ts';

/**
 * A ledger on what a store keeps, continued where it ended. It leads from here on: every ledger that
 * was opened over the same store before breaks at its next write, and `holder` is whom it then names.
 *
 * A store in memory outlives its ledgers, so dropping one and opening another is a crash and a
 * restart: what was not flushed is gone. Rejects with `LedgerBroken`.
 */
export async function openLedger(store: Store, clock: Clock, holder: string): Promise<Ledger> {
  return new ChainedLedger(store, await lead(store, holder), clock);
}

async function lead(store: Store, holder: string): Promise<TakenOver> {
  try {
    return await store.takeLeadership(holder);
  } catch (error) {
    if (error instanceof StoreFailed) throw new LedgerBroken(error.message, { cause: error });
    throw error;
  }
}
