import type { Candle, Timeframe } from '../../domain/candle.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Strategy, StrategyRun } from '../strategy.ts';
import { opinionFault } from './opinion-fault.ts';

/** What a strategy did wrong, on a bar or before the first; the message names both and the fault. */
export class StrategyFault extends Error {
  override readonly name = 'StrategyFault';

  constructor(strategy: Strategy, bar: Candle | undefined, fault: string, cause?: unknown) {
    const at = bar === undefined ? '' : `, on the bar of ${new Date(bar.openTimeMs).toISOString()}`;
    super(
      `strategy "${strategy.id}"${at}: it ${fault}`,
      cause === undefined ? undefined : { cause },
    );
    // Where it was noticed is no help to an author; where it was thrown is in the message.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** Where in its author's file something was thrown, such as `mine.ts:12`; undefined when nobody knows. */
type PlaceOf = (error: unknown) => string | undefined;

/**
 * The same strategy, with each of its opinions looked at before anybody acts on it. Strategies that
 * come from a user's file run this way: nobody has compiled them. Throws `StrategyFault`.
 */
export function checkedStrategy(strategy: Strategy, placeOf: PlaceOf = () => undefined): Strategy {
  return {
    ...strategy,
    with: (changes: ParameterValues) => checkedStrategy(strategy.with(changes), placeOf),
    from: (origin: string) => checkedStrategy(strategy.from(origin), placeOf),
    start(timeframe: Timeframe) {
      try {
        return checkedRun(strategy, strategy.start(timeframe), placeOf);
      } catch (error) {
        const fault = `threw ${thrown(error, placeOf)} when a run of it began`;
        throw new StrategyFault(strategy, undefined, fault, error);
      }
    },
  };
}

function thrown(error: unknown, placeOf: PlaceOf): string {
  const place = placeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return `"${message}"${place === undefined ? '' : ` at ${place}`}`;
}

function checkedRun(strategy: Strategy, run: StrategyRun, placeOf: PlaceOf): StrategyRun {
  return {
    onBar(series) {
      const bar = series.candle(series.length - 1);
      let opinion;
      try {
        opinion = run.onBar(series);
      } catch (error) {
        throw new StrategyFault(strategy, bar, `threw ${thrown(error, placeOf)}`, error);
      }
      const fault = opinionFault(opinion, strategy, bar);
      if (fault !== undefined) throw new StrategyFault(strategy, bar, fault);
      return opinion;
    },
    save: () => run.save(),
    load: (saved) => run.load(saved),
  };
}
