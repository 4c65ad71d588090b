import { ledgerContract } from './ledger.contract.ts';
import { memoryLedger } from './memory-ledger.ts';

ledgerContract('memory', async (clock) => memoryLedger({ clock }));
