import { describe, expect, test } from 'vitest';

import { HOUR_MS, MINUTE_MS } from '../domain/clock.ts';
import { clientOrderId } from '../domain/ids.ts';
import { price } from '../domain/units.ts';
import type { VenueOrder } from '../execution/venue.ts';
import { FAULT_PROFILES, type FaultProfile, type FaultProfileName } from './fault-profiles.ts';
import { buy, exit, holding } from './testing/exchanges.ts';
import { contradictions, Rehearsal } from './testing/rehearsal.ts';

const NAMES = Object.keys(FAULT_PROFILES) as readonly FaultProfileName[];
const STEPS = 600;
const SEEDS = [1, 2, 3];

const rehearse = (name: FaultProfileName, seed = 1): Rehearsal =>
  new Rehearsal(FAULT_PROFILES[name], seed).play(STEPS);

/** A wire on which exactly this happens, every time. */
const always = (faults: Partial<FaultProfile>): Rehearsal =>
  new Rehearsal({ ...FAULT_PROFILES.calm, ...faults }, 1);

const E1 = clientOrderId('E1P1');
const resting = buy({ type: 'LIMIT', limitPrice: price('49000') });
const atMarket = buy();
const isExit = ({ order }: { readonly order: { readonly reduceOnly: boolean } }): boolean =>
  order.reduceOnly;
const listed = (orders: readonly VenueOrder[]): string =>
  orders.map(({ clientId, filled }) => `${clientId} ${filled}`).join();

describe.each(NAMES)('on a day called %s', (name) => {
  test('the truth behind the wire stays consistent', () => {
    for (const seed of SEEDS) expect(contradictions(rehearse(name, seed).exchange)).toEqual([]);
  });

  test('a great deal happens all the same', () => {
    const { exchange } = rehearse(name);
    expect(exchange.fills(0).length).toBeGreaterThan(10);
    expect(exchange.history(0).length).toBeGreaterThan(10);
  });

  test('the same seed gives the same day, and another seed another one', () => {
    expect(rehearse(name, 1).noted).toEqual(rehearse(name, 1).noted);
    expect(rehearse(name, 1).noted).not.toEqual(rehearse(name, 2).noted);
  });

  test('no exit is refused but by the exchange itself', () => {
    for (const seed of SEEDS) {
      for (const { outcome } of rehearse(name, seed).notes('SEND').filter(isExit)) {
        if (outcome.kind !== 'REJECTED') continue;
        expect(outcome.because).toMatch(/clock|reduce/);
        expect(outcome.retryAfterMs).toBe(outcome.because.includes('clock') ? 0 : undefined);
      }
    }
  });

  test('once healed, every question is answered with the truth and the stream has no delay', () => {
    for (const seed of SEEDS) {
      const day = rehearse(name, seed);
      const { exchange, wire } = day;
      wire.heal();
      day.listen();
      const before = exchange.lastSeq;
      expect(wire.openOrders()).toMatchObject(
        exchange.openOrders().map(({ clientId }) => ({ clientId })),
      );
      expect(wire.history(0)).toHaveLength(exchange.history(0).length);
      expect(wire.fills(0)).toHaveLength(exchange.fills(0).length);
      expect(wire.balances()).toEqual(exchange.balances());
      expect(wire.time()).toBe(exchange.clock.now());
      for (let n = 0; n < 50; n++) {
        const id = clientOrderId(`H${n}`);
        expect(wire.send({ ...resting, id }, wire.time()).kind).toBe('ACCEPTED');
        expect(wire.order(id)).toEqual(exchange.order(id));
        expect(wire.withdraw(id)).toEqual({ kind: 'ACCEPTED' });
        const { reports, interrupted } = wire.takeNews();
        expect(reports.map(({ seq }) => seq - before)).toEqual([2 * n + 1, 2 * n + 2]);
        expect(interrupted).toBe(false);
      }
    }
  });
});

test('calm: everything is as it is', () => {
  const day = rehearse('calm');
  for (const { outcome, there } of day.notes('SEND'))
    expect(outcome.kind === 'ACCEPTED').toBe(there);
  for (const { asked, truth } of day.notes('ORDER')) expect(asked).toEqual({ answer: truth });
  for (const { asked, truth } of day.notes('OPEN')) expect(asked).toEqual({ answer: truth });
  for (const { asked, atMs } of day.notes('TIME')) expect(asked).toEqual({ answer: atMs });
  expect(day.heard).toEqual(day.exchange.reportsAfter(0).map(({ seq }) => seq));
});

