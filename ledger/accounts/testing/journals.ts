/** Random journals that could have been written: every order, fill and cancel is one the order table allows. */
import fc from 'fast-check';
import type { DomainEvent, EventBodies, EventType } from '../../../domain/event.ts';
import {
  type ClientOrderId,
  clientOrderId,
  fillId,
  type InstrumentId,
  proposalId,
  venueOrderId,
} from '../../../domain/ids.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import {
  type OrderLifeDraft,
  type OrderRecord,
  orderToText,
  stateAfter,
  unfilled,
} from '../../../domain/order-record.ts';
import {
  BTC,
  ETH,
  EUR,
  MOMENTUM,
  REVERSION,
  sampleEvent,
  sampleOrder,
} from '../../../domain/testing/samples.ts';
import {
  absolute,
  larger,
  type Money,
  money,
  NO_QUANTITY,
  type Price,
  proportion,
  type Quantity,
  quantity,
  text,
} from '../../../domain/units.ts';
import { Book } from '../../projections/book.ts';

export const INSTRUMENTS: ReadonlyMap<InstrumentId, Instrument> = new Map(
  [BTC, ETH, EUR].map((instrument) => [instrument.id, instrument]),
);

/** Everything the start of a journal says. */
export const startBody = (cash: string, resumed = false): EventBodies['system.started'] => ({
  version: '0',
  decisionMode: 'GUIDE',
  venueMode: 'SIMULATION',
  limitsHash: '',
  tightened: {},
  currency: 'USD',
  cash,
  strategies: [MOMENTUM, REVERSION],
  rules: {},
  entryRules: [],
  instruments: [...INSTRUMENTS.keys()],
  market: 'test',
  synthetic: true,
  seed: 1,
  resumed,
});

/** What may happen to an order beside being filled; where one may not, the next that may does. */
const NEWS = [
  'order.accepted',
  'order.rejected',
  'order.unknown',
  'order.cancel-requested',
  'order.cancel-refused',
  'order.canceled',
  'order.expired',
  'order.suspected',
  'order.resurfaced',
] as const;

/** How finely amounts are drawn, in units of the twelfth place. */
export interface Grain {
  /** Of a fill's price; the instrument's own tick unless it says otherwise. */
  readonly tick?: bigint;
  /** Of a fill's quantity; the instrument's own lot unless it says otherwise. */
  readonly lot?: bigint;
  /** Of a fee in base. */
  readonly feeInBase: bigint;
}

/** On tick and lot, so that every notional is exact. */
export const EXACT: Grain = { feeInBase: 100n };
/** As a careless venue might tell it, so that nearly every notional is rounded. */
export const UNEVEN: Grain = { tick: 1n, lot: 1n, feeInBase: 1n };

type Step =
  | {
      readonly do: 'SEND';
      readonly instrument: Instrument;
      readonly strategy: typeof MOMENTUM;
      readonly buys: boolean;
      /** None closes what is open. */
      readonly lots: number | null;
      readonly hold: bigint;
    }
  | { readonly do: 'NEWS'; readonly which: number; readonly type: (typeof NEWS)[number] }
  | {
      readonly do: 'FILL';
      readonly which: number;
      /** Of what is left of the order; beyond ten it is an overfill. */
      readonly tenths: number;
      readonly at: number;
      readonly dust: number;
      readonly fee: bigint;
      readonly inBase: boolean;
    }
  | { readonly do: 'BAR'; readonly instrument: Instrument; readonly at: number }
  | { readonly do: 'RESTART' };

const instrument = fc.constantFrom(...INSTRUMENTS.values());
const cents = fc.integer({ min: 100_000, max: 300_000 });
const micro = (max: number): fc.Arbitrary<bigint> =>
  fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: BigInt(max) * 10n ** 12n }));

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('SEND' as const),
      instrument,
      strategy: fc.constantFrom(MOMENTUM, REVERSION),
      buys: fc.boolean(),
      lots: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
      hold: micro(500),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('NEWS' as const),
      which: fc.nat(40),
      type: fc.constantFrom(...NEWS),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('FILL' as const),
      which: fc.nat(40),
      tenths: fc.oneof(
        { weight: 1, arbitrary: fc.constant(12) },
        { weight: 3, arbitrary: fc.constant(10) },
        { weight: 6, arbitrary: fc.integer({ min: 1, max: 9 }) },
      ),
      at: cents,
      dust: fc.nat(1_000_000),
      fee: micro(3),
      inBase: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('BAR' as const), instrument, at: cents }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('RESTART' as const) }) },
);

/** A journal beside the book that says what may come next. */
class Writing {
  readonly events: DomainEvent[] = [];
  readonly #book = new Book(INSTRUMENTS);
  readonly #sent: ClientOrderId[] = [];
  readonly #grain: Grain;

  constructor(grain: Grain) {
    this.#grain = grain;
    this.#add('system.started', startBody('10000'));
  }

