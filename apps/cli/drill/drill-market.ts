/** A market that the drill plays by hand, and strategies that see a set-up when the drill wants one. */
import { type StrategyId, strategyId } from '../../../domain/ids.ts';
import type { Feed, MarketEvent } from '../../../market/feeds/feed.ts';
import { defineStrategy, type Strategy } from '../../../strategies/strategy.ts';
import type { Runtime } from '../../runtime/runtime.ts';

/** Small enough that three of them fit under every limit. */
const RISK_BPS = 5;

/** Longs at the close while `isWanted` says so. */
export const drillStrategy = (name: string, isWanted: (id: StrategyId) => boolean): Strategy => {
  const id = strategyId(name);
  return defineStrategy({
    id,
    name: `Drill ${name}`,
    rule: 'It buys when the drill wants it to.',
    timeframes: ['5m'],
    parameters: {},
    warmupBars: () => 0,
    start:
      () =>
      ({ openTimeMs, close }) => {
        if (!isWanted(id))
          return { kind: 'NO_SETUP', strategyId: id, because: 'the drill wants nothing' };
        const evidence = { label: 'Close', value: close, unit: 'price', barTimeMs: openTimeMs };
        return {
          kind: 'SIGNAL',
          strategyId: id,
          direction: 'LONG',
          entry: close,
          stop: close * 0.97,
          target: close * 1.09,
          confidence: 0.95,
          riskBps: RISK_BPS,
          expiresAfterMs: 3_600_000,
          setupId: `${id}-${openTimeMs}`,
          because: 'The drill wants a position.',
          invalidation: 'The drill is over.',
          evidence: [{ id: `${id}.close`, ...evidence }],
        };
      },
  });
};

export class DrillMarket {
  readonly #runtime: Runtime;
  readonly #events: AsyncIterator<MarketEvent>;

  constructor(runtime: Runtime, feed: Feed) {
    this.#runtime = runtime;
    this.#events = feed.events(runtime.playedUntilMs)[Symbol.asyncIterator]();
  }

  /** Plays until something holds; false when it did not within so many bars. */
  async until(holds: () => boolean, barsMax: number): Promise<boolean> {
    for (let bars = 0; bars < barsMax;) {
      if (holds()) return true;
      if ((await this.step()).kind === 'BAR') bars += 1;
    }
    return holds();
  }

  async step(): Promise<MarketEvent> {
    const event = await this.#next();
    await this.#runtime.play(event);
    return event;
  }

  /** The next bar without the prices it is made of: strategies see it, and nothing fills. */
  async skipToBar(): Promise<void> {
    let event = await this.#next();
    while (event.kind !== 'BAR') event = await this.#next();
    await this.#runtime.play(event);
  }

  async #next(): Promise<MarketEvent> {
    const next = await this.#events.next();
    if (next.done === true) throw new Error('the market of the drill is over');
    return next.value;
  }
}
