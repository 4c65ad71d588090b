import { afterEach, expect, test, vi } from 'vitest';

import { inFolder } from '../../tests/support/cli.ts';
import { OUTSIDE } from './outside.ts';
import { openProvider } from './providers.ts';

afterEach(() => vi.unstubAllEnvs());

test.each(['0', '-1', 'many', '1.5'])('a plan of %s requests a minute is bad input', (said) =>
  inFolder(async (candlesDir) => {
    vi.stubEnv('POLYGON_API_KEY', 'a-key');
    vi.stubEnv('POLYGON_REQUESTS_PER_MINUTE', said);
    const asked = openProvider('polygon', { instrument: 'AAPL', outside: OUTSIDE, candlesDir });
    await expect(asked).rejects.toThrow(
      `POLYGON_REQUESTS_PER_MINUTE "${said}" must be a whole number above 0, or unlimited`,
    );
  }),
);

test.each(['', '300', 'unlimited'])('a plan of "%s" requests a minute is used', (said) =>
  inFolder(async (candlesDir) => {
    vi.stubEnv('TWELVEDATA_API_KEY', 'a-key');
    vi.stubEnv('TWELVEDATA_REQUESTS_PER_MINUTE', said);
    const options = { instrument: 'EUR/USD', outside: OUTSIDE, candlesDir };
    const { provider, instrument } = await openProvider('twelvedata', options);
    expect([provider.name, (await instrument()).id]).toEqual(['twelvedata', 'EUR/USD']);
    await provider.close();
  }),
);

test('without a key a provider that wants one is refused by the name of its variable', () =>
  inFolder(async (candlesDir) => {
    vi.stubEnv('TWELVEDATA_API_KEY', '');
    const asked = openProvider('twelvedata', { instrument: 'SPY', outside: OUTSIDE, candlesDir });
    await expect(asked).rejects.toThrow('twelvedata wants a key; put it into TWELVEDATA_API_KEY');
  }));
