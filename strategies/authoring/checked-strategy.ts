import type { Candle, Timeframe } from '../../domain/candle.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Strategy, StrategyRun } from '../strategy.ts';
import { opinionFault } from './opinion-fault.ts';

/** What a strategy did wrong on a bar; the message names the strategy, the bar and the fault. */
export class StrategyFault extends Error {
  override readonly name = 'StrategyFault';

  constructor(strategy: Strategy, bar: Candle, fault: string, cause?: unknown) {
    const at = new Date(bar.openTimeMs).toISOString();
    super(`strategy "${strategy.id}", on the bar of ${at}: it ${fault}`, { cause });
  }
}

/**
 * The same strategy, with each of its opinions looked at before anybody acts on it. Strategies that
 * come from a user's file run this way: nobody has compiled them. Throws `StrategyFault`.
 */
export function checkedStrategy(strategy: Strategy): Strategy {
  return {
    ...strategy,
    with: (changes: ParameterValues) => checkedStrategy(strategy.with(changes)),
    from: (origin: string) => checkedStrategy(strategy.from(origin)),
    start: (timeframe: Timeframe) => checkedRun(strategy, strategy.start(timeframe)),
  };
}

function checkedRun(strategy: Strategy, run: StrategyRun): StrategyRun {
  return {
    onBar(series) {
      const bar = series.candle(series.length - 1);
      let opinion;
      try {
        opinion = run.onBar(series);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new StrategyFault(strategy, bar, `threw "${message}"`, error);
      }
      const fault = opinionFault(opinion, strategy, bar);
      if (fault !== undefined) throw new StrategyFault(strategy, bar, fault);
      return opinion;
    },
    save: () => run.save(),
    load: (saved) => run.load(saved),
  };
}
