/** A strategy that throws must not take the others, the record or the next start with it. */
import { expect, test } from 'vitest';

import { candles, feedOf, World } from '../../tests/support/world.ts';
import type { Runtime } from './runtime.ts';

const MARKET = candles(50_000, [[50_000], [50_100], [50_150], [50_100]]);

async function play(runtime: Runtime): Promise<void> {
  for await (const event of runtime.options.feed.events(runtime.playedUntilMs))
    await runtime.play(event);
}

test('it is left out from then on, switched off with its reason, and a start reads the same journal again', async () => {
  let asked = 0;
  const world = new World({
    feed: feedOf(MARKET),
    plan: (bar) => {
      asked += 1;
      if (bar === 1) throw new Error('it divided by nothing');
      return undefined;
    },
  });
  const runtime = await world.open();
  await play(runtime);
  expect(asked).toBe(2);
  const types = world.store.journal.map(({ body }) => JSON.stringify(body));
  expect(types.filter((text) => text.includes('strategy.disabled'))).toHaveLength(1);
  const { standings, decisions } = { ...runtime.parts, standings: runtime.parts.book.standings };
  expect([...standings.values()].map(({ enabled }) => enabled)).toEqual([false]);
  expect(decisions.counts().cycles).toBe(MARKET.length);
  const again = await world.open();
  expect([...again.desk.faults.values()]).toEqual(['it divided by nothing']);
});
