/** One process that asks TwelveData as often as the shared budget lets it, and says how each request ended. */
import { hastyOutside } from '../../../../tests/support/hasty-outside.ts';
import { BTC_USD } from '../../../instruments/instruments.ts';
import { ProviderFault } from '../../provider.ts';
import { sharedBudget } from '../request-budget.ts';
import { twelveDataProvider } from '../../twelvedata/twelvedata-provider.ts';

export interface HammerOptions {
  readonly name: string;
  readonly path: string;
  readonly baseUrl: string;
  readonly requestsMax: number;
  readonly windowMs: number;
  readonly asks: number;
  readonly fromMs: number;
}

const { name, path, baseUrl, requestsMax, windowMs, asks, fromMs } = JSON.parse(
  process.argv[2] ?? '',
) as HammerOptions;
const outside = hastyOutside();
const budget = sharedBudget({ path, outside, requestsMax, windowMs });
const provider = twelveDataProvider({ apiKey: name, outside, budget, baseUrl });

const ask = async (): Promise<string> => {
  const span = { fromMs, toMs: fromMs + 60_000 };
  const request = { instrument: BTC_USD, timeframe: '1m', ...span } as const;
  try {
    const candles = await provider.candles(request, new AbortController().signal);
    return `${candles.length} bars`;
  } catch (error) {
    if (error instanceof ProviderFault) return error.kind;
    throw error;
  }
};
await Promise.all(
  Array.from({ length: asks }, async () => void process.stdout.write(`${await ask()}\n`)),
);
