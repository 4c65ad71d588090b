/**
 * What the engine adds to the durable write, and how many orders go through it in memory. Run:
 * `npm run bench:engine`, with DATABASE_URL for the server's part. It is bundled first: a loader that
 * keeps every function's name costs code of many small functions a factor.
 *
 * Durable: from the intent that is claimed to the venue's port, beside one transaction of the same events
 * without kernel or engine, turn by turn in the same run. In memory: entry, fill, close, fill, each
 * through kernel, engine and simulated venue.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS, ManualClock, MINUTE_MS } from '../domain/clock.ts';
import { draft } from '../domain/draft.ts';
import { entryOrder } from '../domain/entry-order.ts';
import type { EventDraft } from '../domain/event.ts';
import { approvalId, clientOrderId, intentId, ocoGroupId, proposalId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { orderToText } from '../domain/order-record.ts';
import { BTC, MOMENTUM, sampleOrder, sampleProposal, START_MS } from '../domain/testing/samples.ts';
import { money, price } from '../domain/units.ts';
import { ExecutionEngine } from '../execution/engine.ts';
import { Marks } from '../execution/marks.ts';
import type { SubmitOutcome } from '../execution/venue.ts';
import type { Origin } from '../execution/write-ahead.ts';
import { openDatabase, type Database } from '../ledger/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import { Book } from '../ledger/projections/book.ts';
import { openSqlLedger } from '../ledger/sql-ledger.ts';
import { STANDARD } from '../risk-kernel/limits-in-force.ts';
import type { ClearedOrder } from '../risk-kernel/review.ts';
import type { Costs } from '../simulation/costs.ts';
import { SimulatedVenue } from '../simulation/simulated-venue.ts';

const INTENTS = 400;
const PAIRS = 10_000;
const ROUNDS = 5;
const INSTRUMENTS = new Map([[BTC.id, BTC]]);
/** Without costs and with a small gain on every trade, the account outlives the run. */
const FREE: Costs = { feeBps: 0, spreadBps: 0, slippageBpsMax: 0 };
const models = { costs: { CRYPTO: FREE, FX: FREE, METAL: FREE, EQUITY: FREE } };
const BENCH = { kind: 'SYSTEM', name: 'bench' } as const;

class TimedVenue extends SimulatedVenue {
  heardAtMs = 0;

  override submit(order: ClearedOrder, signedAtMs: number): Promise<SubmitOutcome> {
    this.heardAtMs = performance.now();
    return super.submit(order, signedAtMs);
  }
}

await benchDurable('PGlite', await openPglite());
await benchServer(process.env['DATABASE_URL']);
await benchMemory();

async function openPglite(): Promise<{ database: Database; clean: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-bench-'));
  const database = await openDatabase({ dataDir });
  return { database, clean: () => rm(dataDir, { recursive: true }) };
}

async function benchServer(url: string | undefined): Promise<void> {
  if (url === undefined) {
    process.stdout.write('PostgreSQL: left out, because DATABASE_URL names no server.\n');
    return;
  }
  const schema = `bench_${randomUUID().replaceAll('-', '')}`;
  const database = await openDatabase({ url, schema });
  const clean = async (): Promise<void> => {
    await database.pool.query(`DROP SCHEMA ${schema} CASCADE`);
  };
  await benchDurable('PostgreSQL', { database, clean });
}

async function benchDurable(
  name: string,
  { database, clean }: { database: Database; clean: () => Promise<void> },
): Promise<void> {
  const clock = new ManualClock(START_MS);
  const ledger = await openSqlLedger({ database, clock });
  const house = await openHouse(ledger, clock);
  const whole: number[] = [];
  const bare: number[] = [];
  for (let index = 0; index < INTENTS; index++) {
    // Past every limit of how often: what is measured is an entry that clears.
    clock.advanceTo(clock.now() + 3 * HOUR_MS);
    house.mark('50000');
    const order = await approved(ledger, clock, index);
    whole.push(await house.timeToVenue(() => house.engine.execute(intentId(order.id))));
    bare.push(await bareWrite(ledger, order));
    await house.fillAndClose(order);
  }
  await ledger.close();
  await clean();
  await database.close();
  report(`${name}: bare durable write of the same events`, bare);
  report(`${name}: intent → venue call`, whole);
  const added = whole.map((ms, index) => ms - (bare[index] ?? 0));
  report(`${name}: what the engine adds`, added);
}

/** The same events and row change in one transaction, with nobody who reviews or sends. */
async function bareWrite(ledger: Ledger, order: Order): Promise<number> {
  const id = intentId(`bare-${order.id}`);
  await ledger.transact(async (tx) => {
    await tx.insertIntent({ id, approvalId: approvalId('bare'), status: 'NEW', order: '{}' });
  });
  const written = (await ledger.readCorrelated(`cycle-${order.id}`)).map(({ event }) => event);
  const drafts = written
    .filter(({ type }) => type === 'kernel.reviewed')
    .map(({ type, actor, body }) => ({
      type,
      actor,
      body,
      correlationId: 'bare',
      causationSeq: null,
    }));
  const start = performance.now();
  await ledger.transact(async (tx) => {
    await tx.claimIntent(id);
    for (const one of drafts) tx.append(one as EventDraft);
    tx.append(
      draft('intent.recorded', BENCH, 'bare', null, {
        intentId: id,
        approvalId: approvalId('bare'),
        proposalId: proposalId('bare'),
        order: orderToText(order),
      }),
    );
  });
  return performance.now() - start;
}

