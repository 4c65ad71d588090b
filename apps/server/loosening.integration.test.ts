/** A named person loosens what was latched, over real HTTP, against the whole orchestrator. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { draft } from '../../domain/draft.ts';
import type { DomainEvent } from '../../domain/event.ts';
import { instrumentId, strategyId } from '../../domain/ids.ts';
import { type House, openHouse } from './testing/small-house.ts';
import { type Answer, say } from './testing/speak.ts';

const ADA = { name: 'ada', password: 'correct horse battery' } as const;
const BOB = { name: 'bob', password: 'staple of a longer kind' } as const;
const REASON = 'the feed is back and the account was looked at';
const STRATEGY = strategyId('nbb');
const TEST = { kind: 'SYSTEM', name: 'test' } as const;

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  say(house.server, `/api/v1${path}`, {
    method: 'POST',
    headers: {
      host: `localhost:${house.server.port}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const addAda = async (): Promise<void> =>
  expect(await post('/operators', ADA)).toMatchObject({ status: 200, body: '{"added":"ada"}' });

const asked = (change: object = {}): object => ({
  to: 'REDUCING',
  ...ADA,
  reason: REASON,
  rebasePeak: false,
  ...change,
});
const loosen = (change: object = {}): Promise<Answer> => post('/trading-state', asked(change));
const enable = (id: string, change: object = {}): Promise<Answer> =>
  post(`/strategies/${id}/enable`, { ...ADA, reason: REASON, ...change });

const halt = async (): Promise<void> => {
  const body = { from: 'ACTIVE', to: 'HALTED', emergency: false, because: 'a test', code: null };
  await house.ledger.append(
    draft('trading.state-changed', TEST, 'trading-state', null, body as never),
  );
};
const disable = async (): Promise<void> => {
  const body = { strategyId: STRATEGY, because: 'five losses in a row' };
  await house.ledger.append(draft('strategy.disabled', TEST, 'trading-state', null, body));
};

const state = (): string => house.runtime.parts.book.tradingState;
const eventsOf = async (type: DomainEvent['type']): Promise<readonly DomainEvent[]> =>
  (await house.ledger.read(0, 10_000)).map(({ event }) => event).filter((e) => e.type === type);

function refusal(answer: Answer): { status: number; _tag: string; code: string; message: string } {
  const body = JSON.parse(answer.body) as { _tag: string; code: string; message: string };
  expect(Object.keys(body).sort()).toEqual(['_tag', 'code', 'message']);
  return { status: answer.status, ...body };
}

describe('loosening the trading state', () => {
  test('takes a password and a reason at every single step, and says who did it', async () => {
    await addAda();
    await halt();
    const first = await loosen({ to: 'REDUCING' });
    expect(first, first.body).toMatchObject({ status: 200 });
    expect(JSON.parse(first.body)).toEqual({ sentence: 'Trading is REDUCING now, it was HALTED.' });
    expect(state()).toBe('REDUCING');
    const second = await loosen({ to: 'ACTIVE' });
    expect(second, second.body).toMatchObject({ status: 200 });
    expect(state()).toBe('ACTIVE');
    const [, ...steps] = await eventsOf('trading.state-changed');
    expect(steps).toMatchObject([
      { actor: { kind: 'PERSON', name: 'ada' }, body: { to: 'REDUCING', because: REASON } },
      { actor: { kind: 'PERSON', name: 'ada' }, body: { to: 'ACTIVE', because: REASON } },
    ]);
  });

  test('may leave out the new peak, and sets it when it is asked for', async () => {
    await addAda();
    await halt();
    expect((await loosen({ rebasePeak: undefined })).status).toBe(200);
    expect(await eventsOf('drawdown.peak-rebased')).toEqual([]);
    expect((await loosen({ to: 'ACTIVE', rebasePeak: true })).status).toBe(200);
    expect(await eventsOf('drawdown.peak-rebased')).toMatchObject([
      { actor: { kind: 'PERSON', name: 'ada' }, body: { because: REASON } },
    ]);
  });

  test('is refused by the kernel’s re-check with its code, and that is recorded', async () => {
    await addAda();
    await halt();
    const refused = refusal(await loosen({ to: 'ACTIVE' }));
    expect(refused).toMatchObject({ status: 409, _tag: 'Conflict', code: 'STATE_NOT_LOOSER' });
    expect(refused.message).toContain('STATE_NOT_LOOSER');
    expect(state()).toBe('HALTED');
    expect(await eventsOf('loosening.refused')).toMatchObject([
      { actor: { kind: 'PERSON', name: 'ada' }, body: { code: 'STATE_NOT_LOOSER' } },
    ]);
  });

  test('twice at once is one step', async () => {
    await addAda();
    await halt();
    const answers = await Promise.all([loosen(), loosen()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(state()).toBe('REDUCING');
  });
});

describe('enabling a strategy', () => {
  test('is a person’s act too', async () => {
    await addAda();
    await disable();
    const { standings } = house.runtime.parts.book;
    expect(standings.get(STRATEGY)?.enabled).toBe(false);
    const answer = await enable(STRATEGY);
    expect(answer, answer.body).toMatchObject({ status: 200 });
    expect(standings.get(STRATEGY)).toMatchObject({ enabled: true, lossStreak: 0 });
    expect(await eventsOf('strategy.enabled')).toMatchObject([
      { actor: { kind: 'PERSON', name: 'ada' }, body: { strategyId: STRATEGY, because: REASON } },
    ]);
  });

  test('of one that is not there is not found', async () => {
    await addAda();
    expect(refusal(await enable('nothing'))).toMatchObject({
      status: 404,
      _tag: 'NotFound',
      code: 'STRATEGY_UNKNOWN',
    });
  });
});

describe('releasing an instrument', () => {
  const BTC = instrumentId('BTC/USD');
  const release = (change: object = {}): Promise<Answer> =>
    post('/instruments/resume', { instrumentId: BTC, ...ADA, reason: REASON, ...change });

  beforeEach(async () => {
    await addAda();
    const body = { instrumentId: BTC, code: 'POSITION_UNPROTECTED', because: 'a test' } as const;
    await house.ledger.append(draft('instrument.halted', TEST, BTC, null, body));
  });

  test('is a person’s act too', async () => {
    const answer = await release();
    expect(answer, answer.body).toMatchObject({ status: 200 });
    expect(JSON.parse(answer.body)).toEqual({ sentence: 'BTC/USD may be traded again.' });
    expect(await eventsOf('instrument.resumed')).toMatchObject([
      { actor: { kind: 'PERSON', name: 'ada' }, body: { because: REASON } },
    ]);
  });

  test.each([
    ['with a wrong password', { password: 'a wrong password' }, 401],
    ['without one', { password: undefined }, 403],
    ['without a reason', { reason: ' ' }, 400],
    ['without an instrument', { instrumentId: '' }, 400],
  ])('%s is refused', async (_, change, status) => {
    expect((await release(change)).status).toBe(status);
    expect(house.runtime.parts.book.halted.has(BTC)).toBe(true);
  });
});

test('whoever only says who they are moves nothing', async () => {
  await halt();
  await disable();
  const forged = Object.freeze({ name: 'ada' }) as never;
  const step = { to: 'REDUCING', rebasePeak: false, because: REASON } as const;
  await expect(house.runtime.loosen(forged, step)).rejects.toThrow('confirmed password');
  const enabling = house.runtime.enableStrategy(forged, STRATEGY, REASON);
  await expect(enabling).rejects.toThrow('confirmed password');
  expect(state()).toBe('HALTED');
  expect(await eventsOf('strategy.enabled')).toEqual([]);
});

describe('adding an operator', () => {
  test('needs the password of one who is there, once there is one', async () => {
    await addAda();
    const add = async (sponsor?: object): Promise<Answer> =>
      post('/operators', { ...BOB, ...(sponsor && { sponsor }) });
    expect(refusal(await add())).toMatchObject({ status: 403, code: 'SPONSOR_MISSING' });
    expect(refusal(await add({ name: 'ada' }))).toMatchObject({ status: 403 });
    const wrong = refusal(await add({ name: 'ada', password: 'a wrong password' }));
    expect(wrong).toMatchObject({ status: 401, _tag: 'Unauthorized', code: 'PASSWORD_WRONG' });
    expect((await add(ADA)).status).toBe(200);
    expect(refusal(await add(ADA))).toMatchObject({ status: 409, code: 'NAME_TAKEN' });
  });

  test.each([
    [{ name: 'ada' }, 403, 'PASSWORD_MISSING'],
    [{ name: 'ada', password: '' }, 403, 'PASSWORD_MISSING'],
    [{ name: 'ada', password: 'short' }, 400, 'PASSWORD_UNFIT'],
    [{ name: 'a b', password: ADA.password }, 400, 'NAME_UNFIT'],
    [{ password: ADA.password }, 400, 'INVALID_REQUEST'],
  ])('refuses %j', async (body, status, code) => {
    expect(refusal(await post('/operators', body))).toMatchObject({ status, code });
    expect(await eventsOf('operator.added')).toEqual([]);
  });
});

describe('who is refused', () => {
  test('everybody while nobody is registered, with what to do', async () => {
    for (const answer of [await loosen(), await enable(STRATEGY)]) {
      const refused = refusal(answer);
      expect(refused).toMatchObject({ status: 409, code: 'NOBODY_REGISTERED' });
      expect(refused.message).toContain('plimsoll operators add');
    }
  });

  test.each([
    [{ password: undefined }, 403, 'PASSWORD_MISSING'],
    [{ password: '' }, 403, 'PASSWORD_MISSING'],
    [{ password: 'a wrong password' }, 401, 'PASSWORD_WRONG'],
    [{ name: 'mallory' }, 401, 'PASSWORD_WRONG'],
    [{ reason: undefined }, 400, 'INVALID_REQUEST'],
    [{ reason: '' }, 400, 'INVALID_REQUEST'],
    [{ reason: '  \n' }, 400, 'INVALID_REQUEST'],
    [{ reason: 'x'.repeat(501) }, 400, 'INVALID_REQUEST'],
    [{ reason: `because ${ADA.password}` }, 400, 'REASON_HAS_PASSWORD'],
    [{ to: 'HALTED' }, 400, 'INVALID_REQUEST'],
  ])('who sends %j', async (change, status, code) => {
    await addAda();
    await halt();
    await disable();
    expect(refusal(await loosen(change))).toMatchObject({ status, code });
    expect(state()).toBe('HALTED');
    if ('to' in change) return;
    expect(refusal(await enable(STRATEGY, change))).toMatchObject({ status, code });
    expect(await eventsOf('strategy.enabled')).toEqual([]);
  });

  test('a wrong password is on record with what it was for', async () => {
    await addAda();
    await halt();
    await loosen({ password: 'a wrong password' });
    await enable(STRATEGY, { name: 'mallory' });
    expect(await eventsOf('loosening.refused')).toMatchObject([
      { actor: { kind: 'PERSON', name: 'ada' }, body: { wanted: 'HALTED → REDUCING', code: null } },
      { actor: { kind: 'PERSON', name: 'mallory' }, body: { wanted: 'enable nbb', code: null } },
    ]);
  });

  test('an unknown name as slowly as a wrong password', async () => {
    await addAda();
    const timed = async (name: string): Promise<number> => {
      const startedMs = performance.now();
      await loosen({ name, password: 'a wrong password' });
      return performance.now() - startedMs;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    // Taken in turns, so that a busy machine slows both.
    for (let i = 0; i < 5; i++) {
      known.push(await timed('ada'));
      unknown.push(await timed('mallory'));
    }
    const median = (times: number[]): number => times.sort((a, b) => a - b)[2] ?? 0;
    expect(median(unknown)).toBeGreaterThan(median(known) / 2);
  });

  test('whoever tries an eleventh time within a minute, also with the right password', async () => {
    await addAda();
    await halt();
    for (let i = 0; i < 10; i++) await loosen({ password: 'a wrong password' });
    const refused = refusal(await loosen());
    expect(refused).toMatchObject({
      status: 429,
      _tag: 'TooManyRequests',
      code: 'TOO_MANY_ATTEMPTS',
    });
    expect(refused.message).toMatch(/try again in \d+ seconds/);
    expect(state()).toBe('HALTED');
  });

  test.each(['/operators', '/trading-state', '/strategies/nbb/enable'])(
    'a foreign page and a form at %s',
    async (path) => {
      const body = asked();
      const foreign = { origin: 'http://evil.example' };
      expect(refusal(await post(path, body, foreign))).toMatchObject({ code: 'FOREIGN_ORIGIN' });
      const host = { host: 'evil.example' };
      expect(refusal(await post(path, body, host))).toMatchObject({ code: 'FOREIGN_HOST' });
      const form = { 'content-type': 'text/plain' };
      expect(refusal(await post(path, body, form))).toMatchObject({ code: 'NOT_JSON' });
      expect(await eventsOf('operator.added')).toEqual([]);
    },
  );

  test('whoever comes to a broken ledger', async () => {
    await addAda();
    house.ledger.subscribe(() => {
      throw new Error('a fold failed');
    });
    await expect(house.market.bars(1)).rejects.toThrow('a fold failed');
    for (const answer of [await loosen(), await enable(STRATEGY), await post('/operators', BOB)]) {
      expect(refusal(answer)).toMatchObject({ status: 503, code: 'LEDGER_BROKEN' });
    }
  });
});

describe('a password', () => {
  const SECRET = 'a secret nobody may read';
  let logged: ReturnType<typeof vi.spyOn>[];
  beforeAll(() => {
    logged = [vi.spyOn(console, 'error'), vi.spyOn(console, 'log')];
  });
  afterAll(() => {
    for (const spy of logged) spy.mockRestore();
  });

  test.each([
    ['in every field', { to: SECRET, name: SECRET, password: SECRET, reason: SECRET }],
    ['as a name that is none', asked({ name: { [SECRET]: SECRET } })],
    ['as a list', asked({ password: [SECRET] })],
    ['as an object', asked({ password: { value: SECRET } })],
    ['beside a wrong step', asked({ password: SECRET, to: 'HALTED' })],
    ['with a reason too long', asked({ password: SECRET, reason: SECRET.repeat(30) })],
    ['with a sponsor that is none', { ...ADA, password: SECRET, sponsor: SECRET }],
    ['that is all there is', JSON.stringify(SECRET)],
    ['in a list', [SECRET]],
    ['in half a body', `{"password":"${SECRET}"`],
    ['that is wrong', asked({ password: SECRET })],
    ['that is too long', asked({ password: SECRET.repeat(20) })],
    ['as the name and the password', asked({ name: SECRET, password: SECRET })],
  ])('%s is never echoed, logged or recorded', async (_, body) => {
    await addAda();
    for (const path of ['/operators', '/trading-state', '/strategies/nbb/enable']) {
      const answer = await post(path, body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body + JSON.stringify(answer.headers)).not.toContain(SECRET);
    }
    expect(JSON.stringify(await house.ledger.read(0, 10_000))).not.toContain(SECRET);
    expect(JSON.stringify(logged.map(({ mock }) => mock.calls))).not.toContain(SECRET);
  });

  test('is not in the journal when it was right, nor is its hash', async () => {
    await addAda();
    await halt();
    await loosen();
    const answer = await say(house.server, '/api/v1/journal?limit=500', {
      headers: { host: `localhost:${house.server.port}` },
    });
    expect(answer.body).toContain('operator.added');
    expect(answer.body).not.toContain(ADA.password);
    expect(answer.body).not.toContain('argon2');
  });
});
