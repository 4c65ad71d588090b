import type { Outside } from '../../../../market/feeds/provider.ts';
import { openSource, type Source } from '../../providers.ts';
import type { DownloadFlags } from './download.ts';

export type OpenDownload = (flags: DownloadFlags, outside: Outside) => Promise<Source>;

export const openDownload: OpenDownload = (flags, outside) => {
  const { provider, exchange, instrument, candlesDir, baseUrl } = flags;
  const name = provider === 'ccxt' ? exchange : provider;
  return openSource(name, { instrument, outside, candlesDir, baseUrl });
};
