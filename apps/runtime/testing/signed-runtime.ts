/** A whole runtime on a journal that is signed, both in memory, that a test may stop and open again. */
import { MemorySaver } from '@langchain/langgraph';
import type { Reasoner } from '../../../agents/reasoner.ts';
import { ManualClock } from '../../../domain/clock.ts';
import { money } from '../../../domain/units.ts';
import type { Running, SignedHouse } from '../../../ledger/checkpoints/testing/signed-house.ts';
import { Snapshots } from '../../../ledger/snapshots/snapshots.ts';
import type { Feed } from '../../../market/feeds/feed.ts';
import { STANDARD } from '../../../risk-kernel/limits-in-force.ts';
import type { Strategy } from '../../../strategies/strategy.ts';
import { openRuntime, type Runtime } from '../runtime.ts';

export interface Traded {
  readonly feed: Feed;
  readonly strategies: readonly Strategy[];
  readonly reasoner: Reasoner;
}

/** What outlives a process, beside the journal. */
export class SignedRuntime {
  readonly house: SignedHouse;
  readonly #traded: Traded;
  readonly #saver = new MemorySaver();

  constructor(house: SignedHouse, traded: Traded) {
    this.house = house;
    this.#traded = traded;
  }

  /** A new process; without its snapshots it reads the whole journal. */
  async open(from: 'SNAPSHOT' | 'JOURNAL' = 'SNAPSHOT'): Promise<Running & { runtime: Runtime }> {
    const clock = new ManualClock(0);
    const running = await this.house.open(clock);
    const runtime = await openRuntime({
      version: '0',
      ...this.#traded,
      cash: money('10000'),
      seed: 1,
      decisionMode: 'GUIDE',
      ledger: running.ledger,
      checkpointer: async () => this.#saver,
      snapshots: from === 'SNAPSHOT' ? running.snapshots : Snapshots.none(),
      clock,
      approvalMs: 3_600_000,
      limits: STANDARD,
      venueMode: 'SIMULATION',
      rehearse: 'calm',
      pause: async () => {},
    });
    return { ...running, runtime };
  }
}
