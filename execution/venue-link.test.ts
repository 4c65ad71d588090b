import { describe, expect, test } from 'vitest';

import { ManualClock } from '../domain/clock.ts';
import { clientOrderId, venueOrderId } from '../domain/ids.ts';
import { START_MS } from '../domain/testing/samples.ts';
import { price } from '../domain/units.ts';
import { ENTRY, EXIT } from '../risk-kernel/testing/base-case.ts';
import { cleared } from './testing/cleared-order.ts';
import { type Answer, LyingVenue } from './testing/lying-venue.ts';
import { type VenueCapabilities, VenueError, type VenueFault } from './venue.ts';
import { VenueLink } from './venue-link.ts';

function bench(can: Partial<VenueCapabilities> = {}) {
  const clock = new ManualClock(START_MS);
  const venue = new LyingVenue();
  venue.bind(clock);
  Object.assign(venue.capabilities, can);
  return { clock, venue, link: new VenueLink(venue, clock) };
}

describe('what the venue answers to an order', () => {
  test.each<[Answer, string]>([
    ['ACCEPT', 'ACCEPTED'],
    ['REJECT', 'REJECTED'],
    ['BUSY', 'REJECTED'],
    ['UNKNOWN', 'UNKNOWN'],
    ['LOST', 'UNKNOWN'],
    ['TIMEOUT', 'UNKNOWN'],
    ['BREAK', 'UNKNOWN'],
  ])('with %s is %s', async (answer, kind) => {
    const { venue, link } = bench();
    venue.answer = () => answer;
    expect((await link.submit(cleared(ENTRY), START_MS)).kind).toBe(kind);
    expect(venue.received).toHaveLength(1);
  });

  test('with an error that nobody has classified is UNKNOWN, even if it says it was refused', async () => {
    const { venue, link } = bench();
    venue.submit = () => Promise.reject(new Error('order rejected: insufficient funds'));
    expect((await link.submit(cleared(ENTRY), START_MS)).kind).toBe('UNKNOWN');
  });

  test.each<[string, Partial<VenueCapabilities>, Parameters<typeof cleared>[0]]>([
    ['type', { orderTypes: ['MARKET'] }, EXIT],
    ['time in force', { timesInForce: ['GTC'] }, { ...ENTRY, timeInForce: 'FOK' }],
    [
      'post-only',
      { postOnly: false },
      { ...ENTRY, type: 'LIMIT', limitPrice: price('49990'), postOnly: true },
    ],
  ])('is not waited for when it does not take such a %s', async (_, can, order) => {
    const { venue, link } = bench(can);
    const outcome = await link.submit(cleared(order), START_MS);
    expect(outcome).toMatchObject({ kind: 'WITHHELD' });
    expect(venue.received).toEqual([]);
  });
});

test('a cancel that fails in any way is UNKNOWN, and never a refusal', async () => {
  const { venue, link } = bench();
  venue.cancel = () => {
    throw new Error('the client broke');
  };
  expect((await link.cancel(ENTRY.id)).kind).toBe('UNKNOWN');
});

describe('a question', () => {
  test.each<VenueFault>(['RATE_LIMITED', 'UNREACHABLE', 'AUTH', 'AMBIGUOUS'])(
    'that fails with %s is not answered, which is not the same as “no such order”',
    async (fault) => {
      const { venue, link } = bench();
      venue.order = () => Promise.reject(new VenueError(fault, 'no'));
      expect(await link.order(ENTRY.id)).toMatchObject({ answered: false });
      venue.order = async () => undefined;
      const { clock } = bench();
      const fresh = new VenueLink(venue, clock);
      expect(await fresh.order(ENTRY.id)).toEqual({ answered: true, value: undefined });
    },
  );

  test('that makes the client throw is not answered', async () => {
    const { venue, link } = bench();
    venue.openOrders = () => {
      throw new TypeError('undefined is not a function');
    };
    expect(await link.openOrders()).toMatchObject({ answered: false });
  });

  test.each(['openOrders', 'history', 'fills', 'balances'] as const)(
    'for the whole picture is not answered when %s fails: half of it would be taken for all',
    async (part) => {
      const { venue, link } = bench();
      const fail = () => Promise.reject(new VenueError('UNREACHABLE', 'nobody answers'));
      Object.assign(venue, { [part]: fail });
      expect(await link.picture(0)).toMatchObject({ answered: false });
    },
  );
});

