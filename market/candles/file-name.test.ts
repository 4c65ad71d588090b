import { expect, test } from 'vitest';
import { namedAfter } from './file-name.ts';

test.each([
  ['data/BTC_USDT-1h.json', { instrumentId: 'BTC/USDT', timeframe: '1h' }],
  ['BTC_USDT-5m.json.gz', { instrumentId: 'BTC/USDT', timeframe: '5m' }],
  ['BTC_USDT_USDT-4h-futures.json', { instrumentId: 'BTC/USDT:USDT', timeframe: '4h' }],
  // A timeframe that Plimsoll does not have is not told.
  ['BTC_USDT-8h.json', { instrumentId: 'BTC/USDT' }],
  ['btcusd-bitfinex-1m-2018.csv.gz', { timeframe: '1m' }],
  ['xauusd_15m.csv', { timeframe: '15m' }],
  ['btcusd.csv', {}],
  ['BTC_USDT-1h-mark.json', { timeframe: '1h' }],
])('%s tells %j', (path, named) => {
  expect(namedAfter(path)).toEqual(named);
});
