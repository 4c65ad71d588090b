import { describe, expect, test } from 'vitest';

import { HOUR_MS, MINUTE_MS } from '../domain/clock.ts';
import { strategyId } from '../domain/ids.ts';
import type { Signal } from '../domain/signal.ts';
import { EconomicEvent } from '../market/events/economic-event.ts';
import { EUR_USD, instrumentByName } from '../market/instruments/instruments.ts';
import { defineStrategy } from '../strategies/strategy.ts';
import { entryGate } from './entry-gate.ts';
import { StrategyDesk } from './strategy-desk.ts';

const TRADER = strategyId('trader');
const AAPL = instrumentByName('AAPL');
/** A Thursday in summer: New York trades from 13:30 to 20:00 UTC. */
const NOON_MS = Date.UTC(2026, 6, 9, 16);

const signal: Signal = {
  kind: 'SIGNAL',
  strategyId: TRADER,
  direction: 'LONG',
  entry: 100,
  stop: 98,
  target: 106,
  confidence: 0.7,
  riskBps: 50,
  expiresAfterMs: HOUR_MS,
  management: { breakEven: true },
  setupId: 'set-up',
  because: 'It is in the plan.',
  invalidation: 'The plan changes.',
  evidence: [{ id: 'close', label: 'Close', value: 100, unit: 'price', barTimeMs: NOON_MS }],
};

const inflation = new EconomicEvent({
  atMs: NOON_MS,
  currency: 'USD',
  country: 'US',
  name: 'CPI',
  impact: 'HIGH',
});

describe('hours', () => {
  const gate = entryGate({ sessions: true }, AAPL, '5m');

  test('let a set-up through while the market is open', () => {
    expect(gate.admit(signal, NOON_MS)).toBe(signal);
  });

  test('keep it back at night, and say until when', () => {
    expect(gate.admit(signal, Date.UTC(2026, 6, 9, 21))).toEqual({
      kind: 'NO_SETUP',
      strategyId: TRADER,
      because: expect.stringContaining('is closed until 2026-07-10 13:30 UTC'),
    });
  });
});

test('news keep a set-up back around them, in the currencies of the instrument alone', () => {
  const rule = { beforeMs: 30 * MINUTE_MS, afterMs: 15 * MINUTE_MS, impact: 'HIGH' } as const;
  const gate = entryGate({ sessions: false, news: { events: [inflation], rule } }, EUR_USD, '5m');
  const admitted = (minutes: number) => gate.admit(signal, NOON_MS + minutes * MINUTE_MS).kind;
  expect([-31, -30, 14, 15].map(admitted)).toEqual(['SIGNAL', 'NO_SETUP', 'NO_SETUP', 'SIGNAL']);
  expect(gate.admit(signal, NOON_MS - 10 * MINUTE_MS)).toMatchObject({
    because: 'a LONG set-up is not entered: 10 minutes before US CPI',
  });
});

describe('what shall not be held overnight', () => {
  const rules = { sessions: false, flatBeforeCloseMs: 5 * MINUTE_MS };
  const gate = entryGate(rules, AAPL, '5m');

  test('closes before trading stops, beside everything else that is planned', () => {
    expect(gate.admit(signal, NOON_MS)).toEqual({
      ...signal,
      management: { breakEven: true, closeAtMs: Date.UTC(2026, 6, 9, 19, 55) },
    });
  });

  test('is not entered when less than a bar is left', () => {
    expect(gate.admit(signal, Date.UTC(2026, 6, 9, 19, 50)).kind).toBe('SIGNAL');
    expect(gate.admit(signal, Date.UTC(2026, 6, 9, 19, 51))).toMatchObject({
      because: 'a LONG set-up is not entered: trading is about to stop',
    });
  });

  test('cannot be asked of daily bars', () => {
    expect(() => entryGate(rules, AAPL, '1d')).toThrow('daily bars close when');
  });
});

test('the desk lets the gate decide on signals alone: an exit is never kept back', () => {
  const strategy = (id: string, opinion: object) =>
    defineStrategy({
      id: strategyId(id),
      name: id,
      rule: 'It says one thing.',
      timeframes: ['5m'],
      parameters: {},
      warmupBars: () => 0,
      start: () => () => ({ ...signal, ...opinion, strategyId: strategyId(id) }) as Signal,
    });
  const strategies = [strategy('enters', {}), strategy('leaves', { kind: 'EXIT' })];
  const night = Date.UTC(2026, 6, 9, 21) - 5 * MINUTE_MS;
  const bar = { openTimeMs: night, open: 1, high: 1, low: 1, close: 1, volume: 1 };
  const kinds = (desk: StrategyDesk) => desk.onBar(bar).opinions.map(({ kind }) => kind);
  const gate = entryGate({ sessions: true }, AAPL, '5m');
  expect(kinds(new StrategyDesk(strategies, '5m'))).toEqual(['SIGNAL', 'EXIT']);
  expect(kinds(new StrategyDesk(strategies, '5m', gate))).toEqual(['NO_SETUP', 'EXIT']);
});

test('a start can say which rules are in force', () => {
  const rule = { beforeMs: 30 * MINUTE_MS, afterMs: 15 * MINUTE_MS, impact: 'HIGH' } as const;
  const news = { events: [inflation], rule };
  const all = {
    sessions: true,
    hours: ['london', 'new-york'],
    news,
    flatBeforeCloseMs: 300_000,
  } as const;
  expect(entryGate(all, AAPL, '5m').says).toEqual([
    'Entries only while the market is open.',
    'Entries only during the session of london or new-york.',
    'No entries from 30 minutes before to 15 minutes after 1 events of HIGH impact or more.',
    'Positions are closed 5 minutes before trading stops.',
  ]);
});
