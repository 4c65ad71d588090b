import { useEffect, useState } from 'react';
import type { TraceView } from '../../../api/views.ts';
import { getTrace, messageOf } from '../state/api.ts';
import { usePage } from '../state/page.ts';

export type TraceLoad =
  | { readonly status: 'LOADING' }
  | { readonly status: 'READY'; readonly trace: TraceView }
  | { readonly status: 'FAILED'; readonly message: string };

/** A decision's trace, read again whenever the journal records something more for it. */
export function useTrace(cycleId: string): TraceLoad {
  const [load, setLoad] = useState<TraceLoad>({ status: 'LOADING' });
  const newestSeq = usePage(
    ({ journal }) =>
      journal?.entries.find(({ correlationId }) => correlationId === cycleId)?.seq ?? 0,
  );
  useEffect(() => setLoad({ status: 'LOADING' }), [cycleId]);
  useEffect(() => {
    let isCurrent = true;
    getTrace(cycleId).then(
      (trace) => isCurrent && setLoad({ status: 'READY', trace }),
      (error: unknown) => isCurrent && setLoad({ status: 'FAILED', message: messageOf(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [cycleId, newestSeq]);
  return load;
}
