/** What every venue does, run against each of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DAY_MS, type ManualClock } from '../domain/clock.ts';
import { ONE } from '../domain/decimal.ts';
import { type ClientOrderId, clientOrderId, ocoGroupId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order, OrderType, Side, TimeInForce } from '../domain/order.ts';
import { BTC } from '../domain/testing/samples.ts';
import {
  add,
  type DecimalText,
  money,
  NO_QUANTITY,
  price,
  quantity,
  text,
} from '../domain/units.ts';
import { ENTRY, EXIT, SHORT_ENTRY } from '../risk-kernel/testing/base-case.ts';
import { cleared } from './testing/cleared-order.ts';
import type { NumberedReport, SubmitOutcome, Venue, VenueFill, VenueOrder } from './venue.ts';

/** A venue that trades BTC/USD for an account with cash and without positions, and lies about nothing. */
export interface Bench {
  readonly venue: Venue;
  /** The venue's clock. */
  readonly clock: ManualClock;
  /** A price is traded. */
  print(at: DecimalText): void;
}

const CASH = '10000';
const PROPERTY_RUNS = 150;

const id = (value: string): Pick<Order, 'id'> => ({ id: clientOrderId(value) });
const limit = (at: DecimalText): Pick<Order, 'type' | 'limitPrice'> => ({
  type: 'LIMIT',
  limitPrice: price(at),
});
const stopAt = (at: DecimalText): Pick<Order, 'type' | 'stopPrice'> => ({
  type: 'STOP',
  stopPrice: price(at),
});
const buy = (name: string, change: Partial<Order> = {}): Order => ({
  ...ENTRY,
  target: price('55000'),
  ...id(name),
  ...change,
});
const sell = (name: string, change: Partial<Order> = {}): Order => ({
  ...SHORT_ENTRY,
  target: price('45000'),
  ...id(name),
  ...change,
});
const exit = (name: string, change: Partial<Order> = {}): Order => {
  const { stopPrice: _, ocoGroupId: __, ...plain } = EXIT;
  return { ...plain, role: 'EXIT', type: 'MARKET', ...id(name), ...change };
};

/** A client that keeps what it was told, and finds out whether the venue contradicts itself. */
class Client {
  readonly #bench: Bench;
  readonly venue: Venue;
  readonly accepted: Order[] = [];
  readonly reports: NumberedReport[] = [];

  constructor(bench: Bench) {
    this.#bench = bench;
    this.venue = bench.venue;
  }

  async send(order: Order, signedAtMs = this.#bench.clock.now()): Promise<SubmitOutcome> {
    const outcome = await this.venue.submit(cleared(order), signedAtMs);
    if (outcome.kind === 'ACCEPTED') this.accepted.push(order);
    this.#hear();
    return outcome;
  }

  /** Sends what must be taken. */
  async place(...orders: readonly Order[]): Promise<void> {
    for (const order of orders) expect(await this.send(order)).toMatchObject({ kind: 'ACCEPTED' });
  }

  async cancel(name: string): Promise<string> {
    const { kind } = await this.venue.cancel(clientOrderId(name));
    this.#hear();
    return kind;
  }

  print(...prices: readonly DecimalText[]): void {
    for (const at of prices) this.#bench.print(at);
    this.#hear();
  }

  async hold(): Promise<void> {
    await this.place(buy('HOLD'));
    this.print('50000');
  }

  async status(name: string): Promise<string | undefined> {
    return (await this.venue.order(clientOrderId(name)))?.status;
  }

  filled(name: string): DecimalText {
    return text(sum(this.fills.filter(({ clientId }) => clientId === name)));
  }

  get fills(): readonly VenueFill[] {
    return this.reports.flatMap(({ report }) => (report.kind === 'FILL' ? report : []));
  }

  /** Every question has the same answer as every other, and as the stream. */
  async expectAgreement(): Promise<void> {
    this.#hear();
    const { venue, accepted } = this;
    const open = await venue.openOrders();
    const ended = await venue.history(0);
    const fills = await venue.fills(0);
    expect(this.reports.map(({ seq }) => seq)).toEqual(this.reports.map((_, index) => index + 1));
    expect(open.every(({ status }) => status === 'OPEN')).toBe(true);
    expect(ended.some(({ status }) => status === 'OPEN')).toBe(false);
    const told = [...open, ...ended];
    expect(told.map(({ clientId }) => clientId).sort()).toEqual(
      accepted.map(({ id }) => id).sort(),
    );
    expect(new Set(told.map(({ venueOrderId }) => venueOrderId)).size).toBe(told.length);
    for (const order of told) await this.#expectOneStory(order, fills);
    expect(this.fills).toMatchObject(fills);
    expect(fills).toHaveLength(this.fills.length);
    expect(new Set(fills.map(({ fillId }) => fillId)).size).toBe(fills.length);
    await this.#expectMoneyConserved(fills);
  }

