/**
 * How long one review takes, beside the bare comparisons that a careless bot makes on the same picture.
 * Run: `npm run bench:kernel`. Everything is measured in one process and in turns, so that a busy
 * machine slows all of it alike. It measures and judges nothing.
 */
import { cpus } from 'node:os';
import { HOUR_MS } from '../domain/clock.ts';
import { add, basisPoints, type Money, NO_MONEY, notional, type Price } from '../domain/units.ts';
import { LIMITS } from '../risk-kernel/limits.ts';
import { preview, review } from '../risk-kernel/review.ts';
import {
  baseEntry,
  baseExit,
  type Case,
  held,
  position,
  positions,
  recent,
  resting,
} from '../risk-kernel/testing/base-case.ts';

const WARM_UPS = 20_000;
const ROUNDS = 400;
/** Calls per sample of the median: enough that the timer's own cost disappears in them. */
const BATCH = 250;
/** Calls timed one by one per round, for the slow end. */
const SINGLES = 250;

interface Contender {
  readonly name: string;
  /** True when the order was cleared. */
  readonly run: () => boolean;
  readonly clears: boolean;
  readonly batchNs: number[];
  readonly singleNs: number[];
}

const list = <T>(count: number, make: (name: string) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(`N${index}`));

/** The fullest account that still clears: nine of ten places taken, every check run. */
const full = baseEntry({
  positions: positions(5),
  holds: list(4, (name) => position(`H${name}`)),
  exits: list(20, resting),
  recentEntries: list(4, () => recent()),
});

/** An account with more than it may have: denied at the third check, after the whole gate. */
const overfull = baseEntry({
  positions: [held(), ...positions(9)],
  holds: list(5, (name) => position(`H${name}`)),
  exits: list(20, resting),
  recentEntries: list(4, () => recent()),
});

const exit: Case = { ...baseExit(), snapshot: overfull.snapshot };

const contender = (name: string, clears: boolean, run: () => boolean): Contender => ({
  name,
  clears,
  run,
  batchNs: [],
  singleNs: [],
});

const reviewed = (name: string, clears: boolean, { command, snapshot }: Case): Contender =>
  contender(name, clears, () => review(command, snapshot).cleared);

const contenders: readonly Contender[] = [
  reviewed('review: 5 positions, 4 holds, 20 exits, cleared', true, full),
  contender(
    'preview: the same without a clearance',
    true,
    () => preview(full.command, full.snapshot).cleared,
  ),
  reviewed('review: 10 positions, 5 holds, 20 exits, denied 3rd', false, overfull),
  reviewed('review: an exit on that account, cleared', true, exit),
  contender('nine bare comparisons, sums made beforehand', true, bareComparisons(full)),
  contender('nine comparisons with their sums, exact', true, () => comparisonsWithSums(full)),
];

for (const one of contenders) warmUp(one);
const timerNs = timerCost();
const bytes = contenders.map(bytesPerCall);
for (let round = 0; round < ROUNDS; round++) {
  for (const one of contenders) timeBatch(one);
  for (const one of contenders) timeSingles(one);
}
print();

/** What a bot would compare: plain numbers that somebody has worked out already. */
function bareComparisons({ command, snapshot }: Case): () => boolean {
  const account = {
    halted: snapshot.emergency,
    drawdownBps: 0,
    positions: snapshot.positions.length + snapshot.holds.length,
    today: snapshot.recentEntries.length,
    lastHour: snapshot.recentEntries.length,
    sizeBps: 141,
    rewardRiskMilli: 3_000,
    lossStreak: 0,
    dayLossBps: 0,
    quantity: command.order.quantity,
  };
  return () =>
    !account.halted &&
    account.drawdownBps < LIMITS.drawdownBpsMax &&
    account.positions < LIMITS.positionsOpenMax &&
    account.today < LIMITS.entriesPerDayMax &&
    account.lastHour < LIMITS.entriesPerHourMax &&
    account.sizeBps <= LIMITS.positionSizeBpsMax &&
    account.rewardRiskMilli >= LIMITS.rewardRiskMilliMin &&
    account.lossStreak < LIMITS.strategyLossStreakMax &&
    account.dayLossBps < LIMITS.dailyLossBpsMax &&
    account.quantity > 0n;
}

