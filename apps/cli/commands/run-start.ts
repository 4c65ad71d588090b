import { basename, join } from 'node:path';
import pc from 'picocolors';
import { rulesReasoner } from '../../../agents/rules-reasoner.ts';
import { isOver } from '../../../coordination/phases.ts';
import { ManualClock } from '../../../domain/clock.ts';
import { cycleId } from '../../../domain/ids.ts';
import { standingOf, standingWarning } from '../../../ledger/roles/standing.ts';
import type { Feed } from '../../../market/feeds/feed.ts';
import { SYNTHETIC_HISTORY_BARS, syntheticFeed } from '../../../market/feeds/synthetic-feed.ts';
import type { Strategy } from '../../../strategies/strategy.ts';
import { FAULT_PROFILES } from '../../../simulation/fault-profiles.ts';
import { APPROVAL_WALL_MS, DEFAULT_DATA_DIR } from '../../defaults.ts';
import { openCustody } from '../../custody.ts';
import { forgetThreads } from '../../runtime/forget-threads.ts';
import { openRuntime } from '../../runtime/runtime.ts';
import { auditDeskOf } from '../../server/audit-desk.ts';
import { HaltFile } from '../../server/halt/halt-file.ts';
import { haltWatchOf } from '../../server/halt/halt-watch.ts';
import { killDeskOf } from '../../server/halt/kill-desk.ts';
import { startHeartbeat } from '../../server/heartbeat.ts';
import { logFault } from '../../server/http/fault-log.ts';
import { MarketDriver, waitingSpeed } from '../../server/market-driver.ts';
import { startServer } from '../../server/server.ts';
import { keepSigning } from '../../server/signing.ts';
import { describeLocation, type Location, locate, openStored, type Stored } from '../../storage.ts';
import { VERSION } from '../../version.ts';
import { EDGE } from '../edge.ts';
import { BadInput, reading } from '../errors.ts';
import { candlesFeed } from '../feeds.ts';
import { type ChosenLimits, describeLimits, limitsOf } from '../limits.ts';
import { gateOf } from '../entry-rules.ts';
import { type JournalMarket, journalMarket, otherMarket } from '../journal-market.ts';
import { type LiveMarket, openLiveMarket, openLiveSources } from '../live-market.ts';
import { OUTSIDE } from '../outside.ts';
import type { UnaskedSource } from '../providers.ts';
import { tradedStrategies } from '../strategies.ts';
import { printFacts, printLine } from '../output.ts';
import { announceServer } from '../running-server.ts';

import type { StartFlags } from './start.ts';