  async #expectOneStory(told: VenueOrder, fills: readonly VenueFill[]): Promise<void> {
    expect(await this.venue.order(told.clientId as ClientOrderId)).toEqual(told);
    const sent = this.accepted.find(({ id }) => id === told.clientId);
    const { instrumentId, side, type, quantity } = sent ?? {};
    expect(told).toMatchObject({ instrumentId, side, type, quantity });
    const own = fills.filter(({ clientId }) => clientId === told.clientId);
    expect(sum(own)).toBe(told.filled);
    expect(own.every((fill) => fill.side === side && fill.instrumentId === instrumentId)).toBe(
      true,
    );
    expect(own.every((fill) => fill.price % BTC.tick === 0n)).toBe(true);
    expect(own.every((fill) => fill.quantity > 0n && fill.quantity % BTC.lot === 0n)).toBe(true);
    expect(told.filled <= told.quantity).toBe(true);
    expect(told.status === 'FILLED').toBe(told.filled === told.quantity);
    const ends = this.reports.flatMap(({ report }) =>
      report.clientId === told.clientId && report.kind !== 'FILL' && report.kind !== 'ACCEPTED'
        ? report.kind
        : [],
    );
    expect(ends).toEqual(['OPEN', 'FILLED'].includes(told.status) ? [] : [told.status]);
  }

  /** Plain sums of this file's own: what was paid and received is what is there. */
  async #expectMoneyConserved(fills: readonly VenueFill[]): Promise<void> {
    const { cash, positions } = await this.venue.balances();
    let expectedCash = money(CASH) as bigint;
    let expectedSize = 0n;
    for (const { side, price, quantity, fee } of fills) {
      const sign = side === 'BUY' ? 1n : -1n;
      expectedCash -= (sign * price * quantity) / ONE + fee;
      expectedSize += sign * quantity;
      expect(fee >= 0n).toBe(true);
    }
    expect(cash).toBe(expectedCash);
    expect(positions.get(BTC.id) ?? NO_QUANTITY).toBe(expectedSize);
  }

  #hear(): void {
    const { reports, interrupted } = this.venue.takeNews();
    expect(interrupted).toBe(false);
    this.reports.push(...reports);
  }
}

const sum = (fills: readonly VenueFill[]) =>
  fills.reduce((total, fill) => add(total, fill.quantity), NO_QUANTITY);

/** Fills at or through 50,000 at once, when its market is there. */
const atOnce: Readonly<Record<OrderType, Partial<Order>>> = {
  MARKET: {},
  LIMIT: limit('50100'),
  STOP: stopAt('50000'),
  STOP_LIMIT: { ...limit('50100'), ...stopAt('50000'), type: 'STOP_LIMIT' },
};
/** Would fill only far from 50,000. */
const later: Readonly<Record<Exclude<OrderType, 'MARKET'>, Partial<Order>>> = {
  LIMIT: limit('49700'),
  STOP: stopAt('50300'),
  STOP_LIMIT: { ...limit('50300'), ...stopAt('50300'), type: 'STOP_LIMIT' },
};
const waits = (type: OrderType): boolean => type === 'STOP' || type === 'STOP_LIMIT';