describe('timeouts', () => {
  test('leave nobody knowing whether the order is there, and sometimes it is', () => {
    const unknown = rehearse('timeouts')
      .notes('SEND')
      .filter((sent) => sent.outcome.kind === 'UNKNOWN');
    expect(unknown.filter(({ there }) => there).length).toBeGreaterThan(5);
    expect(unknown.filter(({ there }) => !there).length).toBeGreaterThan(5);
  });

  test('of cancels too: some never arrived, some were carried out', () => {
    for (const [faults, status] of [
      [{ lostRequestChance: 1 }, 'OPEN'],
      [{ lostAnswerChance: 1 }, 'CANCELED'],
    ] as const) {
      const { wire, exchange } = always(faults);
      exchange.accept(resting);
      expect(wire.withdraw(E1).kind).toBe('UNKNOWN');
      expect(exchange.order(E1)?.status).toBe(status);
    }
  });

  test('of questions say nothing', () => {
    const faults = rehearse('timeouts')
      .notes('ORDER')
      .filter(({ asked }) => 'fault' in asked);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults[0]?.asked).toMatchObject({ fault: 'UNREACHABLE' });
  });

  test('a late order lands after its sender gave up, at the instant it arrives and no sooner', () => {
    const day = always({ lateRequestChance: 1, lateRequestMsMax: 4_000 });
    const { exchange, wire } = day;
    const sentAtMs = exchange.clock.now();
    expect(day.send(atMarket).kind).toBe('UNKNOWN');
    expect(wire.order(E1)).toBeUndefined();
    exchange.after(10_000);
    const found = wire.order(E1);
    expect(found?.status).toBe('OPEN');
    expect(found?.createdAtMs).toBeGreaterThan(sentAtMs);
    expect(found?.createdAtMs).toBeLessThanOrEqual(sentAtMs + 4_000);
  });

  test('an order that is later than the acceptance window never lands', () => {
    const day = always({ lateRequestChance: 1, lateRequestMsMax: 60_000 });
    for (let n = 0; n < 40; n++) day.send({ ...resting, id: clientOrderId(`N${n}`) });
    day.exchange.after(120_000);
    const landed = day.wire.openOrders();
    expect(landed.length).toBeGreaterThan(0);
    expect(landed.length).toBeLessThan(15);
  });

  test('a late order is delivered at once when the wire is healed', () => {
    const day = always({ lateRequestChance: 1, lateRequestMsMax: 4_000 });
    day.send(resting);
    day.wire.heal();
    expect(day.wire.order(E1)?.status).toBe('OPEN');
  });

  test('a late order may land after it was canceled in vain', () => {
    const day = always({ lateRequestChance: 1, lateRequestMsMax: 4_000 });
    day.send(resting);
    expect(day.wire.withdraw(E1)).toEqual({ kind: 'NOT_FOUND' });
    day.exchange.after(5_000);
    expect(day.wire.openOrders()).toHaveLength(1);
  });
});

describe('lost acknowledgements', () => {
  test('the order rests, and neither the answer nor the stream says so', () => {
    const day = always({ lostAckChance: 1 });
    expect(day.send(resting).kind).toBe('UNKNOWN');
    expect(day.wire.takeNews().reports).toEqual([]);
    expect(day.wire.order(E1)?.status).toBe('OPEN');
    expect(day.wire.withdraw(E1).kind).toBe('UNKNOWN');
    expect(day.wire.takeNews().reports).toEqual([]);
    expect(day.wire.order(E1)?.status).toBe('CANCELED');
  });

  test('its fill is told, with a hole before it', () => {
    const day = always({ lostAckChance: 1 });
    day.send(atMarket);
    day.exchange.at('50000');
    expect(day.wire.takeNews().reports).toMatchObject([{ seq: 2, report: { kind: 'FILL' } }]);
  });

  test('happen on such a day', () => {
    const day = rehearse('lost-acks');
    const lost = day
      .notes('SEND')
      .filter(({ outcome, there }) => outcome.kind === 'UNKNOWN' && there);
    expect(lost.length).toBeGreaterThan(20);
    expect(new Set(day.heard).size).toBeLessThan(day.exchange.lastSeq - 20);
  });
});

