import { describe, expect, test } from 'vitest';

import { HOUR_MS } from '../domain/clock.ts';
import type { Order } from '../domain/order.ts';
import { BTC, MOMENTUM, START_MS } from '../domain/testing/samples.ts';
import { money, price, quantity } from '../domain/units.ts';
import type { Severity, VerdictRecord } from '../domain/verdict.ts';
import { Findings } from './findings.ts';
import { type LimitsInForce, LIMITS_HASH, STANDARD } from './limits-in-force.ts';
import { orderHash } from './order-fingerprint.ts';
import { failures, toRecord } from './record.ts';
import { preview } from './review.ts';
import type { RecentEntry } from './snapshot.ts';
import {
  baseEntry,
  baseExit,
  CALM,
  type Case,
  commandFor,
  ENTRY,
  position,
  positions,
  recent,
  resting,
  standing,
} from './testing/base-case.ts';

/** So many entries since midnight, none of them in the last hour. */
const recents = (count: number): RecentEntry[] =>
  Array.from({ length: count }, () => recent({ atMs: START_MS - 2 * HOUR_MS }));

const alike = (): RecentEntry => recent({ instrumentId: BTC.id, quantity: ENTRY.quantity });
const ownLimit = resting('T1P9', { instrumentId: BTC.id, limitPrice: price('50001') });
const little = money('999');
const poor = baseEntry({ equity: little, peakEquity: little, dayOpenEquity: little });

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
    expect(recordOf(baseEntry({ recentEntries: recents(21) }))).toMatchObject({
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
    const failed = recordOf(baseEntry({ recentEntries: recents(23) })).checks.at(-1);
    expect(failed).toMatchObject({ passed: false, headroom: '-3' });
    expect(recordOf(poor).checks.at(-1)).toMatchObject({ passed: false, headroom: '-1' });
  });

  test('survives JSON unchanged', () => {
    for (const one of [
      baseEntry(),
      baseExit(),
      baseEntry({ mark: null }),
      baseEntry({ rung: 3 }),
    ]) {
      expect(JSON.parse(JSON.stringify(recordOf(one)))).toEqual(recordOf(one));
    }
  });
});

/** What was found, as findings and as the checks of a record. */
const found = (find: (findings: Findings) => void): Findings => {
  const findings = new Findings();
  find(findings);
  return findings;
};
const checksOf = (findings: Findings): VerdictRecord['checks'] => {
  const { command, snapshot } = baseEntry();
  return toRecord(command.order, { ...preview(command, snapshot), findings }).checks;
};

describe('a check as it is recorded', () => {
  test('has no code and no headroom when it is a condition that holds', () => {
    expect(
      checksOf(found((all) => all.holds('TRADING_HALTED', true, 'ACTIVE', 'ACTIVE'))),
    ).toStrictEqual([
      {
        check: 'TRADING_HALTED',
        passed: true,
        value: 'ACTIVE',
        limit: 'ACTIVE',
        headroom: '',
        unit: '',
      },
    ]);
  });

  test('has its code and no headroom when it is a condition that does not hold', () => {
    const amounts = found((all) => all.holds('CURRENCY_MISMATCH', false, money('1'), money('2')));
    expect(checksOf(amounts)).toStrictEqual([
      {
        check: 'CURRENCY_MISMATCH',
        passed: false,
        code: 'CURRENCY_MISMATCH',
        value: '1',
        limit: '2',
        headroom: '',
        unit: '',
      },
    ]);
    const counts = found((all) => all.holds('SNAPSHOT_STALE', false, 1, 2));
    expect(checksOf(counts)[0]?.headroom).toBe('');
  });

  test.each<[string, (all: Findings) => void, Partial<VerdictRecord['checks'][number]>]>([
    [
      'an amount below its maximum',
      (all) => all.atMost('NOTIONAL_EXCEEDS_MAXIMUM', money('3.25'), money('10'), 'money'),
      { passed: true, value: '3.25', limit: '10', headroom: '6.75', unit: 'money' },
    ],
    [
      'an amount above its minimum',
      (all) => all.atLeast('NOTIONAL_BELOW_MINIMUM', money('10'), money('3.25'), 'money'),
      { passed: true, value: '10', limit: '3.25', headroom: '6.75', unit: 'money' },
    ],
    [
      'an amount on its limit',
      (all) => all.atMost('NOTIONAL_EXCEEDS_MAXIMUM', money('10'), money('10'), 'money'),
      { passed: true, value: '10', limit: '10', headroom: '0', unit: 'money' },
    ],
    [
      'an amount above its maximum',
      (all) => all.atMost('NOTIONAL_EXCEEDS_MAXIMUM', money('10'), money('3.25'), 'money'),
      { passed: false, value: '10', limit: '3.25', headroom: '-6.75', unit: 'money' },
    ],
    [
      'an amount below its minimum',
      (all) => all.atLeast('NOTIONAL_BELOW_MINIMUM', money('3.25'), money('10'), 'money'),
      { passed: false, value: '3.25', limit: '10', headroom: '-6.75', unit: 'money' },
    ],
    [
      'a share of a whole',
      (all) => all.atMostShare('POSITION_SIZE_EXCEEDS_MAXIMUM', money('30'), 1_000, money('500')),
      { passed: true, value: '30', limit: '50', headroom: '20', unit: 'money' },
    ],
    [
      'a count below its maximum',
      (all) => all.below('OPEN_ORDERS_EXCEED_MAXIMUM', 3, 10, 'orders'),
      { passed: true, value: '3', limit: '10', headroom: '7', unit: 'orders' },
    ],
    [
      'a count above its minimum',
      (all) => all.atLeast('REWARD_RISK_BELOW_MINIMUM', 10, 3, 'milli'),
      { passed: true, value: '10', limit: '3', headroom: '7', unit: 'milli' },
    ],
    [
      'a count above its maximum',
      (all) => all.below('OPEN_ORDERS_EXCEED_MAXIMUM', 10, 3, 'orders'),
      { passed: false, value: '10', limit: '3', headroom: '-7', unit: 'orders' },
    ],
    [
      'what is no number',
      (all) => all.atMost('OPEN_ORDERS_EXCEED_MAXIMUM', NaN, 3, 'orders'),
      { passed: false, value: 'NaN', limit: '3', headroom: 'NaN', unit: 'orders' },
    ],
  ])('%s', (_, find, recorded) => {
    expect(checksOf(found(find))).toEqual([expect.objectContaining(recorded)]);
  });
});

