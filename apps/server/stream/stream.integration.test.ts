/** The stream as open pages see it. */
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { draft } from '../../../domain/draft.ts';
import { type House, openHouse } from '../testing/small-house.ts';
import { deafPage, eventually, Page } from '../testing/speak.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const until = (seq: number, page: Page): Promise<void> =>
  eventually(`event ${seq}`, () => page.told.at(-1) === seq);

test('a page is told everything at once, then what changes, without a gap', async () => {
  const page = new Page(house.server);
  await eventually('the first picture', () => page.frames.length === 1);
  const [first] = page.of('state');
  const from = first?.state.journal.seq ?? 0;
  expect(from).toBe(house.ledger.head.seq);

  await house.market.bars(2);
  const { seq } = house.ledger.head;
  await until(seq, page);
  expect(page.told).toEqual(Array.from({ length: seq - from }, (_, i) => from + 1 + i));
  expect(page.of('candle')).toHaveLength(2);
  await eventually('the newest picture', () => {
    const last = page.of('state').at(-1);
    return last?.state.journal.seq === seq;
  });
  const told = page.of('entries').flatMap(({ entries }) => entries);
  expect(told.every(({ sentence }) => sentence.endsWith('.'))).toBe(true);
});

test('a price comes with the bar it belongs to', async () => {
  const page = new Page(house.server);
  await eventually('the first picture', () => page.frames.length === 1);
  const tick = await house.market.step();
  await eventually('a price', () => page.of('price').length === 1);
  const [price] = page.of('price');
  expect(tick.kind).toBe('TICK');
  expect(price).toMatchObject({
    price: String(tick.kind === 'TICK' ? tick.price : ''),
    forming: { close: Number(price?.price) },
  });
});

test('however fast the market, a page hears four pictures and ten prices a second', async () => {
  const page = new Page(house.server);
  await eventually('the first picture', () => page.frames.length === 1);
  const begun = performance.now();
  while (performance.now() - begun < 1_500) {
    await house.market.step();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const seconds = (performance.now() - begun) / 1_000;
  expect(page.of('state').length).toBeLessThanOrEqual(1 + Math.ceil(4 * seconds));
  expect(page.of('price').length).toBeLessThanOrEqual(Math.ceil(10 * seconds));
  expect(page.of('price').length).toBeGreaterThan(3);
});

test('a page that comes back hears on from where the journal is', async () => {
  const page = new Page(house.server);
  await eventually('the first picture', () => page.frames.length === 1);
  await house.market.bars(1);
  const { seq: left } = house.ledger.head;
  await until(left, page);
  page.socket.close();
  await page.closed;

  await house.market.bars(1);
  const { seq: missed } = house.ledger.head;
  const again = new Page(house.server);
  await eventually('the first picture', () => again.frames.length === 1);
  expect(again.of('state')[0]?.state.journal.seq).toBe(missed);
  await house.market.bars(1);
  const { seq } = house.ledger.head;
  await until(seq, again);
  expect(again.told).toEqual(Array.from({ length: seq - missed }, (_, i) => missed + 1 + i));
});

test.each(['http://evil.example', 'null', 'https://localhost'])(
  'the origin %s may not listen',
  async (origin) => {
    const page = new Page(house.server, { origin });
    const [refused] = await once(page.socket, 'error');
    expect((refused as Error).message).toContain('403');
  },
);

test('a page of this server may listen by any of its names', async () => {
  const page = new Page(house.server, { origin: `http://localhost:${house.server.port}` });
  await eventually('the first picture', () => page.frames.length === 1);
});

test('a page that asks under a foreign name may not listen', async () => {
  const page = new Page(house.server, { host: 'evil.example' });
  const [refused] = await once(page.socket, 'error');
  expect((refused as Error).message).toContain('403');
});

test('more pages than there are places are told so', async () => {
  const pages = Array.from({ length: 32 }, () => new Page(house.server));
  await eventually('all of them', () => pages.every(({ frames }) => frames.length === 1));
  const [refused] = await once(new Page(house.server).socket, 'error');
  expect((refused as Error).message).toContain('503');
  pages[0]?.socket.close();
  await pages[0]?.closed;
  const next = new Page(house.server);
  await eventually('the free place', () => next.frames.length === 1);
});

test('a page that does not read is let go, and the others hear everything', async () => {
  const deaf = await deafPage(house.server);
  const page = new Page(house.server);
  await eventually('the first picture', () => page.frames.length === 1);
  const { seq: from } = house.ledger.head;
  const summary = 'x'.repeat(1_000_000);
  // More than the system keeps for a socket, in batches that each go out before the next is made.
  for (let batch = 0; batch < 8; batch++) {
    for (let i = 0; i < 3; i++) await house.ledger.append(longMessage(summary));
    await until(house.ledger.head.seq, page);
  }
  deaf.resume();
  await once(deaf, 'close');
  expect(deaf.bytesRead).toBeLessThan(24_000_000);
  const { seq } = house.ledger.head;
  await until(seq, page);
  expect(page.told).toEqual(Array.from({ length: seq - from }, (_, i) => from + 1 + i));
});

const longMessage = (summary: string) =>
  draft('message.sent', { kind: 'AGENT', name: 'supervisor' }, 'a', null, {
    messageId: 'm',
    lane: 'INFO',
    kind: 'EVENT',
    from: 'supervisor',
    to: 'all',
    topic: 'test',
    summary,
  });

test('a server that closes says so, and waits for nobody who does not answer', async () => {
  const page = new Page(house.server);
  await eventually('the first picture', () => page.frames.length === 1);
  const deaf = await deafPage(house.server);
  deaf.on('error', () => undefined);
  const begun = performance.now();
  await house.server.close();
  expect(await page.closed).toBe(1001);
  expect(performance.now() - begun).toBeLessThan(3_000);
  expect(house.ledger.broken).toBeUndefined();
});
