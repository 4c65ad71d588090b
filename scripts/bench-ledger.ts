/**
 * How fast the ledger writes and verifies. Run: `npx tsx scripts/bench-ledger.ts`, with DATABASE_URL for
 * the server's part. Every number is the median of interleaved rounds in one run.
 */
import { hash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../domain/clock.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { openDatabase, type Database } from '../ledger/database.ts';
import { journalPages } from '../ledger/journal-pages.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import { openSqlLedger } from '../ledger/sql-ledger.ts';
import { barClosed, intent, START_MS } from '../ledger/testing/samples.ts';
import { verifyJournal, type JournalPage } from '../ledger/verify.ts';

const ROUNDS = 7;
const MEMORY_EVENTS = 50_000;
const SQL_EVENTS = 5_000;
const TRANSACTIONS = 200;
const BATCH = 500;
const WRITERS = 100;

const rates = new Map<string, number[]>();

await benchMemory();
await benchPglite();
await benchServer(process.env['DATABASE_URL']);
for (const [name, measured] of rates) {
  process.stdout.write(
    `${name.padEnd(52)}${Math.round(median(measured)).toLocaleString('en').padStart(10)}/s\n`,
  );
}

async function benchMemory(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const ledger = memoryLedger({ clock: new ManualClock(START_MS) });
    await timed('memory: appends', MEMORY_EVENTS, () => appendMany(ledger, MEMORY_EVENTS));
    await timed('memory: transactions of one event and one row', TRANSACTIONS, () =>
      transactMany(ledger, `${round}`),
    );
  }
}

async function benchPglite(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-bench-'));
  const database = await openDatabase({ dataDir });
  await benchDatabase('PGlite', database);
  await database.close();
  await rm(dataDir, { recursive: true });
}

async function benchServer(url: string | undefined): Promise<void> {
  if (url === undefined) {
    process.stdout.write('PostgreSQL: left out, because DATABASE_URL names no server.\n');
    return;
  }
  const schema = `bench_${randomUUID().replaceAll('-', '')}`;
  const database = await openDatabase({ url, schema });
  await benchDatabase('PostgreSQL', database);
  await database.pool.query(`DROP SCHEMA ${schema} CASCADE`);
  await database.close();
}

async function benchDatabase(name: string, database: Database): Promise<void> {
  const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
  const raw = await rawTable(database);
  for (let round = 0; round < ROUNDS; round++) {
    await timed(`${name}: raw inserts, ${BATCH} rows a statement`, SQL_EVENTS, () => raw.batched());
    await timed(`${name}: durable appends, as they come`, SQL_EVENTS, () =>
      appendMany(ledger, SQL_EVENTS),
    );
    await timed(`${name}: durable appends, ${WRITERS} writers who each wait`, SQL_EVENTS, () =>
      writersWait(ledger),
    );
    await timed(`${name}: raw inserts, one by one`, TRANSACTIONS, () => raw.oneByOne());
    await timed(`${name}: durable appends, one by one`, TRANSACTIONS, () => appendOneByOne(ledger));
    await timed(`${name}: transactions of one event and one row`, TRANSACTIONS, () =>
      transactMany(ledger, `${round}`),
    );
  }
  const events = ledger.head.seq;
  const pages: JournalPage[] = [];
  for await (const page of journalPages(database)) pages.push(page);
  for (let round = 0; round < ROUNDS; round++) {
    await timed(`${name}: verify the chain, reading included`, events, () =>
      verifyJournal(journalPages(database)),
    );
    await timed(`${name}: verify the chain of pages in memory`, events, () => verifyJournal(pages));
    await timed(`${name}: bare hash loop over the same bodies`, events, async () => hashAll(pages));
  }
  await ledger.close();
}

/** The rival: the same rows into the same columns and indexes, with nothing chained and nothing checked. */
async function rawTable({ pool }: Database) {
  await pool.query('CREATE TABLE raw (LIKE journal INCLUDING ALL)');
  let seq = 0;
  const insert = async (rows: number): Promise<void> => {
    const bodies = Array.from({ length: rows }, () => canonicalJson(barClosed((seq += 1))));
    const first = seq - rows + 1;
    const seqs = bodies.map((_, index) => first + index);
    const hashes = seqs.map((number) => String(number).padStart(64, '0'));
    await pool.query(
      `INSERT INTO raw SELECT seq, 1, 'market.bar-closed', 'BTC/USDT', NULL, body, hash, hash
       FROM unnest($1::bigint[], $2::text[], $3::text[]) AS row (seq, body, hash)`,
      [seqs, bodies, hashes],
    );
  };
  return {
    async batched() {
      for (let done = 0; done < SQL_EVENTS; done += BATCH) await insert(BATCH);
    },
    async oneByOne() {
      for (let done = 0; done < TRANSACTIONS; done++) await insert(1);
    },
  };
}

async function writersWait(ledger: Ledger): Promise<void> {
  const writer = async (): Promise<void> => {
    for (let index = 0; index < SQL_EVENTS / WRITERS; index++) {
      await ledger.append(barClosed(index));
      await ledger.flush();
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

async function appendOneByOne(ledger: Ledger): Promise<void> {
  for (let index = 0; index < TRANSACTIONS; index++) {
    await ledger.append(barClosed(index));
    await ledger.flush();
  }
}

async function appendMany(ledger: Ledger, events: number): Promise<void> {
  for (let index = 0; index < events; index++) await ledger.append(barClosed(index));
  await ledger.flush();
}

async function transactMany(ledger: Ledger, round: string): Promise<void> {
  for (let index = 0; index < TRANSACTIONS; index++) {
    await ledger.transact(async (tx) => {
      await tx.insertIntent(intent(`${round}-${index}`));
      tx.append(barClosed(index));
    });
  }
}

/** Adds up something of every digest, so that the work cannot be left out. */
function hashAll(pages: readonly JournalPage[]): void {
  let sum = 0;
  for (const page of pages) for (const row of page.rows) sum += hash('sha256', row.body).length;
  if (sum === 0) throw new Error('there was nothing to hash');
}

async function timed(name: string, count: number, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  const perSecond = (count * 1_000) / (performance.now() - start);
  rates.set(name, [...(rates.get(name) ?? []), perSecond]);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
