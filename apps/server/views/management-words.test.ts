import { expect, test } from 'vitest';
import type { ManagementText } from '../../../domain/management.ts';
import { sampleProposal } from '../../../domain/testing/samples.ts';
import { managementWords } from './management-words.ts';

const words = (management?: ManagementText): readonly string[] =>
  managementWords({ ...sampleProposal(), ...(management === undefined ? {} : { management }) });

test('a plain stop and target need no words', () => {
  expect(words()).toEqual([]);
});

test('whoever approves reads everything that would be done to the position later', () => {
  expect(
    words({
      partialTargets: [{ price: '50500', quantity: '0.001' }],
      adds: [{ price: '49600', quantity: '0.002' }],
      breakEven: true,
      closeAfterMs: 5_400_000,
      closeOnSignal: true,
      closeAtMs: Date.UTC(2026, 0, 5, 21, 55),
    }),
  ).toEqual([
    'Takes 0.001 BTC at 50500 USD off.',
    'Adds 0.002 BTC at 49600 USD, reserved from the start.',
    'The first partial target moves the stop to the entry price, each further one after it.',
    'Closed at the market after 90 minutes.',
    'Closed at the market when its rule says that it is over.',
    'Closed at the market at 2026-01-05 21:55:00 UTC.',
  ]);
});

test.each<[NonNullable<ManagementText['trail']>, string]>([
  [
    { distance: { bps: 80 }, armed: 'AT_ENTRY' },
    'The stop follows the best price 0.80 % behind it, once that locks in the entry price.',
  ],
  [
    { distance: { atrTenths: 25, atrBars: 14 }, armed: { gainBps: 150 } },
    'The stop follows the best price 2.5 times the average range of 14 bars behind it, from a gain of 1.50 % on.',
  ],
  [
    { distance: { bps: 80 }, armed: { targetsFilled: 2 } },
    'The stop follows the best price 0.80 % behind it, once 2 targets have filled.',
  ],
])('a trailing stop is told with its distance and when it arms: %j', (trail, sentence) => {
  expect(words({ trail })).toEqual([sentence]);
});
