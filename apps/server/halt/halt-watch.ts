/**
 * Looks for the signal file once a second, on a timer of its own: neither the ledger, nor a turn of the
 * runtime, nor the heartbeat stands between the file and the kill switch.
 */
import type { Actor } from '../../../domain/event.ts';
import type { KillOrder } from '../../../execution/kill-switch.ts';
import type { HaltResult } from '../../api/views.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { logFault } from '../http/fault-log.ts';
import type { KillDesk } from './kill-desk.ts';
import type { HaltFile, Signal, SignalReport } from './halt-file.ts';

export interface HaltWatchParts {
  readonly file: HaltFile;
  readonly pull: (order: KillOrder) => Promise<HaltResult>;
  /** False when trading goes on although the file is there. */
  readonly isHalted: () => boolean;
  /** The wall's clock, for the report. */
  readonly nowMs: () => number;
  readonly onFault: (error: unknown) => void;
}

export const LOOK_MS = 1_000;

const SIGNAL_FILE: Actor = { kind: 'SYSTEM', name: 'signal-file' };

export class HaltWatch {
  readonly #parts: HaltWatchParts;
  #timer: ReturnType<typeof setInterval> | undefined;
  #actedOn: string | undefined;
  #busy = false;

  constructor(parts: HaltWatchParts) {
    this.#parts = parts;
  }

  /** Looks at once, and then every second. */
  start(): void {
    void this.look();
    this.#timer ??= setInterval(() => void this.look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Acts on a file that is new, or that trading has come loose from; never rejects. */
  async look(): Promise<void> {
    const { file, isHalted } = this.#parts;
    const signal = file.read();
    if (signal === undefined) {
      this.#actedOn = undefined;
      return;
    }
    if (this.#busy || (signal.stamp === this.#actedOn && isHalted())) return;
    this.#busy = true;
    try {
      this.#report(await this.#act(signal));
    } finally {
      this.#busy = false;
    }
  }

  /** What failed is tried again with the next look. */
  async #act({ flatten, because, stamp }: Signal): Promise<SignalReport> {
    const { pull, nowMs, onFault } = this.#parts;
    try {
      const result = await pull({ flatten, because, by: SIGNAL_FILE });
      this.#actedOn = stamp;
      return { acted: true, stamp, atMs: nowMs(), ...result };
    } catch (error) {
      onFault(error);
      const message = error instanceof Error ? error.message : String(error);
      return { acted: false, stamp, atMs: nowMs(), because: message };
    }
  }

  /** A disk that is full must not keep anything from being stopped. */
  #report(report: SignalReport): void {
    try {
      this.#parts.file.writeReport(report);
    } catch (error) {
      this.#parts.onFault(error);
    }
  }
}

export const haltWatchOf = (
  { options: { ledger }, parts: { book } }: Runtime,
  file: HaltFile,
  killDesk: KillDesk,
): HaltWatch =>
  new HaltWatch({
    file,
    pull: (order) => killDesk.pull(order),
    // A broken ledger can not record a halt; nothing is sent without one.
    isHalted: () => ledger.broken !== undefined || book.tradingState === 'HALTED',
    nowMs: () => Date.now(),
    onFault: (error) => logFault('the signal file could not be acted on', error),
  });
