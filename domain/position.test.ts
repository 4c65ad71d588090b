import { describe, expect, test } from 'vitest';

import {
  applyFill,
  cashFlow,
  entryPrice,
  flatPosition,
  marketValue,
  unrealised,
} from './position.ts';
import type { Fill } from './order.ts';
import type { Position } from './position.ts';
import { BTC, MOMENTUM, sampleFill as fill, START_MS } from './testing/samples.ts';
import { add, negate, price, quantity, subtract, text } from './units.ts';

const after = (...fills: readonly Fill[]): Position =>
  fills.reduce(applyFill, flatPosition(BTC.id, MOMENTUM, 0));

const numbers = (position: Position): readonly string[] => [
  text(position.quantity),
  text(position.cost),
  text(position.realised),
];

describe('worked by hand: quantity, cost, realised', () => {
  test.each<[string, readonly Fill[], readonly string[]]>([
    ['a purchase', [fill('BUY', '2', '100')], ['2', '200', '0']],
    ['its fee', [fill('BUY', '2', '100', '0.2')], ['2', '200', '-0.2']],
    ['two parts average', [fill('BUY', '1', '100'), fill('BUY', '3', '120')], ['4', '460', '0']],
    [
      'half is sold',
      [fill('BUY', '2', '100', '1'), fill('SELL', '1', '110', '1')],
      ['1', '100', '8'],
    ],
    ['all is sold', [fill('BUY', '2', '100'), fill('SELL', '2', '90')], ['0', '0', '-20']],
    [
      'a third of an uneven cost is released to the twelfth place',
      [fill('BUY', '2', '30'), fill('BUY', '1', '40'), fill('SELL', '1', '40')],
      ['2', '66.666666666667', '6.666666666667'],
    ],
    ['a short sale', [fill('SELL', '2', '100', '0.5')], ['-2', '-200', '-0.5']],
    [
      'a short sale bought back lower',
      [fill('SELL', '2', '100'), fill('BUY', '2', '90', '1')],
      ['0', '0', '19'],
    ],
    [
      'a short sale bought back higher, in part',
      [fill('SELL', '4', '100'), fill('BUY', '1', '130')],
      ['-3', '-300', '-30'],
    ],
    [
      'long turns short',
      [fill('BUY', '2', '100'), fill('SELL', '5', '110', '3')],
      ['-3', '-330', '17'],
    ],
    ['short turns long', [fill('SELL', '2', '100'), fill('BUY', '3', '95')], ['1', '95', '10']],
  ])('%s', (_, fills, expected) => {
    expect(numbers(after(...fills))).toEqual(expected);
  });

  test('a fee in base leaves less than was bought, at the price that was paid', () => {
    const bought = after(fill('BUY', '2', '100', '0.2', { feeInBase: quantity('0.002') }));
    expect(numbers(bought)).toEqual(['1.998', '199.8', '-0.2']);
    expect(text(entryPrice(bought))).toBe('100');
  });
});

describe('the time a position was opened', () => {
  const at = (side: Fill['side'], size: string, atMs: number): Fill =>
    fill(side, size, '100', '0', { atMs });

  test('is that of the first fill, and stays while it grows or shrinks', () => {
    const position = after(at('BUY', '1', 10), at('BUY', '1', 20), at('SELL', '1', 30));
    expect(position.openedAtMs).toBe(10);
  });

  test('starts anew when the position turns around', () => {
    expect(after(at('BUY', '1', 10), at('SELL', '2', 20)).openedAtMs).toBe(20);
    expect(after(at('SELL', '1', 10), at('BUY', '1', 20), at('BUY', '1', 30)).openedAtMs).toBe(30);
  });
});

describe('cash', () => {
  test.each([
    [fill('BUY', '2', '100', '0.2'), '-200.2'],
    [fill('SELL', '2', '100', '0.2'), '199.8'],
    [fill('BUY', '2', '100', '0.2', { feeInBase: quantity('0.002') }), '-200'],
  ])('flows by the whole price, and by the fee where it is in quote', (one, expected) => {
    expect(text(cashFlow(one))).toBe(expected);
  });
});

describe('value at a mark', () => {
  test('is negative for a short, and the unrealised result follows the side', () => {
    const long = after(fill('BUY', '2', '100'));
    const short = after(fill('SELL', '2', '100'));
    expect(text(marketValue(long, price('110')))).toBe('220');
    expect(text(marketValue(short, price('110')))).toBe('-220');
    expect(text(unrealised(long, price('110')))).toBe('20');
    expect(text(unrealised(short, price('110')))).toBe('-20');
    expect(text(entryPrice(short))).toBe('100');
  });
});

test('a fill changes nothing but the copy it returns', () => {
  const before = Object.freeze(after(fill('BUY', '1', '100', '0', { atMs: START_MS })));
  const picture = { ...before };
  applyFill(before, fill('SELL', '2', '90'));
  expect(before).toEqual(picture);
});

test('a flip loses nothing to the rounding of its two parts', () => {
  const [bought, sold] = [
    fill('BUY', '0.00000000003', '50000.05'),
    fill('SELL', '0.00000000006', '50000.05'),
  ];
  const { cost, realised } = after(bought, sold);
  // Whatever was won is what cash says, the open part at its cost.
  expect(subtract(cost, realised)).toBe(negate(add(cashFlow(bought), cashFlow(sold))));
});

test('a fee in base that takes the last of a position leaves no cost behind', () => {
  const [bought, sold] = [
    fill('BUY', '1', '100'),
    { ...fill('SELL', '0.999', '110'), feeInBase: quantity('0.001') },
  ];
  expect(numbers(after(bought, sold))).toEqual(['0', '0', '9.89']);
  expect(text(add(cashFlow(bought), cashFlow(sold)))).toBe('9.89');
});
