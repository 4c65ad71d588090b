import { describe, expect, test } from 'vitest';

import { ManualClock } from '../domain/clock.ts';
import { BTC, START_MS } from '../domain/testing/samples.ts';
import { money, price } from '../domain/units.ts';
import { cleared } from '../execution/testing/cleared-order.ts';
import { venueContract } from '../execution/venue.contract.ts';
import type { Feed } from '../market/feeds/feed.ts';
import { ENTRY } from '../risk-kernel/testing/base-case.ts';
import { PaperVenue } from './paper-venue.ts';

const feed: Feed = {
  instrument: BTC,
  timeframe: '5m',
  source: 'btcusd.csv',
  synthetic: false,
  live: false,
  detail: 'TICKS',
  history: [],
  startsAtMs: START_MS,
  length: 0,
  async *events() {},
};
const options = () => ({ feed, cash: money('10000'), clock: new ManualClock(START_MS), seed: 7 });

venueContract('the paper venue', () => {
  const given = options();
  const { clock } = given;
  const venue = new PaperVenue(given);
  // A second later, so that whatever is under way has arrived.
  const print = (at: string): void => {
    clock.advanceTo(clock.now() + 1_000);
    venue.print(BTC.id, price(at));
  };
  return { venue, clock, print };
});

describe('paper trading', () => {
  test('is named as what it is', () => {
    expect(new PaperVenue(options()).name).toBe('paper');
  });

  test('fills nothing at the price that was there when the order left', async () => {
    const given = options();
    const venue = new PaperVenue(given);
    await venue.submit(cleared(ENTRY), START_MS);
    venue.print(BTC.id, price('50000'));
    expect(await venue.fills(0)).toEqual([]);
    given.clock.advanceTo(START_MS + 250);
    venue.print(BTC.id, price('50000'));
    expect(await venue.fills(0)).toHaveLength(1);
  });

  test('refuses a market that is made up', () => {
    const synthetic = { ...feed, synthetic: true, source: 'synthetic, seed 4' };
    expect(() => new PaperVenue({ ...options(), feed: synthetic })).toThrow(
      'paper trading needs a real market, and "synthetic, seed 4" is made up; ' +
        'give it a recorded or a live feed, or trade in SIMULATION',
    );
  });
});
