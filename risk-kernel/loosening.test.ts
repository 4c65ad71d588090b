import { describe, expect, test } from 'vitest';

import type { TradingState } from '../domain/event.ts';
import type { ReasonCode } from '../domain/reason-code.ts';
import { type Money, money } from '../domain/units.ts';
import type { Vitals } from './breakers.ts';
import type { Findings } from './findings.ts';
import { LIMITS } from './limits.ts';
import { judgeLoosening, judgeRebase, oneStepLooser, type Standstill } from './loosening.ts';

const WELL: Vitals = {
  equity: money('10000'),
  peakEquity: money('10000'),
  dayOpenEquity: money('10000'),
  auditIntact: true,
  rejectsLastMinute: 0,
  messagesLastMinute: 0,
  feedSilentMs: 0,
};

const still = (change: Partial<Standstill> = {}, vitals: Partial<Vitals> = {}): Standstill => ({
  tradingState: 'REDUCING',
  emergency: false,
  reconciled: true,
  ordersUnresolved: 0,
  thingsOpen: 0,
  ...change,
  vitals: { ...WELL, ...vitals },
});

const failed = (findings: Findings): readonly ReasonCode[] =>
  findings.list.filter(({ passed }) => !passed).map(({ code }) => code);

const toActive = (now: Standstill): readonly ReasonCode[] =>
  failed(judgeLoosening('ACTIVE', now, LIMITS));
const toReducing = (now: Standstill): readonly ReasonCode[] =>
  failed(judgeLoosening('REDUCING', { ...now, tradingState: 'HALTED' }, LIMITS));

const justUnder = (amount: Money): Money => (amount - 1n) as Money;
const fallenTo = (equity: Money): Partial<Vitals> => ({ equity, dayOpenEquity: equity });

test('looser goes from HALTED to REDUCING to ACTIVE and no further', () => {
  expect(oneStepLooser('HALTED')).toBe('REDUCING');
  expect(oneStepLooser('REDUCING')).toBe('ACTIVE');
  expect(oneStepLooser('ACTIVE')).toBeUndefined();
});

describe('STATE_NOT_LOOSER', () => {
  const STATES: readonly TradingState[] = ['ACTIVE', 'REDUCING', 'HALTED'];
  const steps = STATES.flatMap((from) => STATES.map((to) => [from, to] as const));
  const allowed = new Set(['HALTED REDUCING', 'REDUCING ACTIVE']);

  test.each(steps.filter(([from, to]) => !allowed.has(`${from} ${to}`)))(
    'fires from %s to %s',
    (from, to) => {
      const findings = judgeLoosening(to, still({ tradingState: from }), LIMITS);
      expect(failed(findings)).toEqual(['STATE_NOT_LOOSER']);
    },
  );

  test.each(steps.filter(([from, to]) => allowed.has(`${from} ${to}`)))(
    'is spared from %s to %s',
    (from, to) => {
      const findings = judgeLoosening(to, still({ tradingState: from }), LIMITS);
      expect(failed(findings)).toEqual([]);
    },
  );
});

/** One unit apart: what stops a step in either state, and what does not. */
describe.each<{ code: ReasonCode; stops: Standstill; lets: Standstill }>([
  {
    code: 'AUDIT_CHAIN_BROKEN',
    stops: still({}, { auditIntact: false }),
    lets: still({}, { auditIntact: true }),
  },
  {
    code: 'RECONCILIATION_PENDING',
    stops: still({ reconciled: false }),
    lets: still({ reconciled: true }),
  },
  {
    code: 'ORDER_UNRESOLVED',
    stops: still({ ordersUnresolved: 1 }),
    lets: still({ ordersUnresolved: 0 }),
  },
  {
    code: 'ORDER_STORM',
    stops: still({}, { messagesLastMinute: 60 }),
    lets: still({}, { messagesLastMinute: 59 }),
  },
])('$code', ({ code, stops, lets }) => {
  test('stops a step in either state', () => {
    expect(toActive(stops)).toEqual([code]);
    expect(toReducing(stops)).toEqual([code]);
  });

  test('lets it through one unit away', () => {
    expect(toActive(lets)).toEqual([]);
    expect(toReducing(lets)).toEqual([]);
  });
});

describe.each<{ code: ReasonCode; stops: Partial<Vitals>; lets: Partial<Vitals> }>([
  {
    code: 'DAILY_LOSS_EXCEEDS_MAXIMUM',
    stops: { equity: justUnder(money('9501')) },
    lets: { equity: money('9501') },
  },
  {
    code: 'DRAWDOWN_BLOCKS_ENTRIES',
    stops: fallenTo(justUnder(money('8901'))),
    lets: fallenTo(money('8901')),
  },
  { code: 'REJECT_STORM', stops: { rejectsLastMinute: 5 }, lets: { rejectsLastMinute: 4 } },
  { code: 'FEED_SILENT', stops: { feedSilentMs: 120_000 }, lets: { feedSilentMs: 119_999 } },
])('$code', ({ code, stops, lets }) => {
  test('stops the step to ACTIVE, and lets it through one unit away', () => {
    expect(toActive(still({}, stops))).toEqual([code]);
    expect(toActive(still({}, lets))).toEqual([]);
  });

  test('does not stop the step to REDUCING, in which nothing new is opened', () => {
    expect(toReducing(still({}, stops))).toEqual([]);
  });
});

