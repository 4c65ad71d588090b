/** The journal of trades over real HTTP, against the whole orchestrator. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Schema } from 'effect';
import type { DomainEvent } from '../../domain/event.ts';
import { strategyId } from '../../domain/ids.ts';
import { DoneResult, FeedbackView, FillsView, TradeDetail, TradeView } from '../api/trade-views.ts';
import type { StateView } from '../api/views.ts';
import { type House, openHouse } from './testing/small-house.ts';
import { type Answer, say } from './testing/speak.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const NBB = strategyId('nbb');
const strictly = { onExcessProperty: 'error' } as const;
const hostHeader = (): Record<string, string> => ({ host: `localhost:${house.server.port}` });

const ask = (path: string): Promise<Answer> =>
  say(house.server, `/api/v1${path}`, { headers: hostHeader() });

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  say(house.server, `/api/v1${path}`, {
    method: 'POST',
    headers: { ...hostHeader(), 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

function read<S extends Schema.Decoder<unknown>>(answer: Answer, schema: S): S['Type'] {
  expect(answer.status, answer.body).toBe(200);
  return Schema.decodeUnknownSync(schema, strictly)(JSON.parse(answer.body));
}

const refusal = ({ status, body }: Answer): { status: number; code: string; message: string } => ({
  status,
  ...(JSON.parse(body) as { code: string; message: string }),
});

const Trades = Schema.Struct({ trades: Schema.Array(TradeView) });
const listed = async (query = ''): Promise<readonly TradeView[]> =>
  read(await ask(`/trades${query}`), Trades).trades;

const newest = async (type: DomainEvent['type']): Promise<DomainEvent | undefined> =>
  (await house.ledger.read(0, 100_000)).map(({ event }) => event).findLast((e) => e.type === type);

/** Approves the next proposal, and plays until what it opened is closed again. */
async function oneTrade(): Promise<void> {
  const { runtime, market } = house;
  const { parts, options } = runtime;
  await market.until(() => parts.approvals.isWaiting(options.feed.instrument.id));
  for (const row of await parts.approvals.pending())
    await runtime.decide({
      id: row.id,
      decision: 'APPROVE',
      version: row.version,
      seenHash: row.proposalHash,
      reason: 'looks right',
      decider: { kind: 'PERSON', name: 'mira' },
    });
  await market.until(() => parts.book.portfolio.positions.size > 0);
  await market.until(() => parts.book.portfolio.positions.size === 0, 2_000);
}

describe('before there is a trade', () => {
  test('nothing is listed, and nothing is recommended', async () => {
    await house.market.bars(1);
    expect(await listed()).toEqual([]);
    const feedback = read(await ask('/feedback'), FeedbackView);
    expect(feedback).toMatchObject({ venueMode: 'SIMULATION', currency: 'USD', days: 30 });
    for (const strategy of feedback.strategies)
      expect(strategy).toMatchObject({
        recommendation: null,
        because: 'Not enough trades: 0 of 5.',
      });
  });
});

describe('a trade that was made', () => {
  beforeAll(oneTrade);

  test('is listed as it comes, and its result is the account’s', async () => {
    const [trade, ...others] = await listed();
    expect(others).toEqual([]);
    expect(trade).toMatchObject({ held: '0', venueMode: 'SIMULATION', noteCount: 0 });
    const state = JSON.parse((await ask('/state')).body) as StateView;
    expect(trade?.net).toBe(state.account.realised);
  });

  test('is told with its plan and who approved it', async () => {
    const [trade] = await listed();
    const detail = read(await ask(`/trades/${trade?.id}`), TradeDetail);
    expect(detail.plan).toMatchObject({ approvedBy: 'mira', approvedBecause: 'looks right' });
    expect(detail.exits.length).toBeGreaterThan(0);
    expect(detail.evidence.length).toBeGreaterThan(0);
  });

  test('what was learned from it is kept for good, under the name that was given', async () => {
    const [trade] = await listed();
    const body = { name: 'mira', note: 'Wait for the close.' };
    read(await post(`/trades/${trade?.id}/notes`, body), DoneResult);
    const { notes } = read(await ask(`/trades/${trade?.id}`), TradeDetail);
    expect(notes).toMatchObject([{ by: 'mira', text: 'Wait for the close.' }]);
    expect(await newest('trade.noted')).toMatchObject({
      actor: { kind: 'PERSON', name: 'mira' },
      body: { tradeId: trade?.id, note: 'Wait for the close.' },
    });
  });

  test('its executions are told, page by page, as the journal has them', async () => {
    const { fills, next, currency } = read(await ask('/fills?after=0'), FillsView);
    expect([currency, next]).toEqual(['USD', null]);
    expect(fills.length).toBeGreaterThanOrEqual(2);
    expect(read(await ask(`/fills?after=${house.ledger.head.seq}`), FillsView).fills).toEqual([]);
  });
});

