/** A book folded from a short journal, for tests that need an account with a past. */
import type { DomainEvent, EventBodies, EventType } from '../../domain/event.ts';
import { fillId, proposalId, venueOrderId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import { orderToText } from '../../domain/order-record.ts';
import {
  BTC,
  ETH,
  MOMENTUM,
  REVERSION,
  sampleEvent,
  START_MS,
} from '../../domain/testing/samples.ts';
import type { DecimalText } from '../../domain/units.ts';
import { Book } from '../../ledger/projections/book.ts';

export const INSTRUMENTS = new Map([BTC, ETH].map((instrument) => [instrument.id, instrument]));

export class Journal {
  readonly book = new Book(INSTRUMENTS);
  #seq = 0;

  constructor(cash: DecimalText = '10000') {
    this.add('system.started', {
      version: '0',
      decisionMode: 'GUIDE',
      venueMode: 'SIMULATION',
      tightened: {},
      limitsHash: '',
      currency: 'USD',
      cash,
      strategies: [MOMENTUM, REVERSION],
      rules: {},
      entryRules: [],
      instruments: [...INSTRUMENTS.keys()],
      market: 'test',
      synthetic: true,
      seed: 1,
      resumed: false,
    });
  }

  add<T extends EventType>(type: T, body: EventBodies[T], atMs = START_MS): this {
    this.#seq += 1;
    this.book.apply(sampleEvent(type, body, this.#seq, atMs) as DomainEvent);
    return this;
  }

  /** The venue will not have it. */
  refuse(order: Order, atMs = START_MS): this {
    this.#seq += 1;
    const body = { orderId: order.id, because: 'a test' };
    const refused = sampleEvent('order.rejected', body, this.#seq, atMs);
    this.book.apply({ ...refused, actor: { kind: 'VENUE', name: 'test' } });
    return this;
  }

  /** A bar that did not move, closing at the price. */
  close(instrument: Instrument, at: DecimalText, atMs = START_MS): this {
    return this.add(
      'market.bar-closed',
      {
        instrumentId: instrument.id,
        timeframe: '1m',
        bar: { openTimeMs: atMs - 60_000, open: at, high: at, low: at, close: at, volume: '1' },
      },
      atMs,
    );
  }

  send(order: Order, hold = { notional: '0', risk: '0' }, atMs = START_MS): this {
    return this.add(
      'order.submitting',
      {
        order: orderToText(order),
        intentId: null,
        proposalId: proposalId('P1'),
        hold,
        orderHash: '',
      },
      atMs,
    );
  }

  accept(order: Order): this {
    return this.add('order.accepted', {
      orderId: order.id,
      venueOrderId: venueOrderId(`v-${order.id}`),
    });
  }

  fill(order: Order, quantity: DecimalText, price: DecimalText, fee: DecimalText = '0'): this {
    const { id: orderId, instrumentId, strategyId, side } = order;
    return this.add('order.filled', {
      fillId: fillId(`f-${orderId}-${this.#seq}`),
      orderId,
      instrumentId,
      strategyId,
      side,
      quantity,
      price,
      fee,
    });
  }
}
