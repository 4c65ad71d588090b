/** A desk whose store can be looked into, and fails when a test says so. */
import { ManualClock } from '../../domain/clock.ts';
import type { EventOf, EventType } from '../../domain/event.ts';
import { START_MS } from '../../domain/testing/samples.ts';
import { ChainedLedger } from '../../ledger/chained-ledger.ts';
import { chainedEvent } from '../../ledger/journal-row.ts';
import type { Leadership } from '../../ledger/leadership.ts';
import { MemoryStore } from '../../ledger/memory-store.ts';
import { StoreFailed, type StoreWork } from '../../ledger/store.ts';
import { type Desk, openDesk } from './desk.ts';

export class FailingStore extends MemoryStore {
  failing = false;
  /** Runs before anything is kept. */
  onWrite: () => Promise<void> = async () => {};

  override async transaction<T>(as: Leadership, work: StoreWork<T>): Promise<T> {
    await this.onWrite();
    if (this.failing) throw new StoreFailed('the disk is full');
    return super.transaction(as, work);
  }

  /** What would be there after the power failed now. */
  kept<T extends EventType>(type: T): readonly EventOf<T>[] {
    return this.journal
      .map((row) => chainedEvent(row).event)
      .filter((event): event is EventOf<T> => event.type === type);
  }
}

export async function durableDesk(): Promise<{ desk: Desk; store: FailingStore }> {
  const clock = new ManualClock(START_MS);
  const store = new FailingStore();
  const ledger = new ChainedLedger(store, store.lead('memory'), clock);
  return { desk: await openDesk({ clock, ledger }), store };
}