describe('DRAWDOWN_EXCEEDS_MAXIMUM', () => {
  test('stops a step until the fall is a percent below the last rung', () => {
    expect(toReducing(still({}, fallenTo(justUnder(money('8601')))))).toEqual([
      'DRAWDOWN_EXCEEDS_MAXIMUM',
    ]);
    expect(toReducing(still({}, fallenTo(money('8601'))))).toEqual([]);
  });

  test('stops the end of an emergency until the fall is below the first rung', () => {
    const emergency = { emergency: true };
    expect(toReducing(still(emergency, fallenTo(justUnder(money('9501')))))).toEqual([
      'DRAWDOWN_EXCEEDS_MAXIMUM',
    ]);
    expect(toReducing(still(emergency, fallenTo(money('9501'))))).toEqual([]);
  });
});

test('everything that stands in the way is said at once', () => {
  const now = still({ reconciled: false, ordersUnresolved: 2 }, { feedSilentMs: NaN });
  expect(toActive(now)).toEqual(['RECONCILIATION_PENDING', 'ORDER_UNRESOLVED', 'FEED_SILENT']);
});

describe('what is judged, in order', () => {
  type Row = readonly [ReasonCode, boolean, number | string, number | string, string];
  const rows = ({ list }: Findings): Row[] =>
    list.map(({ code, passed, value, limit, unit }) => [
      code,
      passed,
      value as number | string,
      limit as number | string,
      unit,
    ]);

  test('for a step to REDUCING', () => {
    const now = still({ tradingState: 'HALTED' });
    expect(rows(judgeLoosening('REDUCING', now, LIMITS))).toEqual<Row[]>([
      ['STATE_NOT_LOOSER', true, 'REDUCING', 'REDUCING', ''],
      ['AUDIT_CHAIN_BROKEN', true, 'true', 'true', ''],
      ['RECONCILIATION_PENDING', true, 'true', 'true', ''],
      ['ORDER_UNRESOLVED', true, 0, 0, 'orders'],
      ['ORDER_STORM', true, 0, 60, 'messages'],
      ['DRAWDOWN_EXCEEDS_MAXIMUM', true, 0, 1_400, 'bps'],
    ]);
  });

  test('for a step to ACTIVE', () => {
    const now = still(
      { reconciled: false, ordersUnresolved: 2, emergency: true },
      {
        equity: money('8000'),
        auditIntact: false,
        messagesLastMinute: 70,
        rejectsLastMinute: 6,
        feedSilentMs: 130_000,
      },
    );
    expect(rows(judgeLoosening('ACTIVE', now, LIMITS))).toEqual<Row[]>([
      ['STATE_NOT_LOOSER', true, 'ACTIVE', 'ACTIVE', ''],
      ['AUDIT_CHAIN_BROKEN', false, 'false', 'true', ''],
      ['RECONCILIATION_PENDING', false, 'false', 'true', ''],
      ['ORDER_UNRESOLVED', false, 2, 0, 'orders'],
      ['ORDER_STORM', false, 70, 60, 'messages'],
      ['DRAWDOWN_EXCEEDS_MAXIMUM', false, 2_000, 500, 'bps'],
      ['DRAWDOWN_BLOCKS_ENTRIES', false, 2_000, 1_100, 'bps'],
      ['DAILY_LOSS_EXCEEDS_MAXIMUM', false, 2_000, 500, 'bps'],
      ['REJECT_STORM', false, 6, 5, 'rejections'],
      ['FEED_SILENT', false, 130_000, 120_000, 'ms'],
    ]);
  });

  test('for a step from where there is none', () => {
    const [first] = rows(judgeLoosening('ACTIVE', still({ tradingState: 'ACTIVE' }), LIMITS));
    expect(first).toEqual(['STATE_NOT_LOOSER', false, 'ACTIVE', 'none', '']);
  });

  test('for a new peak', () => {
    expect(rows(judgeRebase(still({ thingsOpen: 3 }, { auditIntact: false })))).toEqual<Row[]>([
      ['PEAK_NOT_FLAT', false, 3, 0, 'positions and orders'],
      ['AUDIT_CHAIN_BROKEN', false, 'false', 'true', ''],
    ]);
  });
});

describe('PEAK_NOT_FLAT', () => {
  test('fires while anything is open', () => {
    expect(failed(judgeRebase(still({ thingsOpen: 1 })))).toEqual(['PEAK_NOT_FLAT']);
    expect(failed(judgeRebase(still({ thingsOpen: NaN })))).toEqual(['PEAK_NOT_FLAT']);
  });

  test('is spared when nothing is', () => {
    expect(failed(judgeRebase(still()))).toEqual([]);
  });

  test('a peak is not set on a record that does not verify', () => {
    expect(failed(judgeRebase(still({}, { auditIntact: false })))).toEqual(['AUDIT_CHAIN_BROKEN']);
  });
});
