/**
 * One of several that claim the same intents at once: the first argument is a server's address, the
 * second a schema. It takes no writer lock, as if every one of them believed to be alone, so nothing
 * but the epoch stands between them. Prints `claimed <intent>` after each commit, and `deposed` when
 * another took over, which it answers by taking over in turn.
 */
import pg from 'pg';
import { ManualClock } from '../../domain/clock.ts';
import type { Database } from '../database.ts';
import { LedgerBroken, type IntentRow, type Ledger } from '../ledger.ts';
import { parseServer } from '../postgres-url.ts';
import { openSqlLedger } from '../sql-ledger.ts';
import { barClosed, START_MS } from './samples.ts';

const [, , address = '', schema = ''] = process.argv;
const server = parseServer(address, { schema, readOnly: false });
const pool = new pg.Pool({ connectionString: server.url });
const unlocked: Database = {
  kind: 'postgres',
  pool,
  readOnly: false,
  fault: undefined,
  close: () => pool.end(),
};

for (;;) {
  const ledger = await openSqlLedger({ database: unlocked, clock: new ManualClock(START_MS) });
  try {
    await claimAll(ledger);
    break;
  } catch (error) {
    if (!(error instanceof LedgerBroken)) throw error;
    process.stdout.write('deposed\n');
  }
}
await unlocked.close();

async function claimAll(ledger: Ledger): Promise<void> {
  for (;;) {
    const [next] = await ledger.rows((rows) => rows.intentsWithStatus('NEW'));
    if (next === undefined) return;
    const claimed = await claim(ledger, next);
    if (claimed !== undefined) process.stdout.write(`claimed ${claimed.id}\n`);
  }
}

function claim(ledger: Ledger, { id }: IntentRow): Promise<IntentRow | undefined> {
  return ledger.transact(async (tx) => {
    const row = await tx.claimIntent(id);
    if (row !== undefined) tx.append({ ...barClosed(0), correlationId: id });
    return row;
  });
}
