import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/clock.ts';
import type { AssetClass } from '../../domain/instrument.ts';
import { BTC_USD, EUR_USD, INSTRUMENTS, XAU_USD } from '../instruments/instruments.ts';
import { calendarOf, sessionCloseFor } from './calendars.ts';
import type { Session, TradingCalendar } from './trading-calendar.ts';

const utc = (text: string): number => Date.parse(`${text}Z`);
const iso = (ms: number | undefined): string =>
  ms === undefined ? 'never' : new Date(ms).toISOString().slice(0, 16);
const hours = ({ date, opensAtMs, closesAtMs }: Session): string =>
  `${date} ${iso(opensAtMs)} ${iso(closesAtMs)}`;
const sessions = (calendar: TradingCalendar, from: string, to: string): string[] =>
  [...calendar.sessions(utc(from), utc(to))].map(hours);

const SPY = INSTRUMENTS.find(({ base }) => base === 'SPY')!;

describe('shares in New York', () => {
  const shares = calendarOf('EQUITY');

  test('open at 09:30 and close at 16:00 by clocks that change', () => {
    expect(sessions(shares, '2024-03-08T00:00', '2024-03-12T00:00')).toEqual([
      '2024-03-08 2024-03-08T14:30 2024-03-08T21:00',
      '2024-03-11 2024-03-11T13:30 2024-03-11T20:00',
    ]);
    expect(sessions(shares, '2024-11-01T00:00', '2024-11-05T00:00')).toEqual([
      '2024-11-01 2024-11-01T13:30 2024-11-01T20:00',
      '2024-11-04 2024-11-04T14:30 2024-11-04T21:00',
    ]);
  });

  test.each([
    ['2002-07-05', 'the day after Independence Day'],
    ['2003-12-26', 'the day after Christmas'],
    ['2012-07-03', 'the day before Independence Day'],
    ['2013-07-03', 'the day before Independence Day'],
    ['2019-07-03', 'the day before Independence Day'],
    ['2023-07-03', 'the day before Independence Day'],
    ['2024-11-29', 'the day after Thanksgiving'],
    ['2024-12-24', 'Christmas Eve'],
    ['2025-07-03', 'the day before Independence Day'],
  ])('close at 13:00 on %s, %s', (date, because) => {
    const session = shares.sessionAt(utc(`${date}T16:00`))!;
    expect(session).toMatchObject({ date, early: true, because });
    expect((session.closesAtMs - session.opensAtMs) / HOUR_MS).toBe(3.5);
  });

  test.each([
    '2002-07-03',
    '2008-12-26',
    '2010-07-02',
    '2013-07-05',
    '2014-12-26',
    '2019-07-05',
    '2021-07-02',
    '2024-12-31',
  ])('close at 16:00 on %s', (date) => {
    const session = shares.sessionAt(utc(`${date}T16:00`))!;
    expect(session.early).toBe(false);
    expect((session.closesAtMs - session.opensAtMs) / HOUR_MS).toBe(6.5);
  });

  test('were closed on days that no rule knows, each with its reason', () => {
    expect([...shares.holidays(utc('2001-09-08T00:00'), utc('2001-09-17T00:00'))]).toEqual(
      ['2001-09-11', '2001-09-12', '2001-09-13', '2001-09-14'].map((date) => ({
        date,
        because: 'the attacks of 11 September',
      })),
    );
    expect([...shares.holidays(utc('2025-01-01T00:00'), utc('2025-02-01T00:00'))]).toEqual([
      { date: '2025-01-01', because: 'New Year' },
      { date: '2025-01-09', because: 'mourning for Jimmy Carter' },
      { date: '2025-01-20', because: 'Martin Luther King Day' },
    ]);
  });

  test('are open at the opening and closed at the close', () => {
    expect(shares.isOpen(utc('2024-01-10T14:29:59.999'))).toBe(false);
    expect(shares.isOpen(utc('2024-01-10T14:30'))).toBe(true);
    expect(shares.isOpen(utc('2024-01-10T20:59:59.999'))).toBe(true);
    expect(shares.isOpen(utc('2024-01-10T21:00'))).toBe(false);
  });

  test('open next after a long weekend, and close next on the day they do', () => {
    expect(iso(shares.nextOpenMs(utc('2024-01-12T21:00')))).toBe('2024-01-16T14:30');
    expect(iso(shares.nextCloseMs(utc('2024-01-12T21:00')))).toBe('2024-01-16T21:00');
    expect(iso(shares.nextCloseMs(utc('2024-01-12T15:00')))).toBe('2024-01-12T21:00');
    expect(shares.nextOpenMs(utc('2024-01-12T15:00'))).toBe(utc('2024-01-12T15:00'));
  });

  test.each([
    ['a daily bar of a session', '2024-01-10T00:00', '1d', true],
    ['a daily bar of a holiday', '2024-01-15T00:00', '1d', false],
    ['a daily bar of a Saturday', '2024-01-13T00:00', '1d', false],
    ['the minute before the opening', '2024-01-10T14:29', '1m', false],
    ['the minute of the opening', '2024-01-10T14:30', '1m', true],
    ['the hour the opening lies in', '2024-01-10T14:00', '1h', true],
    ['the hour after the close', '2024-01-10T21:00', '1h', false],
    ['the hour after an early close', '2024-12-24T18:00', '1h', false],
    ['four hours that end with the opening hour', '2024-01-10T12:00', '4h', true],
  ] as const)('owe a bar or not: %s', (_, at, timeframe, expected) => {
    expect(shares.isExpectedBar(utc(at), timeframe)).toBe(expected);
  });
});

