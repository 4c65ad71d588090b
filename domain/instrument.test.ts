import { expect, test } from 'vitest';

import { defineInstrument, type Instrument } from './instrument.ts';
import { BTC } from './testing/samples.ts';
import { money, price, quantity } from './units.ts';

test.each<[Partial<Instrument>, string]>([
  [{ tick: price('0') }, 'BTC/USD: tick must be positive'],
  [{ tick: price('-0.01') }, 'BTC/USD: tick must be positive'],
  [{ lot: quantity('0') }, 'BTC/USD: lot must be positive'],
  [{ unitsPerStandardLot: quantity('0') }, 'BTC/USD: units per standard lot must be positive'],
  [{ minNotional: money('-1') }, 'BTC/USD: minimum notional must not be negative'],
  [
    { tick: price('0.00001'), lot: quantity('0.00000001') },
    'BTC/USD: tick and lot use 13 places together; 12 is the most',
  ],
])('%o is refused', (change, sentence) => {
  expect(() => defineInstrument({ ...BTC, ...change })).toThrow(sentence);
});

test('twelve places together and no minimum are allowed, and what is defined is frozen', () => {
  const widest = defineInstrument({
    ...BTC,
    tick: price('0.0001'),
    lot: quantity('0.00000001'),
    minNotional: money('0'),
  });
  expect(Object.isFrozen(widest)).toBe(true);
});
