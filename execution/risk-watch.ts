/**
 * Watches the account while it runs: measures it against the breakers, moves it up and down the drawdown
 * ladder, and tries now and then whether the kernel still denies what it must deny. Everything it does
 * is toward safety; only the rungs of half and quarter size are left again without a person.
 */
import { draft } from '../domain/draft.ts';
import { clientOrderId, type InstrumentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { drawdownBpsOf, trips, type Vitals } from '../risk-kernel/breakers.ts';
import { CALM_PERCH, escaped } from '../risk-kernel/canary.ts';
import { nextRung } from '../risk-kernel/drawdown-ladder.ts';
import type { LimitsInForce } from '../risk-kernel/limits-in-force.ts';
import type { review } from '../risk-kernel/review.ts';
import { ENGINE } from './actor.ts';
import type { ExecutionEngine } from './engine.ts';
import { takeVitals, type VitalSources } from './vitals.ts';

export interface WatchParts extends VitalSources {
  readonly engine: ExecutionEngine;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly limits: LimitsInForce;
  /** The live kernel; a test may hand in one that has failed. */
  readonly review: typeof review;
}

export class RiskWatch {
  readonly #parts: WatchParts;
  #waitedMs = 0;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** How long the feed had been waited for at the last look, in real time. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** Measures once and does what that calls for. */
  async look(waitedMs = 0): Promise<void> {
    this.#waitedMs = waitedMs;
    const { book, engine, limits } = this.#parts;
    const vitals = takeVitals(this.#parts, waitedMs);
    await this.#climb(vitals);
    for (const { code, because } of trips(vitals, limits.limits)) await engine.pull(code, because);
    // Whoever pulled, here or in the engine: an entry that still rests could open something new.
    if (book.tradingState !== 'ACTIVE') await this.#cancelEntries();
  }

  /** Reviews orders that must be denied, on a calm account and on the real one. */
  async tryCanaries(): Promise<void> {
    const { engine, instruments, limits, clock } = this.#parts;
    const real = [...instruments.values()].map((instrument) => ({
      instrument,
      snapshot: engine.snapshot({ id: clientOrderId('CANARY'), instrumentId: instrument.id }),
      nowMs: clock.now(),
    }));
    const cleared = [CALM_PERCH, ...real].flatMap((perch) =>
      escaped(perch, limits, this.#parts.review),
    );
    if (cleared.length === 0) return;
    const because = `the kernel cleared an order it must deny: ${[...new Set(cleared)].join(', ')}`;
    if (await engine.pull('CANARY_CLEARED', because)) await this.#cancelEntries();
  }

  async #climb(vitals: Vitals): Promise<void> {
    const { book, ledger, limits } = this.#parts;
    const drawdownBps = drawdownBpsOf(vitals);
    const from = book.rung;
    const to = nextRung(from, drawdownBps, limits.limits);
    if (to === from) return;
    const body = { from, to, drawdownBps };
    await ledger.append(draft('drawdown.rung-changed', ENGINE, 'drawdown-ladder', null, body));
  }

  async #cancelEntries(): Promise<void> {
    const { book, engine } = this.#parts;
    const because = book.tradingStateBecause ?? 'nothing new may be opened';
    const entries = book.liveOrders().filter((record) => record.order.role === 'ENTRY');
    for (const entry of entries) await engine.cancel(entry.order.id, because);
  }
}
