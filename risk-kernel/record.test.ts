import { describe, expect, test } from 'vitest';

import type { Order } from '../domain/order.ts';
import { MOMENTUM, START_MS } from '../domain/testing/samples.ts';
import { price, money } from '../domain/units.ts';
import type { Severity, VerdictRecord } from '../domain/verdict.ts';
import { LIMITS_HASH } from './limits.ts';
import { orderHash } from './order-fingerprint.ts';
import { toRecord } from './record.ts';
import { preview } from './review.ts';
import {
  baseEntry,
  baseExit,
  CALM,
  type Case,
  commandFor,
  ENTRY,
  position,
  positions,
} from './testing/base-case.ts';

const recordOf = ({ command, snapshot }: Case): VerdictRecord =>
  toRecord(command.order, preview(command, snapshot));

describe('a verdict as it is recorded', () => {
  test('that cleared says so, and binds order, limits and picture', () => {
    const one = baseEntry();
    const record = recordOf(one);
    expect(record).toMatchObject({
      cleared: true,
      lane: 'ENTRY',
      sentence: 'CLEARED',
      orderHash: orderHash(one.command.order),
      limitsHash: LIMITS_HASH,
      snapshotSeq: 7,
      reviewedAtMs: START_MS,
    });
    expect(record).not.toHaveProperty('code');
    expect(record.checks.every(({ passed }) => passed)).toBe(true);
  });

  test('that was denied names code, value and limit in one sentence', () => {
    expect(recordOf(baseEntry({ entriesToday: 21 }))).toMatchObject({
      cleared: false,
      code: 'ENTRIES_PER_DAY_EXCEED_MAXIMUM',
      severity: 'WARNING',
      sentence: 'ENTRIES_PER_DAY_EXCEED_MAXIMUM: value=21 limit=20',
    });
  });

  test('keeps exact decimals, and the headroom of every comparison', () => {
    const checks = new Map(recordOf(baseEntry()).checks.map((check) => [check.check, check]));
    expect(checks.get('RISK_PER_TRADE_EXCEEDS_MAXIMUM')).toEqual({
      check: 'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
      passed: true,
      value: '4.2',
      limit: '200',
      headroom: '195.8',
      unit: 'money',
    });
    expect(checks.get('ENTRIES_PER_HOUR_EXCEED_MAXIMUM')?.headroom).toBe('5');
    expect(checks.get('NOTIONAL_BELOW_MINIMUM')?.headroom).toBe('131.4');
    expect(checks.get('TRADING_HALTED')?.headroom).toBe('');
  });

  test('has negative headroom where it failed', () => {
    const failed = recordOf(baseEntry({ entriesToday: 23 })).checks.at(-1);
    expect(failed).toMatchObject({ passed: false, headroom: '-3' });
    const poor = money('999');
    const small = baseEntry({ equity: poor, peakEquity: poor, dayOpenEquity: poor });
    expect(recordOf(small).checks.at(-1)).toMatchObject({ passed: false, headroom: '-1' });
  });

  test('survives JSON unchanged', () => {
    for (const one of [baseEntry(), baseExit(), baseEntry({ mark: null })]) {
      expect(JSON.parse(JSON.stringify(recordOf(one)))).toEqual(recordOf(one));
    }
  });
});

describe('a denial in words', () => {
  const { protectiveStop: _, ...unprotected } = ENTRY;
  test.each<[string, Case]>([
    ['MARKET_DATA_MISSING: value=none limit=present', baseEntry({ mark: null })],
    ['REDUCE_WITHOUT_POSITION: value=flat limit=held', baseExit({ positions: [] })],
    [
      'STOP_MISSING: value=none limit=a stop',
      { command: commandFor(unprotected as Order), snapshot: CALM },
    ],
    ['STRATEGY_UNKNOWN: value=momentum limit=known', baseEntry({ strategies: [] })],
    [
      'POSITION_ALREADY_OPEN: value=held limit=flat',
      baseEntry({ holds: [position('BTC', { strategyId: MOMENTUM })] }),
    ],
    [
      'POSITION_CONFLICT: value=opposed limit=none opposed',
      baseEntry({ positions: [position('BTC', { direction: 'SHORT' })] }),
    ],
    ['TRADING_HALTED: value=HALTED limit=ACTIVE', baseEntry({ tradingState: 'HALTED' })],
  ])('%s', (sentence, one) => {
    expect(recordOf(one).sentence).toBe(sentence);
  });

  test('falls back to the code where the last comparison is not the one that failed', () => {
    const { command, snapshot } = baseEntry();
    const opinion = preview(command, snapshot);
    const denied = { ...opinion, cleared: false, code: 'COMMAND_MALFORMED' } as const;
    expect(toRecord(command.order, denied).sentence).toBe('COMMAND_MALFORMED');
    expect(toRecord(command.order, { ...denied, findings: [] }).sentence).toBe('COMMAND_MALFORMED');
  });
});

describe('severity', () => {
  test.each<[Severity, Case]>([
    ['EMERGENCY', baseEntry({ emergency: true })],
    ['EMERGENCY', baseEntry({ auditIntact: false })],
    ['EMERGENCY', baseEntry({ peakEquity: money('20000') })],
    ['CRITICAL', baseEntry({ tradingState: 'HALTED' })],
    ['CRITICAL', baseEntry({ positions: positions(10) })],
    ['CRITICAL', baseEntry({ peakEquity: money('10600'), dayOpenEquity: money('10600') })],
    ['WARNING', baseEntry({ mark: { price: price('50000'), atMs: 0 } })],
  ])('%s', (severity, one) => {
    expect(recordOf(one)).toMatchObject({ severity });
  });
});
