import { Worker } from 'node:worker_threads';
import type { Strategy, StrategyRun } from '../../strategies/strategy.ts';

/** How long one step of a strategy may take before people are told, and before the process is ended. */
export interface Patience {
  readonly tellAfterMs: number;
  readonly endAfterMs: number;
}

const PATIENCE: Patience = { tellAfterMs: 5_000, endAfterMs: 60_000 };

/** Counts steps: odd while one is under way. */
type Steps = Int32Array;

/**
 * While a strategy works nothing else can, Ctrl-C and a halt included, so one that never comes back is
 * noticed from another thread: first that one says so, and then it ends the process, whose stops rest at
 * the venue and whose journal is whole.
 */
export class Watchdog {
  readonly #steps: Steps = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  constructor(what: string, patience = PATIENCE) {
    const worker = new Worker(WATCHING, {
      eval: true,
      // What the process was told to load first may wait for the thread that hangs.
      execArgv: [],
      workerData: { steps: this.#steps, what, ...patience },
    });
    // It watches for as long as there is something to watch, and keeps nobody from leaving.
    worker.unref();
  }

  watch<T>(step: () => T): T {
    Atomics.add(this.#steps, 0, 1);
    try {
      return step();
    } finally {
      Atomics.add(this.#steps, 0, 1);
    }
  }

  /** A step that may wait in between; nothing else of the strategy is under way meanwhile. */
  async watchAll<T>(step: () => Promise<T>): Promise<T> {
    Atomics.add(this.#steps, 0, 1);
    try {
      return await step();
    } finally {
      Atomics.add(this.#steps, 0, 1);
    }
  }
}

/** The same strategy, each of its steps watched. */
export function watched(strategy: Strategy, watchdog: Watchdog): Strategy {
  return {
    ...strategy,
    with: (changes) => watched(strategy.with(changes), watchdog),
    from: (origin) => watched(strategy.from(origin), watchdog),
    start: (timeframe) =>
      watchedRun(
        watchdog.watch(() => strategy.start(timeframe)),
        watchdog,
      ),
  };
}

const watchedRun = (run: StrategyRun, watchdog: Watchdog): StrategyRun => ({
  onBar: (series) => watchdog.watch(() => run.onBar(series)),
  save: () => run.save(),
  load: (saved) => run.load(saved),
});

/**
 * A text and no file, because Node 20 starts no thread from TypeScript. It writes with `writeSync`: its
 * own standard error is passed on by the very thread that hangs.
 */
const WATCHING = `
const { writeSync } = require('node:fs');
const { workerData } = require('node:worker_threads');
const { steps, what, tellAfterMs, endAfterMs } = workerData;
const say = (words) => writeSync(2, what + ': ' + words + '\\n');
let step = 0;
let sinceMs = 0;
let told = false;
setInterval(() => {
  const now = Atomics.load(steps, 0);
  if (now !== step || now % 2 === 0) {
    step = now;
    sinceMs = performance.now();
    told = false;
    return;
  }
  const ms = performance.now() - sinceMs;
  if (!told && ms >= tellAfterMs) {
    told = true;
    say('it has been busy with one step for ' + tellAfterMs / 1000 + ' s and may never come back;'
      + ' a loop without an end? After ' + endAfterMs / 1000 + ' s it is ended');
  }
  if (ms >= endAfterMs) {
    say('it did not come back within ' + endAfterMs / 1000 + ' s, so this process ends');
    process.kill(process.pid, 'SIGKILL');
  }
}, tellAfterMs / 10);
`;
