/**
 * A leader to be paused and killed: opens the database given as JSON in its first argument, prints
 * `leads <epoch>`, and then does what each line of its input says, answering with one line:
 *
 *     insert <intent>   records an intent
 *     claim <intent>    claims it, with an event beside it
 *     append            appends one event and flushes it
 *     hold <intent>     claims it in a transaction that stays open until the next line
 *     close             gives everything back
 *
 * When it may not go on it prints `stopped: <why>` and exits with 1.
 */
import { createInterface } from 'node:readline';
import { ManualClock } from '../../domain/clock.ts';
import { intentId } from '../../domain/ids.ts';
import { openDatabase } from '../database.ts';
import type { Ledger, LedgerTransaction } from '../ledger.ts';
import { openSqlLedger } from '../sql-ledger.ts';
import { barClosed, intent, START_MS } from './samples.ts';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const answer = (line: string): boolean => process.stdout.write(`${line}\n`);

try {
  const database = await openDatabase(JSON.parse(process.argv[2] ?? ''));
  const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
  answer(`leads ${ledger.epoch}`);
  for (;;) {
    const { value, done } = await lines.next();
    const [command = '', name = ''] = done === true ? ['close'] : value.split(' ');
    if (command === 'close') break;
    answer(await obey(ledger, command, name));
  }
  await ledger.close();
  await database.close();
  answer('closed');
  process.exit(0);
} catch (error) {
  answer(`stopped: ${(error as Error).message}`);
  process.exit(1);
}

async function obey(ledger: Ledger, command: string, name: string): Promise<string> {
  switch (command) {
    case 'insert':
      return `${(await ledger.transact((tx) => tx.insertIntent(intent(name)))) ? 'inserted' : 'known'} ${name}`;
    case 'claim':
      return ledger.transact((tx) => claim(tx, name));
    case 'append': {
      const [event] = await ledger.append(barClosed(ledger.head.seq));
      await ledger.flush();
      return `appended ${event?.seq}`;
    }
    case 'hold':
      return ledger.transact(async (tx) => {
        const claimed = await claim(tx, name);
        answer(`holding ${name}`);
        await lines.next();
        return claimed;
      });
    default:
      throw new Error(`"${command}" is not a command`);
  }
}

async function claim(tx: LedgerTransaction, name: string): Promise<string> {
  const row = await tx.claimIntent(intentId(name));
  if (row === undefined) return `late ${name}`;
  tx.append({ ...barClosed(0), correlationId: name });
  return `claimed ${name}`;
}
