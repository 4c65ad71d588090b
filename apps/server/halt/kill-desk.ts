/** Where the kill switch is pulled from outside, by a person or by a file, and timed. */
import type { ClientOrderId } from '../../../domain/ids.ts';
import type { KillOrder, KillReport, KillStep } from '../../../execution/kill-switch.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { HaltProgress, HaltReportView, HaltResult, HaltStepView } from '../../api/views.ts';

export type Pull = (order: KillOrder, onStep: (step: KillStep) => void) => Promise<KillReport>;

export interface KillDeskParts {
  readonly pull: Pull;
  readonly instrumentOf: (id: ClientOrderId) => string;
  /** A stopwatch in real milliseconds. */
  readonly nowMs: () => number;
}

const NEVER: HaltProgress = { running: false, steps: [], report: null };

export class KillDesk {
  readonly #parts: KillDeskParts;
  #progress = NEVER;

  constructor(parts: KillDeskParts) {
    this.#parts = parts;
  }

  /** How far the newest pull came. */
  progress(): HaltProgress {
    return this.#progress;
  }

  /** Pulls at once, also while an earlier pull is still at work: it may have been a lesser one. */
  async pull(order: KillOrder, onStep: (step: KillStep) => void = () => {}): Promise<HaltResult> {
    const { pull, nowMs } = this.#parts;
    const startedMs = nowMs();
    const steps: HaltStepView[] = [];
    const tell = (running: boolean, report: HaltReportView | null): void => {
      this.#progress = { running, steps: [...steps], report };
    };
    tell(true, null);
    try {
      const report = await pull(order, (step) => {
        steps.push({ step, ms: Math.round((nowMs() - startedMs) * 10) / 10 });
        tell(true, null);
        onStep(step);
      });
      const told = this.#reportView(report);
      tell(false, told);
      return { steps, report: told };
    } catch (error) {
      tell(false, null);
      throw error;
    }
  }

  #reportView({ exitsKept, ...report }: KillReport): HaltReportView {
    const { instrumentOf } = this.#parts;
    const kept = exitsKept.map((id) => ({ id, instrumentId: instrumentOf(id) }));
    return { ...report, exitsKept: kept };
  }
}

export const killDeskOf = (runtime: Runtime): KillDesk =>
  new KillDesk({
    pull: (order, onStep) => runtime.halt(order, onStep),
    instrumentOf: (id) =>
      runtime.parts.book.order(id)?.order.instrumentId ?? 'an instrument unknown',
    nowMs: () => performance.now(),
  });
