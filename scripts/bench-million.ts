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
import pg from 'pg';

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
await measure('embedded', { home: join(folder, 'home'), env: {} });
const url = process.env['DATABASE_URL'];
if (url !== undefined) {
  const schema = `million_${randomUUID().replaceAll('-', '')}`;
  await measure('PostgreSQL', {
    home: undefined,
    env: { DATABASE_URL: url, DATABASE_SCHEMA: schema },
  });
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`DROP SCHEMA ${schema} CASCADE`);
  await client.end();
}
await rm(folder, { recursive: true });

interface Place {
  /** Undefined for a server. */
  readonly home: string | undefined;
  readonly env: Readonly<Record<string, string>>;
}

async function measure(name: string, place: Place): Promise<void> {
  const dataDir = place.home === undefined ? [] : ['--data-dir', place.home];
  const made = await run(place, ['simulate', '--data', market, '--json', ...dataDir]);
  const { journalLength } = JSON.parse(made.output) as { journalLength: number };
  print(
    `${name}: journal made`,
    `${journalLength.toLocaleString('en')} events in ${seconds(made.ms)}`,
  );
  for (let round = 0; round < 3; round++) {
    const start = await run(
      place,
      ['start', '--replay', market, '--port', '0', ...dataDir],
      'Ctrl-C stops',
    );
    print(`${name}: start from the snapshot`, `${seconds(start.ms)}, at most ${start.peakMb} MB`);
  }
  const verified = await run(place, ['audit', 'verify', '--json', ...dataDir]);
  const perSecond = Math.round((journalLength * 1_000) / verified.ms);
  print(
    `${name}: audit verify`,
    `${seconds(verified.ms)}, ${perSecond.toLocaleString('en')} events/s, at most ${verified.peakMb} MB`,
  );
}

/** Until the process ends, or says `until`; then it is asked to stop. */
async function run(place: Place, args: readonly string[], until?: string) {
  const began = performance.now();
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { ...process.env, ...place.env },
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
