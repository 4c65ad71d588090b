/** An exchange with a price or two, and plain orders for it: no clearance is needed behind the door. */
import { ManualClock } from '../../domain/clock.ts';
import { clientOrderId, type InstrumentId, ocoGroupId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import { BTC, EUR, sampleOrder, START_MS } from '../../domain/testing/samples.ts';
import { type DecimalText, money, price, quantity, text } from '../../domain/units.ts';
import type { NumberedReport, VenueReport } from '../../execution/venue.ts';
import { RETAIL_COSTS } from '../costs.ts';
import { Exchange, type ExchangeOptions, type Restored } from '../exchange.ts';
import { type Models, PLAIN_MODELS } from '../models.ts';

export const INSTRUMENTS: ReadonlyMap<InstrumentId, Instrument> = new Map(
  [BTC, EUR].map((instrument) => [instrument.id, instrument]),
);

/** Half a spread and a fee, and no slip. */
export const SURE: Partial<Models> = {
  costs: { ...RETAIL_COSTS, CRYPTO: { ...RETAIL_COSTS.CRYPTO, slippageBpsMax: 0 } },
};

/** So much at every price in bitcoin, neither more nor less. */
export const offering = (amount: DecimalText): Pick<Models, 'depth'> => ({
  depth: { ...PLAIN_MODELS.depth, CRYPTO: { least: money(amount), most: money(amount) } },
});

export const holding = (size: DecimalText, cash: DecimalText = '10000'): Restored => ({
  orders: [],
  cash: money(cash),
  positions: new Map([[BTC.id, quantity(size)]]),
});

export class TestExchange extends Exchange {
  readonly clock: ManualClock;
  #heard = 0;

  constructor(
    models: Partial<Models> = SURE,
    options: Partial<Omit<ExchangeOptions, 'clock' | 'models'>> = {},
  ) {
    const clock = new ManualClock(START_MS);
    const account = { currency: 'USD', cash: money('10000'), seed: 1 };
    super({ instruments: INSTRUMENTS, ...account, clock, models, ...options });
    this.clock = clock;
  }

  /** Places what must be accepted. */
  accept(...orders: readonly Order[]): this {
    for (const order of orders) {
      const placed = this.place(order, this.clock.now());
      if (placed.kind === 'REJECTED') throw new Error(`${order.id}: ${placed.because}`);
    }
    return this;
  }

  at(traded: DecimalText): this {
    this.print(BTC.id, price(traded));
    return this;
  }

  between(low: DecimalText, high: DecimalText): this {
    this.range(BTC.id, price(low), price(high));
    return this;
  }

  after(ms: number): this {
    this.clock.advanceTo(this.clock.now() + ms);
    return this;
  }

  /** What happened since the last look, each in short; acceptances are left out. */
  told(): readonly string[] {
    const reports = this.reportsAfter(this.#heard);
    this.#heard = this.lastSeq;
    return reports.flatMap(inShort);
  }
}

export function inShort({ report }: NumberedReport): readonly string[] {
  if (report.kind === 'ACCEPTED') return [];
  if (report.kind !== 'FILL') return [`${report.clientId} ${report.kind}: ${report.because}`];
  return [`${report.clientId} ${report.side} ${text(report.quantity)} at ${text(report.price)}`];
}

export const isFill = (report: VenueReport): report is Extract<VenueReport, { kind: 'FILL' }> =>
  report.kind === 'FILL';

export const buy = (change: Partial<Order> = {}): Order => sampleOrder(change);
export const sell = (change: Partial<Order> = {}): Order =>
  sampleOrder({ side: 'SELL', ...change });

/** A sale of 0.01 that may only reduce, in the group of its position. */
export const exit = (id: string, change: Partial<Order>): Order => {
  const { protectiveStop: _, target: __, ...plain } = sampleOrder();
  return {
    ...plain,
    id: clientOrderId(id),
    role: 'EXIT',
    side: 'SELL',
    reduceOnly: true,
    ocoGroupId: ocoGroupId('exits:P1'),
    ...change,
  };
};

export const stop = (at: DecimalText, change: Partial<Order> = {}): Order =>
  exit('S1P1', { role: 'STOP', type: 'STOP', stopPrice: price(at), ...change });

export const target = (at: DecimalText, change: Partial<Order> = {}): Order =>
  exit('T1P1', { role: 'TARGET', type: 'LIMIT', limitPrice: price(at), ...change });

export const stopLimit = (
  at: DecimalText,
  limit: DecimalText,
  change: Partial<Order> = {},
): Order =>
  exit('S1P1', {
    role: 'STOP',
    type: 'STOP_LIMIT',
    stopPrice: price(at),
    limitPrice: price(limit),
    ...change,
  });
