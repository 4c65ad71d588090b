import { describe, expect, test } from 'vitest';

import type { Candle } from '../domain/candle.ts';
import { afterBar, retests, type Zone, zoneOf } from './zone.ts';

const bar = (low: number, close: number, high: number): Candle => ({
  openTimeMs: 7,
  open: close,
  high,
  low,
  close,
  volume: 1,
});

const pivot: Candle = { openTimeMs: 5, open: 102, high: 110, low: 95, close: 100, volume: 1 };
const demand = zoneOf(pivot, 'LONG');
const supply = zoneOf(pivot, 'SHORT');
const CLEAR_BY = 0.0015;
const WITHIN = 0.0005;
const broken = (zone: Zone): Zone => ({ ...zone, broken: true });

test('a zone runs from the end of the body to the extreme', () => {
  expect(demand).toEqual({ direction: 'LONG', near: 100, far: 95, pivotTimeMs: 5, broken: false });
  expect(supply).toEqual({
    direction: 'SHORT',
    near: 102,
    far: 110,
    pivotTimeMs: 5,
    broken: false,
  });
});

describe('a zone is broken by a close more than fifteen basis points clear of it', () => {
  test.each([
    ['demand, clear', demand, bar(99, 100.16, 101), true],
    ['demand, not clear', demand, bar(99, 100.14, 105), false],
    ['supply, clear', supply, bar(101, 101.84, 103), true],
    ['supply, not clear', supply, bar(90, 101.86, 103), false],
  ])('%s', (_, zone, candle, expected) => {
    expect(afterBar(zone, candle, CLEAR_BY)?.broken).toBe(expected);
  });

  test('and stays broken', () => {
    expect(afterBar(broken(demand), bar(99, 99, 100), CLEAR_BY)?.broken).toBe(true);
  });
});

test('a zone dies when a bar closes through its far side, not when it only reaches through', () => {
  expect(afterBar(broken(demand), bar(90, 94.9, 96), CLEAR_BY)).toBeUndefined();
  expect(afterBar(broken(demand), bar(90, 95, 96), CLEAR_BY)).toBeDefined();
  expect(afterBar(broken(supply), bar(100, 110.1, 111), CLEAR_BY)).toBeUndefined();
  expect(afterBar(broken(supply), bar(100, 110, 111), CLEAR_BY)).toBeDefined();
});

describe('a retest comes within five basis points of a broken zone', () => {
  test.each([
    ['demand, touched', broken(demand), bar(100.04, 101, 102), true],
    ['demand, missed', broken(demand), bar(100.06, 101, 102), false],
    ['demand, not broken before', demand, bar(100, 101, 102), false],
    ['supply, touched', broken(supply), bar(100, 101, 101.96), true],
    ['supply, missed', broken(supply), bar(100, 101, 101.94), false],
  ])('%s', (_, zone, candle, expected) => {
    expect(retests(zone, candle, WITHIN)).toBe(expected);
  });
});
