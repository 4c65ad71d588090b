/** What a person sees of a database that fails a running Plimsoll. */
import { expect, test } from 'vitest';
import type { ApprovalView } from '../../apps/api/views.ts';
import { Api, eventually } from '../support/api.ts';
import { inFolder, plimsoll, type Started, startPlimsoll } from '../support/cli.ts';
import { describePostgres, dropSchema, randomSchema } from '../support/postgres.ts';
import { proposalOf, replayOf } from './replay.ts';
import { Wire } from './wire.ts';

describePostgres('a server whose PostgreSQL goes away', (url) => {
  test('says so wherever it is asked, ends with the reason, and comes back to the same proposal', () =>
    inFolder(async (folder) => {
      const wire = await Wire.to(url);
      const schema = randomSchema();
      const env = { DATABASE_URL: wire.url, DATABASE_SCHEMA: schema };
      const args = await replayOf(folder);
      const started: Started[] = [];
      const start = async (): Promise<Started> => {
        const server = await startPlimsoll(args, env, folder);
        started.push(server);
        return server;
      };
      try {
        const first = await start();
        const asked = await proposalOf(new Api(first.url));
        wire.goAway();
        await expectToldWhy(first, asked);
        wire.heal();

        const second = await start();
        const api = new Api(second.url);
        const still = await proposalOf(api);
        expect(still).toMatchObject({ id: asked.id, proposalHash: asked.proposalHash });
        expect((await api.approve(still)).status).toBe(200);
        await expectComparedFirst(second.url);
        await second.end('SIGTERM');
        expect(second.child.exitCode).toBe(0);
        expect((await plimsoll(['audit', 'verify'], env)).code).toBe(0);
      } finally {
        for (const server of started) await server.end('SIGKILL');
        await wire.close();
        await dropSchema(url, schema);
      }
    }));
});

/** The refusal, the state, the kill switch and the exit: one reason in all of them. */
async function expectToldWhy(server: Started, asked: ApprovalView): Promise<void> {
  const api = new Api(server.url);
  const told: string[] = [];
  server.child.stderr?.on('data', (chunk: Buffer) => told.push(chunk.toString()));
  const unread = await fetch(`${server.url}/api/v1/journal`);
  expect(unread.status).toBe(503);
  // Whoever comes first: this read, or a write that the market brought about.
  const code = expect.stringMatching(/^LEDGER_(UNREADABLE|BROKEN)$/);
  expect(await unread.json()).toMatchObject({ code });
  const refused = await api.approve(asked);
  expect(refused).toMatchObject({ status: 503, body: { code: 'LEDGER_BROKEN' } });
  const { journal } = await api.state();
  expect(journal.broken).toMatch(/^The database failed: /);
  expect(JSON.stringify(refused.body)).toContain(journal.broken);

  const halt = await fetch(`${server.url}/api/v1/halt`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ flatten: false, because: 'a test' }),
  });
  expect(await halt.json()).toMatchObject({
    steps: [{ step: 'NO_NEW_ORDERS' }, { step: 'CANCELED' }],
    report: { confirmed: true, leftOpen: [], recorded: false },
  });
  await server.end('SIGTERM');
  expect(server.child.exitCode).toBe(1);
  expect(told.join('')).toContain(`error  ${journal.broken}\n`);
}

/** Newest first as it is served. */
async function expectComparedFirst(url: string): Promise<void> {
  const entries = await eventually('the entry', async () => {
    const answer = await fetch(`${url}/api/v1/journal?limit=500`);
    const page = (await answer.json()) as { entries: readonly { readonly type: string }[] };
    const types = page.entries.map(({ type }) => type).toReversed();
    return types.includes('order.submitting') ? types : undefined;
  });
  const since = entries.slice(entries.lastIndexOf('system.started'));
  const compared = since.indexOf('reconciliation.completed');
  expect(compared).toBeGreaterThan(0);
  expect(since.indexOf('order.submitting')).toBeGreaterThan(compared);
}