describe('what cannot be done', () => {
  test.each([
    ['a name with a space', { name: 'a b', note: 'x' }],
    ['an empty note', { name: 'mira', note: '  ' }],
    ['a note that steers a terminal', { name: 'mira', note: 'x\u001b[2J' }],
    ['a note that turns the reading around', { name: 'mira', note: 'x\u202ey' }],
    ['a note of two lines', { name: 'mira', note: 'x\ny' }],
    ['a note with half a character', { name: 'mira', note: 'x\ud800' }],
    ['a note that has no end', { name: 'mira', note: 'x'.repeat(1_001) }],
  ])('%s is not taken', async (_, body) => {
    const [trade] = await listed();
    const before = house.ledger.head.seq;
    expect((await post(`/trades/${trade?.id}/notes`, body)).status).toBe(400);
    expect(house.ledger.head.seq).toBe(before);
  });

  test('a note on a trade that never was', async () => {
    const answer = refusal(await post('/trades/nothing/notes', { name: 'mira', note: 'x' }));
    expect(answer).toMatchObject({ status: 404, code: 'UNKNOWN_TRADE' });
  });

  test('a trade that never was is not found, and names no page of the list', async () => {
    expect(refusal(await ask('/trades/nothing'))).toMatchObject({ status: 404 });
    expect(refusal(await ask('/trades?before=nothing'))).toMatchObject({
      status: 422,
      code: 'UNKNOWN_TRADE',
    });
  });

  test.each(['/trades?limit=0', '/trades?limit=501', '/feedback?days=0', '/fills?after=-1'])(
    '%s is bad input',
    async (path) => expect((await ask(path)).status).toBe(400),
  );

  test('a page of somebody else may not write a note', async () => {
    const headers = { origin: 'https://elsewhere.example' };
    const [trade] = await listed();
    const body = { name: 'mira', note: 'x' };
    expect((await post(`/trades/${trade?.id}/notes`, body, headers)).status).toBe(403);
  });
});

describe('switching a strategy off', () => {
  test('one that is not there', async () => {
    const answer = refusal(
      await post('/strategies/nothing/disable', { name: 'mira', reason: 'x' }),
    );
    expect(answer).toMatchObject({ status: 404, code: 'STRATEGY_UNKNOWN' });
  });

  test('an answer to WATCH only writes it down', async () => {
    const body = { name: 'mira', reason: 'noted', answer: 'TAKEN', recommendation: 'WATCH' };
    read(await post('/feedback/nbb/answer', body), DoneResult);
    expect(house.runtime.parts.book.standings.get(NBB)?.enabled).toBe(true);
  });

  test('setting DISABLE aside leaves it on', async () => {
    const body = { name: 'mira', reason: 'one week more', answer: 'SET_ASIDE' };
    read(await post('/feedback/nbb/answer', { ...body, recommendation: 'DISABLE' }), DoneResult);
    expect(house.runtime.parts.book.standings.get(NBB)?.enabled).toBe(true);
    const { strategies } = read(await ask('/feedback'), FeedbackView);
    expect(strategies.find((one) => one.strategyId === NBB)?.lastAnswer).toMatchObject({
      answer: 'SET_ASIDE',
      by: 'mira',
      because: 'one week more',
    });
  });

  test('taking DISABLE up switches it off with the same stroke, as that person', async () => {
    const body = { name: 'mira', reason: 'it has lost its edge', answer: 'TAKEN' };
    const before = house.ledger.head.seq;
    read(await post('/feedback/nbb/answer', { ...body, recommendation: 'DISABLE' }), DoneResult);
    const events = (await house.ledger.read(before, 10)).map(({ event }) => event.type);
    expect(events).toEqual(['feedback.answered', 'strategy.disabled']);
    expect(await newest('strategy.disabled')).toMatchObject({
      actor: { kind: 'PERSON', name: 'mira' },
      body: { strategyId: NBB, because: 'it has lost its edge' },
    });
    expect(house.runtime.parts.book.standings.get(NBB)?.enabled).toBe(false);
  });

  test('a second time changes nothing and says so', async () => {
    const before = house.ledger.head.seq;
    const answer = await post('/strategies/nbb/disable', { name: 'mira', reason: 'again' });
    expect(read(answer, DoneResult).sentence).toBe('nbb was off already.');
    expect(house.ledger.head.seq).toBe(before);
  });

  test('by itself it is one step without a password, and the feedback knows it', async () => {
    const answer = await post('/strategies/jadecap/disable', { name: 'mira', reason: 'enough' });
    expect(read(answer, DoneResult).sentence).toContain('jadecap is off');
    const { strategies } = read(await ask('/feedback'), FeedbackView);
    expect(strategies.find((one) => one.strategyId === 'jadecap')?.off).toBe('enough');
  });

  test('what is off opens nothing any more', async () => {
    const trades = await listed();
    await house.market.bars(150);
    expect(await listed()).toEqual(trades);
  });
});
