import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientOrderId, fillId } from '../../domain/ids.ts';
import type { Fill } from '../../domain/order.ts';
import { bookFill, openPortfolio, positionKey } from '../../domain/portfolio.ts';
import { BTC, MOMENTUM, REVERSION, sampleFill, START_MS } from '../../domain/testing/samples.ts';
import {
  add,
  type Money,
  money,
  NO_MONEY,
  type Quantity,
  quantity,
  text,
} from '../../domain/units.ts';
import { DAY_MS } from '../../domain/clock.ts';
import { PROPERTY_RUNS } from '../../tests/support/property-runs.ts';
import { CostBasis, type Disposal } from './cost-basis.ts';
import type { CostMethod } from './lots.ts';

const METHODS: readonly CostMethod[] = ['FIFO', 'AVERAGE'];

function booked(method: CostMethod, fills: readonly Fill[]) {
  const basis = new CostBasis(method);
  const disposals = fills.flatMap((fill) => basis.book(fill));
  return { disposals, lots: basis.openLots() };
}

const row = ({ side, quantity, proceeds, costBasis, fees, gain }: Disposal): readonly string[] => [
  side,
  ...[quantity, proceeds, costBasis, fees, gain].map(text),
];

const bought = (size: string, at: string, fee = '0', change: Partial<Fill> = {}): Fill =>
  sampleFill('BUY', size, at, fee, change);
const sold = (size: string, at: string, fee = '0', change: Partial<Fill> = {}): Fill =>
  sampleFill('SELL', size, at, fee, change);

describe('worked by hand: side, quantity, proceeds, cost, fees, gain', () => {
  test.each<[string, CostMethod, readonly Fill[], readonly (readonly string[])[]]>([
    [
      'fees raise what was bought and lower what was sold',
      'FIFO',
      [bought('2', '100', '1'), sold('2', '110', '2')],
      [['LONG', '2', '218', '201', '3', '17']],
    ],
    [
      'first in is first out, each lot in a row of its own',
      'FIFO',
      [bought('1', '100', '1'), bought('1', '120', '1'), sold('1.5', '130', '3')],
      [
        ['LONG', '1', '128', '101', '3', '27'],
        ['LONG', '0.5', '64', '60.5', '1.5', '3.5'],
      ],
    ],
    [
      'the average makes one lot of both',
      'AVERAGE',
      [bought('1', '100', '1'), bought('1', '120', '1'), sold('1.5', '130', '3')],
      [['LONG', '1.5', '192', '166.5', '4.5', '25.5']],
    ],
    [
      'a short brings its proceeds first and costs afterwards',
      'FIFO',
      [sold('2', '100', '1'), bought('2', '90', '1')],
      [['SHORT', '2', '199', '181', '2', '18']],
    ],
    [
      'a fill that turns the position around pays for both by quantity',
      'FIFO',
      [bought('1', '100'), sold('3', '110', '3'), bought('2', '105')],
      [
        ['LONG', '1', '109', '100', '1', '9'],
        ['SHORT', '2', '218', '210', '2', '8'],
      ],
    ],
    [
      'a fee in base leaves less, which cost what was paid for all of it',
      'FIFO',
      [bought('1', '100', '0.1', { feeInBase: quantity('0.001') }), sold('0.999', '110')],
      [['LONG', '0.999', '109.89', '100', '0.1', '9.89']],
    ],
  ])('%s', (_, method, fills, rows) => {
    expect(booked(method, fills).disposals.map(row)).toEqual(rows);
  });

  test('what is left after a part was sold keeps its share of the cost', () => {
    const { lots } = booked('FIFO', [bought('3', '100', '3'), sold('1', '120')]);
    expect(lots.map(({ quantity, cost, fees }) => [quantity, cost, fees].map(text))).toEqual([
      ['2', '202', '2'],
    ]);
  });

  test('a term is counted in days of the calendar, and both ends are named', () => {
    const late = START_MS + 366 * DAY_MS;
    const closing = { atMs: late, id: fillId('f2'), orderId: clientOrderId('X1') };
    const { disposals } = booked('FIFO', [bought('1', '100'), sold('1', '90', '0', closing)]);
    expect(disposals).toMatchObject([
      {
        termDays: 366,
        openedBy: { orderId: 'E1P1', fillId: 'f1' },
        closedBy: { orderId: 'X1', fillId: 'f2' },
        method: 'FIFO',
      },
    ]);
  });

  test('each strategy keeps its own lots: what one buys the other does not dispose of', () => {
    const { disposals, lots } = booked('FIFO', [
      bought('1', '100'),
      sold('1', '110', '0', { strategyId: REVERSION }),
    ]);
    expect(disposals).toEqual([]);
    expect(lots.map(({ strategyId }) => strategyId)).toEqual([MOMENTUM, REVERSION]);
  });

  test('a lot that a fee uses up to the last unit is lost with what it had cost', () => {
    const half = { feeInBase: quantity('0.5') };
    const { disposals, lots } = booked('FIFO', [bought('1', '100'), sold('0.5', '200', '0', half)]);
    expect(lots).toEqual([]);
    const realised = disposals.reduce<Money>((total, { gain }) => add(total, gain), NO_MONEY);
    expect(text(realised)).toBe('0');
  });
});

