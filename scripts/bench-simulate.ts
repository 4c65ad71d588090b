/**
 * How fast the whole orchestrator plays candles, beside the strategies alone in the same run, which no
 * orchestration can beat. Run: `npm run bench:simulate`, with DATABASE_URL for the server's part.
 * Every number is the median of interleaved rounds.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StrategyDesk } from '../agents/strategy-desk.ts';
import { simulate } from '../apps/simulate/simulation.ts';
import { type Location, openMemory, openStored } from '../apps/storage.ts';
import type { Candle } from '../domain/candle.ts';
import { ManualClock } from '../domain/clock.ts';
import { money } from '../domain/units.ts';
import { Snapshots } from '../ledger/snapshots/snapshots.ts';
import type { Feed } from '../market/feeds/feed.ts';
import { syntheticFeed } from '../market/feeds/synthetic-feed.ts';
import { DEFAULT_STRATEGIES } from '../strategies/registry.ts';
import { STANDARD } from '../risk-kernel/limits-in-force.ts';

const ROUNDS = 5;
const BARS = 3_000;

const feed = await barsOnly();
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
const rates = new Map<string, number[]>();
for (let round = 0; round < ROUNDS; round++) {
  await timed('strategies alone', async () => {
    const desk = new StrategyDesk(DEFAULT_STRATEGIES, feed.timeframe);
    for await (const event of feed.events(0)) if (event.kind === 'BAR') desk.onBar(event.candle);
  });
  await timed('simulate, in memory', () => play({ kind: 'memory' }));
  await timed('simulate, embedded', () =>
    play({ kind: 'directory', dataDir: join(folder, `${round}`) }),
  );
  const url = process.env['DATABASE_URL'];
  const schema = `bench_${randomUUID().replaceAll('-', '')}`;
  if (url !== undefined)
    await timed('simulate, PostgreSQL', () => play({ kind: 'server', url, schema }));
}
rmSync(folder, { recursive: true });
for (const [name, measured] of rates) {
  const rate = Math.round(median(measured)).toLocaleString('en');
  process.stdout.write(`${name.padEnd(24)}${rate.padStart(10)} cycles/s\n`);
}

/** The synthetic market without its ticks, as a file of candles would be. */
async function barsOnly(): Promise<Feed> {
  const source = syntheticFeed();
  const candles: Candle[] = [];
  for await (const event of source.events(0)) {
    if (candles.length === BARS) break;
    if (event.kind === 'BAR') candles.push(event.candle);
  }
  const spanMs = 300_000;
  return {
    ...source,
    detail: 'BARS',
    history: [],
    startsAtMs: candles[0]?.openTimeMs ?? 0,
    length: BARS,
    async *events() {
      for (const candle of candles)
        yield { kind: 'BAR', closedAtMs: candle.openTimeMs + spanMs, candle };
    },
  };
}

async function play(location: Location): Promise<void> {
  const clock = new ManualClock(0);
  const storage =
    location.kind === 'memory' ? openMemory(clock) : await openStored(location, clock);
  await simulate({
    rehearse: 'calm',
    version: 'bench',
    feed,
    strategies: DEFAULT_STRATEGIES,
    limits: STANDARD,
    approver: 'all',
    seed: 1,
    cash: money('10000'),
    ledger: storage.ledger,
    checkpointer: storage.checkpointer,
    snapshots: Snapshots.none(),
    clock,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  await storage.close();
}

async function timed(name: string, work: () => Promise<void>): Promise<void> {
  const startedMs = performance.now();
  await work();
  const rate = BARS / ((performance.now() - startedMs) / 1_000);
  rates.set(name, [...(rates.get(name) ?? []), rate]);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
