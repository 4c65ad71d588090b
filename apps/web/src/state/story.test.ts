import { describe, expect, it } from 'vitest';
import type { EntryView, TraceView } from '../../../api/views.ts';
import { storyOf } from './story.ts';

let seq = 0;
const entry = (type: string, body: object = {}): EntryView => {
  seq += 1;
  return {
    seq,
    atMs: seq * 1_000,
    type,
    actor: 'somebody',
    actorKind: 'SYSTEM',
    correlationId: 'c1',
    causationSeq: null,
    sentence: `${type} happened.`,
    hash: '',
    prevHash: '',
    body,
  };
};
const trace = (entries: readonly EntryView[]): TraceView =>
  ({ decision: { cycleId: 'c1' }, proposal: null, verdicts: [], entries }) as unknown as TraceView;

const thought = entry('agent.stepped', {
  evidence: [{ id: 'e' }],
  reasoning: { kind: 'THESIS' },
});
const review = (cleared: boolean) => entry('kernel.reviewed', { verdict: { cleared } });
const reviewed = [thought, entry('proposal.made'), review(true)];
const approved = [...reviewed, entry('approval.decided', { status: 'APPROVED' })];
const sent = entry('order.submitting', { order: { id: 'o1', role: 'ENTRY' } });
const states = (value: TraceView) => storyOf(value).map(({ title, state }) => `${title} ${state}`);

describe('the story of a decision', () => {
  it('runs from evidence to fill', () => {
    const done = storyOf(trace([...approved, sent, entry('order.filled')]));
    expect(done.map(({ title }) => title)).toEqual([
      'Evidence',
      'Thesis',
      'Proposal',
      'Kernel',
      'Approval',
      'Order',
      'Fill',
    ]);
    expect(done.every(({ state }) => state === 'DONE')).toBe(true);
  });

  it('stops where the model abstained', () => {
    const quiet = entry('agent.stepped', { evidence: [], reasoning: { kind: 'ABSTAIN' } });
    expect(states(trace([quiet]))).toContain('Thesis STOPPED');
    expect(states(trace([quiet]))).toContain('Proposal NOT_REACHED');
  });

  it('stops where the kernel denied', () => {
    expect(states(trace([...reviewed, review(false)]))).toContain('Kernel STOPPED');
    expect(states(trace([...reviewed, review(false), review(true)]))).toContain('Kernel STOPPED');
  });

  it('waits while a person decides and stops when they decline', () => {
    const asked = entry('approval.requested');
    expect(states(trace([...reviewed, asked]))).toContain('Approval WAITING');
    const declined = entry('approval.decided', { status: 'DECLINED' });
    expect(states(trace([...reviewed, asked, declined]))).toContain('Approval STOPPED');
  });

  it('shows a refusal of the venue and does not take a silent venue for one', () => {
    const rejected = entry('order.rejected', { orderId: 'o1' });
    const unknown = entry('order.unknown', { orderId: 'o1' });
    expect(states(trace([...approved, sent, rejected]))).toContain('Order STOPPED');
    expect(states(trace([...approved, sent, unknown]))).toContain('Order WAITING');
  });

  it('counts the exits among the fills', () => {
    const story = storyOf(trace([...approved, sent, entry('order.filled'), entry('order.filled')]));
    expect(story.at(-1)?.sentence).toContain('2 fills in all');
  });
});
