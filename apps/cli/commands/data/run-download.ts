import pc from 'picocolors';
import { type Candle, TIMEFRAME_MS } from '../../../../domain/candle.ts';
import { examine } from '../../../../market/candles/check/examine.ts';
import { GrowableSeries } from '../../../../market/candles/growable-series.ts';
import type { CandleKey, CandleStore } from '../../../../market/candles/store.ts';
import { download, type Trouble } from '../../../../market/feeds/download.ts';
import { isPassing, type Outside, ProviderFault } from '../../../../market/feeds/provider.ts';
import { openCandles } from '../../../candle-store.ts';
import { BadInput } from '../../errors.ts';
import { OUTSIDE } from '../../outside.ts';
import { printFacts, printJson, printLine } from '../../output.ts';
import type { DownloadFlags } from './download.ts';
import { DownloadProgress } from './download-progress.ts';
import type { Source } from '../../providers.ts';
import { type OpenDownload, openDownload } from './download-sources.ts';
import { bars, count, utc } from './words.ts';

/** So many bars are gathered before they are written; each write replaces a whole file. */
const UNWRITTEN_MAX = 20_000;

/** `open` is who is asked, and `outside` the time in which it happens. */
export async function runDownload(
  flags: DownloadFlags,
  open: OpenDownload = openDownload,
  outside: Outside = OUTSIDE,
): Promise<void> {
  const toMs = Math.min(flags.to ?? Infinity, outside.now());
  if (flags.from >= toMs) {
    throw new BadInput(
      `--from ${utc(flags.from)} must lie before ${flags.to === undefined ? 'now' : '--to'}, ${utc(toMs)}`,
    );
  }
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once('SIGINT', stop);
  const source = await sourceOf(flags, open, outside);
  try {
    await fetchInto(openCandles(flags.candlesDir), source, { ...flags, to: toMs }, outside, abort);
  } finally {
    process.off('SIGINT', stop);
    await source.provider.close();
  }
}

async function sourceOf(
  flags: DownloadFlags,
  open: OpenDownload,
  outside: Outside,
): Promise<Source> {
  try {
    return await open(flags, outside);
  } catch (error) {
    if (error instanceof ProviderFault && isPassing(error.kind)) throw error;
    // An unknown exchange or market, a missing key: what was typed or given cannot be used.
    throw new BadInput(error instanceof Error ? error.message : String(error));
  }
}

interface Span {
  readonly to: number;
}

async function fetchInto(
  store: CandleStore,
  { provider, instrument }: Source,
  flags: DownloadFlags & Span,
  outside: Outside,
  { signal }: AbortController,
): Promise<void> {
  const { timeframe, from: fromMs, to: toMs } = flags;
  const key: CandleKey = { instrumentId: instrument.id, timeframe };
  const stored = store
    .list()
    .find((one) => one.instrumentId === key.instrumentId && one.timeframe === timeframe);
  const batch = new Batch(store, key, provider.name, outside);
  const wantedBars = Math.ceil((toMs - fromMs) / TIMEFRAME_MS[timeframe]);
  const label = `${key.instrumentId} ${timeframe} from ${provider.name}`;
  const progress = new DownloadProgress(label, wantedBars);
  const startedMs = performance.now();
  try {
    await download({
      provider,
      wanted: { instrument, timeframe, fromMs, toMs },
      stored,
      outside,
      signal,
      keep: (candles) => {
        batch.keep(candles);
        progress.update(batch.kept, batch.kept / wantedBars, candles.at(-1)!.openTimeMs);
      },
      onTrouble: ({ fault, waitMs }: Trouble) =>
        progress.say(`${fault.message}; trying again in ${(waitMs / 1_000).toFixed(1)} s`),
    });
  } catch (error) {
    throw goOn(error, batch, signal);
  } finally {
    batch.write();
    progress.clear();
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  report(store, key, flags, batch.kept, seconds, signal.aborted);
  if (signal.aborted)
    throw new Error(`interrupted after ${bars(batch.kept)}; the same command goes on from there`);
}

/** The provider's sentence, and what has become of the bars that came before it. */
function goOn(error: unknown, { kept }: Batch, signal: AbortSignal): unknown {
  if (!(error instanceof ProviderFault)) return error;
  if (!isPassing(error.kind)) return new BadInput(error.message);
  const why = signal.aborted ? 'interrupted' : error.message;
  return new Error(`${why}; ${bars(kept)} were kept, and the same command goes on from there`, {
    cause: error,
  });
}

/** Bars on their way into the store. */
class Batch {
  readonly #store: CandleStore;
  readonly #key: CandleKey;
  readonly #source: string;
  readonly #outside: Outside;
  #unwritten: Candle[] = [];
  #kept = 0;

  constructor(store: CandleStore, key: CandleKey, source: string, outside: Outside) {
    this.#store = store;
    this.#key = key;
    this.#source = source;
    this.#outside = outside;
  }

  get kept(): number {
    return this.#kept;
  }

  keep(candles: readonly Candle[]): void {
    this.#unwritten.push(...candles);
    this.#kept += candles.length;
    if (this.#unwritten.length >= UNWRITTEN_MAX) this.write();
  }

  write(): void {
    if (this.#unwritten.length === 0) return;
    // What is older than the store comes newest answer first.
    const inOrder = this.#unwritten.sort((a, b) => a.openTimeMs - b.openTimeMs);
    this.#store.add(this.#key, GrowableSeries.of(inOrder), this.#source, {
      replace: false,
      atMs: this.#outside.now(),
    });
    this.#unwritten = [];
  }
}

function report(
  store: CandleStore,
  key: CandleKey,
  { from: fromMs, to: toMs, json }: DownloadFlags & Span,
  fetched: number,
  seconds: number,
  interrupted: boolean,
): void {
  const series = store.read(key, { fromMs, toMs });
  const barMs = TIMEFRAME_MS[key.timeframe];
  const { gaps, missing } = examine(series, { barMs, jumpMin: Infinity });
  const rate = Math.round(fetched / seconds);
  const firstMs = series.openTimeMs[0];
  const lastMs = series.openTimeMs[series.length - 1];
  if (json) {
    const time = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
    printJson({
      candlesDir: store.folder,
      ...key,
      fetched,
      stored: series.length,
      first: time(firstMs),
      last: time(lastMs),
      gaps: gaps.length,
      missing,
      interrupted,
      seconds: Math.round(seconds * 1_000) / 1_000,
    });
    return;
  }
  printLine();
  printLine(pc.bold(`  ${key.instrumentId} ${key.timeframe}`));
  printFacts([
    ['fetched', `${bars(fetched)} in ${seconds.toFixed(1)} s, ${count(rate)} a second`],
    [
      'stored of the span',
      series.length === 0
        ? 'none'
        : `${bars(series.length)}, ${utc(firstMs!)} to ${utc(lastMs!)} UTC`,
    ],
    ['gaps', gaps.length === 0 ? 'none' : `${count(gaps.length)}, ${bars(missing)} missing`],
    ['kept in', store.folder],
  ]);
  if (gaps.length > 0)
    printLine(pc.dim('  "plimsoll data check" tells where, and which are nights and weekends.'));
  printLine();
}