export async function runStart(flags: StartFlags): Promise<void> {
  const limits = limitsOf(flags);
  const strategies = await tradedStrategies(flags, limits.inForce.limits);
  checkVenue(flags);
  const recorded = recordedMarket(flags, strategies);
  const sources = await liveSources(flags);
  const home = flags.dataDir ?? homeOf(flags);
  const location = locate(flags.dataDir, { kind: 'directory', dataDir: home });
  const haltFile = new HaltFile(home);
  // From here on a first Ctrl-C lets everything be closed in order, and only a second one does not wait.
  const asked = whenAsked();
  const clock = new ManualClock(0);
  const storage = await openStored(location, clock);
  const closing: (() => Promise<void> | void)[] = [() => storage.close()];
  try {
    const begun = await journalMarket(storage.ledger);
    const live =
      recorded === undefined
        ? await liveMarket({ flags, sources, strategies, begun, signal: asked })
        : undefined;
    if (live !== undefined) closing.unshift(() => live.feed.close());
    const feed = recorded ?? live?.feed;
    if (feed === undefined || asked.aborted) return;
    const gate = gateOf(flags, feed);
    checkMarket(begun, feed, location);
    const custody = await openCustody(storage, { feed, strategies, gate }, EDGE);
    closing.unshift(() => custody.checkpointer.close());
    const speed = feed.synthetic ? flags.speed : 1;
    const runtime = await openRuntime({
      version: VERSION,
      feed,
      strategies,
      gate,
      cash: flags.cash,
      haltFirst: haltFile.read()?.because,
      seed: flags.seed,
      decisionMode: 'GUIDE',
      limits: limits.inForce,
      venueMode: flags.venue,
      rehearse: flags.rehearse,
      pause: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
      reasoner: rulesReasoner,
      ledger: storage.ledger,
      checkpointer: storage.checkpointer,
      snapshots: custody.snapshots,
      clock,
      behindMs: live && (() => Math.max(0, OUTSIDE.now() - clock.now())),
      approvalMs: APPROVAL_WALL_MS * waitingSpeed(speed),
    });
    closing.unshift(() => runtime.stop());
    if (asked.aborted) return;
    const { decisions } = runtime.parts;
    await forgetThreads(storage.database, storage.checkpointer, (thread) => {
      const cycle = cycleId(thread);
      return decisions.get(cycle) === undefined || isOver(decisions.phaseOf(cycle));
    });
    const killDesk = killDeskOf(runtime);
    const watch = haltWatchOf(runtime, haltFile, killDesk);
    watch.start();
    closing.unshift(() => watch.stop());
    const { barsPerSecond } = flags;
    const holdForDecisions = flags.replay !== undefined;
    const driver = new MarketDriver({
      runtime,
      feed,
      speed,
      barsPerSecond,
      holdForDecisions,
      unheardMs: live?.silentMs,
    });
    const webDir = new URL('../../../web/', import.meta.url);
    const server = await startServer({
      runtime,
      driver,
      auditDesk: auditDeskOf(custody, storage, runtime, home),
      killDesk,
      haltFile,
      port: flags.port,
      webDir,
    });
    closing.unshift(() => server.close());
    closing.unshift(announceServer(home, { url: server.url, pid: process.pid }));
    closing.unshift(() => driver.stop());
    // Whoever waits for the next price is let go before the driver is waited for.
    if (live !== undefined) closing.unshift(() => live.feed.close());
    greet(server.url, flags, feed, limits, location, storage.ledger.head.seq);
    if (haltFile.isPresent()) warnOf(haltFile);
    const standing = await standingOfRole(storage);
    if (standing !== undefined) printLine(`  ${pc.yellow('!')} ${pc.dim(standing)}\n`);
    driver.start();
    // Whoever waits for the first proposal should not wait for a library too.
    runtime.parts.deliberation
      .prepare()
      .catch((error: unknown) => logFault('the deliberation cannot be loaded', error));
    closing.unshift(
      startHeartbeat(
        {
          silentMs: () => driver.silentMs(),
          onSilence: (waitedMs) => runtime.onSilence(waitedMs),
          nowMs: () => driver.nowMs(),
          onTime: (nowMs) => runtime.onTime(nowMs),
          tryCanaries: () => runtime.tryCanaries(),
        },
        (error) => logFault('the watch over feed and kernel stopped', error),
      ),
    );
    closing.unshift(
      keepSigning({
        checkpointer: custody.checkpointer,
        runtime,
        now: () => Date.now(),
        onFault: (error) => logFault('a checkpoint was not signed', error),
      }),
    );
    await aborted(asked);
  } finally {
    if (asked.aborted)
      printLine(pc.dim('\n  Stopping: finishing what is under way, then making it durable.'));
    await closeAll(closing);
  }
}

