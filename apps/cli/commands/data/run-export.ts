import { existsSync } from 'node:fs';
import { writeWhole } from '../../../../market/candles/store/durable-file.ts';
import type { CandleKey, CandleStore } from '../../../../market/candles/store.ts';
import {
  candleText,
  type CandleFormat,
  gzipped,
} from '../../../../market/candles/write-candles.ts';
import { openCandles } from '../../../candle-store.ts';
import { BadInput } from '../../errors.ts';
import { printJson, printLine } from '../../output.ts';
import type { ExportFlags } from './export.ts';
import { instrumentIdOf, instrumentsIn } from './flags.ts';
import { NOTHING_STORED } from './run-list.ts';
import { bars, utc } from './words.ts';

export function runExport(flags: ExportFlags): void {
  const { timeframe, out } = flags;
  const instrumentId = instrumentIdOf(flags.instrument, instrumentsIn(flags));
  refuseBackwards(flags);
  const { format, isPacked } = formatOf(out);
  if (!flags.force && existsSync(out)) throw taken(out);
  const store = openCandles(flags.candlesDir);
  const series = store.read(
    { instrumentId, timeframe },
    {
      ...(flags.from === undefined ? {} : { fromMs: flags.from }),
      ...(flags.to === undefined ? {} : { toMs: flags.to }),
    },
  );
  if (series.length === 0) {
    throw nothing(store, { instrumentId, timeframe });
  }
  const pieces = candleText(series, format);
  write(out, isPacked ? [gzipped(pieces)] : pieces, flags.force);
  const [firstMs, lastMs] = [series.openTimeMs[0]!, series.openTimeMs[series.length - 1]!];
  if (!flags.json) {
    return printLine(`  ${bars(series.length)}, ${utc(firstMs)} to ${utc(lastMs)} UTC, in ${out}`);
  }
  printJson({
    out,
    instrumentId,
    timeframe,
    bars: series.length,
    first: new Date(firstMs).toISOString(),
    last: new Date(lastMs).toISOString(),
  });
}

function refuseBackwards({ from, to }: ExportFlags): void {
  if (from === undefined || to === undefined || from < to) return;
  throw new BadInput(`--from ${utc(from)} must be before --to ${utc(to)}`);
}

function nothing(store: CandleStore, key: CandleKey): BadInput {
  const { instrumentId, timeframe } = key;
  const there = store
    .list()
    .find((one) => one.instrumentId === instrumentId && one.timeframe === timeframe);
  const what = `there are no ${instrumentId} ${timeframe} candles`;
  return new BadInput(
    there === undefined
      ? `${what} in ${store.folder}; ${NOTHING_STORED}`
      : `${what} in that span; those in ${store.folder} open from ${utc(there.firstMs)} to ${utc(there.lastMs)} UTC`,
  );
}

function formatOf(out: string): { readonly format: CandleFormat; readonly isPacked: boolean } {
  const [, extension, packed] = /\.(csv|json)(\.gz)?$/i.exec(out) ?? [];
  if (extension === undefined) {
    throw new BadInput(`--out "${out}" must end in .csv, .csv.gz, .json or .json.gz`);
  }
  return {
    format: extension.toLowerCase() === 'csv' ? 'CSV' : 'JSON',
    isPacked: packed !== undefined,
  };
}

function write(out: string, pieces: Iterable<Buffer>, force: boolean): void {
  try {
    writeWhole(out, pieces, force ? 'REPLACE' : 'KEEP');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw taken(out);
    throw new BadInput(
      `--out "${out}" cannot be written (${message}); name a file in a folder that is there`,
    );
  }
}

const taken = (out: string): BadInput =>
  new BadInput(`--out "${out}" is there already; name another file, or add --force`);
