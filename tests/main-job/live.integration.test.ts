/** A market as it happens: the built command beside a server that speaks an exchange's own protocol. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

import type { Candle } from '../../domain/candle.ts';
import { BinanceServer } from '../../market/feeds/ccxt/testing/binance-server.ts';
import { inFolder, plimsoll, type Started, startPlimsoll } from '../support/cli.ts';

const MINUTE = 60_000;
const HISTORY = 600;

/** Minutes around now: those before it are history, those after it have not happened yet. */
function minutesAround(nowMs: number): readonly Candle[] {
  const firstMs = Math.floor(nowMs / MINUTE) * MINUTE - HISTORY * MINUTE;
  return Array.from({ length: HISTORY + 30 }, (_, index) => {
    const open = 50_000 + 40 * Math.sin(index / 9);
    const close = 50_000 + 40 * Math.sin((index + 1) / 9);
    return {
      openTimeMs: firstMs + index * MINUTE,
      open,
      high: Math.max(open, close) + 3,
      low: Math.min(open, close) - 3,
      close,
      volume: 1 + (index % 7),
    };
  });
}

interface State {
  readonly venueMode: string;
  readonly market: {
    readonly instrumentId: string;
    readonly source: string;
    readonly synthetic: boolean;
    readonly live: boolean;
    readonly lastPrice: string | null;
  };
  readonly counts: { readonly cycles: number };
}

async function until(started: Started, holds: (state: State) => boolean): Promise<State> {
  for (;;) {
    const state = (await (await fetch(`${started.url}/api/v1/state`)).json()) as State;
    if (holds(state)) return state;
    await sleep(200);
  }
}

test(
  'prices come from the exchange, bars when they close, and a start after a pause tells what it missed',
  () =>
    inFolder(async (folder) => {
      const server = await BinanceServer.open(minutesAround(Date.now()), MINUTE);
      const words = `--live binance --live-url ${server.url} --instrument BTC/USDT --timeframe 1m --venue paper`;
      const args = [...words.split(' '), '--data-dir', `${folder}/journal`];
      const extra = { PLIMSOLL_CANDLES_DIR: `${folder}/candles` };
      try {
        const first = await startPlimsoll(args, extra);
        await server.subscribed('trade');
        server.trade(Date.now(), 50_123.45);
        const priced = await until(first, ({ market }) => market.lastPrice === '50123.45');
        expect(priced).toMatchObject({
          venueMode: 'PAPER',
          market: { instrumentId: 'BTC/USDT', source: 'binance', synthetic: false, live: true },
        });
        const { counts } = await until(first, (state) => state.counts.cycles > 0);
        await first.end('SIGTERM');
        expect(first.child.exitCode).toBe(0);

        // Sleeping into the next minute, so that a bar closes while nobody listens.
        await sleep(MINUTE - (Date.now() % MINUTE) + 500);
        const again = await startPlimsoll(args, extra);
        await until(again, (state) => state.counts.cycles > counts.cycles);
        await again.end('SIGTERM');
        const audit = await plimsoll(['audit', 'verify', '--data-dir', `${folder}/journal`], extra);
        expect([audit.code, audit.stderr]).toEqual([0, '']);
        const exported = await plimsoll(
          ['audit', 'tail', '--data-dir', `${folder}/journal`, '--json', '--lines', '5000'],
          extra,
        );
        const opens = [...exported.stdout.matchAll(/"openTimeMs":(\d+)/g)].map(([, ms]) =>
          Number(ms),
        );
        expect(opens.length).toBeGreaterThanOrEqual(2);
        opens.forEach((ms, index) => expect(ms - opens[0]!).toBe(index * MINUTE));
      } finally {
        await server.close();
      }
    }),
  300_000,
);
