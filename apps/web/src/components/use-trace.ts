import { useEffect, useState } from 'react';
import type { TraceView } from '../../../api/views.ts';
import { getTrace, messageOf } from '../state/api.ts';
import { page } from '../state/page.ts';

export type TraceLoad =
  | { readonly status: 'LOADING' }
  | { readonly status: 'READY'; readonly trace: TraceView }
  | { readonly status: 'FAILED'; readonly message: string };

const newestSeqOf = (cycleId: string): number =>
  page.get().journal?.entries.find(({ correlationId }) => correlationId === cycleId)?.seq ?? 0;

/** Reads a trace now and again whenever the journal records something more for it. */
function followTrace(cycleId: string, tell: (load: TraceLoad) => void): () => void {
  let asked = -1;
  const read = (): void => {
    const seq = newestSeqOf(cycleId);
    if (seq === asked) return;
    asked = seq;
    // An answer that was overtaken by a newer question is dropped.
    const answer = (load: TraceLoad): void => {
      if (asked === seq) tell(load);
    };
    getTrace(cycleId).then(
      (trace) => answer({ status: 'READY', trace }),
      (error: unknown) => answer({ status: 'FAILED', message: messageOf(error) }),
    );
  };
  read();
  const stop = page.subscribe(read);
  return () => {
    stop();
    asked = -1;
  };
}

/** The trace of one decision, kept up to date; use one component a cycle. */
export function useTrace(cycleId: string): TraceLoad {
  const [load, setLoad] = useState<TraceLoad>({ status: 'LOADING' });
  useEffect(() => followTrace(cycleId, setLoad), [cycleId]);
  return load;
}