describe('one budget for all', () => {
  test('is what a picture takes four requests from', async () => {
    const { link } = bench({ requestsPerMinute: 16 });
    expect(await link.picture(0)).toMatchObject({ answered: true });
    expect(await link.picture(0)).toMatchObject({ answered: true });
    expect(await link.order(ENTRY.id)).toMatchObject({ answered: false });
  });

  test('keeps back from questions what entries need, and from entries what exits need', async () => {
    const { venue, link } = bench({ requestsPerMinute: 8 });
    while ((await link.order(ENTRY.id)).answered);
    let entries = 0;
    const entry = () =>
      link.submit(cleared({ ...ENTRY, id: clientOrderId(`E${entries}`) }), START_MS);
    while ((await entry()).kind === 'ACCEPTED') entries++;
    expect(entries).toBe(2);
    expect(await entry()).toMatchObject({ kind: 'WITHHELD' });
    expect(venue.received).toHaveLength(2);
    for (let count = 0; count < 20; count++) {
      const exit = cleared({ ...EXIT, id: clientOrderId(`S${count}`) });
      expect((await link.submit(exit, START_MS)).kind).toBe('ACCEPTED');
    }
    expect((await link.cancel(ENTRY.id)).kind).toBe('NOT_FOUND');
  });

  test.each<[string, number, number]>([
    ['as long as it asks for', 5_000, 5_000],
    ['a second when it does not say', 0, 1_000],
  ])('is closed after “too many requests” for %s', async (_, asks, closed) => {
    const { clock, venue, link } = bench();
    const honest = venue.order.bind(venue);
    venue.order = () => Promise.reject(new VenueError('RATE_LIMITED', '429', asks));
    await link.order(ENTRY.id);
    venue.order = honest;
    clock.advanceTo(START_MS + closed - 1);
    expect(await link.order(ENTRY.id)).toMatchObject({ answered: false });
    expect(await link.submit(cleared(ENTRY), START_MS)).toMatchObject({ kind: 'WITHHELD' });
    expect(await link.submit(cleared(EXIT), START_MS)).toMatchObject({ kind: 'ACCEPTED' });
    clock.advanceTo(START_MS + closed);
    expect(await link.order(ENTRY.id)).toMatchObject({ answered: true });
  });

  test('is closed by an order that was not looked at', async () => {
    const { clock, venue, link } = bench();
    venue.answer = () => 'BUSY';
    await link.submit(cleared(ENTRY), START_MS);
    expect(await link.order(ENTRY.id)).toMatchObject({ answered: false });
    clock.advanceTo(START_MS + 1_000);
    expect(await link.order(ENTRY.id)).toMatchObject({ answered: true });
  });
});

test('an order is signed when it was recorded: one that was held up on the way is not taken any more', async () => {
  const { clock, venue, link } = bench();
  clock.advanceTo(START_MS + venue.capabilities.acceptanceWindowMs + 1);
  expect(await link.submit(cleared(ENTRY), START_MS)).toMatchObject({ kind: 'REJECTED' });
});

describe('an order is signed with the venue’s own time', () => {
  test.each([10_000, -10_000])('when its clock is %d ms ahead', async (skewMs) => {
    const { venue, link } = bench();
    venue.skewMs = skewMs;
    expect(await link.submit(cleared(ENTRY), START_MS)).toMatchObject({ kind: 'REJECTED' });
    expect(await link.measureClock()).toBe(true);
    expect(await link.submit(cleared(ENTRY), START_MS)).toMatchObject({ kind: 'ACCEPTED' });
  });

  test('which is not known while it does not tell it, and stays known afterwards', async () => {
    const { venue, link } = bench();
    venue.unreachable = true;
    expect(await link.measureClock()).toBe(false);
    venue.unreachable = false;
    expect(await link.measureClock()).toBe(true);
    venue.unreachable = true;
    expect(await link.measureClock()).toBe(true);
  });

  test('which is asked for at once when the venue would not look at an order for it', async () => {
    const { venue, link } = bench();
    await link.measureClock();
    venue.skewMs = 10_000;
    expect(await link.submit(cleared(ENTRY), START_MS)).toMatchObject({ kind: 'REJECTED' });
    await link.tendClock();
    expect(link.clock.offsetMs).toBe(10_000);
  });

  test('which is asked for again after a minute, and not before', async () => {
    const { clock, venue, link } = bench();
    await link.measureClock();
    venue.skewMs = 10_000;
    clock.advanceTo(START_MS + 59_999);
    await link.tendClock();
    expect(link.clock.offsetMs).toBe(0);
    clock.advanceTo(START_MS + 60_000);
    await link.tendClock();
    expect(link.clock.offsetMs).toBe(10_000);
  });
});

describe('the stream', () => {
  const accepted = {
    kind: 'ACCEPTED',
    clientId: ENTRY.id,
    venueOrderId: venueOrderId('v-1'),
  } as const;

  test('is handed on without its numbers', () => {
    const { venue, link } = bench();
    venue.report(accepted);
    expect(link.takeNews()).toEqual({ reports: [accepted], gap: false });
    expect(link.takeNews()).toEqual({ reports: [], gap: false });
  });

  test('has a gap when something was lost in it, as soon as the next report shows it', () => {
    const { venue, link } = bench();
    venue.report(accepted);
    venue.loseNews();
    expect(link.takeNews().gap).toBe(false);
    venue.report(accepted);
    expect(link.takeNews().gap).toBe(true);
    expect(link.takeNews().gap).toBe(false);
  });

  test('has a gap when it broke off, though nothing shows what was lost', () => {
    const { venue, link } = bench();
    venue.interrupt();
    expect(link.takeNews()).toEqual({ reports: [], gap: true });
    expect(link.takeNews().gap).toBe(false);
  });
});
