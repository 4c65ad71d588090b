import type { Instrument } from '../../../../domain/instrument.ts';
import { ccxtProvider } from '../../../../market/feeds/ccxt/ccxt-provider.ts';
import type { MarketProvider, Outside } from '../../../../market/feeds/provider.ts';
import type { DownloadFlags, ProviderName } from './download.ts';

/** Who is asked, for what. */
export interface DownloadSource {
  readonly provider: MarketProvider;
  readonly instrument: Instrument;
}

export type DownloadSources = Readonly<
  Partial<Record<ProviderName, (flags: DownloadFlags, outside: Outside) => Promise<DownloadSource>>>
>;

export const DOWNLOAD_SOURCES: DownloadSources = {
  ccxt: async ({ exchange, instrument, baseUrl }, outside) => {
    const address = baseUrl === undefined ? {} : { baseUrl };
    const provider = await ccxtProvider({ exchangeId: exchange, outside, ...address });
    const terms = await provider.terms(instrument.toUpperCase());
    return { provider, instrument: terms.instrument };
  },
};
