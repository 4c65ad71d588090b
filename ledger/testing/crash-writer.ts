/**
 * A writer to be killed: opens the database given as JSON in its first argument and writes for ever,
 * printing `ack <seq>` whenever it has been promised that everything up to there is durable.
 */
import { ManualClock } from '../../domain/clock.ts';
import { openDatabase } from '../database.ts';
import { openSqlLedger } from '../sql-ledger.ts';
import { barClosed, intent, START_MS } from './samples.ts';

const database = await openDatabase(JSON.parse(process.argv[2] ?? ''));
const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
for (;;) {
  const bar = ledger.head.seq;
  await ledger.append(barClosed(bar), barClosed(bar + 1));
  const event = await ledger.transact(async (tx) => {
    // One intent an event of this kind: the rows and the journal must agree after the crash.
    await tx.insertIntent(intent(`after-${bar}`));
    return tx.append({ ...barClosed(bar), correlationId: `after-${bar}` });
  });
  process.stdout.write(`ack ${event.seq}\n`);
}
