import { LedgerBroken } from '../../ledger/ledger.ts';
import { StoreFailed } from '../../ledger/store.ts';
import { Unavailable } from './http/refusals.ts';

export const unavailable = (because: string): Unavailable =>
  new Unavailable({
    code: 'LEDGER_BROKEN',
    message: `The ledger cannot be used any more, so nothing is decided or read from it: ${because}`,
  });

const unreadable = (because: string): Unavailable =>
  new Unavailable({
    code: 'LEDGER_UNREADABLE',
    message: `The ledger cannot be read now: ${because}`,
  });

/** Work that needs the ledger; one that is broken, or cannot be read, is a refusal and not a fault. */
export async function fromLedger<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LedgerBroken) throw unavailable(error.message);
    if (error instanceof StoreFailed) throw unreadable(error.message);
    throw error;
  }
}
