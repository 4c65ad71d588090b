/** Everything is stopped, by the button's request and by the signal file, against the whole orchestrator. */
import { rmSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { type Candle, TIMEFRAME_MS } from '../../domain/candle.ts';
import { draft } from '../../domain/draft.ts';
import type { DomainEvent } from '../../domain/event.ts';
import type { OrderRecord } from '../../domain/order-record.ts';
import type { HaltProgress, HaltResult, StateView } from '../api/views.ts';
import { type HaltWatch, haltWatchOf } from './halt/halt-watch.ts';
import { type House, type HouseOptions, openHouse } from './testing/small-house.ts';
import { type Answer, say } from './testing/speak.ts';

const TEST = { kind: 'SYSTEM', name: 'test' } as const;
const ADA = { name: 'ada', password: 'correct horse battery' } as const;

let house: House;
let watch: HaltWatch | undefined;
afterEach(async () => {
  watch?.stop();
  watch = undefined;
  await house.close();
});

async function open(options: HouseOptions = {}): Promise<void> {
  house = await openHouse(options);
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  say(house.server, `/api/v1${path}`, {
    method: 'POST',
    headers: {
      host: `localhost:${house.server.port}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(body),
  });
const get = async <T>(path: string): Promise<T> => {
  const headers = { host: `localhost:${house.server.port}` };
  return JSON.parse((await say(house.server, `/api/v1${path}`, { headers })).body) as T;
};

async function halt(flatten: boolean, because?: string): Promise<HaltResult> {
  const answer = await post('/halt', { flatten, ...(because === undefined ? {} : { because }) });
  expect(answer, answer.body).toMatchObject({ status: 200 });
  return JSON.parse(answer.body) as HaltResult;
}

const stepsOf = ({ steps }: Pick<HaltResult, 'steps'>): readonly string[] =>
  steps.map(({ step }) => step);
const book = () => house.runtime.parts.book;
const entries = (): readonly OrderRecord[] =>
  book()
    .liveOrders()
    .filter(({ order }) => order.role === 'ENTRY');
const eventsOf = async <T extends DomainEvent['type']>(type: T): Promise<readonly DomainEvent[]> =>
  (await house.ledger.read(0, 100_000)).map(({ event }) => event).filter((e) => e.type === type);

/** An approved entry that the venue has and has not filled: the market stands. */
async function withEntry(): Promise<void> {
  const { runtime, market } = house;
  const { instrument } = runtime.options.feed;
  await market.until(() => runtime.parts.approvals.isWaiting(instrument.id));
  for (const row of await runtime.parts.approvals.pending()) {
    const { id, version, proposalHash: seenHash } = row;
    const decider = { kind: 'SCRIPT', name: 'test' } as const;
    await runtime.decide({ id, version, seenHash, decision: 'APPROVE', reason: '', decider });
  }
  expect(entries()).toHaveLength(1);
}

async function withPosition(): Promise<void> {
  await withEntry();
  await house.market.until(() => book().portfolio.positions.size === 1);
  await house.market.until(() =>
    book()
      .liveOrders()
      .some(({ order }) => order.role === 'STOP'),
  );
}

/** The market goes on while something else happens. */
async function meanwhile<T>(work: Promise<T>): Promise<T> {
  const over = new AbortController();
  void work.finally(() => over.abort());
  while (!over.signal.aborted) {
    await house.market.step();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return work;
}

const breakLedger = async (): Promise<void> => {
  const stop = house.ledger.subscribe(() => {
    throw new Error('a fold failed');
  });
  await house.ledger
    .append(draft('operator.added', TEST, 'test', null, { name: 'nobody' }))
    .catch(() => undefined);
  stop();
  expect(house.ledger.broken).toBeDefined();
};

describe('POST /api/v1/halt', () => {
  test('stops everything at once, tells the steps with their times, and who did it', async () => {
    await open();
    expect(await get('/halt')).toEqual({ running: false, steps: [], report: null });
    const result = await halt(false, 'the news');
    expect(stepsOf(result)).toEqual(['NO_NEW_ORDERS', 'CANCELED']);
    for (const { ms } of result.steps) expect(ms).toBeLessThan(5_000);
    expect(result.report).toEqual({
      canceled: [],
      exitsKept: [],
      confirmed: true,
      leftOpen: [],
      flat: true,
      recorded: true,
    });
    expect(book().tradingState).toBe('HALTED');
    expect(await eventsOf('trading.state-changed')).toMatchObject([
      { actor: { kind: 'PERSON', name: 'local' }, body: { to: 'HALTED', because: 'the news' } },
    ]);
    expect(await get<HaltProgress>('/halt')).toEqual({ running: false, ...result });
  });

  test('is as welcome a second time, and without a reason', async () => {
    await open();
    await halt(false);
    expect(stepsOf(await halt(true))).toEqual(['NO_NEW_ORDERS', 'CANCELED', 'FLAT']);
    expect(book().tradingStateBecause).toBe('the kill switch was pulled');
  });

  test('cancels the entry that the venue has, which then never fills', async () => {
    await open();
    await withEntry();
    const [entry] = entries();
    const { report, steps } = await halt(false);
    expect(report.canceled).toEqual([entry?.order.id]);
    expect(stepsOf({ steps })).toEqual(['NO_NEW_ORDERS', 'CANCELED']);
    await house.market.bars(3);
    expect(await eventsOf('order.filled')).toEqual([]);
    expect(entries()).toEqual([]);
  });

  test('leaves the stop of a position in place and says what it guards', async () => {
    await open();
    await withPosition();
    const { report } = await meanwhile(halt(false));
    expect(report.flat).toBe(false);
    expect(report.exitsKept.length).toBeGreaterThan(0);
    for (const { instrumentId } of report.exitsKept) expect(instrumentId).toBe('BTC/USD');
    expect(
      book()
        .liveOrders()
        .map(({ order }) => order.role),
    ).toContain('STOP');
  });

  test('closes every position when that is asked for', async () => {
    await open();
    await withPosition();
    const { steps, report } = await meanwhile(halt(true));
    expect(stepsOf({ steps })).toEqual(['NO_NEW_ORDERS', 'CANCELED', 'FLAT']);
    expect(report).toMatchObject({ flat: true, leftOpen: [] });
    expect([book().portfolio.positions.size, book().liveOrders()]).toEqual([0, []]);
  });

  test('works while the ledger does not, and says that nothing was recorded', async () => {
    await open();
    await withEntry();
    await breakLedger();
    const { report } = await halt(false);
    expect(report).toMatchObject({ recorded: false, leftOpen: [] });
    expect(await house.runtime.parts.engine.restingAtVenue()).toEqual([]);
  });

  test.each<[string, unknown, Record<string, string>, number, string]>([
    ['without the choice', {}, {}, 400, 'flatten'],
    ['with a choice that is none', { flatten: 'yes' }, {}, 400, 'flatten'],
    ['with a novel', { flatten: false, because: 'x'.repeat(501) }, {}, 400, 'because'],
    ['from a foreign page', { flatten: false }, { origin: 'http://evil.example' }, 403, 'Origin'],
    ['to a foreign name', { flatten: false }, { host: 'evil.example' }, 403, 'Host'],
    ['as a form', { flatten: false }, { 'content-type': 'text/plain' }, 415, 'Content-Type'],
  ])('%s it is refused and nothing is stopped', async (_, body, headers, status, words) => {
    await open();
    const answer = await post('/halt', body, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(words);
    expect(book().tradingState).toBe('ACTIVE');
  });
});

describe('the signal file', () => {
  const put = (flatten = false): void => house.haltFile.write({ flatten, because: 'the file' });
  const look = (): Promise<void> => {
    watch ??= haltWatchOf(house.runtime, house.haltFile, house.killDesk);
    return watch.look();
  };

  test('stops everything and leaves its report', async () => {
    await open();
    await withEntry();
    put();
    await look();
    expect(book().tradingState).toBe('HALTED');
    expect(entries()).toEqual([]);
    expect(house.haltFile.readReport()).toMatchObject({ acted: true, report: { recorded: true } });
    expect(await eventsOf('trading.state-changed')).toMatchObject([
      { actor: { kind: 'SYSTEM', name: 'signal-file' }, body: { because: 'the file' } },
    ]);
  });

  test('works while a cycle hangs and the runtime waits for it', async () => {
    await open();
    await withEntry();
    const { runtime } = house;
    const { feed, clock } = runtime.options;
    runtime.parts.bus.subscribe('strategy', () => new Promise(() => {}));
    // A bar without the prices it is made of: a cycle begins, and the entry is not filled.
    const [candle] = feed.history.slice(-1) as [Candle];
    const openTimeMs = feed.startsAtMs + 1_000 * TIMEFRAME_MS[feed.timeframe];
    void runtime.onBar({ ...candle, openTimeMs }, clock.now() + 1);
    const stuck = runtime.tryCanaries().then(() => 'free');
    put();
    await look();
    const turn = await Promise.race([stuck, new Promise((r) => setTimeout(() => r('held'), 50))]);
    expect(turn).toBe('held');
    expect(book().tradingState).toBe('HALTED');
    expect(await runtime.parts.engine.restingAtVenue()).toEqual([]);
  });

  test('works while the ledger does not: the entry is gone, and nothing can be sent', async () => {
    await open();
    await withEntry();
    await breakLedger();
    put();
    await look();
    expect(house.haltFile.readReport()).toMatchObject({
      acted: true,
      report: { recorded: false, leftOpen: [] },
    });
    expect(await house.runtime.parts.engine.restingAtVenue()).toEqual([]);
  });

  test('keeps everybody from resuming, and names itself, until it is taken away', async () => {
    await open();
    expect((await post('/operators', ADA)).status).toBe(200);
    put();
    await look();
    const loosen = (): Promise<Answer> =>
      post('/trading-state', { to: 'REDUCING', ...ADA, reason: 'a test' });
    const refused = await loosen();
    expect(refused.status).toBe(409);
    expect(refused.body).toContain(house.haltFile.path);
    expect(book().tradingState).toBe('HALTED');
    expect((await get<StateView>('/state')).haltFile).toEqual({
      path: house.haltFile.path,
      present: true,
    });
    rmSync(house.haltFile.path);
    expect((await loosen()).status).toBe(200);
    await look();
    expect(book().tradingState).toBe('REDUCING');
  });
});
