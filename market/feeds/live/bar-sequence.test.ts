import { expect, test } from 'vitest';

import type { Candle } from '../../../domain/candle.ts';
import { BarSequence } from './bar-sequence.ts';

const SPAN = 60_000;
const bar = (minute: number, close = 10): Candle => ({
  openTimeMs: minute * SPAN,
  open: 10,
  high: 20,
  low: 5,
  close,
  volume: 1,
});

test('each bar is new once, also after a hole', () => {
  const sequence = new BarSequence(100 * SPAN, SPAN);
  const kinds = [100, 100, 101, 105, 105].map((minute) => sequence.take(bar(minute)).kind);
  expect(kinds).toEqual(['NEW', 'KNOWN', 'NEW', 'NEW', 'KNOWN']);
  expect(sequence.nextOpenMs).toBe(106 * SPAN);
});

test('a bar that reads differently is changed, and what was delivered stays what it was', () => {
  const sequence = new BarSequence(100 * SPAN, SPAN);
  sequence.take(bar(100));
  const verdict = { kind: 'CHANGED', delivered: bar(100) };
  expect(sequence.take(bar(100, 11))).toEqual(verdict);
  expect(sequence.take(bar(100, 11))).toEqual(verdict);
});

test('a bar behind one that was delivered comes too late, and one from before all is nobody’s news', () => {
  const sequence = new BarSequence(100 * SPAN, SPAN);
  sequence.take(bar(100));
  sequence.take(bar(103));
  expect(sequence.take(bar(101)).kind).toBe('TOO_LATE');
  expect(sequence.take(bar(99)).kind).toBe('KNOWN');
});

test('it asks for the last two again, and in the beginning for the first', () => {
  const sequence = new BarSequence(100 * SPAN, SPAN);
  expect(sequence.askFromMs).toBe(100 * SPAN);
  for (let minute = 100; minute < 120; minute++) sequence.take(bar(minute));
  expect(sequence.askFromMs).toBe(118 * SPAN);
  // Long forgotten: nothing can be said about it.
  expect(sequence.take(bar(101, 11)).kind).toBe('KNOWN');
});
