import { describe, expect, test } from 'vitest';
import type { TradeView } from '../../api/trade-views.ts';
import {
  cut,
  durationWords,
  exitPartsWords,
  minuteWords,
  moneyWords,
  multipleWords,
  percentWords,
  resultWords,
  signed,
  slippageWords,
} from './words.ts';

test.each([
  ['1204.504', '1,204.50 USD', '+1,204.50 USD'],
  ['-17.335', '-17.34 USD', '-17.34 USD'],
  ['0', '0.00 USD', '0.00 USD'],
  ['-0.004', '0.00 USD', '0.00 USD'],
  ['0.004', '0.00 USD', '0.00 USD'],
])('%s is told as %s, and as a result as %s', (decimal, money, result) => {
  expect([moneyWords(decimal, 'USD'), resultWords(decimal, 'USD')]).toEqual([money, result]);
});

test('a number shows its sign, but nothing has none', () => {
  expect([1.005, -1.23, 0.001, -0.001, 0].map((value) => signed(value, 2))).toEqual([
    '+1.00',
    '-1.23',
    '0.00',
    '0.00',
    '0.00',
  ]);
});

test('what is not known is a dash', () => {
  expect([multipleWords(null), percentWords(null), durationWords(null)]).toEqual(['–', '–', '–']);
});

test.each([
  [4_400, '4 s'],
  [125_000, '2 min'],
  [3_600_000, '1 h 0 min'],
  [100_800_000, '1 d 4 h'],
])('%i ms are %s', (ms, words) => expect(durationWords(ms)).toBe(words));

test('an instant is told to the minute, in UTC', () => {
  expect(minuteWords(Date.UTC(2026, 0, 5, 0, 5, 59))).toBe('2026-01-05 00:05');
});

const trade = (change: Partial<TradeView>): TradeView =>
  ({ currency: 'USD', closedAtMs: 1, exitParts: [], ...change }) as TradeView;
const cost = (amount: string) => ({ cost: amount, bps: 1 });

describe('slippage', () => {
  test('is that of both ends', () => {
    const both = trade({ entrySlippage: cost('0.25'), exitSlippage: cost('-1') });
    expect(slippageWords(both)).toBe('-0.75 USD');
  });

  test('is unknown when one end is, but for one that is still to come', () => {
    const half = { entrySlippage: cost('0.25'), exitSlippage: null };
    expect(slippageWords(trade(half))).toBe('–');
    expect(slippageWords(trade({ ...half, closedAtMs: null }))).toBe('0.25 USD');
  });
});

describe('the reasons it was left', () => {
  const part = (words: string, quantity: string) => ({ kind: 'STOP' as const, words, quantity });

  test('have shares only where there are several', () => {
    expect(exitPartsWords(trade({ exitParts: [part('stop', '3')] }))).toBe('stop');
    const two = trade({ exitParts: [part('stop', '0.7'), part('target 1 of 2', '0.3')] });
    expect(exitPartsWords(two)).toBe('stop 70 %, target 1 of 2 30 %');
    expect(exitPartsWords(trade({}))).toBe('–');
  });

  test('are cut where they would break the table', () => {
    expect(cut('x'.repeat(60))).toBe(`${'x'.repeat(43)}…`);
    expect(cut('short')).toBe('short');
  });
});
