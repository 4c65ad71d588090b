import type { StoredCandles } from '../../../../market/candles/store.ts';
import { openCandles } from '../../../candle-store.ts';
import { printJson, printLine, printTable } from '../../output.ts';
import type { StoreFlags } from './flags.ts';
import { count, utc } from './words.ts';

export const NOTHING_STORED =
  '"plimsoll data import FILE" brings a file in, "plimsoll data download" fetches from an exchange';

export function runList(flags: StoreFlags): void {
  const store = openCandles(flags.candlesDir);
  const stored = store.list();
  if (flags.json) return printJson({ candlesDir: store.folder, stored: stored.map(jsonOf) });
  printLine();
  if (stored.length === 0) {
    printLine(`  No candles in ${store.folder} yet: ${NOTHING_STORED}.`);
  } else {
    printTable(
      ['instrument', 'timeframe', '>bars', 'first (UTC)', 'last (UTC)', 'from'],
      stored.map((one) => [
        one.instrumentId,
        one.timeframe,
        count(one.bars),
        utc(one.firstMs),
        utc(one.lastMs),
        sourcesOf(one),
      ]),
    );
  }
  printLine();
}

const SOURCES_SHOWN = 2;

function sourcesOf({ sources }: StoredCandles): string {
  const more = sources.length - SOURCES_SHOWN;
  const shown = sources.slice(0, SOURCES_SHOWN).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

const jsonOf = ({ firstMs, lastMs, imports, ...rest }: StoredCandles) => ({
  ...rest,
  first: new Date(firstMs).toISOString(),
  last: new Date(lastMs).toISOString(),
  imports: imports.map(({ firstMs, lastMs, atMs, ...one }) => ({
    ...one,
    first: new Date(firstMs).toISOString(),
    last: new Date(lastMs).toISOString(),
    at: new Date(atMs).toISOString(),
  })),
});