describe('scrambled fills', () => {
  const day = rehearse('scrambled-fills');

  test('come twice, out of order and minutes late', () => {
    expect(new Set(day.heard).size).toBeLessThan(day.heard.length);
    expect(day.heard).not.toEqual(day.heard.toSorted((a, b) => a - b));
    const delays = day
      .notes('NEWS')
      .flatMap(({ news, atMs }) =>
        news.reports.map(({ report }) => (report.kind === 'FILL' ? atMs - report.atMs : 0)),
      );
    expect(Math.max(...delays)).toBeGreaterThan(2 * MINUTE_MS);
  });

  test('one that is told twice and late is told in time as well', () => {
    const { wire, exchange } = always({
      duplicateFillChance: 1,
      lateFillChance: 1,
      lateFillMsMax: MINUTE_MS,
    });
    exchange.accept(atMarket).at('50000');
    expect(wire.takeNews().reports.map(({ seq }) => seq)).toEqual([1, 2]);
    exchange.after(MINUTE_MS);
    expect(wire.takeNews().reports.map(({ seq }) => seq)).toEqual([2]);
  });

  test('are all told in the end, and none is made up', () => {
    day.wire.heal();
    day.listen();
    const all = day.exchange.reportsAfter(0);
    expect([...new Set(day.heard)].sort((a, b) => a - b)).toEqual(all.map(({ seq }) => seq));
    const told = day.notes('NEWS').flatMap(({ news }) => news.reports);
    for (const report of told) expect(report).toEqual(all[report.seq - 1]);
  });
});

describe('a forgetful venue', () => {
  test('does not find an order for thirty minutes, by any question, and then finds it', () => {
    const { wire, exchange } = always({ forgetChance: 1, forgetMs: HOUR_MS / 2 });
    expect(wire.send(resting, exchange.clock.now()).kind).toBe('ACCEPTED');
    const visible = (): readonly unknown[] => [wire.order(E1)?.clientId, wire.openOrders().length];
    expect(visible()).toEqual([undefined, 0]);
    expect(wire.withdraw(E1)).toEqual({ kind: 'NOT_FOUND' });
    exchange.after(HOUR_MS / 2 - 1);
    expect(visible()).toEqual([undefined, 0]);
    exchange.after(1);
    expect(visible()).toEqual([E1, 1]);
    expect(wire.withdraw(E1)).toEqual({ kind: 'ACCEPTED' });
  });

  test('does not find it in its history either, but tells its executions', () => {
    const { wire, exchange } = always({ forgetChance: 1, forgetMs: HOUR_MS / 2 });
    wire.send(atMarket, exchange.clock.now());
    exchange.at('50000');
    expect(wire.history(0)).toEqual([]);
    expect(wire.fills(0)).toHaveLength(1);
  });

  test('forgets some orders and not others', () => {
    const open = rehearse('forgetful')
      .notes('ORDER')
      .filter(({ truth }) => truth?.status === 'OPEN');
    const found = open.map(({ asked }) => 'answer' in asked && asked.answer !== undefined);
    expect(new Set(found)).toEqual(new Set([true, false]));
  });
});

describe('a venue that limits the rate', () => {
  test('refuses entries and questions for a while and says how long, and takes exits and cancels', () => {
    const { wire, exchange } = always({ rateLimitChance: 1, rateLimitMsMax: 30_000 });
    exchange.restore(holding('1'));
    const nowMs = exchange.clock.now();
    const refused = wire.send(resting, nowMs);
    expect(refused).toEqual({
      kind: 'REJECTED',
      because: 'too many requests',
      retryAfterMs: expect.toSatisfy((ms: number) => ms > 0 && ms <= 30_000),
    });
    expect(() => wire.balances()).toThrow(
      expect.objectContaining({ fault: 'RATE_LIMITED', retryAfterMs: expect.any(Number) }),
    );
    expect(wire.send(exit('X1P1', {}), nowMs).kind).toBe('ACCEPTED');
    expect(wire.withdraw(clientOrderId('X1P1')).kind).toBe('ACCEPTED');
    expect(wire.takeNews().reports).toHaveLength(2);
  });

  test('means what it says: nothing was looked at, and after the wait it answers', () => {
    const profile = { ...FAULT_PROFILES.calm, rateLimitChance: 1, rateLimitMsMax: 30_000 };
    const { wire, exchange } = new Rehearsal(profile, 1);
    const refused = wire.send(resting, exchange.clock.now());
    expect(exchange.order(E1)).toBeUndefined();
    if (refused.kind !== 'REJECTED') throw new Error('it was not refused');
    const atMs = exchange.clock.now() + (refused.retryAfterMs ?? 0);
    exchange.clock.advanceTo(atMs - 1);
    expect(() => wire.time()).toThrow('too many requests');
    wire.heal();
    exchange.clock.advanceTo(atMs);
    expect(wire.time()).toBe(atMs);
  });

  test('happens on such a day', () => {
    const sent = rehearse('rate-limited').notes('SEND');
    const limited = sent.filter(
      ({ outcome }) => outcome.kind === 'REJECTED' && outcome.retryAfterMs !== undefined,
    );
    expect(limited.length).toBeGreaterThan(10);
    expect(sent.length - limited.length).toBeGreaterThan(10);
  });
});

