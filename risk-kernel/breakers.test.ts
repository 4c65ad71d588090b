import { describe, expect, test } from 'vitest';

import { type Money, money } from '../domain/units.ts';
import { BREAKERS, type BreakerCode, trips, type Vitals } from './breakers.ts';
import { LIMITS } from './limits.ts';
import { tighten } from './limits-in-force.ts';

const WELL: Vitals = {
  equity: money('10000'),
  peakEquity: money('10000'),
  dayOpenEquity: money('10000'),
  auditIntact: true,
  rejectsLastMinute: 0,
  messagesLastMinute: 0,
  feedSilentMs: 0,
};

const tripped = (change: Partial<Vitals>): readonly BreakerCode[] =>
  trips({ ...WELL, ...change }, LIMITS).map(({ code }) => code);

const justUnder = (amount: Money): Money => (amount - 1n) as Money;

/** A fall from the peak that happened on other days. */
const fallenTo = (equity: Money): Partial<Vitals> => ({ equity, dayOpenEquity: equity });

describe.each<{ code: BreakerCode; fires: Partial<Vitals>; spares: Partial<Vitals> }>([
  {
    code: 'DRAWDOWN_EXCEEDS_MAXIMUM',
    fires: fallenTo(justUnder(money('8501'))),
    spares: fallenTo(money('8501')),
  },
  { code: 'AUDIT_CHAIN_BROKEN', fires: { auditIntact: false }, spares: { auditIntact: true } },
  {
    code: 'ORDER_STORM',
    fires: { messagesLastMinute: 120 },
    spares: { messagesLastMinute: 119 },
  },
  {
    code: 'DRAWDOWN_BLOCKS_ENTRIES',
    fires: fallenTo(justUnder(money('8801'))),
    spares: fallenTo(money('8801')),
  },
  {
    code: 'DAILY_LOSS_EXCEEDS_MAXIMUM',
    fires: { equity: justUnder(money('9501')) },
    spares: { equity: money('9501') },
  },
  { code: 'REJECT_STORM', fires: { rejectsLastMinute: 5 }, spares: { rejectsLastMinute: 4 } },
  { code: 'FEED_SILENT', fires: { feedSilentMs: 120_000 }, spares: { feedSilentMs: 119_999 } },
])('$code', ({ code, fires, spares }) => {
  test('fires', () => {
    expect(tripped(fires)).toContain(code);
  });

  test('is spared one unit away', () => {
    expect(tripped(spares)).not.toContain(code);
  });
});

test('an account that is well pulls none', () => {
  expect(trips(WELL, LIMITS)).toEqual([]);
  expect(tripped({ equity: money('12000'), peakEquity: money('12000') })).toEqual([]);
});

test('a tighter limit pulls sooner', () => {
  const { limits } = tighten({ rejectsPerMinuteMax: 1 });
  expect(trips({ ...WELL, rejectsLastMinute: 1 }, limits)).toEqual([
    { code: 'REJECT_STORM', because: 'REJECT_STORM: value=1 limit=1 rejections' },
  ]);
});

test('each says what was measured, its limit and the unit of both', () => {
  const troubled = {
    ...fallenTo(money('8000')),
    dayOpenEquity: money('10000'),
    auditIntact: false,
    messagesLastMinute: 130,
    rejectsLastMinute: 6,
    feedSilentMs: 130_000,
  };
  expect(trips({ ...WELL, ...troubled }, LIMITS).map(({ because }) => because)).toEqual([
    'DRAWDOWN_EXCEEDS_MAXIMUM: value=2000 limit=1500 bps',
    'the audit chain does not verify',
    'ORDER_STORM: value=130 limit=120 messages',
    'DRAWDOWN_BLOCKS_ENTRIES: value=2000 limit=1200 bps',
    'DAILY_LOSS_EXCEEDS_MAXIMUM: value=2000 limit=500 bps',
    'REJECT_STORM: value=6 limit=5 rejections',
    'FEED_SILENT: value=130000 limit=120000 ms',
  ]);
});

test('what cannot be measured pulls its breaker', () => {
  const unknown = {
    messagesLastMinute: NaN,
    rejectsLastMinute: NaN,
    feedSilentMs: NaN,
    auditIntact: undefined as unknown as boolean,
  };
  expect(tripped(unknown)).toEqual([
    'AUDIT_CHAIN_BROKEN',
    'ORDER_STORM',
    'REJECT_STORM',
    'FEED_SILENT',
  ]);
  expect(tripped({ peakEquity: money('0'), dayOpenEquity: money('0') })).toEqual([
    'DRAWDOWN_EXCEEDS_MAXIMUM',
    'DRAWDOWN_BLOCKS_ENTRIES',
    'DAILY_LOSS_EXCEEDS_MAXIMUM',
  ]);
});

test('the gravest comes first, in the order of the table', () => {
  const all = tripped({
    ...fallenTo(money('1')),
    dayOpenEquity: money('10000'),
    auditIntact: false,
    messagesLastMinute: 1_000,
    rejectsLastMinute: 1_000,
    feedSilentMs: 1_000_000,
  });
  const order = Object.keys(BREAKERS) as BreakerCode[];
  expect(all.length).toBe(7);
  expect(all).toEqual(order.filter((code) => all.includes(code)));
});

describe('where each breaker leads', () => {
  test.each<[BreakerCode, string, boolean]>([
    ['DRAWDOWN_EXCEEDS_MAXIMUM', 'HALTED', true],
    ['CANARY_CLEARED', 'HALTED', true],
    ['AUDIT_CHAIN_BROKEN', 'HALTED', false],
    ['ORDER_STORM', 'HALTED', false],
    ['ORDER_OVERFILLED', 'HALTED', false],
    ['KILL_SWITCH', 'HALTED', false],
    ['DRAWDOWN_BLOCKS_ENTRIES', 'REDUCING', false],
    ['DAILY_LOSS_EXCEEDS_MAXIMUM', 'REDUCING', false],
    ['REJECT_STORM', 'REDUCING', false],
    ['FEED_SILENT', 'REDUCING', false],
    ['VENUE_MISMATCH', 'REDUCING', false],
    ['POSITION_UNPROTECTED', 'REDUCING', false],
  ])('%s to %s, emergency %s', (code, to, emergency) => {
    expect(BREAKERS[code]).toEqual({ to, emergency });
    expect(Object.isFrozen(BREAKERS[code])).toBe(true);
  });

  test('an order that nobody can tell of pulls none: it locks its own instrument and side', () => {
    expect(Object.keys(BREAKERS)).not.toContain('ORDER_UNRESOLVED');
    expect(Object.keys(BREAKERS)).not.toContain('ORDER_SUSPECT');
  });

  test('nowhere else, and nobody can change it', () => {
    expect(Object.keys(BREAKERS)).toHaveLength(12);
    expect(Object.isFrozen(BREAKERS)).toBe(true);
  });
});
