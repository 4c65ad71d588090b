import type { ChainedEvent } from '../../../ledger/ledger.ts';
import type { ApprovalView, DecisionView, TraceView } from '../../api/views.ts';
import { entryView } from './entry-view.ts';
import { verdictView } from './verdict-view.ts';

/** Sequence order is cause before effect: an event can only name an earlier one as its cause. */
export const traceView = (
  decision: DecisionView,
  proposal: ApprovalView | undefined,
  recorded: readonly ChainedEvent[],
): TraceView => ({
  decision,
  proposal: proposal ?? null,
  verdicts: recorded.flatMap(({ event }) =>
    event.type === 'kernel.reviewed'
      ? [{ stage: event.body.stage, atMs: event.atMs, verdict: verdictView(event.body.verdict) }]
      : [],
  ),
  entries: recorded.map(entryView),
});
