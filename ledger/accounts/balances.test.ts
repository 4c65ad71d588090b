import { expect, test } from 'vitest';

import { money } from '../../domain/units.ts';
import type { Saved } from '../snapshots/state-text.ts';
import { move } from './account.ts';
import { Balances, OutOfBalance } from './balances.ts';

const ABOUT = { currency: 'USD', phase: null, subject: null, seq: 1 } as const;

test('an amount below zero goes the other way, and nothing is no transfer', () => {
  expect(move(ABOUT, 'AVAILABLE', 'FEES', money('-2'))).toEqual([
    { ...ABOUT, debit: 'AVAILABLE', credit: 'FEES', amount: money('2') },
  ]);
  expect(move(ABOUT, 'AVAILABLE', 'FEES', money('0'))).toEqual([]);
});

test('an account nothing was booked on stands at zero', () => {
  expect(new Balances().of('USD', 'FEES')).toBe(0n);
});

test('a currency that does not sum to zero is named, with when and by how much', () => {
  const balances = new Balances();
  for (const transfer of move(ABOUT, 'EXTERNAL', 'AVAILABLE', money('5'))) balances.post(transfer);
  expect(() => balances.check('USD', 'after event 1')).not.toThrow();
  // No transfer can do this; a mistake in the fold could.
  const forged = JSON.stringify(balances.save()).replace('"-5000', '"-4500');
  const loading = (): void => new Balances().load(JSON.parse(forged) as Saved);
  expect(loading).toThrow(
    new OutOfBalance('as they were saved the accounts in USD sum to 0.5, not to 0'),
  );
});
