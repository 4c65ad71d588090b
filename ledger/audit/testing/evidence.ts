/** A journal with everything that an audit goes by, in memory, so that a test can change any byte of it. */
import { draft } from '../../../domain/draft.ts';
import type { DomainEvent, EventDraft } from '../../../domain/event.ts';
import {
  approvalId,
  type ClientOrderId,
  cycleId,
  intentId,
  proposalId,
} from '../../../domain/ids.ts';
import { sampleProposal, START_MS } from '../../../domain/testing/samples.ts';
import type { Checkpoint } from '../../checkpoints/checkpoint.ts';
import { chain, GENESIS } from '../../hash-chain.ts';
import type { JournalRow } from '../../journal-row.ts';
import type { Head } from '../../ledger.ts';
import { JournalTree } from '../../merkle/journal-tree.ts';
import { eventFromText } from '../../schema/event-text.ts';
import { KNOWN } from '../../testing/random-journal.ts';
import type { JournalPage } from '../../verify.ts';
import type { AuditSources, VouchedSnapshot } from '../audit.ts';
import { StoryCheck } from '../story-check.ts';

export interface Evidence {
  readonly rows: readonly JournalRow[];
  readonly head: Head | undefined;
  readonly commits: number;
  readonly checkpoints: readonly Checkpoint[];
  readonly snapshot?: VouchedSnapshot;
}

const BY = { kind: 'SYSTEM', name: 'test' } as const;

/**
 * The same events with everything in between that must come before an order goes out, because random
 * journals send whatever they like.
 */
export function lawful(events: readonly DomainEvent[]): readonly DomainEvent[] {
  const woven: DomainEvent[] = [];
  const add = (event: EventDraft, atMs: number): void =>
    void woven.push({ ...event, seq: woven.length + 1, atMs } as DomainEvent);
  for (const { seq, atMs, ...event } of events) {
    if (event.type !== 'order.submitting') {
      add(event, atMs);
      continue;
    }
    const { id, role, addTo } = event.body.order;
    const isEntry = role === 'ENTRY' && addTo === undefined;
    const orderHash = `hash of ${id}`;
    for (const before of isEntry ? approval(id, seq) : []) add(before, atMs);
    add(clearance(id, orderHash), atMs);
    const intent = isEntry ? intentId(`I${id}`) : null;
    add({ ...event, body: { ...event.body, orderHash, intentId: intent } }, atMs);
  }
  return woven;
}

/** What the kernel said of an order when it was to be sent. */
export const clearance = (
  subject: ClientOrderId,
  orderHash: string,
  cleared = true,
): EventDraft => {
  const said = { lane: 'ENTRY', sentence: 'said', checks: [], limitsHash: '' } as const;
  const verdict = { ...said, orderHash, snapshotSeq: 1, reviewedAtMs: START_MS };
  const denied = { cleared: false, code: 'TRADING_HALTED', severity: 'WARNING' } as const;
  return draft('kernel.reviewed', BY, 'system', null, {
    stage: 'SEND',
    subject,
    verdict: cleared ? { ...verdict, cleared: true } : { ...verdict, ...denied },
  });
};

/** A proposal of a cycle of its own, approved, and its intent. */
export function approval(id: string, barTimeMs: number): readonly EventDraft[] {
  const cycle = cycleId(`lawful-${id}`);
  const proposal = sampleProposal({ id: proposalId(`L${id}`), cycleId: cycle });
  const asked = { approvalId: approvalId(`AL${id}`), proposalId: proposal.id };
  const { instrumentId } = proposal;
  return [
    draft('cycle.opened', BY, cycle, null, { cycleId: cycle, instrumentId, barTimeMs }),
    draft('proposal.made', BY, cycle, null, { proposal }),
    draft('approval.requested', BY, cycle, null, {
      ...asked,
      proposalHash: 'h',
      expiresAtMs: START_MS,
    }),
    draft('approval.decided', { kind: 'PERSON', name: 'mira' }, cycle, null, {
      ...asked,
      status: 'APPROVED',
      because: 'so',
      seenHash: 'h',
    }),
    draft('intent.recorded', BY, cycle, null, {
      ...asked,
      intentId: intentId(`I${id}`),
      order: {} as never,
    }),
  ];
}

export function rowsOf(events: readonly DomainEvent[], after: Head = GENESIS): JournalRow[] {
  const rows: JournalRow[] = [];
  for (const event of events) rows.push(chain(rows.at(-1) ?? after, event));
  return rows;
}

/** Signed at these sizes; of the last but one size there is a snapshot, where there are two. */
export function evidenceOf(
  events: readonly DomainEvent[],
  sizes: readonly number[] = [],
): Evidence {
  const rows = rowsOf(events);
  const snapshotAt = sizes.at(-2);
  return {
    rows,
    head: headOf(rows),
    commits: rows.length,
    checkpoints: sizes.map((size) => checkpointOf(rows, size)),
    ...(snapshotAt === undefined ? {} : { snapshot: snapshotOf(rows, snapshotAt) }),
  };
}

export const headOf = (rows: readonly JournalRow[]): Head => {
  const { seq, hash } = rows.at(-1) ?? GENESIS;
  return { seq, hash };
};

export function checkpointOf(rows: readonly JournalRow[], size: number): Checkpoint {
  const tree = new JournalTree();
  for (const row of rows.slice(0, size)) tree.add(row);
  const { hash: headHash } = tree.head;
  return { origin: 'test', size, root: tree.root(), headHash, commits: size, atMs: START_MS };
}

export function snapshotOf(rows: readonly JournalRow[], seq: number): VouchedSnapshot {
  const story = new StoryCheck(KNOWN);
  for (const { body } of rows.slice(0, seq)) story.see(eventFromText(body));
  return { seq, sections: story.sections() };
}

/** The pages as a database gives them: by number, each with the last row of the one before. */
export function sourcesOf(evidence: Evidence, pageRows = 1_000): AuditSources {
  const { rows, head, commits, checkpoints, snapshot } = evidence;
  const sorted = rows.toSorted((a, b) => a.seq - b.seq);
  async function* pages(afterSeq: number): AsyncGenerator<JournalPage> {
    for (let from = afterSeq; ;) {
      const isFirst = from === 0;
      const stored = sorted.filter(({ seq }) => isFirst || seq >= from).slice(0, pageRows + 1);
      yield { rows: stored.slice(isFirst ? 0 : 1), head };
      if (stored.length <= pageRows) return;
      from = stored.at(-1)?.seq ?? 0;
    }
  }
  return {
    instruments: KNOWN,
    pages,
    commits: async () => commits,
    checkpoints,
    guardFaults: async () => [],
    snapshot,
  };
}
