import fc from 'fast-check';
import { expect, test } from 'vitest';

import { EconomicEvent } from './economic-event.ts';

const CPI = new EconomicEvent(
  { atMs: 1_000, currency: 'USD', country: 'US', name: 'CPI', impact: 'HIGH', forecast: '3.2%' },
  '3.4%',
);

test('what came out is known from the event on and never before', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_000 }), (nowMs) => {
      expect(CPI.actualAt(nowMs)).toBe(nowMs >= 1_000 ? '3.4%' : undefined);
    }),
  );
});

test('nothing that copies or prints an event shows what came out', () => {
  expect(JSON.stringify(CPI)).not.toContain('3.4');
  expect(Object.values({ ...CPI })).toContain('3.2%');
  expect(Object.values({ ...CPI })).not.toContain('3.4%');
});
