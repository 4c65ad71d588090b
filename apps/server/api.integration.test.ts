/** Every question and every refusal, over real HTTP, against the whole orchestrator. */
import { VerifyView } from '../api/audit-views.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Schema } from 'effect';
import {
  ApprovalView,
  ChartView,
  DecisionView,
  EntryView,
  StateView,
  TraceView,
} from '../api/views.ts';
import type { DecisionRequest } from '../api/views.ts';
import type { EventBodies } from '../../domain/event.ts';
import { money, ratioBps } from '../../domain/units.ts';
import { type House, openHouse } from './testing/small-house.ts';
import { type Answer, say } from './testing/speak.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const strictly = { onExcessProperty: 'error' } as const;

/** The answer as its own schema reads it: nothing missing, nothing more. */
async function get<S extends Schema.Decoder<unknown>>(path: string, schema: S): Promise<S['Type']> {
  const answer = await say(house.server, path, { headers: hostHeader() });
  expect(answer.status, answer.body).toBe(200);
  return Schema.decodeUnknownSync(schema, strictly)(JSON.parse(answer.body));
}

const hostHeader = (): Record<string, string> => ({ host: `localhost:${house.server.port}` });

const ask = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  say(house.server, path, { headers: { ...hostHeader(), ...headers } });

const post = (id: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  say(house.server, `/api/v1/approvals/${id}/decision`, {
    method: 'POST',
    headers: { ...hostHeader(), 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

function refusal(answer: Answer): { status: number; code: string; message: string; _tag: string } {
  const body: unknown = JSON.parse(answer.body);
  expect(Object.keys(body as object).sort()).toEqual(['_tag', 'code', 'message']);
  expect(answer.body).not.toMatch(/node_modules|\.ts:\d/);
  return { status: answer.status, ...(body as { code: string; message: string; _tag: string }) };
}

const Approvals = Schema.Struct({ approvals: Schema.Array(ApprovalView) });
const Decisions = Schema.Struct({ decisions: Schema.Array(DecisionView) });
const Entries = Schema.Struct({ entries: Schema.Array(EntryView) });

const waiting = async (): Promise<readonly ApprovalView[]> =>
  (await get('/api/v1/approvals?status=PENDING', Approvals)).approvals;

async function nextProposal(): Promise<ApprovalView> {
  const { runtime, market } = house;
  const { id } = runtime.options.feed.instrument;
  await market.until(() => runtime.parts.approvals.isWaiting(id));
  const [proposal] = await waiting();
  if (proposal === undefined) throw new Error('a proposal waits, but the API does not list it');
  return proposal;
}

const approving = ({ version, proposalHash }: ApprovalView): DecisionRequest => ({
  decision: 'APPROVE',
  version,
  seenHash: proposalHash,
  reason: 'looks right',
});

const encoded = (cycleId: string): string => `/api/v1/decisions/${encodeURIComponent(cycleId)}`;

describe('what can be asked', () => {
  test('health says the version and the head of the journal', async () => {
    const { status, body } = await ask('/health');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({ ok: true, version: '0.1.0', seq: house.ledger.head.seq });
  });

  test('the state is one picture of everything, and is what the schema says', async () => {
    await house.market.bars(2);
    const state = await get('/api/v1/state', StateView);
    expect(state).toMatchObject({
      decisionMode: 'GUIDE',
      venueMode: 'SIMULATION',
      tradingState: 'ACTIVE',
      account: { currency: 'USD', startingCash: '10000' },
      market: { instrumentId: 'BTC/USD', timeframe: '5m', pricePlaces: 2, synthetic: true },
      journal: { seq: house.ledger.head.seq, hash: house.ledger.head.hash, broken: null },
    });
    const limits = state.limits.map(({ id }) => id);
    expect(limits).toEqual(expect.arrayContaining(['drawdown', 'dailyLoss', 'lossStreak.nbb']));
    expect(new Set(limits).size).toBe(limits.length);
  });

  test('the state says why the market stands, and takes the time left from a proposal', async () => {
    await nextProposal();
    const moving = await waiting();
    expect(moving[0]?.wallMsLeft).toBeGreaterThan(0);
    house.market.change({ stopped: 'the disk is full' });
    expect((await get('/api/v1/state', StateView)).market.stopped).toBe('the disk is full');
    expect((await waiting())[0]?.wallMsLeft).toBeNull();
    house.market.change({ stopped: null, waitsForDecision: true });
    expect((await waiting())[0]?.wallMsLeft).toBeNull();
    house.market.change({ waitsForDecision: false });
  });

  test('the chart begins with three hundred bars, most of them from before the journal', async () => {
    const chart = await get('/api/v1/chart', ChartView);
    expect(chart.candles).toHaveLength(300);
    const times = chart.candles.map(({ time }) => time);
    expect(new Set(times.slice(1).map((time, i) => time - (times[i] ?? 0)))).toEqual(
      new Set([300]),
    );
    expect(chart.equity.length).toBeGreaterThan(0);
    await house.market.step();
    const { forming } = await get('/api/v1/chart', ChartView);
    expect(forming?.time).toBe((times.at(-1) ?? 0) + 300);
  });

  test('decisions come newest first, in pages that join, quiet ones only when asked for', async () => {
    await house.market.bars(8);
    const all = (await get('/api/v1/decisions?limit=200&quiet=true', Decisions)).decisions;
    expect(all.length).toBe(house.runtime.parts.decisions.counts().cycles);
    const times = all.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const first = (await get('/api/v1/decisions?limit=3&quiet=true', Decisions)).decisions;
    const before = encodeURIComponent(first.at(-1)?.cycleId ?? '');
    const second = (await get(`/api/v1/decisions?limit=3&quiet=true&before=${before}`, Decisions))
      .decisions;
    expect([...first, ...second]).toEqual(all.slice(0, 6));
    const loud = (await get('/api/v1/decisions', Decisions)).decisions;
    expect(loud).toEqual(all.filter(({ outcome }) => outcome !== 'NO_SETUP'));
  });

  test('a decision is told by its id with a slash in it, cause before effect', async () => {
    const proposal = await nextProposal();
    const trace = await get(encoded(proposal.cycleId), TraceView);
    expect(trace.decision.cycleId).toBe(proposal.cycleId);
    expect(trace.proposal).toMatchObject({ id: proposal.id, status: 'PENDING', version: 1 });
    expect(trace.verdicts.map(({ stage }) => stage)).toEqual(['PROPOSAL']);
    const seqs = trace.entries.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(trace.entries.every(({ correlationId }) => correlationId === proposal.cycleId)).toBe(
      true,
    );
    for (const { seq, causationSeq } of trace.entries) expect(causationSeq ?? 0).toBeLessThan(seq);
  });

  test('the journal comes newest first, in pages that join', async () => {
    const { seq, hash } = house.ledger.head;
    const newest = (await get('/api/v1/journal?limit=7', Entries)).entries;
    expect(newest[0]).toMatchObject({ seq, hash });
    expect(newest.map((entry) => entry.seq)).toEqual([0, 1, 2, 3, 4, 5, 6].map((i) => seq - i));
    const older = (await get(`/api/v1/journal?limit=500&before=${seq - 6}`, Entries)).entries;
    expect(older[0]?.seq).toBe(seq - 7);
    expect(newest.at(-1)?.prevHash).toBe(older[0]?.hash);
    expect((await get('/api/v1/journal?before=3', Entries)).entries.map((e) => e.seq)).toEqual([
      2, 1,
    ]);
    expect((await get('/api/v1/journal?before=1', Entries)).entries).toEqual([]);
    const beyond = await get(`/api/v1/journal?limit=1&before=${seq + 1_000}`, Entries);
    expect(beyond.entries[0]?.seq).toBe(seq);
  });

  test('the chain can be proved', async () => {
    const { seq, hash } = house.ledger.head;
    expect(await get('/api/v1/audit/verify', VerifyView)).toMatchObject({
      ok: true,
      events: seq,
      headHash: hash,
      brokenAtSeq: null,
    });
  });

  test('the interface describes itself', async () => {
    const { body } = await ask('/openapi.json');
    const described = JSON.parse(body) as { paths: object; info: { version: string } };
    expect(described.info.version).toBe('0.1.0');
    expect(Object.keys(described.paths).toSorted()).toEqual([
      '/api/v1/accounts',
      '/api/v1/approvals',
      '/api/v1/approvals/{id}/decision',
      '/api/v1/audit/exports',
      '/api/v1/audit/proofs/{seq}',
      '/api/v1/audit/verify',
      '/api/v1/backup',
      '/api/v1/chart',
      '/api/v1/decisions',
      '/api/v1/decisions/{cycleId}',
      '/api/v1/feedback',
      '/api/v1/feedback/{id}/answer',
      '/api/v1/fills',
      '/api/v1/halt',
      '/api/v1/instruments/resume',
      '/api/v1/journal',
      '/api/v1/operators',
      '/api/v1/state',
      '/api/v1/strategies/{id}/disable',
      '/api/v1/strategies/{id}/enable',
      '/api/v1/trades',
      '/api/v1/trades/{id}',
      '/api/v1/trades/{id}/notes',
      '/api/v1/trading-state',
      '/health',
    ]);
  });
});

describe('what is refused', () => {
  test.each([
    ['/api/v1/decisions?limit=0', 'limit: Expected a value between 1 and 200, got 0.'],
    ['/api/v1/decisions?limit=201', 'limit: Expected a value between 1 and 200, got 201.'],
    ['/api/v1/decisions?limit=1.5', 'limit: Expected an integer, got 1.5.'],
    ['/api/v1/decisions?limit=many', 'got "many".'],
    ['/api/v1/decisions?quiet=yes', 'quiet: Expected "true" | "false", got "yes".'],
    ['/api/v1/journal?limit=501', 'limit: Expected a value between 1 and 500, got 501.'],
    ['/api/v1/journal?before=0', 'before: Expected a value greater than 0, got 0.'],
    ['/api/v1/approvals?status=MAYBE', 'status: Expected "PENDING", got "MAYBE".'],
  ])('%s names the field, what would be right and the value', async (path, sentence) => {
    const refused = refusal(await ask(path));
    expect(refused).toMatchObject({ status: 400, _tag: 'BadRequest', code: 'INVALID_REQUEST' });
    expect(refused.message).toContain(sentence);
  });

  test('a page of decisions before a cycle that never was', async () => {
    const refused = refusal(await ask('/api/v1/decisions?before=BTC'));
    expect(refused).toMatchObject({ status: 422, code: 'UNKNOWN_CYCLE' });
    expect(refused.message).toContain('"BTC"');
  });

  test.each([
    ['/api/v1/decisions/nothing', 'UNKNOWN_CYCLE'],
    ['/api/v1/nothing', 'NO_SUCH_ADDRESS'],
    ['/nothing.html', 'NO_SUCH_ADDRESS'],
    ['/api/v1/decisions/%E0%A4%A', 'NO_SUCH_ADDRESS'],
  ])('%s is not there', async (path, code) => {
    expect(refusal(await ask(path))).toMatchObject({ status: 404, _tag: 'NotFound', code });
  });

  test.each([
    ['{"decision":', 'The body: Expected a valid JSON body'],
    ['[]', 'The body: Expected'],
    [{ decision: 'MAYBE' }, 'decision: Expected "APPROVE" | "DECLINE", got "MAYBE".'],
    [{ decision: 'APPROVE', version: 0 }, 'version: Expected a value greater than 0, got 0.'],
    [{ decision: 'APPROVE', version: 1, seenHash: '' }, 'seenHash: Expected'],
    [{ decision: 'APPROVE', version: 1, seenHash: 'a' }, 'reason: Missing key.'],
    [
      { decision: 'APPROVE', version: 1, seenHash: 'a', reason: 'x'.repeat(501) },
      'reason: Expected a value with a length of at most 500',
    ],
  ])('a decision that says %j', async (body, sentence) => {
    const refused = refusal(await post('A1', body));
    expect(refused.status).toBe(400);
    expect(refused.message).toContain(sentence);
    expect(refused.message.length).toBeLessThan(320);
  });

  test('a body larger than any decision', async () => {
    expect(refusal(await post('A1', 'x'.repeat(100_000)))).toMatchObject({
      status: 413,
      code: 'BODY_TOO_LARGE',
    });
  });

  test('a decision on what was never proposed', async () => {
    const body = { decision: 'APPROVE', version: 1, seenHash: 'a', reason: '' };
    expect(refusal(await post('A1', body))).toMatchObject({
      status: 404,
      code: 'UNKNOWN_APPROVAL',
    });
  });

  test('a decision on something else than was on the screen', async () => {
    const proposal = await nextProposal();
    const stale = { ...approving(proposal), seenHash: 'something else' };
    expect(refusal(await post(proposal.id, stale))).toMatchObject({
      status: 409,
      _tag: 'Conflict',
      code: 'STALE_VIEW',
    });
    expect(await waiting()).toHaveLength(1);
  });
});

describe('who is refused', () => {
  test.each(['evil.example', 'evil.example:80', 'localhost:1'])(
    'a page that calls this server %s',
    async (host) => {
      const refused = refusal(await say(house.server, '/api/v1/state', { headers: { host } }));
      expect(refused).toMatchObject({ status: 403, _tag: 'Forbidden', code: 'FOREIGN_HOST' });
      expect((await say(house.server, '/', { headers: { host } })).status).toBe(403);
    },
  );

  test('a foreign page that decides', async () => {
    const proposal = await nextProposal();
    for (const origin of ['http://evil.example', 'null']) {
      expect(refusal(await post(proposal.id, approving(proposal), { origin }))).toMatchObject({
        status: 403,
        code: 'FOREIGN_ORIGIN',
      });
    }
    expect(await waiting()).toHaveLength(1);
  });

  test('a form that decides', async () => {
    const type = { 'content-type': 'text/plain' };
    expect(refusal(await post('A1', '{}', type))).toMatchObject({
      status: 415,
      code: 'NOT_JSON',
    });
  });
});

describe('the page', () => {
  test.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/favicon.svg', 'image/svg+xml; charset=utf-8', 'no-cache'],
    [
      '/assets/index-B4aFq2.js',
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
    ],
  ])('serves %s', async (path, type, cache) => {
    const { status, headers } = await ask(path);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': type, 'cache-control': cache });
  });

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '//secret.txt',
    '/secret.txt%00.html',
    '/assets/',
  ])('never serves %s', async (path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(body).not.toContain('not for the page');
  });

  test.each(['/', '/api/v1/state', '/nothing', '/health'])(
    '%s carries the security headers',
    async (path) => {
      const { headers } = await ask(path);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['content-security-policy']).toBe(
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
      );
    },
  );

  test.each(['/api/v1/state', '/health', '/openapi.json', '/api/v1/nothing'])(
    '%s is never kept',
    async (path) => expect((await ask(path)).headers['cache-control']).toBe('no-store'),
  );
});

