/** One decision as seven steps, from what was seen to what was filled. A missing step stays visible. */
import type { EntryView, TraceView } from '../../../api/views.ts';

export type StepState = 'DONE' | 'STOPPED' | 'WAITING' | 'NOT_REACHED';

export interface StoryStep {
  readonly title: string;
  readonly state: StepState;
  /** One sentence, from the record. */
  readonly sentence: string;
  readonly atMs: number | null;
  readonly who: string | null;
}

type Finder = (entries: readonly EntryView[]) => EntryView | undefined;

const last =
  (...types: readonly string[]): Finder =>
  (entries) =>
    entries.findLast(({ type }) => types.includes(type));

/** A field of a recorded body; bodies are data of many shapes, so nothing is taken for granted. */
function field(entry: EntryView, name: string): unknown {
  const { body } = entry;
  return typeof body === 'object' && body !== null && name in body
    ? (body as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

const stepFrom = (
  title: string,
  entry: EntryView,
  state: StepState,
  sentence: string = entry.sentence,
): StoryStep => ({ title, state, sentence, atMs: entry.atMs, who: entry.actor });

const notReached = (title: string): StoryStep => ({
  title,
  state: 'NOT_REACHED',
  sentence: 'Not reached.',
  atMs: null,
  who: null,
});

function evidence({ proposal, entries }: TraceView): StoryStep {
  const seen =
    entries.findLast((entry) => field(entry, 'evidence') !== undefined) ??
    entries.find((entry) => field(entry, 'opinions') !== undefined);
  if (seen === undefined) return notReached('Evidence');
  const count = proposal?.evidence.length ?? 0;
  const facts = count === 0 ? seen.sentence : `${count} recorded facts stand behind it.`;
  return stepFrom('Evidence', seen, 'DONE', facts);
}

function thesis({ proposal, entries }: TraceView): StoryStep {
  const said = entries.findLast((entry) => field(entry, 'reasoning') !== undefined);
  if (said === undefined) return notReached('Thesis');
  const reasoning = field(said, 'reasoning') as { readonly kind?: string };
  if (reasoning.kind === 'ABSTAIN') return stepFrom('Thesis', said, 'STOPPED');
  return stepFrom('Thesis', said, 'DONE', proposal?.thesis ?? said.sentence);
}

function proposed({ entries }: TraceView): StoryStep {
  const refused = last('proposal.refused')(entries);
  if (refused !== undefined) return stepFrom('Proposal', refused, 'STOPPED');
  const made = last('proposal.made')(entries);
  return made === undefined ? notReached('Proposal') : stepFrom('Proposal', made, 'DONE');
}

interface Verdict {
  readonly cleared?: boolean;
  readonly lane?: string;
}

const verdictIn = (entry: EntryView): Verdict => (field(entry, 'verdict') ?? {}) as Verdict;

/** The kernel is asked about an entry more than once; one denial is what the story is about. */
function kernel({ entries }: TraceView): StoryStep {
  const reviews = entries.filter(
    (entry) => entry.type === 'kernel.reviewed' && verdictIn(entry).lane !== 'REDUCE_ONLY',
  );
  const denial = reviews.findLast((entry) => verdictIn(entry).cleared === false);
  if (denial !== undefined) return stepFrom('Kernel', denial, 'STOPPED');
  const review = reviews.at(-1);
  return review === undefined ? notReached('Kernel') : stepFrom('Kernel', review, 'DONE');
}

function approval({ entries }: TraceView): StoryStep {
  const decided = last('approval.decided')(entries);
  if (decided !== undefined) {
    const status = field(decided, 'status');
    const agreed = status === 'APPROVED' || status === 'CONSUMED';
    return stepFrom('Approval', decided, agreed ? 'DONE' : 'STOPPED');
  }
  const requested = last('approval.requested')(entries);
  return requested === undefined
    ? notReached('Approval')
    : stepFrom('Approval', requested, 'WAITING');
}

const ORDER_ENDS = ['order.denied', 'order.rejected', 'order.unknown'];

function isEntry(entry: EntryView): boolean {
  const order = field(entry, 'order');
  if (typeof order !== 'object' || order === null || !('role' in order)) return false;
  return order.role === 'ENTRY';
}

function ordered({ entries }: TraceView): StoryStep {
  const sent = entries.find((entry) => entry.type === 'order.submitting' && isEntry(entry));
  const denied = entries.find((entry) => entry.type === 'order.denied' && isEntry(entry));
  if (sent === undefined) {
    return denied === undefined ? notReached('Order') : stepFrom('Order', denied, 'STOPPED');
  }
  const failed = entries.find(
    (entry) => ORDER_ENDS.includes(entry.type) && field(entry, 'orderId') === orderId(sent),
  );
  return failed === undefined
    ? stepFrom('Order', sent, 'DONE')
    : stepFrom('Order', failed, failed.type === 'order.unknown' ? 'WAITING' : 'STOPPED');
}

function orderId(submitting: EntryView): unknown {
  const order = field(submitting, 'order');
  return typeof order === 'object' && order !== null && 'id' in order ? order.id : undefined;
}

function filled({ entries }: TraceView): StoryStep {
  const fills = entries.filter(({ type }) => type === 'order.filled');
  const first = fills[0];
  if (first === undefined) return notReached('Fill');
  const more = fills.length === 1 ? '' : ` ${fills.length} fills in all, exits included.`;
  return stepFrom('Fill', first, 'DONE', first.sentence + more);
}

export const storyOf = (trace: TraceView): readonly StoryStep[] =>
  [evidence, thesis, proposed, kernel, approval, ordered, filled].map((step) => step(trace));
