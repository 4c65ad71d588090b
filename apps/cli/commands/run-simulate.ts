import pc from 'picocolors';
import type { EntryGate } from '../../../agents/entry-gate.ts';
import { ManualClock } from '../../../domain/clock.ts';
import { text } from '../../../domain/units.ts';
import type { Feed } from '../../../market/feeds/feed.ts';
import { FAULT_PROFILES } from '../../../simulation/fault-profiles.ts';
import { Snapshots } from '../../../ledger/snapshots/snapshots.ts';
import { rulesOf, type Strategy } from '../../../strategies/strategy.ts';
import { openCustody } from '../../custody.ts';
import { simulate, type SimulationResult } from '../../simulate/simulation.ts';
import { describeLocation, locate, openMemory, openStored, type Storage } from '../../storage.ts';
import { VERSION } from '../../version.ts';
import { EDGE } from '../edge.ts';
import { BadInput } from '../errors.ts';
import { candlesFeed } from '../feeds.ts';
import { type ChosenLimits, describeLimits, limitsFacts, limitsOf } from '../limits.ts';
import { gateOf } from '../entry-rules.ts';
import { ruleText } from '../rule-text.ts';
import { tradedStrategies } from '../strategies.ts';
import { amount, printFacts, printJson, printLine, printTable, Progress } from '../output.ts';

import type { SimulateFlags } from './simulate.ts';

export async function runSimulate(flags: SimulateFlags): Promise<void> {
  const limits = limitsOf(flags);
  const strategies = await tradedStrategies(flags, limits.inForce.limits);
  const feed = candlesFeed(flags.data, flags.instrument, 0);
  const gate = gateOf(flags, feed);
  const clock = new ManualClock(0);
  const location = locate(flags.dataDir, { kind: 'memory' } as const);
  const stored = location.kind === 'memory' ? undefined : await openStored(location, clock);
  const storage = stored ?? openMemory(clock);
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once('SIGINT', stop);
  try {
    await checkPlace(storage, feed, { strategies, gate }, limits, flags);
    const custody = stored && (await openCustody(stored, { feed, strategies, gate }, EDGE));
    const progress = new Progress('simulating', feed.length ?? 0);
    const startedMs = performance.now();
    const result = await simulate({
      rehearse: flags.rehearse,
      version: VERSION,
      feed,
      strategies,
      gate,
      approver: flags.approver,
      seed: flags.seed,
      cash: flags.cash,
      limits: limits.inForce,
      ledger: storage.ledger,
      checkpointer: storage.checkpointer,
      snapshots: custody?.snapshots ?? Snapshots.none(),
      clock,
      onProgress: (bars) => progress.update(bars),
      signal: abort.signal,
    });
    await custody?.checkpointer.close();
    progress.clear();
    const seconds = (performance.now() - startedMs) / 1_000;
    report(flags, feed, limits, storage, result, seconds);
    if (result.interrupted)
      throw new Error(`interrupted after ${result.cycles} bars${hint(storage)}`);
    const failed = Object.values(result.failed);
    if (failed.length > 0)
      throw new Error(`${failed.join('; ')}. It was left out from that bar on`);
  } finally {
    process.off('SIGINT', stop);
    await storage.close();
  }
}

const hint = ({ location }: Storage): string =>
  location.kind === 'memory' ? '; with --data-dir it could be resumed' : '; add --resume to go on';

/** Everything that decides what is proposed. */
interface Rules {
  readonly strategies: readonly Strategy[];
  readonly gate: EntryGate | undefined;
}

/** A simulation begins on an empty journal, or goes on with exactly what was begun. */
async function checkPlace(
  storage: Storage,
  feed: Feed,
  { strategies, gate }: Rules,
  limits: ChosenLimits,
  flags: SimulateFlags,
): Promise<void> {
  const [first] = await storage.ledger.read(0, 1);
  const place = describeLocation(storage.location);
  if (first === undefined) {
    if (flags.resume)
      throw new BadInput(`--resume: the journal in ${place} is empty; leave --resume out`);
    return;
  }
  if (!flags.resume) {
    const { seq } = storage.ledger.head;
    throw new BadInput(
      `the journal in ${place} already holds ${seq} events; name an empty --data-dir, or add --resume to go on with it`,
    );
  }
  if (first.event.type !== 'system.started')
    throw new BadInput(`the journal in ${place} is not a simulation's`);
  const { market, cash, seed, strategies: begun, rules, entryRules, limitsHash } = first.event.body;
  const now = [
    feed.source,
    text(flags.cash),
    flags.seed,
    strategies.map(({ id }) => ruleText(id, rulesOf(strategies))).join(','),
    ...(gate?.says ?? []),
    `limits ${limits.inForce.hash.slice(0, 16)}…`,
  ].join(' · ');
  const then = [
    market,
    cash,
    seed,
    begun.map((id) => ruleText(id, rules)).join(','),
    ...entryRules,
    `limits ${limitsHash.slice(0, 16)}…`,
  ].join(' · ');
  if (now !== then) throw new BadInput(`--resume: it was begun as ${then}, not as ${now}`);
}

function report(
  flags: SimulateFlags,
  feed: Feed,
  limits: ChosenLimits,
  storage: Storage,
  { interrupted, ...result }: SimulationResult,
  seconds: number,
): void {
  const cyclesPerSecond = Math.round(result.cycles / seconds);
  if (flags.json) {
    printJson({
      ...result,
      ...limitsFacts(limits),
      rehearse: flags.rehearse,
      seconds: Math.round(seconds * 1_000) / 1_000,
      cyclesPerSecond,
      interrupted,
    });
    return;
  }
  const { quote } = feed.instrument;
  printLine();
  printLine(pc.bold(`  Simulation of ${feed.source} · ${feed.instrument.id} ${feed.timeframe}`));
  if (flags.rehearse !== 'calm')
    printLine(pc.yellow(`  Rehearsing ${flags.rehearse}: ${FAULT_PROFILES[flags.rehearse].says}`));
  if (interrupted) printLine(pc.yellow('  Interrupted: what follows is the part that was played.'));
  printLine();
  printFacts([
    ['cycles', result.cycles.toLocaleString('en')],
    ['proposals', String(result.proposals)],
    ['approved by script', String(result.approvals)],
    ['orders sent', String(result.orders)],
    ['fills', String(result.fills)],
    [
      'final equity',
      `${amount(result.finalEquity, 2)} ${quote} (from ${amount(text(flags.cash), 2)})`,
    ],
    [
      'journal',
      `${result.journalLength.toLocaleString('en')} events, head ${result.headHash.slice(0, 16)}…`,
    ],
    ['limits', `${describeLimits(limits)}, ${limits.inForce.hash.slice(0, 16)}…`],
    ['kept in', describeLocation(storage.location)],
    ['speed', `${seconds.toFixed(1)} s, ${cyclesPerSecond.toLocaleString('en')} cycles/s`],
  ]);
  const denials = Object.entries(result.denials);
  printLine();
  printLine(pc.bold('  Denied by the kernel'));
  if (denials.length === 0) printLine('  nothing');
  else
    printTable(
      ['code', '>times'],
      denials.map(([code, times]) => [code, String(times)]),
    );
  printLine();
}