describe('what did not hold, in words', () => {
  test('is every comparison that failed, each with its reason, and none that passed', () => {
    const findings = found((all) => {
      all.below('REJECT_STORM', 5, 5, 'rejections');
      all.below('FEED_SILENT', 1, 120_000, 'ms');
      all.holds('TRADING_HALTED', false, 'HALTED', 'ACTIVE');
    });
    expect(failures(findings)).toEqual([
      {
        code: 'REJECT_STORM',
        sentence:
          'The venue refused too many orders within a minute. (REJECT_STORM: value=5 limit=5)',
      },
      {
        code: 'TRADING_HALTED',
        sentence: 'Trading is halted. (TRADING_HALTED: value=HALTED limit=ACTIVE)',
      },
    ]);
  });

  test('is nothing when all of it held', () => {
    const { command, snapshot } = baseEntry();
    expect(failures(preview(command, snapshot).findings)).toEqual([]);
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
    [
      'TRADING_REDUCING: value=REDUCING limit=not REDUCING',
      baseEntry({ tradingState: 'REDUCING' }),
    ],
    ['EMERGENCY_ACTIVE: value=set limit=clear', baseEntry({ emergency: true })],
    ['COMMAND_DUPLICATE: value=known limit=new', baseEntry({ orderKnown: true })],
    ['AUDIT_CHAIN_BROKEN: value=broken limit=intact', baseEntry({ auditIntact: false })],
    ['RECONCILIATION_PENDING: value=pending limit=done', baseEntry({ reconciled: false })],
    ['CURRENCY_MISMATCH: value=USD limit=EUR', baseEntry({ currency: 'EUR' })],
    ['INSTRUMENT_NOT_PERMITTED: value=BTC/USD limit=permitted', baseEntry({ permitted: [] })],
    [
      'COMMAND_MALFORMED: value=E1P1 limit=well formed',
      { command: commandFor({ ...ENTRY, quantity: quantity('0') }), snapshot: CALM },
    ],
    [
      'SNAPSHOT_INCONSISTENT: value=contradictory limit=consistent',
      baseEntry({ positions: [position('X'), position('X')] }),
    ],
    ['DRAWDOWN_BLOCKS_ENTRIES: value=1200 limit=1200', baseEntry({ rung: 3 })],
    ['SELF_MATCH: value=T1P9 limit=none in reach', baseEntry({ exits: [ownLimit] })],
    [
      'STRATEGY_DISABLED: value=off limit=on',
      baseEntry({ strategies: [standing(MOMENTUM, { enabled: false })] }),
    ],
  ])('%s', (sentence, one) => {
    expect(recordOf(one).sentence).toBe(sentence);
  });

  test('falls back to the code where the last comparison is not the one that failed', () => {
    const { command, snapshot } = baseEntry();
    const opinion = preview(command, snapshot);
    const denied = { ...opinion, cleared: false, code: 'COMMAND_MALFORMED' } as const;
    expect(toRecord(command.order, denied).sentence).toBe('COMMAND_MALFORMED');
    expect(toRecord(command.order, { ...denied, findings: new Findings() }).sentence).toBe(
      'COMMAND_MALFORMED',
    );
  });
});

describe('severity', () => {
  test.each<[Severity, Case]>([
    ['EMERGENCY', baseEntry({ emergency: true })],
    ['EMERGENCY', baseEntry({ auditIntact: false })],
    ['EMERGENCY', baseEntry({ rung: 4 })],
    ['CRITICAL', baseEntry({ tradingState: 'HALTED' })],
    ['CRITICAL', baseEntry({ tradingState: 'REDUCING' })],
    ['CRITICAL', baseEntry({ seq: -1 })],
    ['CRITICAL', baseEntry({ asOfMs: 0 })],
    ['CRITICAL', baseEntry({ reconciled: false })],
    ['CRITICAL', baseEntry({ rung: 3 })],
    ['CRITICAL', baseEntry({ positions: positions(10) })],
    ['CRITICAL', baseEntry({ recentEntries: [alike(), alike()] })],
    ['CRITICAL', baseEntry({ exits: [ownLimit] })],
    [
      'CRITICAL',
      baseEntry({ positions: [position('X', { notional: money('100000'), assetClass: 'FX' })] }),
    ],
    ['CRITICAL', poor],
    ['CRITICAL', baseEntry({ dayOpenEquity: money('10600') })],
    ['WARNING', baseEntry({ mark: { price: price('50000'), atMs: 0 } })],
    ['WARNING', baseEntry({ permitted: [] })],
  ])('%s', (severity, one) => {
    expect(recordOf(one)).toMatchObject({ severity });
  });

  test('of limits that the kernel did not make is the gravest', () => {
    const { command, snapshot } = baseEntry();
    const lookalike = { ...STANDARD } as LimitsInForce;
    expect(toRecord(command.order, preview(command, snapshot, lookalike))).toMatchObject({
      code: 'LIMITS_UNKNOWN',
      severity: 'EMERGENCY',
    });
  });
});
