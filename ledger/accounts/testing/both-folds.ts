/** Accounts and a book of one short journal, told event by event. */
import type { DomainEvent, EventBodies, EventType } from '../../../domain/event.ts';
import { fillId, proposalId } from '../../../domain/ids.ts';
import type { Order } from '../../../domain/order.ts';
import { orderToText } from '../../../domain/order-record.ts';
import { sampleEvent } from '../../../domain/testing/samples.ts';
import { type DecimalText, text } from '../../../domain/units.ts';
import { Book } from '../../projections/book.ts';
import { ACCOUNTS } from '../account.ts';
import { Accounts } from '../accounts.ts';
import { INSTRUMENTS, startBody } from './journals.ts';

interface FeeText {
  readonly fee: DecimalText;
  readonly feeInBase?: DecimalText;
}

export class BothFolds {
  readonly accounts = new Accounts(INSTRUMENTS);
  readonly book = new Book(INSTRUMENTS);
  readonly events: DomainEvent[] = [];
  /** What the newest event moved: `amount currency from→to`, and the phase of a hold. */
  moved: readonly string[] = [];

  constructor(cash: DecimalText = '10000') {
    this.tell('system.started', startBody(cash));
  }

  tell<T extends EventType>(type: T, body: EventBodies[T]): this {
    const event = sampleEvent(type, body, this.events.length + 1) as DomainEvent;
    this.moved = this.accounts
      .transfersOf(event)
      .map(({ amount, currency, credit, debit, phase }) =>
        [text(amount), currency, `${credit}→${debit}`, ...(phase === null ? [] : [phase])].join(
          ' ',
        ),
      );
    this.accounts.apply(event);
    this.book.apply(event);
    this.events.push(event);
    return this;
  }

  send(order: Order, notional: DecimalText = '0'): this {
    return this.tell('order.submitting', {
      order: orderToText(order),
      intentId: null,
      proposalId: proposalId('P1'),
      hold: { notional, risk: '0' },
      orderHash: '',
    });
  }

  /** Sends an order for as much as is filled at once. */
  trade(order: Order, price: DecimalText, fees: FeeText = { fee: '0' }): this {
    return this.send(order).fill(order, text(order.quantity), price, fees);
  }

  fill(order: Order, size: DecimalText, price: DecimalText, fees: FeeText = { fee: '0' }): this {
    const { id: orderId, instrumentId, strategyId, side } = order;
    return this.tell('order.filled', {
      fillId: fillId(`f${this.events.length}`),
      orderId,
      instrumentId,
      strategyId,
      side,
      quantity: size,
      price,
      ...fees,
    });
  }

  cancel({ id: orderId }: Order): this {
    return this.tell('order.canceled', { orderId, because: 'a test' });
  }

  /** What stands on the accounts of a currency, those at zero left out. */
  standing(currency = 'USD'): Readonly<Record<string, string>> {
    const balances = ACCOUNTS.map(
      (account) => [account, text(this.accounts.balance(currency, account))] as const,
    );
    return Object.fromEntries(balances.filter(([, balance]) => balance !== '0'));
  }
}
