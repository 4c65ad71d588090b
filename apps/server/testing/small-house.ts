/** The whole orchestrator on a small market and a ledger in memory, behind a real server. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MemorySaver } from '@langchain/langgraph';
import { rulesReasoner } from '../../../agents/rules-reasoner.ts';
import { ManualClock } from '../../../domain/clock.ts';
import { money } from '../../../domain/units.ts';
import { audit } from '../../../ledger/audit/audit.ts';
import { ledgerPages } from '../../../ledger/ledger-pages.ts';
import type { Ledger } from '../../../ledger/ledger.ts';
import { memoryLedger } from '../../../ledger/memory-ledger.ts';
import { Snapshots } from '../../../ledger/snapshots/snapshots.ts';
import type { Feed } from '../../../market/feeds/feed.ts';
import { INSTRUMENTS } from '../../../market/instruments/instruments.ts';
import { syntheticFeed } from '../../../market/feeds/synthetic-feed.ts';
import type { FaultProfileName } from '../../../simulation/fault-profiles.ts';
import { DEFAULT_STRATEGIES } from '../../../strategies/registry.ts';
import { openRuntime, type Runtime } from '../../runtime/runtime.ts';
import { HaltFile } from '../halt/halt-file.ts';
import { type KillDesk, killDeskOf } from '../halt/kill-desk.ts';
import { NotProvable } from '../../audit-desk.ts';
import type { VerifyView } from '../../api/audit-views.ts';
import type { AuditDesk } from '../audit-answers.ts';
import { verifyView } from '../views/verify-view.ts';
import { type Server, startServer } from '../server.ts';
import { HandMarket } from './hand-market.ts';
import { STANDARD } from '../../../risk-kernel/limits-in-force.ts';

export interface House {
  readonly runtime: Runtime;
  readonly ledger: Ledger;
  readonly market: HandMarket;
  readonly server: Server;
  readonly killDesk: KillDesk;
  readonly haltFile: HaltFile;
  close(): Promise<void>;
}

export interface RuntimeChange {
  readonly rehearse?: FaultProfileName;
}

export async function openTestRuntime(feed: Feed, change: RuntimeChange = {}): Promise<Runtime> {
  const { rehearse = 'calm' } = change;
  const clock = new ManualClock(0);
  return openRuntime({
    version: '0.1.0',
    feed,
    strategies: DEFAULT_STRATEGIES,
    cash: money('10000'),
    seed: 1,
    decisionMode: 'GUIDE',
    reasoner: rulesReasoner,
    ledger: memoryLedger({ clock }),
    checkpointer: async () => new MemorySaver(),
    snapshots: Snapshots.none(),
    clock,
    limits: STANDARD,
    venueMode: 'SIMULATION',
    rehearse,
    pause: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
    approvalMs: 3_600_000,
  });
}

export interface HouseOptions extends RuntimeChange {
  readonly port?: number;
  /** Instead of proving the chain. */
  readonly verify?: () => Promise<VerifyView>;
}

export async function openHouse({
  port = 0,
  verify,
  ...change
}: HouseOptions = {}): Promise<House> {
  const feed = syntheticFeed();
  const runtime = await openTestRuntime(feed, change);
  const { ledger } = runtime.options;
  const market = new HandMarket(runtime, feed);
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-page-'));
  const webDir = await builtPage(folder);
  const killDesk = killDeskOf(runtime);
  const haltFile = new HaltFile(folder);
  const server = await startServer({
    killDesk,
    haltFile,
    runtime,
    driver: market,
    auditDesk: { ...deskOf(ledger), ...(verify === undefined ? {} : { verify }) },
    port,
    webDir: pathToFileURL(webDir),
  }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  return {
    runtime,
    ledger,
    market,
    killDesk,
    haltFile,
    server,
    async close() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A page in a folder of its own, with something beside it that must never be served. */
async function builtPage(parent: string): Promise<string> {
  const webDir = join(parent, 'web');
  await mkdir(join(webDir, 'assets'), { recursive: true });
  await writeFile(join(webDir, 'index.html'), '<!doctype html><title>Plimsoll</title>');
  await writeFile(join(webDir, 'favicon.svg'), '<svg/>');
  await writeFile(join(webDir, 'assets', 'index-B4aFq2.js'), 'export {};');
  await writeFile(join(parent, 'secret.txt'), 'not for the page');
  return webDir;
}

/** Proves what the ledger in memory hands out; nothing of it is stored, so nothing more can be shown. */
const deskOf = (ledger: Ledger): AuditDesk => ({
  async verify() {
    const outcome = await audit({
      instruments: new Map(INSTRUMENTS.map((instrument) => [instrument.id, instrument])),
      pages: (afterSeq) => ledgerPages(ledger, afterSeq),
      commits: async () => ledger.commits,
      checkpoints: [],
      guardFaults: async () => [],
      snapshot: undefined,
    });
    if (outcome.kind === 'PUT_DOWN') throw new Error('nobody asked to put it down');
    return verifyView(outcome.report);
  },
  prove: () => Promise.reject(new NotProvable('Nothing is signed in memory.')),
  exportBundle: () => Promise.reject(new NotProvable('Nothing is signed in memory.')),
  backup: () => Promise.reject(new Error('Nothing is stored in memory.')),
});
