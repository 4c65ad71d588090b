import { describe, expect, test } from 'vitest';

import { draft } from '../../domain/draft.ts';
import { clientOrderId, venueOrderId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import type { OrderRecord } from '../../domain/order-record.ts';
import { sampleOrder, START_MS } from '../../domain/testing/samples.ts';
import { price } from '../../domain/units.ts';
import type { Desk } from '../../tests/support/desk.ts';
import { entered, held, id, KEY, opened, resting } from '../testing/at-venue.ts';
import { INSTRUMENTS, Journal } from '../testing/book-of.ts';
import { holdingOf } from './holding.ts';
import { strayBecause } from './strays.ts';

/** The first stop, over for us, rests at the venue after all. */
const resurface = async (desk: Desk): Promise<void> => {
  const record = desk.book.order(id('STOP'));
  if (record === undefined) throw new Error('nothing to resurface');
  desk.venue.land(record.order);
  const body = { orderId: id('STOP'), venueOrderId: venueOrderId('v'), because: 'found' };
  const actor = { kind: 'VENUE', name: 'lying' } as const;
  await desk.ledger.append(draft('order.resurfaced', actor, 'cycle-P1', null, body));
};

describe('what is left at the venue after its position', () => {
  test('is canceled, and that again every five seconds until it is gone', async () => {
    const desk = await opened();
    desk.venue.fill(id('TARGET'), '53000');
    await desk.guard.settle();
    await resurface(desk);
    desk.venue.answerCancel = () => 'REFUSE';
    for (let second = 0; second < 12; second++) {
      await desk.guard.tend();
      await desk.guard.tend();
      await desk.wait(1_000);
    }
    expect(desk.venue.canceled).toEqual([id('STOP'), id('STOP'), id('STOP')]);
    desk.venue.answerCancel = () => 'ACCEPT';
    await desk.wait(5_000);
    expect(resting(desk)).toEqual([]);
    expect(desk.book.liveOrders()).toEqual([]);
  });

  test('is canceled although another position of the same kind was opened since', async () => {
    const desk = await opened();
    desk.venue.fill(id('TARGET'), '53000');
    await desk.guard.settle();
    await desk.wait(1_000);
    desk.mark('50000');
    await desk.enter('P2', '50000');
    await resurface(desk);
    await desk.guard.tend();
    expect([...desk.venue.resting.keys()]).toEqual([id('STOP', 1, 'P2'), id('TARGET', 1, 'P2')]);
  });

  test('of a slice that is empty is canceled, and nothing of the others', async () => {
    const partialTargets = [{ price: '51000', quantity: '0.004' }];
    const desk = await opened({ management: { partialTargets } });
    desk.venue.fill(id('TARGET'), '51000');
    await desk.guard.settle();
    await resurface(desk);
    await desk.guard.tend();
    expect(resting(desk)).toEqual(['STOP 0.006 at 49000', 'TARGET 0.006 at 53000']);
  });

  test('of an entry that was closed as far as it was filled is canceled', async () => {
    const desk = await entered();
    desk.venue.fill(id('ENTRY'), '50000', '0.004');
    await desk.guard.settle();
    desk.venue.fill(id('STOP'), '49000');
    await desk.guard.settle();
    expect(held(desk)).toBe('0');
    expect(resting(desk)).toEqual([]);
    expect(desk.book.order(id('ENTRY'))?.state).toBe('CANCELED');
  });

  test('is not the entry that was never filled', async () => {
    const desk = await entered();
    await desk.wait(60_000);
    expect(resting(desk)).toEqual(['ENTRY 0.01 at the market']);
    expect(desk.venue.canceled).toEqual([]);
  });
});

test('an add to an entry before this one is not an add to this one', () => {
  const entry = sampleOrder();
  const add = (addTo: Order['id']): OrderRecord => {
    const order = sampleOrder({
      id: id('ENTRY', 2),
      type: 'LIMIT',
      limitPrice: price('49800'),
      addTo,
    });
    const record = journal.send(order).accept(order).book.order(order.id);
    if (record === undefined) throw new Error('it was just sent');
    return record;
  };
  const journal = new Journal().send(entry).accept(entry).fill(entry, '0.01', '50000');
  const position = journal.book.portfolio.positions.get(KEY);
  const holding = position && holdingOf(position, journal.book, INSTRUMENTS);
  const because = (record: OrderRecord) => strayBecause(record, holding, journal.book, START_MS);
  expect(because(add(entry.id))).toBeUndefined();
  expect(because(add(clientOrderId('E1P0')))).toBe('the position it would add to is closed');
});