  take(one: Step): void {
    switch (one.do) {
      case 'SEND':
        return this.#send(one);
      case 'NEWS':
        return this.#news(one);
      case 'FILL':
        return this.#fill(one);
      case 'BAR': {
        const at = this.#price(one.at, 0);
        return this.#add('market.bar-closed', {
          instrumentId: one.instrument.id,
          timeframe: '1m',
          bar: { openTimeMs: 0, open: at, high: at, low: at, close: at, volume: '1' },
        });
      }
      case 'RESTART':
        return this.#add('system.started', startBody('99999', true));
    }
  }

  #add<T extends EventType>(type: T, body: EventBodies[T]): void {
    const event = sampleEvent(type, body, this.events.length + 1) as DomainEvent;
    this.#book.apply(event);
    this.events.push(event);
  }

  #send({ instrument, strategy, buys, lots, hold }: Extract<Step, { do: 'SEND' }>): void {
    const [open] = this.#book.portfolio.positions.values();
    const id = clientOrderId(`O${this.#sent.length}`);
    const order = sampleOrder(
      lots === null && open !== undefined
        ? {
            id,
            instrumentId: open.instrumentId,
            strategyId: open.strategyId,
            side: open.quantity < 0n ? 'BUY' : 'SELL',
            quantity: absolute(open.quantity),
          }
        : {
            id,
            instrumentId: instrument.id,
            strategyId: strategy,
            side: buys ? 'BUY' : 'SELL',
            quantity: (BigInt(lots ?? 1) * instrument.lot) as Quantity,
          },
    );
    this.#sent.push(order.id);
    this.#add('order.submitting', {
      order: orderToText(order),
      intentId: null,
      proposalId: proposalId('P1'),
      hold: { notional: text(hold as Money), risk: '0' },
      orderHash: '',
    });
  }

  #news({ which, type }: Extract<Step, { do: 'NEWS' }>): void {
    const record = this.#record(which);
    if (record === undefined) return;
    const orderId = record.order.id;
    const body = { orderId, because: 'a test', venueOrderId: venueOrderId(`v-${orderId}`) };
    const turned = [...NEWS.slice(NEWS.indexOf(type)), ...NEWS];
    const legal = turned.find((one) => {
      const draft = { type: one, body } as unknown as OrderLifeDraft;
      return stateAfter(record, draft) !== undefined;
    });
    if (legal !== undefined) this.#add(legal, body);
  }

  #fill({ which, tenths, at, dust, fee, inBase }: Extract<Step, { do: 'FILL' }>): void {
    const record = this.#record(which);
    if (record === undefined) return;
    const { id: orderId, instrumentId, strategyId, side } = record.order;
    const size = this.#size(record, tenths);
    const share = proportion(size, quantity('1'), quantity('1000'), 'down');
    const feeInBase = share - (share % this.#grain.feeInBase);
    const body: EventBodies['order.filled'] = {
      fillId: fillId(`f${this.events.length}`),
      orderId,
      instrumentId,
      strategyId,
      side,
      quantity: text(size),
      price: this.#price(at, dust),
      fee: text(fee as Money),
      // Only what is received can be paid with.
      ...(inBase ? { feeInBase: text(feeInBase as Quantity) } : {}),
    };
    const draft = { type: 'order.filled', body } as unknown as OrderLifeDraft;
    if (stateAfter(record, draft) !== undefined) this.#add('order.filled', body);
  }

  /** A share of what is left; of a whole order, a share of it once more, which is an overfill. */
  #size(record: OrderRecord, tenths: number): Quantity {
    const left = unfilled(record) === NO_QUANTITY ? record.order.quantity : unfilled(record);
    if (tenths === 10) return left;
    const part = proportion(left, quantity(`${tenths}`), quantity('10'), 'down');
    const lot = this.#grain.lot ?? INSTRUMENTS.get(record.order.instrumentId)?.lot ?? 1n;
    return larger((part - (part % lot)) as Quantity, lot as Quantity);
  }

  /** Around two thousand; dust is what a venue adds below the tick. */
  #price(inCents: number, dust: number): string {
    const whole = money(`${inCents}`) / 100n;
    return text((whole + (this.#grain.tick === undefined ? 0n : BigInt(dust))) as Price);
  }

  /** Mostly an order that is alive; sometimes any, because news comes late. */
  #record(which: number): OrderRecord | undefined {
    const any = this.#sent.flatMap((id) => this.#book.order(id) ?? []);
    const among = which % 8 > 0 ? this.#book.liveOrders() : any;
    return among[which % among.length];
  }
}

export const journals = (grain: Grain): fc.Arbitrary<readonly DomainEvent[]> =>
  fc.array(step, { minLength: 5, maxLength: 50, size: 'max' }).map((steps) => {
    const writing = new Writing(grain);
    for (const one of steps) writing.take(one);
    return writing.events;
  });
