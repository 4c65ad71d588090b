import { WebSocket } from 'ws';

import type { Outside, ProviderFault } from '../provider.ts';
import { type FaultMaker, quoted } from './fault-maker.ts';

/** A line that says nothing for two of these is dead, whatever the network believes. */
const BEAT_MS = 10_000;
const OPENING_MS_MAX = 10_000;
const MESSAGE_BYTES_MAX = 1024 * 1024;
/** The reader is behind: nothing more is taken from the network before it has caught up. */
const UNREAD_MAX = 1_000;

interface LineOptions {
  readonly url: URL;
  /** `the stream of BTC/USD`, for sentences. */
  readonly what: string;
  readonly signal: AbortSignal;
  readonly outside: Outside;
  readonly fault: FaultMaker;
  /** What keeps the line alive, said every ten seconds; without it the protocol's own ping. */
  readonly heartbeat?: object;
}

type Heard =
  | { readonly kind: 'OPEN' }
  | { readonly kind: 'TEXT'; readonly text: string }
  | { readonly kind: 'PONG' };

export interface Line {
  say(message: object): void;
  /** Breaks the line as LOST unless what is returned is called in time. */
  expect(what: string, withinMs: number): () => void;
  /** Throws `ProviderFault` when the line breaks, returns when the signal is aborted, closes when left. */
  heard(): AsyncGenerator<Heard, void>;
}

/** One WebSocket, from its opening to its end; it is never opened again. */
export function openLine(options: LineOptions): Line {
  const { url, what, signal, outside, fault, heartbeat } = options;
  const socket = new WebSocket(url, { maxPayload: MESSAGE_BYTES_MAX, followRedirects: false });
  const unread: Heard[] = [];
  const over = new AbortController();
  let broken: ProviderFault | undefined;
  let heardSinceBeat = true;
  let wake = (): void => undefined;

  const breakWith = (reason: ProviderFault): void => {
    if (over.signal.aborted) return;
    broken = reason;
    end();
  };
  const end = (): void => {
    over.abort();
    socket.terminate();
    wake();
  };
  const hear = (heard: Heard): void => {
    if (over.signal.aborted) return;
    heardSinceBeat = true;
    unread.push(heard);
    if (unread.length >= UNREAD_MAX) socket.pause();
    wake();
  };
  const say = (message: object): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  const expect = (thing: string, withinMs: number): (() => void) => {
    const met = new AbortController();
    void outside.sleep(withinMs, AbortSignal.any([met.signal, over.signal])).then(() => {
      if (met.signal.aborted) return;
      breakWith(fault('LOST', `gave no ${thing} for ${what} within ${withinMs} ms`));
    });
    return () => met.abort();
  };
  const keepAlive = async (): Promise<void> => {
    for (;;) {
      await outside.sleep(BEAT_MS, over.signal);
      if (over.signal.aborted) return;
      if (!heardSinceBeat && !socket.isPaused) {
        breakWith(fault('LOST', `said nothing on ${what} for ${2 * BEAT_MS} ms`));
        return;
      }
      heardSinceBeat = false;
      if (heartbeat === undefined) socket.ping();
      else say(heartbeat);
    }
  };

  const opened = expect('connection', OPENING_MS_MAX);
  signal.addEventListener('abort', end, { once: true });
  socket.on('open', () => {
    opened();
    hear({ kind: 'OPEN' });
    void keepAlive();
  });
  socket.on('message', (data) => hear({ kind: 'TEXT', text: String(data) }));
  socket.on('pong', () => hear({ kind: 'PONG' }));
  socket.on('unexpected-response', (_, response) => {
    breakWith(refusal(response.statusCode ?? 0, what, fault));
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const kind = error.code?.startsWith('WS_ERR_') === true ? 'GARBLED' : 'LOST';
    breakWith(fault(kind, `broke ${what} (${error.code ?? error.message})`));
  });
  socket.on('close', (code, reason) => {
    const because = reason.length === 0 ? '' : ` and ${quoted(String(reason))}`;
    breakWith(fault('LOST', `closed ${what} with code ${code}${because}`));
  });

  async function* heard(): AsyncGenerator<Heard, void> {
    try {
      for (;;) {
        const next = unread.shift();
        if (signal.aborted) return;
        if (next !== undefined) {
          if (unread.length === 0 && socket.isPaused) socket.resume();
          yield next;
        } else if (broken !== undefined) {
          throw broken;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }
  return { say, expect, heard };
}

/** The handshake was answered by something else than a WebSocket. */
function refusal(status: number, what: string, fault: FaultMaker): ProviderFault {
  const sentence = `answered the opening of ${what} with HTTP status ${status}`;
  if (status === 401 || status === 403) return fault('REFUSED', sentence);
  if (status === 429) return fault('RATE_LIMITED', sentence);
  return fault('LOST', sentence);
}