describe('a skewed clock', () => {
  const offsets = (seed: number): ReadonlySet<number> =>
    new Set(
      rehearse('skewed-clock', seed)
        .notes('TIME')
        .map(({ asked, atMs }) => ('answer' in asked ? asked.answer - atMs : Number.NaN)),
    );

  test('is ten seconds ahead, or behind, or jumps from one to the other', () => {
    const seen = new Set(
      Array.from({ length: 20 }, (_, seed) => [...offsets(seed)].sort((a, b) => a - b).join()),
    );
    expect(seen).toEqual(new Set(['10000', '-10000', '-10000,10000']));
  });

  test('refuses what is signed by ours and takes what is signed by its own, and stamps by its own', () => {
    for (const seed of SEEDS) {
      const { wire, exchange } = new Rehearsal(FAULT_PROFILES['skewed-clock'], seed);
      const oursMs = exchange.clock.now();
      expect(wire.send(resting, oursMs)).toEqual({
        kind: 'REJECTED',
        because: expect.stringContaining('clock'),
        retryAfterMs: 0,
      });
      const theirsMs = wire.time();
      expect(wire.send(atMarket, theirsMs).kind).toBe('ACCEPTED');
      exchange.at('50000');
      expect(wire.order(E1)?.createdAtMs).toBe(theirsMs);
      expect(wire.fills(theirsMs)).toMatchObject([{ atMs: theirsMs }]);
      expect(wire.fills(theirsMs + 1)).toEqual([]);
      expect(wire.history(theirsMs)).toMatchObject([{ createdAtMs: theirsMs }]);
      expect(wire.takeNews().reports[1]?.report).toMatchObject({ kind: 'FILL', atMs: theirsMs });
      exchange.after(1);
      wire.heal();
      expect(wire.order(E1)?.createdAtMs, 'a stamp stays as it was made').toBe(theirsMs);
    }
  });
});

describe('a stale list of open orders', () => {
  test('shows what is gone and not what is new, and is a minute old at most', () => {
    const { wire, exchange } = always({ staleListChance: 1, staleListMs: MINUTE_MS });
    wire.send(resting, exchange.clock.now());
    expect(wire.openOrders()).toMatchObject([{ clientId: 'E1P1' }]);
    wire.withdraw(E1);
    wire.send({ ...resting, id: clientOrderId('E2P2') }, exchange.clock.now());
    exchange.after(MINUTE_MS - 1);
    expect(wire.openOrders()).toMatchObject([{ clientId: 'E1P1', status: 'OPEN' }]);
    expect(wire.order(E1)?.status).toBe('CANCELED');
    exchange.after(1);
    expect(wire.openOrders()).toMatchObject([{ clientId: 'E2P2' }]);
  });

  test('happens on such a day', () => {
    const looks = rehearse('stale-book').notes('OPEN');
    const stale = looks.filter(
      ({ asked, truth }) => 'answer' in asked && listed(asked.answer) !== listed(truth),
    );
    expect(stale.length).toBeGreaterThan(5);
  });
});