describe('currencies', () => {
  const currencies = calendarOf('FX');

  test('trade from Sunday 17:00 to Friday 17:00 in New York, in days from 17:00 to 17:00', () => {
    expect(sessions(currencies, '2024-03-08T23:00', '2024-03-12T00:00')).toEqual([
      '2024-03-11 2024-03-10T21:00 2024-03-11T21:00',
      '2024-03-12 2024-03-11T21:00 2024-03-12T21:00',
    ]);
    expect(currencies.isOpen(utc('2024-03-08T21:59:59'))).toBe(true);
    expect(currencies.isOpen(utc('2024-03-08T22:00'))).toBe(false);
    expect(iso(currencies.nextOpenMs(utc('2024-03-08T22:00')))).toBe('2024-03-10T21:00');
  });

  test('stop on Friday, not at the roll of each day', () => {
    expect(iso(currencies.nextCloseMs(utc('2024-07-09T12:00')))).toBe('2024-07-12T21:00');
  });

  test('rest over the trading days of Christmas and New Year', () => {
    expect(iso(currencies.nextCloseMs(utc('2024-12-23T12:00')))).toBe('2024-12-24T22:00');
    expect(iso(currencies.nextOpenMs(utc('2024-12-24T22:00')))).toBe('2024-12-25T22:00');
    expect(currencies.isOpen(utc('2025-01-01T12:00'))).toBe(false);
  });

  test('owe daily bars of their trading days and none of Sunday', () => {
    const owed = (date: string): boolean => currencies.isExpectedBar(utc(`${date}T00:00`), '1d');
    expect(['2024-03-08', '2024-03-09', '2024-03-10', '2024-03-11'].map(owed)).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(currencies.isExpectedBar(utc('2024-03-10T21:00'), '1h')).toBe(true);
  });
});

describe('metals', () => {
  const metals = calendarOf('METAL');

  test('trade from 18:00 to 17:00 with an hour off', () => {
    expect(sessions(metals, '2024-07-07T12:00', '2024-07-09T00:00')).toEqual([
      '2024-07-08 2024-07-07T22:00 2024-07-08T21:00',
      '2024-07-09 2024-07-08T22:00 2024-07-09T21:00',
    ]);
    expect(metals.isExpectedBar(utc('2024-07-08T21:00'), '1h')).toBe(false);
    expect(iso(metals.nextCloseMs(utc('2024-07-08T12:00')))).toBe('2024-07-08T21:00');
  });

  test('stop early on the holidays of the United States, later since 2022, and rest on three', () => {
    const close = (at: string): string => iso(metals.sessionAt(utc(at))?.closesAtMs);
    expect(close('2019-09-02T12:00')).toBe('2019-09-02T17:00');
    expect(close('2023-09-04T12:00')).toBe('2023-09-04T18:30');
    expect(close('2023-11-24T12:00')).toBe('2023-11-24T18:45');
    expect(close('2024-12-24T12:00')).toBe('2024-12-24T18:45');
    expect(metals.isOpen(utc('2024-03-29T12:00'))).toBe(false);
    expect(iso(metals.nextOpenMs(utc('2024-12-24T18:45')))).toBe('2024-12-25T23:00');
  });
});

