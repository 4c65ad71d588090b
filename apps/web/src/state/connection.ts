/** The stream from the server: opened, listened to, and opened again when it falls silent or breaks. */
import type { StreamMessage } from '../../../api/views.ts';
import { backoffMs } from './backoff.ts';
import { staleAfter, withFrame } from './frames.ts';
import { loadChart, loadDecisions, loadJournal, loadState, resync } from './load.ts';
import type { Connection } from './page-state.ts';
import { page } from './page.ts';
import { wallNowMs } from './wall-clock.ts';

/** Frames are taken together at most this often, so that a fast market does not redraw every tick. */
const FLUSH_MS = 125;
const REFRESH_MS = 300;
/** A server with nothing to say is asked whether it is still there. */
const SILENCE_MS = 10_000;

const setConnection = (connection: Connection): void =>
  page.update((state) => ({ ...state, connection }));

/** Runs `task` once, a moment after the last of a burst of calls; its failure is the stream's to notice. */
function debounced(task: () => Promise<void>, delayMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void task().catch(() => undefined);
    }, delayMs);
  };
}

const refreshFills = debounced(loadChart, REFRESH_MS);
const refreshDecisions = debounced(loadDecisions, REFRESH_MS);
const refreshJournal = debounced(loadJournal, REFRESH_MS);

function take(frames: readonly StreamMessage[]): void {
  const atMs = wallNowMs();
  const journalBefore = page.get().journal;
  page.update((state) => ({
    ...frames.reduce((next, frame) => withFrame(next, frame, atMs), state),
    heardAtMs: atMs,
  }));
  const entries = frames.flatMap((frame) => (frame.type === 'entries' ? frame.entries : []));
  const stale = staleAfter(entries);
  if (stale.fills) refreshFills();
  if (stale.decisions) refreshDecisions();
  if (journalBefore !== null && page.get().journal === null) refreshJournal();
}

const streamAddress = (): string => {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${location.host}/api/v1/stream`;
};

/** Opens one socket and resolves when it is over; `attempt` goes back to 0 once it delivered. */
function listen(onLive: () => void): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(streamAddress());
    let frames: StreamMessage[] = [];
    const flush = setInterval(() => {
      if (frames.length === 0) return;
      const taken = frames;
      frames = [];
      take(taken);
    }, FLUSH_MS);
    const watch = setInterval(() => {
      const heardAtMs = page.get().heardAtMs ?? 0;
      if (wallNowMs() - heardAtMs > SILENCE_MS) loadState().catch(() => socket.close());
    }, SILENCE_MS);
    socket.addEventListener('open', () => {
      resync().then(onLive, () => socket.close());
    });
    socket.addEventListener('message', (event: MessageEvent<string>) => {
      frames.push(JSON.parse(event.data) as StreamMessage);
    });
    socket.addEventListener('close', () => {
      clearInterval(flush);
      clearInterval(watch);
      resolve();
    });
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Keeps the page in step with the server for as long as the page is open. */
export async function stayConnected(): Promise<never> {
  let attempt = 0;
  let lostSinceMs: number | null = null;
  for (;;) {
    await listen(() => {
      attempt = 0;
      lostSinceMs = null;
      setConnection({ status: 'LIVE' });
    });
    lostSinceMs ??= page.get().heardAtMs ?? wallNowMs();
    const waitMs = backoffMs(attempt);
    attempt += 1;
    setConnection({ status: 'LOST', sinceMs: lostSinceMs, retryAtMs: wallNowMs() + waitMs });
    await pause(waitMs);
  }
}
