import { describe, expect, test } from 'vitest';

import { orderIdFor } from '../../domain/entry-order.ts';
import { proposalId } from '../../domain/ids.ts';
import { positionKey } from '../../domain/portfolio.ts';
import { BTC, MOMENTUM, sampleOrder } from '../../domain/testing/samples.ts';
import { type DecimalText, price } from '../../domain/units.ts';
import { INSTRUMENTS, Journal } from '../testing/book-of.ts';
import { stopOrder } from './exit-orders.ts';
import { type Holding, holdingOf, type Slice } from './holding.ts';
import { wantedStop } from './wanted-stop.ts';

const ENTRY = sampleOrder({ id: orderIdFor(proposalId('P1'), 'ENTRY') });

const held = (journal: Journal): readonly [Holding, Slice] => {
  const position = journal.book.portfolio.positions.get(positionKey(BTC.id, MOMENTUM));
  const holding = position && holdingOf(position, journal.book, INSTRUMENTS);
  const slice = holding?.slices[0];
  if (holding === undefined || slice === undefined) throw new Error('nothing is held');
  return [holding, slice];
};

describe('the stop of a slice', () => {
  const journal = (): Journal =>
    new Journal().send(ENTRY).accept(ENTRY).fill(ENTRY, '0.01', '50000');
  const stop = (on: Journal, at: DecimalText, count: number) =>
    stopOrder(...held(on), price(at), count);

  test('is bound by what the venue acknowledged, also when it is gone', () => {
    const on = journal();
    const first = stop(on, '49500', 1);
    on.send(first)
      .accept(first)
      .add('order.canceled', { orderId: first.id, because: 'maintenance' });
    expect(wantedStop(on.book, ...held(on))).toBe(price('49500'));
  });

  test('is not bound by what never came to rest', () => {
    const on = journal();
    const first = stop(on, '49500', 1);
    on.send(first).add('order.rejected', { orderId: first.id, because: 'no' });
    expect(wantedStop(on.book, ...held(on))).toBe(price('49000'));
  });
});
