import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientOrderId, fillId, instrumentId, strategyId } from '../../domain/ids.ts';
import { MOMENTUM, sampleFill, START_MS } from '../../domain/testing/samples.ts';
import { parseDecimal } from '../../domain/decimal.ts';
import { CostBasis } from './cost-basis.ts';
import { disposalHeader, disposalRow, lotHeader, lotRow } from './trades-csv.ts';

const HOUR_MS = 3_600_000;

/** RFC 4180, read back by its own rules. */
function cellsOf(csv: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (const [, inQuotes, plain, end] of csv.matchAll(cell)) {
    rows.at(-1)?.push(inQuotes?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

function files(strategy = MOMENTUM, order = clientOrderId('E1P1'), fill = fillId('f1')) {
  const basis = new CostBasis('FIFO');
  const names = { strategyId: strategy, orderId: order, id: fill };
  basis.book(sampleFill('BUY', '2', '100', '0.2', names));
  const [one] = basis.book(
    sampleFill('SELL', '1', '90', '0.1', { ...names, atMs: START_MS + 30 * HOUR_MS }),
  );
  const [lot] = basis.openLots();
  if (one === undefined || lot === undefined) throw new Error('nothing was disposed of');
  return { one, lot };
}

test('a row says everything about a disposal, with every digit and in UTC', () => {
  const { one } = files();
  const [header, row] = cellsOf(disposalHeader() + disposalRow(one, 'USD'));
  const named = Object.fromEntries(header?.map((name, index) => [name, row?.[index]]) ?? []);
  expect(named).toEqual({
    opened_at: '2023-11-14T22:13:20.000Z',
    closed_at: '2023-11-16T04:13:20.000Z',
    instrument: 'BTC/USD',
    side: 'LONG',
    strategy: 'momentum',
    quantity: '1',
    proceeds: '89.9',
    cost_basis: '100.1',
    fees: '0.2',
    gain: '-10.2',
    currency: 'USD',
    method: 'FIFO',
    term_days: '2',
    opening_order: 'E1P1',
    opening_fill: 'f1',
    closing_order: 'E1P1',
    closing_fill: 'f1',
  });
});

test('an open lot has its cost, whole and by the unit', () => {
  const { lot } = files();
  const [header, row] = cellsOf(lotHeader() + lotRow(lot, 'USD', 'FIFO'));
  const named = Object.fromEntries(header?.map((name, index) => [name, row?.[index]]) ?? []);
  expect(named).toMatchObject({ quantity: '1', cost_basis: '100.1', unit_cost: '100.1' });
});

test('the cost of a short lot is told as what its sale brought', () => {
  const basis = new CostBasis('AVERAGE');
  basis.book(sampleFill('SELL', '2', '100', '1'));
  const [lot] = basis.openLots();
  if (lot === undefined) throw new Error('no lot');
  expect(lotRow(lot, 'USD', 'AVERAGE')).toContain(',SHORT,momentum,2,199,99.5,1,USD,AVERAGE,');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1'])(
  'a spreadsheet does not take %j for a formula',
  (name) => {
    const { one } = files(strategyId(name), clientOrderId('E1P1'), fillId(name));
    const [, row] = cellsOf(disposalHeader() + disposalRow(one, 'USD'));
    expect([row?.[4], row?.[14]]).toEqual([`'${name}`, `'${name}`]);
  },
);

/** What cells, rows and formulas are made of. */
const nasty = fc.string({ unit: fc.constantFrom(...'=+-@",;\r\n\t\u0000 \'1aé😀') });

test('any text comes back from its cell, and no text makes or breaks a row', () => {
  fc.assert(
    fc.property(nasty, nasty, (name, fill) => {
      const { one } = files(strategyId(name), clientOrderId('E1P1'), fillId(fill));
      const rows = cellsOf(disposalRow({ ...one, instrumentId: instrumentId(name) }, 'USD'));
      expect(rows).toHaveLength(1);
      expect(rows[0]).toHaveLength(17);
      for (const [cell, text] of [
        [rows[0]?.[2], name],
        [rows[0]?.[14], fill],
      ])
        expect([text, `'${text}`]).toContain(cell);
      for (const amount of rows[0]?.slice(5, 10) ?? []) parseDecimal(amount);
    }),
  );
});
