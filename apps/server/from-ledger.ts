import { LedgerBroken } from '../../ledger/ledger.ts';
import { Unavailable } from './http/refusals.ts';

export const unavailable = (because: string): Unavailable =>
  new Unavailable({
    code: 'LEDGER_BROKEN',
    message: `The ledger cannot be used any more, so nothing is decided or read from it: ${because}`,
  });

/** Work that needs the ledger; a broken one is a refusal and not a fault. */
export async function fromLedger<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof LedgerBroken ? unavailable(error.message) : error;
  }
}
