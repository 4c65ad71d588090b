import { useState } from 'react';
import type { HaltReportView, HaltRequest, HaltStepView } from '../../../api/views.ts';
import { getHalting, messageOf, postHalt } from '../state/api.ts';
import { loadState } from '../state/load.ts';

export interface Halting {
  readonly phase: 'IDLE' | 'RUNNING' | 'DONE' | 'FAILED';
  readonly flatten: boolean;
  readonly steps: readonly HaltStepView[];
  readonly report: HaltReportView | null;
  /** Why it is not known to have worked; null while it is, or is under way. */
  readonly failure: string | null;
}

const IDLE: Halting = { phase: 'IDLE', flatten: false, steps: [], report: null, failure: null };
const LOOK_MS = 100;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The kill switch as this page pulls it: the steps come back one by one. */
export function useHalt(): readonly [Halting, (request: HaltRequest) => void] {
  const [halting, setHalting] = useState(IDLE);
  const pull = async (request: HaltRequest): Promise<void> => {
    const { flatten } = request;
    setHalting({ ...IDLE, phase: 'RUNNING', flatten });
    let over = false;
    void look(
      () => !over,
      (steps) => setHalting((now) => ({ ...now, steps })),
    );
    try {
      const { steps, report } = await postHalt(request);
      over = true;
      setHalting({ phase: 'DONE', flatten, steps, report, failure: null });
      await loadState().catch(() => undefined);
    } catch (error) {
      over = true;
      setHalting((now) => ({ ...now, phase: 'FAILED', failure: messageOf(error) }));
    }
  };
  return [halting, (request) => void pull(request)];
}

/** Asks how far it came for as long as it is under way; what cannot be asked now is asked again. */
async function look(
  isWanted: () => boolean,
  tell: (steps: readonly HaltStepView[]) => void,
): Promise<void> {
  for (await pause(LOOK_MS); isWanted(); await pause(LOOK_MS)) {
    const progress = await getHalting().catch(() => null);
    if (progress?.running === true && isWanted()) tell(progress.steps);
  }
}
