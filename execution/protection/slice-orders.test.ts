import { describe, expect, test } from 'vitest';

import type { OrderState } from '../../domain/order.ts';
import { type OrderRecord, orderToText, startRecord } from '../../domain/order-record.ts';
import { clientOrderId } from '../../domain/ids.ts';
import { sampleEvent, sampleOrder } from '../../domain/testing/samples.ts';
import { type DecimalText, price, quantity } from '../../domain/units.ts';
import { standingStop } from './slice-orders.ts';

const stop = (
  name: string,
  at: DecimalText,
  change: Partial<OrderRecord> = {},
  size: DecimalText = '0.01',
): OrderRecord => ({
  ...startRecord(
    sampleEvent('order.submitting', {
      order: orderToText(
        sampleOrder({
          id: clientOrderId(name),
          role: 'STOP',
          type: 'STOP',
          stopPrice: price(at),
          quantity: quantity(size),
        }),
      ),
      intentId: null,
      proposalId: null,
      hold: { notional: '0', risk: '0' },
      orderHash: '',
    }),
  ),
  state: 'OPEN',
  ...change,
});

const standing = (stops: readonly OrderRecord[], long = true): string | undefined =>
  standingStop(stops, long, quantity('0.01'))?.order.id;

describe('the stop that stands for a slice', () => {
  test('is the tightest, and of equals the latest', () => {
    const two = [stop('S1', '49000'), stop('S2', '49500')];
    expect([standing(two), standing(two, false)]).toEqual(['S2', 'S1']);
    expect(standing(two.toReversed())).toBe('S2');
    expect(standing([stop('S1', '49000'), stop('S2', '49000')])).toBe('S2');
  });

  test('covers all of it with what may still fill', () => {
    expect(standing([stop('S1', '49000', {}, '0.009')])).toBeUndefined();
    expect(standing([stop('S1', '49000', { filled: quantity('0.001') })])).toBeUndefined();
    expect(standing([stop('S1', '49000', { filled: quantity('0.001') }, '0.011')])).toBe('S1');
  });

  test.each<OrderState>(['SUBMITTING', 'SUBMIT_UNKNOWN', 'SUSPECT', 'PENDING_CANCEL'])(
    'is none that is %s',
    (state) => {
      expect(standing([stop('S1', '49000', { state })])).toBeUndefined();
    },
  );

  test('is none that was asked to leave before it was found', () => {
    expect(standing([stop('S1', '49000', { cancelWanted: true })])).toBeUndefined();
  });
});