describe('deciding', () => {
  test('two at once: one decides, the other is told, and one order is sent and filled', async () => {
    const proposal = await nextProposal();
    const answers = await Promise.all([
      post(proposal.id, approving(proposal)),
      post(proposal.id, approving(proposal)),
    ]);
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 409]);
    const decided = answers.find(({ status }) => status === 200);
    expect(JSON.parse(decided?.body ?? '')).toEqual({
      status: 'APPROVED',
      sentence: 'looks right',
    });
    const told = answers.find(({ status }) => status === 409);
    expect(refusal(told as Answer)).toMatchObject({ _tag: 'Conflict', code: 'ALREADY' });

    await house.market.until(() => house.runtime.parts.book.portfolio.positions.size > 0);
    const { entries, decision, proposal: seen } = await get(encoded(proposal.cycleId), TraceView);
    const sent = entries
      .filter(({ type }) => type === 'order.submitting')
      .map(({ body }) => (body as EventBodies['order.submitting']).order)
      .filter(({ role }) => role === 'ENTRY');
    expect(sent).toHaveLength(1);
    const filled = entries
      .filter(({ type }) => type === 'order.filled')
      .map(({ body }) => (body as EventBodies['order.filled']).orderId);
    expect(filled.filter((id) => id === sent[0]?.id)).toHaveLength(1);
    expect(entries.filter(({ type }) => type === 'approval.decided')).toMatchObject([
      { actor: 'local', actorKind: 'PERSON' },
    ]);
    expect(decision).toMatchObject({ outcome: 'SENT', decidedBy: 'local' });
    expect(decision.fillPrice).not.toBeNull();
    expect(seen).toMatchObject({ status: 'CONSUMED', version: 3 });
    const { fills: markers } = await get('/api/v1/chart', ChartView);
    expect(markers).toContainEqual(
      expect.objectContaining({ role: 'ENTRY', cycleId: proposal.cycleId }),
    );

    const { positions, orders, limits, account } = await get('/api/v1/state', StateView);
    expect(positions).toMatchObject([
      { direction: proposal.direction, quantity: proposal.quantity, isProtected: true },
    ]);
    expect(orders.map(({ role }) => role).sort()).toEqual(['STOP', 'TARGET']);
    expect(orders.find(({ role }) => role === 'STOP')?.price).toBe(positions[0]?.stopPrice);
    const used = new Map(limits.map((limit) => [limit.id, limit.value]));
    expect(used.get('openPositions')).toBe('1');
    expect(used.get('entriesThisHour')).toBe('1');
    const gross = ratioBps(money(positions[0]?.notional ?? '0'), money(account.equity));
    expect(used.get('grossExposure')).toBe(String(gross));
    expect(used.get('accountBalance')).toBe(account.equity);
    for (const limit of limits) expect(limit.used).toBeLessThanOrEqual(1);

    await house.market.until(() => house.runtime.parts.book.portfolio.positions.size === 0);
    const ended = await get(encoded(proposal.cycleId), TraceView);
    expect(ended.decision.result).toBe((await get('/api/v1/state', StateView)).account.realised);
  });

  test('no decides too, with its reason', async () => {
    const proposal = await nextProposal();
    const answer = await post(proposal.id, {
      ...approving(proposal),
      decision: 'DECLINE',
      reason: 'not before the news',
    });
    expect(JSON.parse(answer.body)).toEqual({
      status: 'DECLINED',
      sentence: 'not before the news',
    });
    expect(await waiting()).toEqual([]);
    const { decision } = await get(encoded(proposal.cycleId), TraceView);
    expect(decision).toMatchObject({ outcome: 'DECLINED', because: 'not before the news' });
  });
});