describe('crypto', () => {
  const crypto = calendarOf(BTC_USD);

  test('never closes, and owes every bar', () => {
    const saturday = utc('2024-03-30T23:59');
    expect(crypto.isOpen(saturday)).toBe(true);
    expect(crypto.nextCloseMs(saturday)).toBeUndefined();
    expect(crypto.isExpectedBar(saturday, '1m')).toBe(true);
    expect(crypto.sessionAt(saturday)?.date).toBe('2024-03-30');
  });
});

test('an entry ends with the session of its instrument, and with none where it is closed', () => {
  const close = (instrument: typeof SPY, at: string): string =>
    iso(sessionCloseFor(instrument, utc(at)));
  expect(close(SPY, '2024-12-24T15:00')).toBe('2024-12-24T18:00');
  expect(close(SPY, '2024-12-25T15:00')).toBe('never');
  expect(close(XAU_USD, '2024-07-08T12:00')).toBe('2024-07-08T21:00');
  expect(close(EUR_USD, '2024-07-08T12:00')).toBe('2024-07-12T21:00');
  expect(close(BTC_USD, '2024-07-08T12:00')).toBe('never');
});

test('a time that is none is refused in a sentence', () => {
  expect(() => calendarOf('EQUITY').isOpen(Number.NaN)).toThrow(
    'the New York stock market has no session within 14 days after NaN ms',
  );
});

const classes = fc.constantFrom<AssetClass>('CRYPTO', 'EQUITY', 'FX', 'METAL');
const instants = fc
  .integer({ min: utc('1998-01-01') / MINUTE_MS, max: utc('2035-01-01') / MINUTE_MS })
  .map((minutes) => minutes * MINUTE_MS);

test('sessions follow each other and never overlap', () => {
  fc.assert(
    fc.property(classes, instants, (assetClass, ms) => {
      const found = [...calendarOf(assetClass).sessions(ms, ms + 30 * DAY_MS)];
      expect(found.length).toBeGreaterThan(15);
      found.forEach(({ opensAtMs, closesAtMs }, i) => {
        expect(closesAtMs).toBeGreaterThan(opensAtMs);
        if (i > 0) expect(opensAtMs).toBeGreaterThanOrEqual(found[i - 1]!.closesAtMs);
      });
    }),
  );
});

test('every way of asking whether it is open gives the same answer', () => {
  fc.assert(
    fc.property(classes, instants, (assetClass, ms) => {
      const calendar = calendarOf(assetClass);
      const open = calendar.isOpen(ms);
      expect(calendar.sessionAt(ms) !== undefined).toBe(open);
      expect([...calendar.sessions(ms, ms + 1)].length).toBe(open ? 1 : 0);
      const nextOpenMs = calendar.nextOpenMs(ms);
      expect(nextOpenMs === ms).toBe(open);
      expect(calendar.isOpen(nextOpenMs)).toBe(true);
      expect(calendar.isOpen(nextOpenMs - 1)).toBe(open && calendar.isOpen(ms - 1));
      const nextCloseMs = calendar.nextCloseMs(ms);
      if (nextCloseMs === undefined) return;
      expect(calendar.isOpen(nextCloseMs)).toBe(false);
      expect(calendar.isOpen(nextCloseMs - 1)).toBe(true);
    }),
  );
});

test('answers do not depend on what was asked before', () => {
  fc.assert(
    fc.property(
      classes,
      fc.array(instants, { minLength: 2, maxLength: 20 }),
      (assetClass, asked) => {
        const calendar = calendarOf(assetClass);
        const forward = asked.map((ms) => calendar.isOpen(ms));
        const backward = asked.toReversed().map((ms) => calendar.isOpen(ms));
        expect(backward.toReversed()).toEqual(forward);
      },
    ),
  );
});
