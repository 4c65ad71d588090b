/**
 * A journal of a million events: how long a start takes from its snapshot, how long a whole verification,
 * and in how much memory. The journal is a real one, of a simulation over minute candles.
 *
 * Run: `npm run build && npx tsx scripts/bench-million.ts CANDLES.csv.gz [EVENTS]`, with DATABASE_URL for a server too.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { MemorySaver } from '@langchain/langgraph';
import pg from 'pg';
import { candlesFeed } from '../apps/cli/feeds.ts';
import { simulate } from '../apps/simulate/simulation.ts';
import { VERSION } from '../apps/version.ts';
import { ManualClock } from '../domain/clock.ts';
import { money } from '../domain/units.ts';
import { ChainedLedger } from '../ledger/chained-ledger.ts';
import { openDatabase, type PgliteOptions, type PostgresOptions } from '../ledger/database.ts';
import type { JournalRow } from '../ledger/journal-row.ts';
import { MemoryStore } from '../ledger/memory-store.ts';
import { eventFromText } from '../ledger/schema/event-text.ts';
import { Snapshots } from '../ledger/snapshots/snapshots.ts';
import { openSqlLedger } from '../ledger/sql-ledger.ts';
import { STANDARD } from '../risk-kernel/limits-in-force.ts';
import { STRATEGIES } from '../strategies/registry.ts';

const [candles = '', eventsText = '1000000'] = process.argv.slice(2);
if (candles === '')
  throw new Error('name a file of minute candles, such as btcusd-bitfinex-1m-2018.csv.gz');
const EVENTS = Number(eventsText);
/** A quiet bar writes six. */
const EVENTS_PER_BAR = 6;
const CLI = new URL('../bin/plimsoll.js', import.meta.url).pathname;
const MEGABYTE = 1_024;

const folder = await mkdtemp(join(tmpdir(), 'plimsoll-million-'));
const market = join(folder, basename(candles).replace(/\.gz$/, ''));
await writeFile(market, firstBars(candles, Math.ceil(EVENTS / EVENTS_PER_BAR)));
const journal = await simulated();
print('simulated in memory', `${journal.length.toLocaleString('en')} events`);
await measure('embedded', { dataDir: join(folder, 'home') }, {});
const url = process.env['DATABASE_URL'];
if (url !== undefined) {
  const schema = `million_${randomUUID().replaceAll('-', '')}`;
  const env = { DATABASE_URL: url, DATABASE_SCHEMA: schema };
  const database = await measure('PostgreSQL', { url, schema }, env);
  await database.query(`DROP SCHEMA ${schema} CASCADE`);
  await database.end();
}
await rm(folder, { recursive: true });

/** What really happens on such a market, with every proposal approved. */
async function simulated(): Promise<readonly JournalRow[]> {
  const clock = new ManualClock(0);
  const store = new MemoryStore();
  const ledger = new ChainedLedger(store, store.lead('bench'), clock);
  await simulate({
    version: VERSION,
    feed: candlesFeed(market, undefined, 0),
    strategies: STRATEGIES,
    approver: 'all',
    seed: 1,
    cash: money('10000'),
    ledger,
    checkpointer: async () => new MemorySaver(),
    snapshots: Snapshots.none(),
    clock,
    limits: STANDARD,
    rehearse: 'calm',
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  await ledger.close();
  return store.journal;
}

/** The same events again, each at its time: the same journal, hash for hash. */
async function copyInto(place: PostgresOptions | PgliteOptions): Promise<void> {
  const clock = new ManualClock(0);
  const database = await openDatabase(place);
  const ledger = await openSqlLedger({ database, clock });
  for (const { body } of journal) {
    const { seq: _, atMs, ...draft } = eventFromText(body);
    clock.advanceTo(atMs);
    await ledger.append(draft);
  }
  await ledger.close();
  await database.close();
}

async function measure(
  name: string,
  place: PostgresOptions | PgliteOptions,
  env: Readonly<Record<string, string>>,
): Promise<pg.Pool> {
  const began = performance.now();
  await copyInto(place);
  const copyMs = performance.now() - began;
  print(`${name}: written`, `${seconds(copyMs)}, ${rate(copyMs)}`);
  const dataDir = 'dataDir' in place ? ['--data-dir', place.dataDir] : [];
  const start = ['start', '--replay', market, '--history', '0', '--port', '0', ...dataDir];
  for (const from of ['journal alone', 'snapshot', 'snapshot', 'snapshot']) {
    const started = await run(env, start, 'Ctrl-C stops');
    print(
      `${name}: start from the ${from}`,
      `${seconds(started.ms)}, at most ${started.peakMb} MB`,
    );
  }
  const verified = await run(env, ['audit', 'verify', '--json', ...dataDir]);
  const what = `${seconds(verified.ms)}, ${rate(verified.ms)}, at most ${verified.peakMb} MB`;
  print(`${name}: audit verify`, what);
  return new pg.Pool({ connectionString: env['DATABASE_URL'] });
}

function rate(ms: number): string {
  return `${Math.round((journal.length * 1_000) / ms).toLocaleString('en')} events/s`;
}

/** Until the process ends, or says `until`; then it is asked to stop. */
async function run(env: Readonly<Record<string, string>>, args: readonly string[], until?: string) {
  const began = performance.now();
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { ...process.env, DATABASE_URL: '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let saidMs: number | undefined;
  let peakMb = 0;
  const look = setInterval(() => {
    peakMb = Math.max(peakMb, peakOf(child.pid));
  }, 50);
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (until === undefined || saidMs !== undefined || !output.includes(until)) return;
    saidMs = performance.now() - began;
    peakMb = Math.max(peakMb, peakOf(child.pid));
    child.kill('SIGINT');
  });
  const code = await new Promise<number | null>((resolve) => void child.on('exit', resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`plimsoll ${args.join(' ')} ended with ${code}`);
  return { output, ms: saidMs ?? performance.now() - began, peakMb };
}

/** The most memory the process ever had resident, in megabytes, as the kernel counts it. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / MEGABYTE);
  } catch {
    return 0;
  }
}

function firstBars(path: string, bars: number): string {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .slice(0, bars + 1)
    .join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

function print(name: string, value: string): void {
  process.stdout.write(`${name.padEnd(36)} ${value}\n`);
}