/** The same nine, worked out exactly from the account; no gate, nothing recorded, no clearance. */
function comparisonsWithSums({ command, snapshot }: Case): boolean {
  const { order, nowMs } = command;
  const { equity, peakEquity, dayOpenEquity, mark } = snapshot;
  const entry = mark?.price ?? (0n as Price);
  const stop = order.protectiveStop ?? (0n as Price);
  const target = order.target ?? (0n as Price);
  const standing = snapshot.strategies.find(({ id }) => id === order.strategyId);
  let gross = NO_MONEY;
  for (const { notional: worth } of snapshot.positions) gross = add(gross, worth);
  for (const { notional: worth } of snapshot.holds) gross = add(gross, worth);
  const value: Money = add(gross, notional(entry, order.quantity, 'up'));
  let lastHour = 0;
  for (const { atMs } of snapshot.recentEntries) if (atMs > nowMs - HOUR_MS) lastHour += 1;
  return (
    !snapshot.emergency &&
    (peakEquity - equity) * 10_000n < peakEquity * BigInt(LIMITS.drawdownBpsMax) &&
    snapshot.positions.length + snapshot.holds.length < LIMITS.positionsOpenMax &&
    snapshot.recentEntries.length < LIMITS.entriesPerDayMax &&
    lastHour < LIMITS.entriesPerHourMax &&
    value <= basisPoints(equity, LIMITS.grossExposureBpsMax, 'down') &&
    (target - entry) * 1_000n >= (entry - stop) * BigInt(LIMITS.rewardRiskMilliMin) &&
    (standing?.lossStreak ?? Infinity) < LIMITS.strategyLossStreakMax &&
    (dayOpenEquity - equity) * 10_000n < dayOpenEquity * BigInt(LIMITS.dailyLossBpsMax)
  );
}

function warmUp({ name, run, clears }: Contender): void {
  if (run() !== clears)
    throw new Error(`${name}: should have ${clears ? 'cleared' : 'been denied'}`);
  for (let call = 0; call < WARM_UPS; call++) run();
}

/** Counts what was cleared and compares it in the end, so that no call can be left out. */
function timeBatch({ name, run, clears, batchNs }: Contender): void {
  let cleared = 0;
  const start = process.hrtime.bigint();
  for (let call = 0; call < BATCH; call++) if (run()) cleared += 1;
  batchNs.push(Number(process.hrtime.bigint() - start) / BATCH);
  if (cleared !== (clears ? BATCH : 0)) throw new Error(`${name}: changed its mind`);
}

function timeSingles({ name, run, clears, singleNs }: Contender): void {
  for (let call = 0; call < SINGLES; call++) {
    const start = process.hrtime.bigint();
    const cleared = run();
    singleNs.push(Number(process.hrtime.bigint() - start) - timerNs);
    if (cleared !== clears) throw new Error(`${name}: changed its mind`);
  }
}

/** The median of two readings of the clock with nothing between them; taken off every single call. */
function timerCost(): number {
  const costs: number[] = [];
  for (let reading = 0; reading < WARM_UPS; reading++) {
    const start = process.hrtime.bigint();
    costs.push(Number(process.hrtime.bigint() - start));
  }
  return quantile(costs, 0.5);
}

/** What the heap grew by over a few calls; the median, because a collection between makes it shrink. */
function bytesPerCall({ run }: Contender): number {
  const calls = 20;
  const grown: number[] = [];
  for (let round = 0; round < 500; round++) {
    const before = process.memoryUsage().heapUsed;
    for (let call = 0; call < calls; call++) run();
    grown.push((process.memoryUsage().heapUsed - before) / calls);
  }
  return quantile(grown, 0.5);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

function print(): void {
  const machine = `${cpus()[0]?.model ?? 'unknown processor'} × ${cpus().length}`;
  const comparisons = review(full.command, full.snapshot).findings.list.length;
  process.stdout.write(`Node ${process.version}, ${machine}\n`);
  process.stdout.write(`${comparisons} comparisons recorded by a review that clears\n`);
  process.stdout.write(
    `median: of ${ROUNDS} batches of ${BATCH} calls; p99: of ${ROUNDS * SINGLES} single calls, ` +
      `less ${timerNs} ns for reading the clock\n\n`,
  );
  process.stdout.write(row('', 'median ns', 'p99 ns', 'bytes'));
  for (const [index, { name, batchNs, singleNs }] of contenders.entries()) {
    const median = quantile(batchNs, 0.5).toFixed(1);
    const slow = quantile(singleNs, 0.99).toFixed(0);
    process.stdout.write(row(name, median, slow, (bytes[index] ?? 0).toFixed(0)));
  }
}

function row(name: string, ...cells: string[]): string {
  return `${name.padEnd(54)}${cells.map((cell) => cell.padStart(12)).join('')}\n`;
}
