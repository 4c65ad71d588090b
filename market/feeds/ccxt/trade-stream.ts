import type { Exchange, Trade } from 'ccxt';

import { ProviderFault, type StreamNews } from '../provider.ts';
import { excerpt, type Library } from './exchange.ts';
import { faultOf } from './faults.ts';
import { Mailbox } from './mailbox.ts';

/** Exchanges whose trades of one market are numbered without a hole, so that a hole means a loss. */
const NUMBERS_EVERY_TRADE: readonly string[] = ['binance', 'binanceus'];

type Print = Extract<StreamNews, { kind: 'TICK' }>;

interface Seen {
  /** The exchange's own time of the last print. */
  latestMs: number | undefined;
}

export interface StreamParts {
  readonly library: Library;
  /** Of its own: it is closed with the stream, and so remembers nothing of lines that broke. */
  readonly exchange: Exchange;
  readonly name: string;
  readonly symbol: string;
}

/**
 * Prints, and the best prices where the exchange streams them. No bars: the library does not say which of
 * them are closed, so the feed asks for them when their time is over.
 */
export async function* tradeStream(
  parts: StreamParts,
  signal: AbortSignal,
): AsyncGenerator<StreamNews> {
  const { exchange, library, name } = parts;
  const mail = new Mailbox<StreamNews>();
  const close = (): void => mail.close();
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  const fail = (error: unknown): void => mail.fail(faultOf(library, name, error));
  const seen: Seen = { latestMs: undefined };
  listenToLine(parts, mail);
  try {
    // An address without encryption is refused with words about proxies unless this was loaded.
    await exchange.loadHttpProxyAgent();
    if (!signal.aborted) {
      void watchTrades(parts, mail, seen, signal).catch(fail);
      if (exchange.has['watchBidsAsks'] === true)
        void watchQuotes(parts, mail, seen, signal).catch(fail);
    }
    yield* mail.items();
  } finally {
    signal.removeEventListener('abort', close);
    mail.close();
    await hangUp(exchange);
  }
}

/** Connections, heartbeats, and messages that cannot be read, which the library only prints. */
function listenToLine({ exchange, name }: StreamParts, mail: Mailbox<StreamNews>): void {
  const alive = (): void => mail.put({ kind: 'ALIVE' });
  exchange.log = () => undefined;
  exchange.onConnected = (client: { readonly connection?: NodeJS.EventEmitter }) => {
    alive();
    client.connection?.on('ping', alive).on('pong', alive);
  };
  const handle = exchange.handleMessage.bind(exchange);
  exchange.handleMessage = (client, message: unknown) => {
    if (typeof message === 'string')
      mail.fail(
        new ProviderFault(name, 'GARBLED', `a message is not whole JSON: ${excerpt(message)}`),
      );
    else handle(client, message);
  };
}

async function watchTrades(
  { exchange, name, symbol }: StreamParts,
  mail: Mailbox<StreamNews>,
  seen: Seen,
  signal: AbortSignal,
): Promise<void> {
  const isNumbered = NUMBERS_EVERY_TRADE.includes(exchange.id);
  let lastId: number | undefined;
  while (!signal.aborted) {
    for (const trade of await exchange.watchTrades(symbol)) {
      const id = isNumbered ? Number(trade.id) : undefined;
      if (id !== undefined && lastId !== undefined && id > lastId + 1)
        mail.put({ kind: 'GAP', because: `trade ${id} came after trade ${lastId}` });
      lastId = id;
      const print = printOf(name, trade);
      seen.latestMs = print.atMs;
      mail.put(print);
    }
  }
}

function printOf(name: string, { timestamp, price }: Trade): Print {
  if (isPositive(timestamp) && isPositive(price)) return { kind: 'TICK', atMs: timestamp, price };
  const sentence = `a trade has the time ${timestamp} and the price ${price}; both should be positive numbers`;
  throw new ProviderFault(name, 'GARBLED', sentence);
}

async function watchQuotes(
  { exchange, symbol }: StreamParts,
  mail: Mailbox<StreamNews>,
  seen: Seen,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { [symbol]: quote } = await exchange.watchBidsAsks([symbol]);
    const { bid, ask, timestamp } = quote ?? {};
    // A side of the book may be empty; then there is no quote.
    if (!isPositive(bid) || !isPositive(ask)) continue;
    // Some name no time. Ours may be ahead of theirs, and the next prints would then seem to come late.
    const atMs = timestamp ?? seen.latestMs;
    if (atMs !== undefined) mail.put({ kind: 'QUOTE', atMs, bid, ask });
  }
}

const isPositive = (value: number | undefined): value is number =>
  value !== undefined && Number.isFinite(value) && value > 0;

/** The library waits for the other side to agree; the line may be dead. */
async function hangUp(exchange: Exchange): Promise<void> {
  const clients = Object.values(exchange.clients) as readonly {
    readonly connection?: { terminate(): void };
  }[];
  const closed = exchange.close();
  for (const { connection } of clients) connection?.terminate();
  await closed;
}
