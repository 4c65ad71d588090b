/** The same trades, whoever tells them: the server that runs, or the journal that it left. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../../domain/clock.ts';
import type { EventDraft } from '../../../domain/event.ts';
import { openDatabase } from '../../../ledger/database.ts';
import { openSqlLedger } from '../../../ledger/sql-ledger.ts';
import { type House, openHouse } from '../../server/testing/small-house.ts';
import { BadInput } from '../errors.ts';
import { type BookedFill, readBaseline, readingTrades, type TradeSource } from './source.ts';

let house: House;
let folder: string;
beforeAll(async () => {
  house = await openHouse();
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-'));
  await tradeOnce();
  await keep();
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

async function tradeOnce(): Promise<void> {
  const { runtime, market } = house;
  const { parts, options } = runtime;
  await market.until(() => parts.approvals.isWaiting(options.feed.instrument.id));
  for (const { id, version, proposalHash: seenHash } of await parts.approvals.pending())
    await runtime.decide({
      id,
      version,
      seenHash,
      decision: 'APPROVE',
      reason: 'looks right',
      decider: { kind: 'PERSON', name: 'mira' },
    });
  await market.until(() => parts.book.portfolio.positions.size > 0);
  await market.until(() => parts.book.portfolio.positions.size === 0, 2_000);
}

/** Talk that no trade is made of, and most of a journal. */
const TALK: readonly EventDraft['type'][] = [
  'message.sent',
  'cycle.opened',
  'cycle.phase-moved',
  'kernel.reviewed',
];

/** What the house wrote, in a directory. */
async function keep(): Promise<void> {
  const clock = new ManualClock(0);
  const database = await openDatabase({ dataDir: folder });
  const ledger = await openSqlLedger({ database, clock });
  for (const { event } of await house.ledger.read(0, 100_000)) {
    if (TALK.includes(event.type)) continue;
    const { seq: _seq, atMs, ...draft } = event;
    clock.advanceTo(atMs);
    await ledger.append({ ...draft, causationSeq: null } as EventDraft);
  }
  await ledger.flush();
  await ledger.close();
  await database.close();
}

async function everything(source: TradeSource) {
  const trades = await source.trades(10);
  const details = await Promise.all(trades.map(({ id }) => source.trade(id)));
  const fills: BookedFill[] = [];
  for await (const fill of source.fills()) fills.push(fill);
  return { trades, details, fills, feedback: await source.feedback(30) };
}

describe('the server and its journal', () => {
  test('tell the same trades, executions and feedback', async () => {
    const { url } = house.server;
    const served = await readingTrades({ url, json: false }, everything);
    const stored = await readingTrades({ dataDir: folder, json: false }, everything);
    expect(served.trades.length).toBeGreaterThan(0);
    expect(stored).toEqual(served);
  });

  test('both say that a trade is not there as bad input', async () => {
    for (const where of [{ url: house.server.url }, { dataDir: folder }]) {
      const asked = readingTrades({ ...where, json: false }, (source) => source.trade('nothing'));
      await expect(asked).rejects.toThrow(BadInput);
      await expect(asked).rejects.toThrow('There is no trade "nothing"');
    }
  });

  test('a baseline is all that a journal’s trades came to', async () => {
    const [trade] = await readingTrades({ dataDir: folder, json: false }, (s) => s.trades(1));
    const baseline = await readBaseline(folder);
    expect([...baseline.keys()]).toEqual([trade?.strategyId]);
    expect(baseline.get(trade?.strategyId ?? '')).toMatchObject({ trades: 1 });
  });

  test('a baseline that is not there is bad input', async () => {
    const nowhere = join(folder, 'nowhere');
    await expect(readBaseline(nowhere)).rejects.toThrow(BadInput);
    await expect(readBaseline(nowhere)).rejects.toThrow(`--baseline "${nowhere}" cannot be read`);
  });
});