const amount = (max: number, places: number) =>
  fc.integer({ min: 1, max }).map((value) => (value / 10 ** places).toFixed(places));

const anyFill = fc
  .record({
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    size: amount(900, 4),
    at: amount(5_000_000, 2),
    fee: amount(1_000, 3),
    inBase: fc.option(fc.integer({ min: 1, max: 1_500 }), { freq: 4 }),
    strategyId: fc.constantFrom(MOMENTUM, REVERSION),
  })
  .map(({ side, size, at, fee, inBase, strategyId }) => {
    const feeInBase = inBase === null ? {} : { feeInBase: part(quantity(size), inBase) };
    return sampleFill(side, size, at, fee, { ...feeInBase, strategyId });
  });

/** Thousandths of a quantity; more than all of it too, which no venue would ask for. */
const part = (whole: Quantity, thousandths: number): Quantity =>
  ((whole * BigInt(thousandths)) / 1_000n) as Quantity;

const fills = fc.array(anyFill, { maxLength: 12 });

/** A fee in base is paid out of what was received: of a purchase, and less than all of it. */
const sensible = (all: readonly Fill[]): readonly Fill[] =>
  all.map(({ feeInBase, ...fill }) =>
    feeInBase !== undefined && fill.side === 'BUY' && feeInBase < fill.quantity
      ? { ...fill, feeInBase }
      : fill,
  );

/** What closes everything that is held, at any price. */
function flattened(all: readonly Fill[]): readonly Fill[] {
  const closes = [...portfolioOf(all).positions.values()].map(({ quantity, strategyId }) => {
    const size = text((quantity < 0n ? -quantity : quantity) as Quantity);
    return sampleFill(quantity > 0n ? 'SELL' : 'BUY', size, '123.45', '0.777', { strategyId });
  });
  return [...all, ...closes];
}

const portfolioOf = (all: readonly Fill[]) =>
  all.reduce(
    (portfolio, fill) => bookFill(portfolio, fill, 'USD').portfolio,
    openPortfolio('USD', money('10000')),
  );

describe.each(METHODS)('laws of %s', (method) => {
  test('once everything is closed, all gains are what the account realised, to the last digit', () => {
    fc.assert(
      fc.property(fills.map(sensible).map(flattened), (all) => {
        const { positions, realised } = portfolioOf(all);
        expect(positions.size).toBe(0);
        const { disposals, lots } = booked(method, all);
        const gains = disposals.reduce<Money>((total, { gain }) => add(total, gain), NO_MONEY);
        expect(gains).toBe(realised);
        expect(lots).toEqual([]);
      }),
      { numRuns: PROPERTY_RUNS / 4 },
    );
  });

  test('the lots hold what the positions hold, all of one sign', () => {
    fc.assert(
      fc.property(fills, (all) => {
        const held = new Map<string, bigint>();
        for (const { strategyId, quantity } of booked(method, all).lots) {
          const key = positionKey(BTC.id, strategyId);
          const before = held.get(key) ?? 0n;
          expect(before === 0n || before > 0n === quantity > 0n).toBe(true);
          held.set(key, before + quantity);
        }
        const positions = [...portfolioOf(all).positions];
        expect(held).toEqual(new Map(positions.map(([key, { quantity }]) => [key, quantity])));
      }),
      { numRuns: PROPERTY_RUNS / 4 },
    );
  });

  test('every unit of every fill either opens or closes, once', () => {
    fc.assert(
      fc.property(fills, (all) => {
        const plain = all.map((fill) => {
          const { feeInBase: _paid, ...rest } = fill;
          return rest;
        });
        const { disposals, lots } = booked(method, plain);
        const closed = disposals.reduce((total, { quantity }) => total + quantity, 0n);
        const open = lots.reduce((total, { quantity: q }) => total + (q < 0n ? -q : q), 0n);
        const filled = plain.reduce((total, { quantity }) => total + quantity, 0n);
        expect(2n * closed + open).toBe(filled);
      }),
      { numRuns: PROPERTY_RUNS / 4 },
    );
  });

  test('whatever a venue may charge: with nothing open, cash grew by exactly the gains', () => {
    fc.assert(
      fc.property(fills.map(flattened), (all) => {
        const gains = booked(method, all).disposals.reduce((total, { gain }) => total + gain, 0n);
        expect(portfolioOf(all).cash - money('10000')).toBe(gains);
      }),
      { numRuns: PROPERTY_RUNS / 4 },
    );
  });
});
