import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EntryView } from '../../apps/api/views.ts';
import { Api, eventually } from '../support/api.ts';
import { writeCandles } from '../support/candles.ts';
import { inFolder, plimsoll, startPlimsoll } from '../support/cli.ts';
import { describePostgres, dropSchema, randomSchema } from '../support/postgres.ts';

/** A replay stands still while a proposal waits, so the price is where it was when the test comes back. */
async function killAndComeBack(
  folder: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<void> {
  const data = await writeCandles(folder, 700);
  const start = ['--replay', data, '--bars-per-second', '200', ...args];

  const first = await startPlimsoll(start, env, folder);
  const [asked] = await eventually('a proposal', () => waiting(new Api(first.url)));
  await first.end('SIGKILL');

  const second = await startPlimsoll(start, env, folder);
  try {
    const api = new Api(second.url);
    const [still] = await eventually('the same proposal', () => waiting(api));
    expect(still).toMatchObject({
      id: asked?.id,
      version: asked?.version,
      proposalHash: asked?.proposalHash,
    });
    if (still === undefined) throw new Error('no proposal waits');

    const answers = await Promise.all([
      api.approve(still),
      api.approve(still),
      new Api(second.url).approve(still),
    ]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409]);
    expect((await api.approve(still)).status).toBe(409);

    const recorded = await eventually('the fill and its stop', async () => {
      const entries = await api.entriesOf(still.cycleId);
      return sentAs(entries, 'STOP').length > 0 ? entries : undefined;
    });
    const fills = recorded.filter((entry) => entry.type === 'order.filled');
    expect(fills[0]?.body).toMatchObject({ quantity: still.quantity });
    expect(sentAs(recorded, 'ENTRY')).toHaveLength(1);
  } finally {
    await second.end('SIGTERM');
  }
}

const sentAs = (entries: readonly EntryView[], role: string): readonly EntryView[] =>
  entries.filter(
    ({ type, body }) =>
      type === 'order.submitting' && (body as { order: { role: string } }).order.role === role,
  );

async function waiting(api: Api) {
  const found = await api.approvals();
  return found.length > 0 ? found : undefined;
}

describe('a server that is killed while a proposal waits', () => {
  test('shows the same proposal when it comes back, approvable once (embedded)', () =>
    inFolder(async (folder) => {
      const dataDir = join(folder, 'kept');
      await killAndComeBack(folder, ['--data-dir', dataDir], {});
      const verified = await plimsoll(['audit', 'verify', '--data-dir', dataDir]);
      expect([verified.code, verified.stderr]).toEqual([0, '']);
    }));
});

describePostgres('a server on PostgreSQL that is killed while a proposal waits', (url) => {
  test('shows the same proposal when it comes back, approvable once', () =>
    inFolder(async (folder) => {
      const schema = randomSchema();
      const env = { DATABASE_URL: url, DATABASE_SCHEMA: schema };
      try {
        await killAndComeBack(folder, [], env);
        expect((await plimsoll(['audit', 'verify'], env)).code).toBe(0);
      } finally {
        await dropSchema(url, schema);
      }
    }));
});
