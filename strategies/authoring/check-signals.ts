import type { Candle, Timeframe } from '../../domain/candle.ts';
import type { Opinion, Signal } from '../../domain/signal.ts';
import { GrowableSeries } from '../../market/candles/growable-series.ts';
import type { Strategy, StrategyRun } from '../strategy.ts';
import { signOf, smallestStopDistance } from '../trade-plan.ts';
import { checkedStrategy, StrategyFault } from './checked-strategy.ts';
import { lookahead } from './lookahead.ts';
import { describeOpinion, sameOpinion } from './same-opinion.ts';
import { opinionsOn, signalsAmong } from './opinions-on.ts';

/** Below this the kernel refuses, whoever asks. */
const REWARD_RISK_MIN = 1.5;
/** A prime, so that restarts fall on all phases of whatever repeats. */
const RESTART_BARS = 37;
/** Two doubles that were reckoned on different ways. */
const ROUNDING = 1e-9;

/**
 * The signals of a strategy over candles, once each has kept what a strategy promises: sound levels and
 * evidence, nothing during warm-up, no set-up twice, no look at the future, and nothing forgotten over a
 * restart. Throws a sentence at the first that does not. For tests; it knows of no test library.
 */
export function checkSignals(
  strategy: Strategy,
  candles: readonly Candle[],
  timeframe: Timeframe,
): readonly Signal[] {
  const checked = checkedStrategy(strategy);
  const opinions = opinionsOn(checked, candles, timeframe);
  const setups = new Set<string>();
  for (const [index, opinion] of opinions.entries()) {
    const fault = promiseFault(strategy, opinion, index + 1, setups);
    if (fault !== undefined) throw new StrategyFault(strategy, candles[index]!, fault);
  }
  checkRestarts(checked, candles, timeframe, opinions);
  const { differences } = lookahead(checked, GrowableSeries.of(candles), timeframe);
  const [moved] = differences;
  if (moved === undefined) return signalsAmong(opinions);
  const bar = candles.find(({ openTimeMs }) => openTimeMs === moved.barTimeMs)!;
  const why =
    moved.future === 'SAME'
      ? 'another run at the same time'
      : moved.future === 'NONE'
        ? 'no bar after it, as it is live,'
        : 'other bars after it';
  throw new StrategyFault(
    strategy,
    bar,
    `said ${moved.said}; with ${why} it said ${moved.saidInstead}`,
  );
}

function promiseFault(
  { warmupBars }: Strategy,
  opinion: Opinion,
  bars: number,
  setups: Set<string>,
): string | undefined {
  if (opinion.kind === 'NO_SETUP') return undefined;
  if (bars < warmupBars) return `spoke on bar ${bars} of a warm-up of ${warmupBars}`;
  if (opinion.kind === 'EXIT') return undefined;
  const { direction, entry, stop, target, setupId } = opinion;
  if (setups.has(setupId)) return `signalled the set-up "${setupId}" twice`;
  setups.add(setupId);
  const risk = signOf(direction) * (entry - stop);
  const nearest = smallestStopDistance(entry, 0);
  if (risk < nearest * (1 - ROUNDING))
    return `put stop ${stop} nearer to entry ${entry} than ${nearest}, 20 basis points`;
  const reward = signOf(direction) * (target - entry);
  if (reward < REWARD_RISK_MIN * risk * (1 - ROUNDING))
    return `put target ${target} nearer than ${REWARD_RISK_MIN} times the stop's distance`;
  return undefined;
}

/** Whatever a rule remembers and has not given to `keep` is gone after a restart. */
function checkRestarts(
  strategy: Strategy,
  candles: readonly Candle[],
  timeframe: Timeframe,
  opinions: readonly Opinion[],
): void {
  const series = new GrowableSeries();
  let run = strategy.start(timeframe);
  for (const [index, candle] of candles.entries()) {
    if (index % RESTART_BARS === 0) {
      const saved = savedBy(strategy, run, candle);
      run = strategy.start(timeframe);
      run.load(saved);
    }
    series.append(candle);
    const opinion = run.onBar(series);
    if (sameOpinion(opinion, opinions[index]!)) continue;
    const said = describeOpinion(opinions[index]!, opinion);
    const instead = describeOpinion(opinion, opinions[index]!);
    throw new StrategyFault(
      strategy,
      candle,
      `said ${said}; taken up from what it had saved it said ${instead}. Give what it remembers to keep`,
    );
  }
}

/** As it would come back from a disk: plain data, and nothing that only this process can hold. */
function savedBy(strategy: Strategy, run: StrategyRun, bar: Candle): unknown {
  try {
    return structuredClone(run.save());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const fault = `remembers what cannot be saved (${message}); only plain data belongs in a Memory`;
    throw new StrategyFault(strategy, bar, fault, error);
  }
}
