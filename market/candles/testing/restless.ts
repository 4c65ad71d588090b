import type { CandleKey } from '../store.ts';

export const RESTLESS: CandleKey = { instrumentId: 'BTC/USDT', timeframe: '1m' };

/** In three segments. */
export const MINUTES = Array.from({ length: 900 }, (_, i) => i * 200);