export function venueContract(name: string, open: () => Bench): void {
  const { capabilities } = open().venue;
  const scenario = (
    sentence: string,
    play: (client: Client, bench: Bench) => Promise<void>,
  ): void => {
    test(sentence, async () => {
      const bench = open();
      const client = new Client(bench);
      client.print('50000');
      await play(client, bench);
      await client.expectAgreement();
    });
  };
  const kinds = capabilities.orderTypes.flatMap((type) =>
    capabilities.timesInForce
      // A stop that may not wait is denied before it gets here.
      .filter((timeInForce) => !waits(type) || timeInForce === 'GTC' || timeInForce === 'DAY')
      .map((timeInForce): [OrderType, TimeInForce] => [type, timeInForce]),
  );

  describe(`${name}: an order`, () => {
    test('that is only a copy of a cleared one is a programming error', async () => {
      const { venue, clock } = open();
      await expect(venue.submit({ ...cleared(ENTRY) }, clock.now())).rejects.toThrow(
        'order E1P1 carries no redeemed clearance',
      );
      expect(await venue.openOrders()).toEqual([]);
    });

    scenario(
      'that is accepted has the venue’s id, and is told and listed as open',
      async (client) => {
        const outcome = await client.send(buy('A1', limit('49900')));
        if (outcome.kind !== 'ACCEPTED') throw new Error(outcome.because);
        const [listed] = await client.venue.openOrders();
        expect(listed).toMatchObject({ clientId: 'A1', status: 'OPEN', filled: 0n });
        expect(listed?.venueOrderId).toBe(outcome.venueOrderId);
        expect(client.reports.map(({ report }) => report)).toEqual([
          { kind: 'ACCEPTED', clientId: 'A1', venueOrderId: outcome.venueOrderId },
        ]);
      },
    );

    scenario(
      'whose id is open already is rejected, and the first is left as it was',
      async (client) => {
        await client.place(buy('A1', limit('49900')));
        expect(await client.send(buy('A1', limit('49800')))).toMatchObject({ kind: 'REJECTED' });
        expect(await client.send(sell('A1'))).toMatchObject({ kind: 'REJECTED' });
        client.print('50000', '49899');
        expect(client.filled('A1')).toBe('0.0028');
      },
    );

    scenario('that was never sent is not known', async (client) => {
      expect(await client.venue.order(clientOrderId('NOBODY'))).toBeUndefined();
    });

    test.each<[string, Partial<Instrument>, Partial<Order>, RegExp]>([
      [
        'between lots',
        { lot: quantity('0.000000001') },
        { quantity: quantity('0.002800001') },
        /lot/,
      ],
      ['between ticks', { tick: price('0.001') }, limit('49900.001'), /tick/],
      [
        'worth too little',
        { minNotional: money('0') },
        { quantity: quantity('0.0001') },
        /minimum/,
      ],
    ])('that is %s is rejected with a sentence that says so', async (_, steps, change, because) => {
      const { venue, clock, print } = open();
      print('50000');
      // The steps changed at the venue after they were learned here.
      const order = cleared(buy('A1', change), { ...BTC, ...steps });
      const outcome = await venue.submit(order, clock.now());
      expect(outcome).toEqual({ kind: 'REJECTED', because: expect.stringMatching(because) });
      expect(await venue.order(order.id)).toBeUndefined();
    });

    scenario('that ends a position is never too small', async (client) => {
      await client.hold();
      await client.place(exit('X1', { quantity: quantity('0.00000001') }));
      client.print('50000');
      expect(client.filled('X1')).toBe('0.00000001');
    });
  });

  describe(`${name}: a request’s age`, () => {
    const { acceptanceWindowMs } = capabilities;

    scenario('is accepted up to the window', async (client, { clock }) => {
      const order = buy('A1', limit('49900'));
      const outcome = await client.send(order, clock.now() - acceptanceWindowMs);
      expect(outcome.kind).toBe('ACCEPTED');
    });

    scenario(
      'is refused past it and from the future, for good, naming the clock',
      async (client, bench) => {
        for (const signedMs of [-acceptanceWindowMs - 1, 60_000]) {
          const outcome = await client.send(buy('A1'), bench.clock.now() + signedMs);
          // It was not looked at, so it may be tried again at once with a better idea of the time.
          expect(outcome).toEqual({
            kind: 'REJECTED',
            because: expect.stringContaining('clock'),
            retryAfterMs: 0,
          });
        }
        client.print('50000');
        expect(await client.venue.order(clientOrderId('A1'))).toBeUndefined();
      },
    );

    scenario('is measured on the clock that the venue tells', async (client, { clock }) => {
      expect(await client.venue.time()).toBe(clock.now());
    });
  });

  describe.each(kinds)(`${name}: a %s that is %s`, (type, timeInForce) => {
    scenario('fills whole when its market is there', async (client) => {
      await client.place(buy('A1', { ...atOnce[type], timeInForce }));
      client.print('50000', '50000');
      expect(client.filled('A1')).toBe('0.0028');
      expect(await client.status('A1')).toBe('FILLED');
    });

    if (type === 'MARKET') return;

    scenario('waits for its market only as long as it says', async (client, { clock }) => {
      await client.place(buy('A1', { ...later[type], timeInForce }));
      client.print('50000');
      const staying = timeInForce === 'GTC' || timeInForce === 'DAY';
      expect((await client.status('A1')) === 'OPEN').toBe(staying);
      clock.advanceTo(clock.now() + DAY_MS);
      client.print('50000');
      expect((await client.status('A1')) === 'OPEN').toBe(timeInForce === 'GTC');
      client.print(type === 'LIMIT' ? '49000' : '50300', '50299');
      expect(client.filled('A1')).toBe(timeInForce === 'GTC' ? '0.0028' : '0');
    });

    scenario(
      'gets no worse than its limit and, when it is a stop, not before its trigger',
      async (client) => {
        await client.place(buy('A1', { ...atOnce[type], timeInForce }));
        client.print('50000', '49900', '50000', '50099', '50100');
        for (const fill of client.fills) {
          expect(type === 'STOP' || fill.price <= price('50100')).toBe(true);
          expect(type === 'LIMIT' || fill.price >= price('50000')).toBe(true);
        }
      },
    );
  });

  describe(`${name}: a cancel`, () => {
    scenario('of what rests is accepted, reported, and final', async (client) => {
      await client.place(buy('A1', limit('49900')));
      expect(await client.cancel('A1')).toBe('ACCEPTED');
      expect(await client.status('A1')).toBe('CANCELED');
      expect(await client.cancel('A1')).toBe('NOT_FOUND');
      client.print('49000');
      expect(client.filled('A1')).toBe('0');
    });

    scenario('of what was never there, or is filled, finds nothing', async (client) => {
      expect(await client.cancel('NOBODY')).toBe('NOT_FOUND');
      await client.hold();
      expect(await client.cancel('HOLD')).toBe('NOT_FOUND');
      expect(await client.status('HOLD')).toBe('FILLED');
    });
  });

  describe.runIf(capabilities.postOnly)(`${name}: a post-only order`, () => {
    scenario('that would trade at once never does', async (client) => {
      await client.send(buy('A1', { ...limit('50400'), postOnly: true }));
      await client.send(sell('A2', { ...limit('49600'), postOnly: true }));
      client.print('50000', '50000');
      expect(client.fills).toEqual([]);
      expect(await client.venue.openOrders()).toEqual([]);
    });

    scenario('that does not rests and fills like any other', async (client) => {
      await client.place(buy('A1', { ...limit('49900'), postOnly: true }));
      client.print('50000', '49899');
      expect(client.filled('A1')).toBe('0.0028');
    });
  });

  describe.runIf(capabilities.reduceOnly)(`${name}: a reduce-only order`, () => {
    scenario('never turns the position around, and its rest is canceled', async (client) => {
      await client.hold();
      await client.place(exit('X1', { quantity: quantity('0.01') }));
      client.print('50000', '50000');
      expect(client.filled('X1')).toBe('0.0028');
      expect(await client.status('X1')).toBe('CANCELED');
      expect((await client.venue.balances()).positions.get(BTC.id) ?? 0n).toBe(0n);
    });

    scenario('opens nothing when there is nothing to reduce', async (client) => {
      await client.send(exit('X1'));
      client.print('50000', '50000');
      expect(client.fills).toEqual([]);
      expect(await client.venue.openOrders()).toEqual([]);
    });

    scenario('does not outlive the position it was to reduce', async (client) => {
      await client.hold();
      await client.place(exit('S1', { role: 'STOP', ...stopAt('49000') }), exit('X1'));
      client.print('50000');
      expect(await client.status('S1')).toBe('CANCELED');
      client.print('48000');
      expect(client.filled('S1')).toBe('0');
    });
  });

  describe.runIf(capabilities.oco)(`${name}: orders of one group`, () => {
    const group = { ocoGroupId: ocoGroupId('exits:HOLD'), quantity: quantity('0.001') };

    scenario('are canceled by a fill of one, and others are not', async (client) => {
      await client.hold();
      await client.place(
        exit('S1', { role: 'STOP', ...stopAt('49000'), ...group }),
        exit('T1', { role: 'TARGET', ...limit('53000'), ...group }),
        exit('T2', { role: 'TARGET', ...limit('54000'), quantity: quantity('0.001') }),
      );
      client.print('50000', '53001');
      expect(client.filled('T1')).toBe('0.001');
      expect(await client.status('S1')).toBe('CANCELED');
      expect(await client.status('T2')).toBe('OPEN');
    });
  });

  describe(`${name}: a question about the past`, () => {
    scenario('is answered from the instant it names on', async (client, { clock }) => {
      await client.hold();
      clock.advanceTo(clock.now() + 10_000);
      const sinceMs = clock.now();
      await client.place(sell('A2'), buy('A3', limit('49900')));
      client.print('50000');
      await client.cancel('A3');
      const names = (list: readonly { readonly clientId: string }[]): readonly string[] =>
        list.map(({ clientId }) => clientId);
      expect(names(await client.venue.history(sinceMs))).toEqual(['A2', 'A3']);
      expect(names(await client.venue.fills(sinceMs))).toEqual(['A2']);
      expect(names(await client.venue.history(clock.now() + 1))).toEqual([]);
    });
  });

  describe(`${name}: the stream`, () => {
    scenario('tells a fill before the end it brings, and nothing twice', async (client) => {
      await client.hold();
      await client.place(exit('X1', { quantity: quantity('0.01') }));
      client.print('50000', '50000');
      const told = client.reports.map(({ report }) => `${report.clientId} ${report.kind}`);
      expect(told).toEqual(['HOLD ACCEPTED', 'HOLD FILL', 'X1 ACCEPTED', 'X1 FILL', 'X1 CANCELED']);
      expect(client.venue.takeNews()).toEqual({ reports: [], interrupted: false });
    });
  });

  test(`${name}: whatever is sent, cancelled and traded, the account adds up`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 40 }), async (played) => {
        const bench = open();
        const client = new Client(bench);
        client.print('50000');
        for (const [index, step] of played.entries()) await take(step, index, client, bench);
        await client.expectAgreement();
      }),
      { numRuns: PROPERTY_RUNS },
    );
  }, 60_000);
}

