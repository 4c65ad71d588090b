/** The server: HTTP, WebSocket and the page, on the loopback interface and nowhere else. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import * as NodeHttpServer from '@effect/platform-node/NodeHttpServer';
import { ByteSize, Effect, Exit, Layer, Scope } from 'effect';
import { HttpIncomingMessage, HttpRouter } from 'effect/http';
import { Operators } from '../../coordination/operators.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { Answers } from './answers.ts';
import { AuditAnswers, type AuditDesk } from './audit-answers.ts';
import { freshTrades } from '../fresh-trades.ts';
import { takeUpAndFollow } from './folds/take-up-and-follow.ts';
import { Projection } from './folds/projection.ts';
import type { HaltFile } from './halt/halt-file.ts';
import type { KillDesk } from './halt/kill-desk.ts';
import { apiLayer } from './http/handlers.ts';
import { faultLogLayer, logFault } from './http/fault-log.ts';
import { pageLayer } from './http/page.ts';
import { shellLayer } from './http/shell.ts';
import { LooseningAnswers } from './loosening-answers.ts';
import type { Market } from './market.ts';
import { StreamHub } from './stream/stream-hub.ts';
import { streamLayer } from './stream/stream-route.ts';
import { TradeAnswers } from './trade-answers.ts';

export interface ServerOptions {
  readonly runtime: Runtime;
  readonly driver: Market;
  readonly auditDesk: AuditDesk;
  readonly killDesk: KillDesk;
  readonly haltFile: HaltFile;
  /** 0 takes a free one. */
  readonly port: number;
  /** The built page. */
  readonly webDir: URL;
}

export interface Server {
  readonly url: string;
  readonly port: number;
  /** Says goodbye to open pages, finishes what is being answered, and stops listening. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** A decision is a few hundred characters. */
const BODY_BYTES_MAX = 64 * 1_024;
/** How long an open page may take to answer the goodbye. */
const GOODBYE_MS = 500;

/** Rejects with a sentence when the port is taken. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { runtime, driver, auditDesk, webDir, killDesk, haltFile } = options;
  const { ledger, feed } = runtime.options;
  const { snapshots } = runtime.options;
  const page = await takeUpAndFollow(ledger, snapshots, 'page', () => new Projection(feed));
  const trades = await takeUpAndFollow(ledger, snapshots, 'trades', freshTrades);
  const projection = page.fold;
  const stopTicks = driver.subscribe((news) => {
    if (news.kind === 'TICK') projection.candles.tick(news.price, news.atMs);
  });
  const sources = { runtime, projection, market: driver, haltFile };
  const hub = new StreamHub(sources, (error) =>
    logFault('a frame of the stream could not be made', error),
  );
  // A minute of a person's attempts is a real minute, however fast the market runs.
  const operators = new Operators(ledger, { now: () => Date.now() });
  const node = createServer();
  const port = (): number => (node.address() as AddressInfo).port;
  const routes = Layer.mergeAll(
    apiLayer({
      answers: new Answers(sources, killDesk),
      loosening: new LooseningAnswers(runtime, operators, haltFile),
      trades: new TradeAnswers(runtime, trades.fold),
      audit: new AuditAnswers(auditDesk),
    }),
    streamLayer(hub),
    pageLayer(fileURLToPath(webDir)),
    shellLayer(port),
  );
  const listening = HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provide(
      NodeHttpServer.layer(() => node, {
        port: options.port,
        host: LOOPBACK,
        gracefulShutdownTimeout: GOODBYE_MS,
        websocket: { maxPayload: 1_024 },
      }),
    ),
    Layer.provide(faultLogLayer),
    Layer.provide(Layer.succeed(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(BODY_BYTES_MAX))),
  );
  const scope = Scope.makeUnsafe();
  const release = async (): Promise<void> => {
    hub.close();
    stopTicks();
    page.stop();
    trades.stop();
    const lingering = setTimeout(() => {
      hub.destroy();
      node.closeAllConnections();
    }, GOODBYE_MS);
    await Effect.runPromise(Scope.close(scope, Exit.void));
    clearTimeout(lingering);
  };
  try {
    await Effect.runPromise(Layer.buildWithScope(listening, scope));
  } catch (error) {
    await release();
    throw listenFault(error, options.port);
  }
  return { url: `http://${LOOPBACK}:${port()}`, port: port(), close: release };
}

function listenFault(error: unknown, port: number): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'EADDRINUSE') {
    return new Error(`port ${port} is already in use; choose another with --port`, {
      cause: error,
    });
  }
  if (code === 'EACCES') {
    return new Error(`port ${port} may not be opened by this user; choose another with --port`, {
      cause: error,
    });
  }
  return error;
}
