import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fillId } from '../../../domain/ids.ts';
import type { Fill } from '../../../domain/order.ts';
import { sampleFill } from '../../../domain/testing/samples.ts';
import { text } from '../../../domain/units.ts';
import { BadInput } from '../errors.ts';
import { type ExportRequest, exportTrades, lotsPathOf } from './export.ts';
import type { BookedFill } from './source.ts';

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-'));
  out = join(folder, 'trades.csv');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (year: number, month = 5): number => Date.UTC(year, month, 1);
const FILLS: readonly Fill[] = [
  sampleFill('BUY', '3', '100', '0', { id: fillId('f1'), atMs: at(2022) }),
  sampleFill('SELL', '1', '110', '0', { id: fillId('f2'), atMs: at(2023) }),
  sampleFill('SELL', '1', '120', '0', { id: fillId('f3'), atMs: at(2024) }),
  sampleFill('SELL', '1', '130', '0', { id: fillId('f4'), atMs: at(2025) }),
];

async function* booked(fills: readonly Fill[] = FILLS): AsyncGenerator<BookedFill> {
  for (const fill of fills) yield { fill, currency: 'USD' };
}

const request = (change: Partial<ExportRequest> = {}): ExportRequest => ({
  out,
  method: 'FIFO',
  year: undefined,
  force: false,
  ...change,
});

const lines = (path: string): readonly string[] =>
  readFileSync(path, 'utf8').split('\r\n').slice(1, -1);

describe('the accountants’ export', () => {
  test('has a row for each disposal, and the lots beside it', async () => {
    const done = await exportTrades(booked(), request());
    expect(done).toMatchObject({ disposals: 3, openLots: 0, currency: 'USD' });
    expect(text(done.gain)).toBe('60');
    expect(lines(out)).toHaveLength(3);
    expect(readdirSync(folder).sort()).toEqual(['trades-open-lots.csv', 'trades.csv']);
  });

  test('of a year holds what was closed in it, and the lots of its last day', async () => {
    const done = await exportTrades(booked(), request({ year: 2023 }));
    expect(text(done.gain)).toBe('10');
    expect(lines(out)).toHaveLength(1);
    const [lot, ...others] = lines(done.lotsOut);
    expect(others).toEqual([]);
    expect(lot).toContain(',LONG,momentum,2,200,100,');
  });

  test('a year ends where the next begins', async () => {
    const fills = [
      sampleFill('BUY', '2', '100', '0', { atMs: at(2022) }),
      sampleFill('SELL', '1', '110', '0', { atMs: Date.UTC(2024, 0, 1) - 1 }),
      sampleFill('SELL', '1', '120', '0', { atMs: Date.UTC(2024, 0, 1) }),
    ];
    expect((await exportTrades(booked(fills), request({ year: 2023 }))).disposals).toBe(1);
    const next = request({ year: 2024, force: true });
    expect((await exportTrades(booked(fills), next)).disposals).toBe(1);
  });

  test('writes headers even where there is nothing to tell', async () => {
    await exportTrades(booked([]), request());
    expect(readFileSync(out, 'utf8')).toMatch(/^opened_at,.*closing_fill\r\n$/);
  });

  test('every row arrives, however many there are', async () => {
    const many = Array.from({ length: 5_000 }, (_, i) =>
      sampleFill(i % 2 === 0 ? 'BUY' : 'SELL', '1', '100', '0', { id: fillId(`f${i}`) }),
    );
    await exportTrades(booked(many), request());
    expect(lines(out)).toHaveLength(2_500);
  });
});

describe('a file that is there', () => {
  test.each(['trades.csv', 'trades-open-lots.csv'])('%s is not replaced', async (name) => {
    writeFileSync(join(folder, name), 'mine');
    await expect(exportTrades(booked(), request())).rejects.toThrow(BadInput);
    await expect(exportTrades(booked(), request())).rejects.toThrow(
      `--out "${join(folder, name)}" is there already; name another file, or add --force`,
    );
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(join(folder, name), 'utf8')).toBe('mine');
  });

  test('is replaced whole when that is asked for', async () => {
    writeFileSync(out, 'mine');
    await exportTrades(booked(), request({ force: true }));
    expect(lines(out)).toHaveLength(3);
  });

  test('that somebody else makes meanwhile is not replaced either', async () => {
    async function* late(): AsyncGenerator<BookedFill> {
      yield* booked();
      writeFileSync(out, 'theirs');
    }
    await expect(exportTrades(late(), request())).rejects.toThrow('is there already');
    expect(readFileSync(out, 'utf8')).toBe('theirs');
  });
});

describe('an export that fails', () => {
  test('leaves nothing behind, and what was there as it was', async () => {
    writeFileSync(out, 'mine');
    async function* broken(): AsyncGenerator<BookedFill> {
      yield* booked();
      throw new Error('the database went away');
    }
    await expect(exportTrades(broken(), request({ force: true }))).rejects.toThrow('went away');
    expect(readdirSync(folder)).toEqual(['trades.csv']);
    expect(readFileSync(out, 'utf8')).toBe('mine');
  });

  test('for want of a folder says which option names it', async () => {
    const nowhere = join(folder, 'nowhere', 'trades.csv');
    await expect(exportTrades(booked(), request({ out: nowhere }))).rejects.toThrow(
      /^--out ".*" cannot be written \(ENOENT.*; name a file in a folder that is there$/,
    );
  });
});

test.each([
  ['a.csv', 'a-open-lots.csv'],
  ['a.CSV', 'a-open-lots.csv'],
  ['a', 'a-open-lots'],
  ['b.csv/a', 'b.csv/a-open-lots'],
])('the lots of %s are in %s', (path, lots) => {
  expect(lotsPathOf(path)).toBe(lots);
});