type Step =
  | { readonly kind: 'PRINT'; readonly at: DecimalText }
  | { readonly kind: 'CANCEL'; readonly back: number }
  | { readonly kind: 'WAIT'; readonly ms: number }
  | {
      readonly kind: 'SEND';
      readonly side: Side;
      readonly reduces: boolean;
      readonly change: Partial<Order>;
    };

// Within one percent of 50,000, where the kernel clears.
const near = fc.integer({ min: 49_600, max: 50_400 }).map(String);
const lots = fc.integer({ min: 20_000, max: 280_000 }).map((count) => quantity(`${count / 1e8}`));
const plainTimes = fc.constantFrom<TimeInForce>('GTC', 'IOC', 'FOK', 'DAY');
const waitingTimes = fc.constantFrom<TimeInForce>('GTC', 'DAY');
const shape: fc.Arbitrary<Partial<Order>> = fc.oneof(
  fc.record({ timeInForce: plainTimes }),
  fc.tuple(near, plainTimes).map(([at, timeInForce]) => ({ ...limit(at), timeInForce })),
  near.map((at) => ({ ...limit(at), postOnly: true })),
  fc.tuple(near, waitingTimes).map(([at, timeInForce]) => ({ ...stopAt(at), timeInForce })),
  fc
    .tuple(near, near)
    .map(([at, stop]) => ({ ...limit(at), ...stopAt(stop), type: 'STOP_LIMIT' as const })),
);
const grouped = fc.option(fc.constantFrom(ocoGroupId('G1'), ocoGroupId('G2')), { nil: undefined });
const sends: fc.Arbitrary<Step> = fc
  .record({ side: fc.constantFrom('BUY', 'SELL'), reduces: fc.boolean(), lots, shape, grouped })
  .map(({ side, reduces, lots, shape, grouped }) => {
    const group = grouped === undefined ? {} : { ocoGroupId: grouped };
    return { kind: 'SEND', side, reduces, change: { quantity: lots, ...shape, ...group } };
  });
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: sends },
  { weight: 4, arbitrary: near.map((at): Step => ({ kind: 'PRINT', at })) },
  { weight: 1, arbitrary: fc.nat(5).map((back): Step => ({ kind: 'CANCEL', back })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1, 60_000, DAY_MS).map((ms): Step => ({ kind: 'WAIT', ms })),
  },
);

async function take(step: Step, index: number, client: Client, { clock }: Bench): Promise<void> {
  switch (step.kind) {
    case 'PRINT':
      return client.print(step.at);
    case 'WAIT':
      return clock.advanceTo(clock.now() + step.ms);
    case 'CANCEL':
      return void (await client.cancel(`N${Math.max(0, index - step.back)}`));
    case 'SEND':
      return void (await client.send(orderOf(step, `N${index}`)));
  }
}

function orderOf({ side, reduces, change }: Extract<Step, { kind: 'SEND' }>, name: string): Order {
  if (reduces) return exit(name, { side, ...change });
  return side === 'BUY' ? buy(name, change) : sell(name, change);
}