/** Whatever one of them meets, the others are closed too; above all the database gives up its lock. */
async function closeAll(closing: readonly (() => Promise<void> | void)[]): Promise<void> {
  const faults: unknown[] = [];
  for (const close of closing) {
    try {
      await close();
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
}

function checkVenue({ venue, replay, live, rehearse }: StartFlags): void {
  if (replay !== undefined && live !== undefined)
    throw new BadInput('--replay and --live are two markets; name one of them');
  if (venue !== 'PAPER') return;
  if (replay === undefined && live === undefined)
    throw new BadInput(
      '--venue paper needs a market that is real; name one with --live or --replay',
    );
  if (rehearse !== 'calm')
    throw new BadInput(`--rehearse ${rehearse} is for --venue simulation; paper plays no bad days`);
}

/** What the role that writes could do to the journal; the embedded database has no roles to speak of. */
async function standingOfRole({ database, location }: Stored): Promise<string | undefined> {
  if (location.kind === 'directory') return undefined;
  return standingWarning(await standingOf(database.pool));
}

function warnOf({ path }: HaltFile): void {
  printLine(
    `  ${pc.red(pc.bold('HALTED'))} by the file ${path}; remove it, then plimsoll resume.\n`,
  );
}

/** Undefined for a market that is not recorded anywhere. */
function recordedMarket(flags: StartFlags, strategies: readonly Strategy[]): Feed | undefined {
  if (flags.live !== undefined) return undefined;
  if (flags.replay !== undefined) return candlesFeed(flags.replay, flags.instrument, flags.history);
  const historyBars = historyFor(strategies);
  return reading(() => syntheticFeed({ seed: flags.seed, historyBars }));
}

/** Strategies should be able to speak at the first bar. */
const historyFor = (strategies: readonly Strategy[]): number =>
  Math.max(SYNTHETIC_HISTORY_BARS, ...strategies.map(({ warmupBars }) => warmupBars));

/** None for a market that is recorded, or our own. */
async function liveSources(flags: StartFlags): Promise<readonly UnaskedSource[]> {
  const { live: names, instrument, liveUrl: baseUrl } = flags;
  if (names === undefined) return [];
  if (instrument === undefined)
    throw new BadInput('--live wants an --instrument, such as BTC/USDT');
  return openLiveSources({ names, instrument, baseUrl, outside: OUTSIDE });
}

interface LiveStart {
  readonly flags: StartFlags;
  readonly sources: readonly UnaskedSource[];
  readonly strategies: readonly Strategy[];
  readonly begun: JournalMarket | undefined;
  readonly signal: AbortSignal;
}

/** Undefined when it was asked to stop meanwhile. */
async function liveMarket(start: LiveStart): Promise<LiveMarket | undefined> {
  const { flags, sources, strategies, begun, signal } = start;
  const opening = openLiveMarket({
    sources,
    timeframe: flags.timeframe,
    historyBars: flags.history ?? historyFor(strategies),
    startsAtMs: begun?.startsAtMs,
    outside: OUTSIDE,
    signal,
    onStatus: ({ provider, state, because }) =>
      printLine(pc.dim(`  ${clockText()}  ${provider} ${state.toLowerCase()}: ${because}`)),
    onCorrection: (sentence) => printLine(pc.yellow(`  ${clockText()}  ${sentence}`)),
  });
  return opening.catch((error: unknown) => {
    // What was given up because somebody asked for it has not failed.
    if (signal.aborted) return undefined;
    throw error;
  });
}

const clockText = (): string => new Date().toISOString().slice(11, 19);

/** Each market has its own journal, so that a replay never mixes with the synthetic one. */
function homeOf({ replay, live, instrument, timeframe }: StartFlags): string {
  const name = (kind: string, words: readonly string[]): string =>
    join(DEFAULT_DATA_DIR, [kind, ...words].join('-').replace(/[^A-Za-z0-9.-]+/g, '-'));
  if (live !== undefined) return name('live', [live, instrument ?? '', timeframe]);
  if (replay === undefined) return DEFAULT_DATA_DIR;
  return name('replay', [basename(replay).replace(/\.csv(\.gz)?$/, '')]);
}

function checkMarket(begun: JournalMarket | undefined, feed: Feed, location: Location): void {
  const other = begun && otherMarket(begun, feed);
  if (other !== undefined)
    throw new BadInput(
      `the journal in ${describeLocation(location)} ${other}; name another --data-dir`,
    );
}

function greet(
  url: string,
  { venue, rehearse }: StartFlags,
  feed: Feed,
  limits: ChosenLimits,
  location: Location,
  seq: number,
): void {
  printLine();
  printLine(
    `  ${pc.bold('⦵ Plimsoll')} ${pc.dim(VERSION)}   ${pc.bold('GUIDE')} ${pc.dim('a person approves')} · ${pc.blue(pc.bold(venue))} ${pc.dim('no real money')}`,
  );
  printLine();
  if (rehearse !== 'calm') {
    printLine(
      `  ${pc.yellow(pc.bold(`Rehearsing ${rehearse}:`))} ${FAULT_PROFILES[rehearse].says}`,
    );
    printLine();
  }
  printFacts([
    ['open', pc.underline(pc.cyan(url))],
    [
      'market',
      `${feed.instrument.id} ${feed.timeframe}, ${feed.source}${feed.synthetic ? pc.yellow(' (not a real market)') : ''}`,
    ],
    [
      'limits',
      `${describeLimits(limits)}, ${limits.inForce.hash.slice(0, 16)}… ${pc.dim('hard-coded, hashed, in every decision')}`,
    ],
    ['journal', `${describeLocation(location)}, ${seq.toLocaleString('en')} events`],
  ]);
  printLine();
  printLine(
    pc.dim('  Ctrl-C stops. In another terminal: npx plimsoll approvals · npx plimsoll halt'),
  );
  printLine();
}

/** Aborted by the first Ctrl-C. */
function whenAsked(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => asked.abort());
  return asked.signal;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
