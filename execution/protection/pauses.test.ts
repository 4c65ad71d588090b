import { describe, expect, test } from 'vitest';

import type { OrderState } from '../../domain/order.ts';
import { orderToText, type OrderRecord, startRecord } from '../../domain/order-record.ts';
import { sampleEvent, sampleOrder } from '../../domain/testing/samples.ts';
import { quantity } from '../../domain/units.ts';
import { calmRetryAtMs, urgentRetryAtMs } from './pauses.ts';

const sent = (
  state: OrderState,
  submittedAtMs: number,
  change: Partial<OrderRecord> = {},
): OrderRecord => ({
  ...startRecord(
    sampleEvent('order.submitting', {
      order: orderToText(sampleOrder()),
      intentId: null,
      proposalId: null,
      hold: { notional: '0', risk: '0' },
      orderHash: '',
    }),
  ),
  state,
  submittedAtMs,
  ...change,
});

const NOW = Number.NEGATIVE_INFINITY;

describe('what is needed at once', () => {
  test('waits a second after a refusal and twice as long after each further one, up to a minute', () => {
    const waits = Array.from({ length: 9 }, (_, count) =>
      urgentRetryAtMs(Array.from({ length: count + 1 }, () => sent('REJECTED', 0))),
    );
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test('is counted from the newest', () => {
    expect(urgentRetryAtMs([sent('REJECTED', 500), sent('REJECTED', 0)])).toBe(2_500);
  });

  test.each<[string, readonly OrderRecord[], number]>([
    ['nothing was sent yet', [], NOW],
    ['the last one lives', [sent('OPEN', 0), sent('REJECTED', 0)], NOW],
    ['the last one filled', [sent('FILLED', 0, { filled: quantity('0.01') })], NOW],
    ['the last one filled in part', [sent('CANCELED', 0, { filled: quantity('0.001') })], NOW],
    ['we took the last one away ourselves', [sent('CANCELED', 0, { cancelWanted: true })], NOW],
    ['the venue canceled the last one', [sent('CANCELED', 0), sent('CANCELED', 0)], 1_000],
    ['the last one expired', [sent('EXPIRED', 0), sent('REJECTED', 0)], 1_000],
    ['a refusal follows a cancel', [sent('REJECTED', 0), sent('CANCELED', 0)], 2_000],
    [
      'refusals lie before one that was taken',
      [sent('REJECTED', 0), sent('FILLED', 0, { filled: quantity('0.01') }), sent('REJECTED', 0)],
      1_000,
    ],
  ])('when %s', (_, orders, at) => {
    expect(urgentRetryAtMs(orders)).toBe(at);
  });
});

describe('what can wait', () => {
  test('waits a minute after a refusal, and a second after what was taken and came to nothing', () => {
    expect(calmRetryAtMs([])).toBe(NOW);
    expect(calmRetryAtMs([sent('REJECTED', 500)])).toBe(60_500);
    expect(calmRetryAtMs([sent('CANCELED', 500)])).toBe(1_500);
    expect(calmRetryAtMs([sent('OPEN', 500), sent('REJECTED', 500)])).toBe(NOW);
    expect(calmRetryAtMs([sent('CANCELED', 500, { cancelWanted: true })])).toBe(NOW);
  });
});
