import type { Clock } from '../domain/clock.ts';
import { ChainedLedger } from './chained-ledger.ts';
import type { Ledger } from './ledger.ts';
import { MemoryStore } from './memory-store.ts';

/**
 * The ledger in memory: the same order and the same hashes as the database, gone with the process.
 * For simulation at full speed and for tests; never for money.
 */
export function memoryLedger(options: { readonly clock: Clock }): Ledger {
  const store = new MemoryStore();
  return new ChainedLedger(store, store.lead('memory'), options.clock);
}
