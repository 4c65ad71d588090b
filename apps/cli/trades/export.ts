/** The accountants' files: what was disposed of, and beside it what is still held. */
import { add, type Money, NO_MONEY } from '../../../domain/units.ts';
import { CostBasis } from '../../../ledger/trades/cost-basis.ts';
import type { CostMethod } from '../../../ledger/trades/lots.ts';
import {
  disposalHeader,
  disposalRow,
  lotHeader,
  lotRow,
} from '../../../ledger/trades/trades-csv.ts';
import type { BookedFill } from './source.ts';
import { WholeFile } from './whole-file.ts';

export interface ExportRequest {
  readonly out: string;
  readonly method: CostMethod;
  /** Only what was closed in it, and what was held at its end; everything when left out. */
  readonly year: number | undefined;
  readonly force: boolean;
}

export interface Exported {
  readonly out: string;
  readonly lotsOut: string;
  readonly disposals: number;
  readonly openLots: number;
  readonly gain: Money;
  readonly currency: string;
}

/** `trades.csv` has its lots in `trades-open-lots.csv`. */
export const lotsPathOf = (out: string): string =>
  /\.csv$/i.test(out) ? out.replace(/\.csv$/i, '-open-lots.csv') : `${out}-open-lots`;

export async function exportTrades(
  fills: AsyncIterable<BookedFill>,
  request: ExportRequest,
): Promise<Exported> {
  const { out, method, force } = request;
  const files: WholeFile[] = [];
  const begin = async (path: string): Promise<WholeFile> => {
    const file = await WholeFile.begin(path, '--out', force);
    files.push(file);
    return file;
  };
  try {
    const [rows, lots] = [await begin(out), await begin(lotsPathOf(out))];
    const basis = new CostBasis(method);
    const booked = await writeDisposals(fills, basis, rows, request.year);
    await lots.write(lotHeader());
    const open = basis.openLots();
    for (const lot of open) await lots.write(lotRow(lot, booked.currency, method));
    await rows.finish();
    await lots.finish();
    return { out, lotsOut: lots.path, openLots: open.length, ...booked };
  } finally {
    for (const file of files) await file.discard();
  }
}

/** Every fill is booked, also of the years before; only those of the year become rows. */
async function writeDisposals(
  fills: AsyncIterable<BookedFill>,
  basis: CostBasis,
  rows: WholeFile,
  year: number | undefined,
): Promise<Pick<Exported, 'disposals' | 'gain' | 'currency'>> {
  const [fromMs, untilMs] =
    year === undefined ? [-Infinity, Infinity] : [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
  let [disposals, gain, currency] = [0, NO_MONEY, ''];
  await rows.write(disposalHeader());
  for await (const booked of fills) {
    currency = booked.currency;
    if (booked.fill.atMs >= untilMs) break;
    for (const one of basis.book(booked.fill)) {
      if (one.closedAtMs < fromMs) continue;
      disposals += 1;
      gain = add(gain, one.gain);
      await rows.write(disposalRow(one, currency));
    }
  }
  return { disposals, gain, currency };
}
