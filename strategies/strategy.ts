import { type Candle, TIMEFRAME_MS, type Timeframe } from '../domain/candle.ts';
import type { StrategyRule } from '../domain/event.ts';
import type { StrategyId } from '../domain/ids.ts';
import type { Opinion } from '../domain/signal.ts';
import type { CandleSeries } from '../market/candles/series.ts';
import {
  defaultsOf,
  type Parameters,
  type ParameterValues,
  schemaFault,
  type ValuesOf,
  valuesWith,
} from './parameters.ts';

/** A rule that can be run: the same object in a backtest and live. */
export interface Strategy {
  readonly id: StrategyId;
  readonly name: string;
  /** One sentence a trader understands. */
  readonly rule: string;
  /** Where the rule makes sense; on others it runs, and nobody vouches for it. */
  readonly timeframes: readonly Timeframe[];
  /** What may be set, and what is set. */
  readonly parameters: Parameters;
  readonly values: ParameterValues;
  /** Where its code came from: `plimsoll`, or the name and the hash of a file of somebody's own. */
  readonly origin: string;
  /** Closed bars needed before the first opinion can be trusted, with the values that are set. */
  readonly warmupBars: number;
  /** The same rule with other values; throws a sentence that names the parameter at one that does not fit. */
  with(changes: ParameterValues): Strategy;
  /** The same strategy, known to come from somewhere else than this package. */
  from(origin: string): Strategy;
  /** A fresh run with its own memory (zones, streaming indicators). */
  start(timeframe: Timeframe): StrategyRun;
}

/** How far back a run may look into the series; what is older may have been forgotten. */
export const LOOK_BACK_BARS_MAX = 1_024;

export interface StrategyRun {
  /**
   * Called once for each closed bar, in order, with the series ending at that bar. Reads nothing
   * beyond the last bar nor older than `LOOK_BACK_BARS_MAX` bars, keeps no index into the series and
   * no reference to it, uses no clock and no chance.
   */
  onBar(series: CandleSeries): Opinion;
  /** Its memory as plain data, doubles and typed arrays included; null when it has none. */
  save(): unknown;
  /** Only on a fresh run: goes on from what another run of the same strategy had saved. */
  load(saved: unknown): void;
}

/** Whatever a run remembers between two bars: every indicator, and `Memory` for the rest. */
export interface Keepable {
  save(): unknown;
  load(saved: never): void;
}

/** Plain data that a run remembers: replace the value, never change what is inside it. */
export class Memory<T> implements Keepable {
  value: T;

  constructor(value: T) {
    this.value = value;
  }

  save() {
    return { value: this.value };
  }

  load({ value }: ReturnType<Memory<T>['save']>): void {
    this.value = value;
  }
}

/** What a rule is given when a run begins. */
export interface Beginning<P extends Parameters> {
  readonly values: ValuesOf<P>;
  readonly timeframe: Timeframe;
  readonly barMs: number;
  /** Hands back what it is given, and sees to it that it is saved and loaded; call it only here. */
  keep<T extends Keepable>(part: T): T;
}

/** Called for each closed bar, the last of the series, after whatever came before it. */
export type OnBar = (bar: Candle, series: CandleSeries) => Opinion;

export interface StrategySpec<P extends Parameters> extends Pick<
  Strategy,
  'id' | 'name' | 'rule' | 'timeframes'
> {
  readonly parameters: P;
  readonly warmupBars: (values: ValuesOf<P>) => number;
  /** Why values that fit one by one do not fit together, or undefined when they do. */
  readonly conflict?: (values: ValuesOf<P>) => string | undefined;
  /** Makes what the rule remembers, each part given to `keep`, and answers with the rule itself. */
  readonly start: (beginning: Beginning<P>) => OnBar;
}

/**
 * A strategy with its default values. Throws a sentence when something is missing, which only a file
 * whose types nobody checked can bring about, or when its own schema contradicts itself.
 */
export function defineStrategy<const P extends Parameters>(spec: StrategySpec<P>): Strategy {
  const missing = missingFault(spec);
  if (missing !== undefined) throw new Error(`${spec.id}: ${missing}`);
  for (const [name, parameter] of Object.entries(spec.parameters)) {
    const fault = schemaFault(name, parameter);
    if (fault !== undefined) throw new Error(`${spec.id}: ${fault}`);
  }
  return configured(spec, defaultsOf(spec.parameters), SHIPPED);
}

type Required = Readonly<Record<'parameters' | 'warmupBars' | 'start', unknown>>;

function missingFault({ parameters, warmupBars, start }: Required): string | undefined {
  if (typeof parameters !== 'object' || parameters === null)
    return 'it has no parameters; "parameters: {}" says that nothing can be set';
  if (typeof warmupBars !== 'function')
    return 'its warmupBars must be a function of what is set, such as "warmupBars: () => 50"';
  return typeof start === 'function'
    ? undefined
    : 'its start must be a function, which answers with the rule for each closed bar';
}

/** What a start records of its strategies, so that nobody has to guess later which code decided. */
export const rulesOf = (strategies: readonly Strategy[]): Readonly<Record<string, StrategyRule>> =>
  Object.fromEntries(strategies.map(({ id, origin, values }) => [id, { origin, values }]));

const SHIPPED = 'plimsoll';

function configured<P extends Parameters>(
  spec: StrategySpec<P>,
  values: ValuesOf<P>,
  origin: string,
): Strategy {
  const { id, name, rule, timeframes, parameters } = spec;
  const conflict = spec.conflict?.(values);
  if (conflict !== undefined) throw new Error(`${id}: ${conflict}`);
  return Object.freeze({
    id,
    name,
    rule,
    timeframes,
    parameters,
    values,
    origin,
    warmupBars: spec.warmupBars(values),
    with: (changes: ParameterValues) =>
      configured(spec, valuesWith(parameters, values, changes), origin),
    from: (elsewhere: string) => configured(spec, values, elsewhere),
    start: (timeframe: Timeframe) => startRun(spec, values, timeframe),
  });
}

function startRun<P extends Parameters>(
  spec: StrategySpec<P>,
  values: ValuesOf<P>,
  timeframe: Timeframe,
): StrategyRun {
  const parts: Keepable[] = [];
  let isBegun = false;
  const onBar = spec.start({
    values,
    timeframe,
    barMs: TIMEFRAME_MS[timeframe],
    keep(part) {
      if (isBegun)
        throw new Error('keep was called on a bar; call it in start, once for each part');
      if (!isKeepable(part))
        throw new Error(
          'keep was given what cannot save and load; wrap plain data in new Memory(…)',
        );
      parts.push(part);
      return part;
    },
  });
  if (typeof onBar !== 'function')
    throw new Error('start must answer with the rule, a function such as (bar, series) => …');
  isBegun = true;
  return {
    onBar: (series) => onBar(series.candle(series.length - 1), series),
    // By number, because a snapshot compares fields one by one and lists only by their kind.
    save: () => Object.fromEntries(parts.map((part, index) => [index, part.save()])),
    load(saved) {
      const states = saved as Readonly<Record<number, unknown>>;
      parts.forEach((part, index) => part.load(states[index] as never));
    },
  };
}

const isKeepable = (part: Partial<Keepable> | undefined | null): boolean =>
  typeof part?.save === 'function' && typeof part.load === 'function';
