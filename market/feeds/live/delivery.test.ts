import { beforeEach, expect, test } from 'vitest';

import type { Candle } from '../../../domain/candle.ts';
import { type Correction, Delivery, type PriceEvent } from './delivery.ts';
import type { MarketEvent } from '../feed.ts';
import { Outbox } from './outbox.ts';

const SPAN = 60_000;
const bar = (minute: number, close = 10): Candle => ({
  openTimeMs: minute * SPAN,
  open: 10,
  high: 12,
  low: 9,
  close,
  volume: 1,
});
const tick = (minute: number, price = 10): PriceEvent => ({
  kind: 'TICK',
  atMs: minute * SPAN,
  price,
});

let outbox: Outbox;
let delivery: Delivery;
let corrections: Correction[];
beforeEach(() => {
  outbox = new Outbox();
  corrections = [];
  delivery = new Delivery({
    firstOpenMs: 100 * SPAN,
    afterMs: 100 * SPAN,
    lastPrice: undefined,
    spanMs: SPAN,
    outbox,
    onCorrection: (correction) => corrections.push(correction),
  });
});

const say = (...events: readonly PriceEvent[]): void => {
  for (const event of events) delivery.price(event, event.atMs);
};

/** Everything told, each as `T` and its minute or `B` and the minute of its open. */
async function told(): Promise<readonly string[]> {
  outbox.fail(new Error('the end'));
  const names: string[] = [];
  try {
    for await (const event of outbox.events()) names.push(nameOf(event));
  } catch (error) {
    expect(error).toMatchObject({ message: 'the end' });
  }
  return names;
}

const nameOf = (event: MarketEvent): string =>
  event.kind === 'BAR' ? `B${event.candle.openTimeMs / SPAN}` : `T${event.atMs / SPAN}`;

test('prices of the next bar wait for the bar before them', async () => {
  say(tick(100.25), tick(100.5, 12), tick(100.75, 9), tick(101.1), tick(101.2), tick(102.3));
  expect(delivery.heldSinceMs).toBe(101.1 * SPAN);
  delivery.bar(bar(100, 9));
  expect(delivery.heldSinceMs).toBe(101.1 * SPAN);
  delivery.bar(bar(101));
  expect(delivery.heldSinceMs).toBeUndefined();
  const names = await told();
  expect(names.slice(0, 6)).toEqual(['T100.25', 'T100.5', 'T100.75', 'B100', 'T101.1', 'T101.2']);
  // Between them are the extremes that no print had.
  expect(names.slice(-2)).toEqual(['B101', 'T102.3']);
  expect(delivery.dropped).toBe(0);
});

test('when they have waited long enough they are told, and the bar may still come', async () => {
  say(tick(101.1), tick(101.2));
  delivery.giveUpWaiting();
  expect(delivery.heldSinceMs).toBeUndefined();
  say(tick(101.3));
  expect(delivery.bar(bar(100))).toBe(true);
  // The prints inside of it would be older than what was told.
  expect(await told()).toEqual(['T101.1', 'T101.2', 'T101.3', 'B100']);
});

test('prices that go back in time, or come from a time that is not yet, are dropped and counted', async () => {
  say(tick(100.5), tick(100.4));
  delivery.price(tick(103), 101 * SPAN);
  expect(delivery.dropped).toBe(2);
  expect(await told()).toEqual(['T100.5']);
});

test('prices that were told before are not told again', async () => {
  say(tick(100), tick(100.1));
  expect(await told()).toEqual(['T100.1']);
});

test('a bar that was delivered is corrected, one that comes behind later ones is only reported', async () => {
  delivery.bar(bar(100));
  delivery.bar(bar(102));
  expect(delivery.bar(bar(100))).toBe(false);
  expect(corrections).toEqual([]);
  expect(delivery.bar(bar(100, 11))).toBe(false);
  expect(delivery.bar(bar(101))).toBe(false);
  expect(corrections).toEqual([
    { delivered: bar(100), now: bar(100, 11) },
    { delivered: undefined, now: bar(101) },
  ]);
  expect((await told()).filter((name) => name.startsWith('B'))).toEqual(['B100', 'B102']);
});
