import { describe, expect, it } from 'vitest';
import type { ApprovalView, StateView } from '../../../api/views.ts';
import { EMPTY_PAGE } from './page-state.ts';
import { inFocus, waiting, withoutSettled, withServer, withSettled } from './proposals.ts';

const approval = (id: string, createdAtMs: number, status = 'PENDING'): ApprovalView =>
  ({ id, createdAtMs, status }) as ApprovalView;
const server = (...approvals: readonly ApprovalView[]): StateView => ({ approvals }) as StateView;
const ids = (approvals: readonly ApprovalView[]) => approvals.map(({ id }) => id);

describe('proposals on the page', () => {
  it('waits in the order they were made', () => {
    const state = withServer(EMPTY_PAGE, server(approval('b', 2), approval('a', 1)), 0);
    expect(ids(waiting(state))).toEqual(['a', 'b']);
  });

  it('settles a proposal that left the server instead of letting it vanish', () => {
    const shown = withServer(EMPTY_PAGE, server(approval('a', 1)), 0);
    const state = withServer(shown, server(), 1);
    expect(state.settled).toMatchObject([{ approval: { id: 'a' }, status: null, sentence: null }]);
  });

  it('takes the status from the server when it is still told', () => {
    const shown = withServer(EMPTY_PAGE, server(approval('a', 1)), 0);
    const state = withServer(shown, server(approval('a', 1, 'EXPIRED')), 1);
    expect(state.settled[0]?.status).toBe('EXPIRED');
  });

  it('does not show a decided proposal again when an older frame arrives late', () => {
    const shown = withServer(EMPTY_PAGE, server(approval('a', 1)), 0);
    const done = withSettled(shown, {
      approval: approval('a', 1),
      status: 'APPROVED',
      sentence: 'Approved.',
    });
    const state = withServer(done, server(approval('a', 1)), 1);
    expect(waiting(state)).toEqual([]);
    expect(state.settled).toHaveLength(1);
    expect(withServer(state, server(), 2).settled[0]?.status).toBe('APPROVED');
  });

  it('drops the busy mark with the proposal and forgets what was dismissed', () => {
    const busy = {
      ...EMPTY_PAGE,
      attempts: { a: { phase: 'BUSY', decision: 'APPROVE' } as const },
    };
    const done = withSettled(busy, {
      approval: approval('a', 1),
      status: 'APPROVED',
      sentence: '',
    });
    expect(done.attempts).toEqual({});
    expect(withoutSettled(done, 'a').settled).toEqual([]);
  });

  it('draws the proposal in focus, or the first one when the focused one is gone', () => {
    const proposals = [approval('a', 1), approval('b', 2)];
    expect(inFocus(proposals, 'b')?.id).toBe('b');
    expect(inFocus(proposals, 'gone')?.id).toBe('a');
    expect(inFocus([], 'a')).toBeNull();
  });
});
