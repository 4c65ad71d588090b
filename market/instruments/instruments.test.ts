import { expect, test } from 'vitest';

import { placesOf } from '../../domain/decimal.ts';
import {
  BTC_USD,
  instrumentByName,
  instrumentForFile,
  instrumentOf,
  INSTRUMENTS,
} from './instruments.ts';

test.each(['BTC/USD', 'BTC-USD', 'btcusd', 'Btc_Usd'])('%s names BTC/USD', (name) => {
  expect(instrumentByName(name)).toBe(BTC_USD);
});

test('every instrument is found by its own id, and a share by its ticker', () => {
  for (const instrument of INSTRUMENTS) expect(instrumentByName(instrument.id)).toBe(instrument);
  expect(instrumentByName('GOOG').id).toBe('GOOG/USD');
  expect(instrumentByName('googl').id).toBe('GOOGL/USD');
});

test('tick times lot fits our decimals for every instrument', () => {
  for (const { tick, lot } of INSTRUMENTS)
    expect(placesOf(tick) + placesOf(lot)).toBeLessThanOrEqual(12);
});

test.each([
  ['../data/btcusd-bitfinex-1m-2018.csv.gz', 'BTC/USD'],
  ['eurusd-1h-2017-2018.csv', 'EUR/USD'],
  ['XAUUSD_1h.csv', 'XAU/USD'],
  ['ETH-USD-1h.csv', 'ETH/USD'],
  ['aapl.csv', 'AAPL/USD'],
  ['googl-1d-2018-2024.csv', 'GOOGL/USD'],
])('the file %s holds %s', (path, id) => {
  expect(instrumentForFile(path).id).toBe(id);
});

test('an unknown name lists the known ones', () => {
  expect(() => instrumentByName('DOGE/USD')).toThrow(
    '"DOGE/USD" is not a known instrument; the known ones are BTC/USD, ETH/USD, EUR/USD, XAU/USD, AAPL/USD',
  );
  expect(() => instrumentForFile('btc.csv')).toThrow(
    'the file name "btc.csv" does not begin with a known instrument; the known ones are BTC/USD',
  );
});

test('a name in capitals and a class make an instrument, and others are found among those given', () => {
  const tethered = instrumentOf('BTC/USDT', 'CRYPTO');
  expect(tethered).toEqual({ ...BTC_USD, id: 'BTC/USDT', quote: 'USDT' });
  const among = [...INSTRUMENTS, tethered];
  expect(instrumentByName('btc-usdt', among)).toBe(tethered);
  expect(instrumentForFile('BTC_USDT-5m.json', among)).toBe(tethered);
  expect(instrumentForFile('BTC-USD-5m.csv', among)).toBe(BTC_USD);
  expect(() => instrumentByName('BTC/USDT')).toThrow('"BTC/USDT" is not a known instrument');
});

test.each(['BTC', 'btc/usdt', 'BTC-USDT', 'BTC/USDT/X', '/USD'])(
  '%s makes no instrument',
  (name) => {
    expect(() => instrumentOf(name, 'CRYPTO')).toThrow(`"${name}" is no instrument`);
  },
);