/** An approval as a person would have left it, and the intent that stands on it. */
async function approved(ledger: Ledger, clock: ManualClock, index: number): Promise<Order> {
  const proposal = sampleProposal({
    id: proposalId(`B${index}`),
    cycleId: `cycle-E1B${index}` as never,
    createdAtMs: clock.now(),
    expiresAtMs: clock.now() + HOUR_MS,
  });
  const order = entryOrder(proposal);
  const id = approvalId(`AB${index}`);
  await ledger.transact(async (tx) => {
    await tx.insertApproval({
      id,
      threadId: 'bench',
      instrumentId: BTC.id,
      status: 'APPROVED',
      version: 1,
      proposalHash: '0'.repeat(64),
      expiresAtMs: proposal.expiresAtMs,
      proposal: JSON.stringify(proposal),
    });
    const text = JSON.stringify(orderToText(order));
    await tx.insertIntent({ id: intentId(order.id), approvalId: id, status: 'NEW', order: text });
  });
  return order;
}

async function benchMemory(): Promise<void> {
  const rates: number[] = [];
  const bareRates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const clock = new ManualClock(START_MS);
    const house = await openHouse(memoryLedger({ clock }), clock);
    let start = performance.now();
    for (let pair = 0; pair < PAIRS; pair++) {
      clock.advanceTo(clock.now() + 3 * HOUR_MS);
      house.mark('50000');
      const entry = sampleOrder({ id: clientOrderId(`E${pair}`) });
      await house.send(entry);
      await house.fillAndClose(entry);
    }
    rates.push((PAIRS * 2_000) / (performance.now() - start));
    const { venue } = bareVenue(clock);
    start = performance.now();
    for (let pair = 0; pair < PAIRS * 2; pair++) {
      venue.print(BTC.id, price('50000'));
      if (venue.takeNews().reports.length > 0) throw new Error('nobody traded');
    }
    bareRates.push((PAIRS * 2_000) / (performance.now() - start));
  }
  const line = (name: string, values: readonly number[]): void =>
    void process.stdout.write(
      `${name.padEnd(52)}${Math.round(quantile(values, 0.5)).toLocaleString('en').padStart(10)}/s\n`,
    );
  line('memory: orders through kernel, engine, venue', rates);
  line('memory: prices to a venue without orders', bareRates);
}

function bareVenue(clock: ManualClock): { venue: SimulatedVenue } {
  const cash = money('10000');
  return {
    venue: new SimulatedVenue({
      instruments: INSTRUMENTS,
      currency: 'USD',
      cash,
      clock,
      seed: 1,
      models,
    }),
  };
}

interface House {
  readonly engine: ExecutionEngine;
  mark(at: string): void;
  send(order: Order): Promise<void>;
  fillAndClose(entry: Order): Promise<void>;
  timeToVenue(work: () => Promise<unknown>): Promise<number>;
}

async function openHouse(ledger: Ledger, clock: ManualClock): Promise<House> {
  const book = new Book(INSTRUMENTS);
  ledger.subscribe(({ event }) => book.apply(event));
  const venue = new TimedVenue({
    instruments: INSTRUMENTS,
    currency: 'USD',
    cash: money('10000'),
    clock,
    seed: 1,
    models,
  });
  const marks = new Marks();
  const engine = new ExecutionEngine({
    ledger,
    book,
    venue,
    marks,
    instruments: INSTRUMENTS,
    clock,
    limits: STANDARD,
  });
  await ledger.append(
    draft('system.started', BENCH, 'system', null, {
      version: '0',
      decisionMode: 'GUIDE',
      venueMode: 'SIMULATION',
      limitsHash: STANDARD.hash,
      tightened: {},
      currency: 'USD',
      cash: '10000',
      strategies: [MOMENTUM],
      rules: {},
      entryRules: [],
      instruments: [BTC.id],
      market: 'bench',
      synthetic: true,
      seed: 1,
      resumed: false,
    }),
  );
  await engine.reconcile();
  const origin: Origin = {
    correlationId: 'bench',
    causationSeq: null,
    intentId: null,
    proposalId: null,
  };
  const send = async (order: Order): Promise<void> => {
    const result = await engine.send(order, origin);
    if (result.kind !== 'SENT') throw new Error(`${order.id}: ${JSON.stringify(result)}`);
  };
  const trade = async (at: string): Promise<void> => {
    venue.print(BTC.id, price(at));
    await engine.collect();
  };
  return {
    engine,
    send,
    mark: (at) => marks.set(BTC.id, price(at), clock.now()),
    async fillAndClose(entry) {
      await trade('50000');
      clock.advanceTo(clock.now() + MINUTE_MS);
      await send({
        id: clientOrderId(`X${entry.id}`),
        instrumentId: BTC.id,
        strategyId: MOMENTUM,
        role: 'EXIT',
        side: 'SELL',
        type: 'MARKET',
        quantity: entry.quantity,
        timeInForce: 'GTC',
        reduceOnly: true,
        ocoGroupId: ocoGroupId('bench'),
      });
      await trade('50010');
    },
    async timeToVenue(work) {
      const start = performance.now();
      await work();
      return venue.heardAtMs - start;
    },
  };
}

function report(name: string, ms: readonly number[]): void {
  const [p50, p99] = [quantile(ms, 0.5), quantile(ms, 0.99)];
  process.stdout.write(
    `${name.padEnd(52)}p50 ${p50.toFixed(3).padStart(8)} ms   p99 ${p99.toFixed(3).padStart(8)} ms\n`,
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
