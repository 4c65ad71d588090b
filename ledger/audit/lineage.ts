import type { DomainEvent, EventOf } from '../../domain/event.ts';
import type { Fold } from '../snapshots/fold.ts';
import { unpackLike } from '../snapshots/shape.ts';
import { pack, type Saved } from '../snapshots/state-text.ts';

/** Named with the event that breaks it. */
export class LineageBroken extends Error {
  override readonly name = 'LineageBroken';
}

/**
 * That nothing went out to the venue without what must come before it: the kernel cleared exactly this
 * order for sending, and an entry had its intent, on an approval that somebody gave.
 */
export class Lineage implements Fold {
  #state = fresh();

  apply(event: DomainEvent): void {
    switch (event.type) {
      case 'approval.decided':
        if (event.body.status === 'APPROVED') this.#state.approved.add(event.body.approvalId);
        return;
      case 'intent.recorded':
        this.#state.intents.set(event.body.intentId, event.body.approvalId);
        return;
      case 'kernel.reviewed':
        return this.#review(event);
      case 'order.submitting':
        return this.#submit(event);
      default:
        return;
    }
  }

  save(): Saved {
    return pack(this.#state);
  }

  load(saved: Saved): void {
    this.#state = unpackLike(saved, fresh());
  }

  /** What the kernel said last is what holds. */
  #review({ body }: EventOf<'kernel.reviewed'>): void {
    const { stage, subject, verdict } = body;
    if (stage !== 'SEND') return;
    if (verdict.cleared) this.#state.cleared.set(subject, verdict.orderHash);
    else this.#state.cleared.delete(subject);
  }

  #submit({ seq, body }: EventOf<'order.submitting'>): void {
    const { id, role, addTo } = body.order;
    const cleared = this.#state.cleared.get(id);
    if (cleared === undefined) throw broken(seq, id, 'the kernel never cleared it for sending');
    if (cleared !== body.orderHash) throw broken(seq, id, 'the kernel cleared another order');
    // A clearance is good for one order, once.
    this.#state.cleared.delete(id);
    if (role !== 'ENTRY') return;
    if (addTo === undefined) return this.#enter(seq, id, body.intentId);
    if (!this.#state.entries.has(addTo)) throw broken(seq, id, 'the entry it adds to never was');
  }

  #enter(seq: number, id: string, intent: string | null): void {
    const approval = intent === null ? undefined : this.#state.intents.get(intent);
    if (intent === null || approval === undefined)
      throw broken(seq, id, 'no intent stands behind it, or only one that was used before');
    if (!this.#state.approved.has(approval)) throw broken(seq, id, 'nobody approved it');
    this.#state.intents.delete(intent);
    this.#state.entries.add(id);
  }
}

interface State {
  readonly approved: Set<string>;
  /** The approval of each intent that nothing was sent for yet. */
  readonly intents: Map<string, string>;
  /** Entries that went out. */
  readonly entries: Set<string>;
  /** The hash of the order that was cleared, by its id. */
  readonly cleared: Map<string, string>;
}

const fresh = (): State => ({
  approved: new Set(),
  intents: new Map(),
  entries: new Set(),
  cleared: new Map(),
});

const broken = (seq: number, id: string, because: string): LineageBroken =>
  new LineageBroken(`Event ${seq} sends order ${id}, but ${because}.`);
