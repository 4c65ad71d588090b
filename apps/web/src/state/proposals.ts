/** Proposals on the page: those that wait, and those that stopped waiting while it watched. */
import type { ApprovalView, StateView } from '../../../api/views.ts';
import type { PageState, Settled } from './page-state.ts';

/** Older results give way; their story stays in the decisions table. */
const MOST_SETTLED = 3;

const isPending = (approval: ApprovalView): boolean => approval.status === 'PENDING';

export const pendingIn = (server: StateView | null): readonly ApprovalView[] =>
  server?.approvals.filter(isPending) ?? [];

type Known = Pick<PageState, 'server' | 'settled'>;

/** Pending proposals without those whose result is already known here, oldest first. */
export function waiting({ server, settled }: Known): readonly ApprovalView[] {
  const done = new Set(settled.map(({ approval }) => approval.id));
  return pendingIn(server)
    .filter(({ id }) => !done.has(id))
    .sort((a, b) => a.createdAtMs - b.createdAtMs);
}

/** The proposal to draw into the chart: the one in focus while it waits, else the first that does. */
export const inFocus = (
  proposals: readonly ApprovalView[],
  focusedId: string | null,
): ApprovalView | null => proposals.find(({ id }) => id === focusedId) ?? proposals[0] ?? null;

/** Records how a proposal ended; a later, better known ending replaces an earlier one. */
export function withSettled(state: PageState, ending: Settled): PageState {
  const others = state.settled.filter(({ approval }) => approval.id !== ending.approval.id);
  const { [ending.approval.id]: _ended, ...attempts } = state.attempts;
  return { ...state, attempts, settled: [...others, ending].slice(-MOST_SETTLED) };
}

export const withoutSettled = (state: PageState, id: string): PageState => ({
  ...state,
  settled: state.settled.filter(({ approval }) => approval.id !== id),
});

/** Takes a new picture from the server; a proposal that left it is settled, not silently gone. */
export function withServer(state: PageState, server: StateView, atMs: number): PageState {
  const before = waiting(state);
  const still = new Set(pendingIn(server).map(({ id }) => id));
  const next: PageState = { ...state, server, serverAtMs: atMs };
  return before
    .filter(({ id }) => !still.has(id))
    .reduce((result, approval) => {
      const status = server.approvals.find(({ id }) => id === approval.id)?.status ?? null;
      return withSettled(result, { approval, status, sentence: null });
    }, next);
}