describe('a port that is taken', () => {
  test('is said so, with what to do', async () => {
    const { port } = house.server;
    await expect(openHouse({ port })).rejects.toThrow(
      `port ${port} is already in use; choose another with --port`,
    );
  });
});

describe('a fault of ours', () => {
  test('is said without its details, which are in the log', async () => {
    const verify = (): Promise<never> => Promise.reject(new Error('a detail of ours'));
    const faulty = await openHouse({ verify });
    const answer = await say(faulty.server, '/api/v1/audit/verify');
    await faulty.close();
    expect(refusal(answer)).toEqual({
      status: 500,
      _tag: 'InternalError',
      code: 'INTERNAL',
      message: "GET /api/v1/audit/verify failed on our side; the server's log says why.",
    });
  });
});

describe('a broken ledger', () => {
  test('is said by everything that needs it, and seen by what does not', async () => {
    const proposal = await nextProposal();
    house.ledger.subscribe(() => {
      throw new Error('a fold failed');
    });
    await expect(house.market.bars(1)).rejects.toThrow('a fold failed');
    const answers = await Promise.all([
      ask('/health'),
      ask('/api/v1/journal'),
      ask('/api/v1/audit/verify'),
      ask(encoded(proposal.cycleId)),
      post(proposal.id, approving(proposal)),
    ]);
    for (const answer of answers) {
      const refused = refusal(answer);
      expect(refused).toMatchObject({ status: 503, _tag: 'Unavailable', code: 'LEDGER_BROKEN' });
      expect(refused.message).toContain('a fold failed');
    }
    const { journal } = await get('/api/v1/state', StateView);
    expect(journal.broken).toContain('a fold failed');
    await get('/api/v1/chart', ChartView);
    await get('/api/v1/decisions', Decisions);
  });
});
