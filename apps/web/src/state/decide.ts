/** A person's decision on its way to the server. */
import type { ApprovalView, DecisionRequest } from '../../../api/views.ts';
import { messageOf, NoAnswer, postDecision } from './api.ts';
import type { Attempt } from './page-state.ts';
import { page } from './page.ts';
import { pendingIn, withSettled } from './proposals.ts';

const setAttempt = (id: string, attempt: Attempt): void =>
  page.update((state) => ({ ...state, attempts: { ...state.attempts, [id]: attempt } }));

/** Deciding again is safe after silence: the server takes one decision for a version and no second. */
const silence = (decision: DecisionRequest['decision']): string =>
  `The server did not answer, so it is not known whether "${decision.toLowerCase()}" arrived. ` +
  'This card shows what became of it as soon as the connection is back.';

function fail(approval: ApprovalView, message: string): void {
  page.update((state) => {
    const waits = pendingIn(state.server).some(({ id }) => id === approval.id);
    if (!waits) return withSettled(state, { approval, status: null, sentence: message });
    return {
      ...state,
      attempts: { ...state.attempts, [approval.id]: { phase: 'FAILED', message } },
    };
  });
}

/** Sends the decision with the version and hash that were on the screen; one at a time per proposal. */
export async function decide(
  approval: ApprovalView,
  decision: DecisionRequest['decision'],
  reason: string,
): Promise<void> {
  if (page.get().attempts[approval.id]?.phase === 'BUSY') return;
  setAttempt(approval.id, { phase: 'BUSY', decision });
  const { version, proposalHash: seenHash } = approval;
  try {
    const result = await postDecision(approval.id, { decision, version, seenHash, reason });
    page.update((state) => withSettled(state, { approval, ...result }));
  } catch (error) {
    fail(approval, error instanceof NoAnswer ? silence(decision) : messageOf(error));
  }
}
