/**
 * The whole record proven at once: the chain and its head, the signed checkpoints, what guards the rows,
 * double entry, the projections, and that no order went out without what must come before it.
 *
 * It goes through the journal once, in order, in little memory, and can be put down and taken up again.
 */
import { setImmediate } from 'node:timers/promises';
import type { InstrumentId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { TrialLine } from '../accounts/balances.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import type { JournalRow } from '../journal-row.ts';
import type { Head } from '../ledger.ts';
import { JournalTree } from '../merkle/journal-tree.ts';
import { eventFromText } from '../schema/event-text.ts';
import type { Saved } from '../snapshots/state-text.ts';
import { headBroken, type JournalPage, rowBroken } from '../verify.ts';
import { CheckpointCheck } from './checkpoint-check.ts';
import { type Finding, finding } from './finding.ts';
import { type SavedStory, StoryCheck } from './story-check.ts';

/** A snapshot that a signed checkpoint vouches for. */
export interface VouchedSnapshot {
  readonly seq: number;
  /** The canonical text of each fold in it. */
  readonly sections: ReadonlyMap<string, string>;
}

export interface AuditSources {
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  /** The stored rows after an event, oldest first, with the head as it stood at each page. */
  readonly pages: (afterSeq: number) => AsyncIterable<JournalPage>;
  /** How often the journal was written, as its head says. */
  readonly commits: () => Promise<number>;
  /** Oldest first, their signatures checked; or why they cannot be read. */
  readonly checkpoints: readonly Checkpoint[] | Finding;
  /** What keeps rows from being changed and does not, a sentence each. */
  readonly guardFaults: () => Promise<readonly string[]>;
  /** The newest of this version, or what is wrong with one of them. */
  readonly snapshot: VouchedSnapshot | Finding | undefined;
}

/** Where an audit was put down. */
export interface SavedAudit {
  readonly tree: Saved;
  readonly story: SavedStory;
  /** Checkpoints that were met until then. */
  readonly met: number;
  readonly comparedAtSeq: number | null;
}

export interface AuditReport {
  readonly ok: boolean;
  /** Events whose chain holds. */
  readonly events: number;
  readonly headHash: string;
  /** Signed checkpoints that agree. */
  readonly checkpoints: number;
  /** The newest of them. */
  readonly lastCheckpoint: Checkpoint | undefined;
  /** The event of the snapshot that the projections were compared with. */
  readonly comparedAtSeq: number | undefined;
  readonly trialBalance: readonly TrialLine[];
  readonly findings: readonly Finding[];
}

export interface AuditProgress {
  /** Called after each page. */
  readonly onProgress?: (events: number) => void;
  readonly resume?: SavedAudit;
  /** Asked after each page; when it answers with true, the audit is put down there, or ends there when something is wrong already. */
  readonly stop?: () => boolean;
}

export type AuditOutcome =
  | { readonly kind: 'DONE'; readonly report: AuditReport }
  | { readonly kind: 'PUT_DOWN'; readonly saved: SavedAudit };

/** Rejects only when the journal cannot be read at all; what it holds never makes it throw. */
export async function audit(
  sources: AuditSources,
  { onProgress, resume, stop }: AuditProgress = {},
): Promise<AuditOutcome> {
  const pass = new Pass(sources, resume);
  for await (const page of sources.pages(pass.last.seq)) {
    pass.see(page);
    onProgress?.(pass.last.seq);
    if (pass.broken) break;
    if (stop?.() === true)
      return pass.sound
        ? { kind: 'PUT_DOWN', saved: pass.save() }
        : { kind: 'DONE', report: pass.report() };
    // A page takes long enough that others, such as Ctrl-C, must get their turn.
    await setImmediate();
  }
  return { kind: 'DONE', report: await pass.end() };
}

/** What is left to say of a journal whose pages the database itself cannot read any more. */
export const damagedReport = (sentence: string): AuditReport => ({
  ok: false,
  events: 0,
  headHash: '',
  checkpoints: 0,
  lastCheckpoint: undefined,
  comparedAtSeq: undefined,
  trialBalance: [],
  findings: [finding('STORAGE_DAMAGED', null, sentence)],
});

/** One pass over the journal. */
class Pass {
  readonly #sources: AuditSources;
  readonly #checkpoints: readonly Checkpoint[];
  readonly #tree = new JournalTree();
  readonly #check: CheckpointCheck;
  readonly #story: StoryCheck;
  readonly #findings: Finding[] = [];
  #stated: Head | undefined;
  #storyHolds = true;
  #treesAgree = true;
  #comparedAtSeq: number | undefined;
  /** The chain is broken, so what follows proves nothing. */
  broken = false;

  constructor(sources: AuditSources, resume: SavedAudit | undefined) {
    const { checkpoints, instruments, snapshot } = sources;
    this.#sources = sources;
    this.#checkpoints = 'fault' in checkpoints ? [] : checkpoints;
    if ('fault' in checkpoints) this.#findings.push(checkpoints);
    if (snapshot !== undefined && 'fault' in snapshot) this.#findings.push(snapshot);
    this.#story = new StoryCheck(instruments);
    if (resume !== undefined && isOfThese(resume, this.#checkpoints)) {
      this.#tree.load(resume.tree);
      this.#story.load(resume.story);
      this.#comparedAtSeq = resume.comparedAtSeq ?? undefined;
    }
    this.#check = new CheckpointCheck(this.#checkpoints, this.#tree.size);
  }

  /** Nothing is wrong so far. */
  get sound(): boolean {
    return this.#findings.length === 0;
  }

  get last(): Head {
    return this.#tree.head;
  }

  see({ rows, head }: JournalPage): void {
    this.#stated = head;
    for (const row of rows) {
      const broken = rowBroken(this.last, row);
      if (broken !== undefined) {
        this.#findings.push(finding(broken.fault, broken.seq, broken.sentence));
        this.broken = true;
        return;
      }
      this.#tree.add(row);
      this.#seeTree();
      this.#seeStory(row);
      this.#compare(row.seq);
    }
  }

  /** Only while nothing is wrong is there anything to go on with. */
  save(): SavedAudit {
    return {
      tree: this.#tree.save(),
      story: this.#story.save(),
      met: this.#check.agreed,
      comparedAtSeq: this.#comparedAtSeq ?? null,
    };
  }

  async end(): Promise<AuditReport> {
    if (!this.broken) await this.#seeEnd();
    for (const fault of await this.#sources.guardFaults())
      this.#findings.push(finding('GUARD_DOWN', null, fault));
    return this.report();
  }

  /** As far as it has come. */
  report(): AuditReport {
    const { agreed } = this.#check;
    return {
      ok: this.sound,
      events: this.last.seq,
      headHash: this.last.hash,
      checkpoints: agreed,
      lastCheckpoint: this.#checkpoints[agreed - 1],
      comparedAtSeq: this.#comparedAtSeq,
      trialBalance: this.#storyHolds ? this.#story.trialBalance() : [],
      findings: this.#findings,
    };
  }

  async #seeEnd(): Promise<void> {
    const commits = await this.#sources.commits();
    const lost = this.#treesAgree ? this.#check.end(this.last.seq, commits) : undefined;
    if (lost !== undefined) this.#findings.push(lost);
    const broken = headBroken(this.last, this.#stated);
    if (broken !== undefined)
      this.#findings.push(finding(broken.fault, broken.seq, broken.sentence));
  }

  #seeTree(): void {
    const found = this.#treesAgree ? this.#check.see(this.#tree) : undefined;
    if (found === undefined) return;
    this.#treesAgree = false;
    this.#findings.push(found);
  }

  #seeStory({ seq, body }: JournalRow): void {
    if (!this.#storyHolds) return;
    const found = this.#read(seq, body);
    if (found === undefined) return;
    this.#storyHolds = false;
    this.#findings.push(found);
  }

  #read(seq: number, body: string): Finding | undefined {
    try {
      return this.#story.see(eventFromText(body));
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      return finding('EVENT_UNREADABLE', seq, `Event ${seq} cannot be understood: ${because}.`);
    }
  }

  #compare(seq: number): void {
    const { snapshot } = this.#sources;
    // Of another journal than was signed it is known already that it is another.
    if (!this.#storyHolds || !this.#treesAgree) return;
    if (snapshot?.seq !== seq || 'fault' in snapshot) return;
    const { sections } = snapshot;
    this.#comparedAtSeq = seq;
    for (const [name, text] of this.#story.sections()) {
      if (sections.get(name) === text) continue;
      const what = `The snapshot of event ${seq} has another ${name} than the journal comes to`;
      this.#findings.push(finding('SNAPSHOT_DISAGREES', seq, `${what}.`));
    }
  }
}

/** A checkpoint that was signed of an earlier event since then was never met: that audit begins again. */
const isOfThese = ({ tree, met }: SavedAudit, checkpoints: readonly Checkpoint[]): boolean => {
  const { size } = tree as { readonly size: number };
  return checkpoints.filter((one) => one.size <= size).length === met;
};
