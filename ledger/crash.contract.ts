import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../domain/clock.ts';
import { openDatabase, type PgliteOptions, type PostgresOptions } from './database.ts';
import { journalPages } from './journal-pages.ts';
import { openSqlLedger } from './sql-ledger.ts';
import { START_MS } from './testing/samples.ts';
import { verifyJournal } from './verify.ts';

const WRITER = fileURLToPath(new URL('testing/crash-writer.ts', import.meta.url));
const TIMEOUT_MS = 60_000;

/** Kills writers in the middle of their work. The database must be closed while this runs. */
export function crashContract(name: string, options: () => PostgresOptions | PgliteOptions): void {
  describe(`${name}: a writer killed with SIGKILL`, () => {
    test.each([1, 12, 60])(
      'after %i promises has lost nothing that was promised, and its place can be taken',
      { timeout: TIMEOUT_MS },
      async (promises) => {
        const promised = await killAfter(promises, options());
        const database = await openDatabase(options());
        try {
          const verified = await verifyJournal(journalPages(database));
          expect(verified).toMatchObject({ ok: true });
          const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
          expect(ledger.head.seq).toBeGreaterThanOrEqual(promised);
          const events = await ledger.read(0, 1_000_000);
          const recorded = events.filter((chained) => chained.event.correlationId !== 'BTC/USDT');
          const intents = await ledger.rows((rows) => rows.intentsWithStatus('NEW'));
          expect(intents.map((row) => row.id)).toEqual(
            recorded.map((chained) => chained.event.correlationId),
          );
          await ledger.close();
        } finally {
          await database.close();
        }
      },
    );
  });
}

/** The last sequence number that the writer was promised before it died. */
async function killAfter(
  promises: number,
  options: PostgresOptions | PgliteOptions,
): Promise<number> {
  const writer = spawn(process.execPath, ['--import', 'tsx', WRITER, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const died = new Promise((resolve) => writer.once('exit', resolve));
  let heard = 0;
  let promised = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    // What it wrote into the pipe before it died was promised too, so read on to the end.
    promised = Number(line.replace('ack ', ''));
    if (++heard === promises) writer.kill('SIGKILL');
  }
  await died;
  expect(heard).toBeGreaterThanOrEqual(promises);
  return promised;
}
