/** Where trades are read: from the Plimsoll that runs, else from its stored journal. */
import { fillId, clientOrderId, instrumentId, strategyId } from '../../../domain/ids.ts';
import type { Fill } from '../../../domain/order.ts';
import { money, quantity, price } from '../../../domain/units.ts';
import type { Database } from '../../../ledger/database.ts';
import { fillFromEvent } from '../../../ledger/projections/book.ts';
import { storedEvents } from '../../../ledger/stored-events.ts';
import type { TrackRecord } from '../../../ledger/trades/performance.ts';
import type { Trades } from '../../../ledger/trades/trades.ts';
import type { FeedbackView, FillView, TradeDetail, TradeView } from '../../api/trade-views.ts';
import { DEFAULT_DATA_DIR } from '../../defaults.ts';
import { freshTrades } from '../../fresh-trades.ts';
import { baselineOf, feedbackView } from '../../server/views/feedback-view.ts';
import { tradeDetail, tradeView } from '../../server/views/trade-view.ts';
import { locate, openForReading, type StoredLocation } from '../../storage.ts';
import { ApiClient } from '../client.ts';
import { BadInput } from '../errors.ts';
import { Progress } from '../output.ts';
import { findServer } from '../running-server.ts';
import type { SourceFlags } from './source-flags.ts';

export interface BookedFill {
  readonly fill: Fill;
  readonly currency: string;
}

export interface TradeSource {
  /** Newest first. */
  trades(limit: number): Promise<readonly TradeView[]>;
  /** Throws `BadInput` when there is no such trade. */
  trade(id: string): Promise<TradeDetail>;
  feedback(days: number): Promise<FeedbackView>;
  /** Every execution, oldest first. */
  fills(): AsyncIterable<BookedFill>;
}

/** The embedded database belongs to one process, so a running server is asked for what is in its own. */
export async function readingTrades<T>(
  flags: SourceFlags,
  work: (source: TradeSource) => Promise<T>,
): Promise<T> {
  if (flags.url !== undefined) return work(served(new ApiClient(flags.url)));
  const location = locate(flags.dataDir, { kind: 'directory', dataDir: DEFAULT_DATA_DIR });
  if (location.kind === 'directory') {
    const server = await findServer(location.dataDir);
    if (server !== undefined) return work(served(new ApiClient(server.url)));
  }
  return readingStored(location, (database) => work(stored(database)));
}

/** What the trades of the journal in a directory came to, strategy by strategy. */
export async function readBaseline(dataDir: string): Promise<ReadonlyMap<string, TrackRecord>> {
  if ((await findServer(dataDir)) !== undefined)
    throw new BadInput(
      `--baseline "${dataDir}" is in use by a Plimsoll that runs; name the directory of a simulation that is over`,
    );
  const location = { kind: 'directory', dataDir } as const;
  const trades = await readingStored(location, foldTrades).catch((error: unknown) => {
    throw new BadInput(`--baseline "${dataDir}" cannot be read: ${messageOf(error)}`);
  });
  return baselineOf(trades);
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

async function readingStored<T>(
  location: StoredLocation,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openForReading(location);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

function served(client: ApiClient): TradeSource {
  return {
    trades: (limit) => client.trades(limit),
    trade: (id) => client.trade(id),
    feedback: (days) => client.feedback(days),
    async *fills() {
      for (let after: number | null = 0; after !== null;) {
        const page: Awaited<ReturnType<ApiClient['fills']>> = await client.fills(after);
        for (const view of page.fills) yield { fill: fillOf(view), currency: page.currency };
        after = page.next;
      }
    },
  };
}

function stored(database: Database): TradeSource {
  return {
    async trades(limit) {
      const trades = await foldTrades(database);
      return trades.all().toReversed().slice(0, limit).map(tradeView);
    },
    async trade(id) {
      const trade = (await foldTrades(database)).get(id);
      if (trade === undefined)
        throw new BadInput(`There is no trade "${id}"; "plimsoll trades" lists them.`);
      return tradeDetail(trade);
    },
    async feedback(days) {
      return feedbackView(await foldTrades(database), days);
    },
    async *fills() {
      let currency = '';
      for await (const { event } of storedEvents(database)) {
        if (event.type === 'system.started') currency = event.body.currency;
        if (event.type === 'order.filled') yield { fill: fillFromEvent(event), currency };
      }
    },
  };
}

async function foldTrades(database: Database): Promise<Trades> {
  const trades = freshTrades();
  const head = await database.pool
    .query<{ seq: string }>('SELECT seq FROM journal_head')
    .catch(() => undefined);
  const progress = new Progress('reading', Number(head?.rows[0]?.seq ?? 0));
  for await (const { event } of storedEvents(database)) {
    trades.apply(event);
    progress.update(event.seq);
  }
  progress.clear();
  return trades;
}

const fillOf = (view: FillView): Fill => ({
  id: fillId(view.fillId),
  orderId: clientOrderId(view.orderId),
  instrumentId: instrumentId(view.instrumentId),
  strategyId: strategyId(view.strategyId),
  side: view.side,
  quantity: quantity(view.quantity),
  price: price(view.price),
  fee: money(view.fee),
  ...(view.feeInBase === undefined ? {} : { feeInBase: quantity(view.feeInBase) }),
  atMs: view.atMs,
});