describe('a disconnect', () => {
  const broken = (): Rehearsal => always({ disconnectChance: 1, disconnectMsMax: MINUTE_MS });

  test('silences everything, and nothing that is sent arrives', () => {
    const { wire, exchange } = broken();
    exchange.restore(holding('1'));
    for (const order of [resting, exit('X1P1', {})]) {
      expect(wire.send(order, exchange.clock.now()).kind).toBe('UNKNOWN');
    }
    expect(wire.withdraw(E1).kind).toBe('UNKNOWN');
    expect(() => wire.time()).toThrow(expect.objectContaining({ fault: 'UNREACHABLE' }));
    expect(wire.takeNews()).toEqual({ reports: [], interrupted: false });
    expect(exchange.lastSeq).toBe(0);
  });

  test('loses what the stream said meanwhile, says so once, and does not lose the truth', () => {
    const days = SEEDS.map((seed) => rehearse('disconnects', seed));
    for (const day of days) {
      const breaks = day.notes('NEWS').filter(({ news }) => news.interrupted).length;
      expect(breaks).toBeGreaterThan(3);
      expect(new Set(day.heard).size).toBe(day.heard.length);
    }
    expect(days.some((day) => day.heard.length < day.exchange.lastSeq)).toBe(true);
  });

  test('is over when it is healed, which is an interruption too', () => {
    const { wire, exchange } = broken();
    expect(() => wire.time()).toThrow('the connection is broken');
    exchange.accept(resting);
    wire.heal();
    expect(wire.takeNews()).toMatchObject({ reports: [{ seq: 1 }], interrupted: true });
    expect(wire.takeNews().interrupted).toBe(false);
  });
});

describe('maintenance', () => {
  test('refuses everything for minutes, says for how long, and of an exit only that nobody knows', () => {
    const { wire, exchange } = always({ maintenanceChance: 1, maintenanceMsMax: 5 * MINUTE_MS });
    exchange.restore(holding('1'));
    exchange.accept(resting);
    const nowMs = exchange.clock.now();
    expect(wire.send({ ...resting, id: clientOrderId('E2P2') }, nowMs)).toMatchObject({
      kind: 'REJECTED',
      because: 'the venue is closed for maintenance',
      retryAfterMs: expect.any(Number),
    });
    expect(wire.send(exit('X1P1', {}), nowMs).kind).toBe('UNKNOWN');
    expect(wire.withdraw(E1).kind).toBe('REFUSED');
    expect(() => wire.openOrders()).toThrow(
      expect.objectContaining({ fault: 'UNREACHABLE', retryAfterMs: expect.any(Number) }),
    );
    expect(wire.takeNews().reports).toEqual([]);
    expect(exchange.openOrders()).toMatchObject([{ clientId: 'E1P1' }]);
  });

  test('happens on such a day, and refuses cancels beside it', () => {
    const day = rehearse('maintenance');
    const refused = day.notes('CANCEL').filter(({ outcome }) => outcome.kind === 'REFUSED');
    expect(refused.length).toBeGreaterThan(5);
    for (const { before, after } of refused) expect(after).toEqual(before);
    expect(day.notes('OPEN').some(({ asked }) => 'fault' in asked)).toBe(true);
    // The stream was only silent: it says everything afterwards.
    day.wire.heal();
    day.listen();
    expect(day.heard).toEqual(day.exchange.reportsAfter(0).map(({ seq }) => seq));
  });
});

test('a storm has all of it', () => {
  const days = SEEDS.map((seed) => rehearse('storm', seed));
  const sends = days.flatMap((day) => day.notes('SEND'));
  const orders = days.flatMap((day) => day.notes('ORDER'));
  const faults = new Set(orders.flatMap(({ asked }) => ('fault' in asked ? asked.fault : [])));
  expect(faults).toEqual(new Set(['UNREACHABLE', 'RATE_LIMITED']));
  expect(new Set(sends.map(({ outcome }) => outcome.kind)).size).toBe(3);
  expect(sends.some(({ outcome, there }) => outcome.kind === 'UNKNOWN' && there)).toBe(true);
  expect(days.some((day) => day.notes('NEWS').some(({ news }) => news.interrupted))).toBe(true);
  expect(days.some((day) => new Set(day.heard).size < day.heard.length)).toBe(true);
  expect(
    orders.some(
      ({ asked, truth }) => truth !== undefined && 'answer' in asked && asked.answer === undefined,
    ),
  ).toBe(true);
});

test('every profile has one sentence for people and chances that are chances', () => {
  for (const { says, ...numbers } of Object.values(FAULT_PROFILES)) {
    expect(says).toMatch(/^[A-Z].*\.$/);
    for (const [name, value] of Object.entries(numbers)) {
      expect(value).toBeGreaterThanOrEqual(0);
      if (name.endsWith('Chance')) expect(value).toBeLessThanOrEqual(1);
    }
  }
});
