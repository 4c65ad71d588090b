import type { Candle } from '../domain/candle.ts';
import { strategyId } from '../domain/ids.ts';
import type { Direction, Opinion } from '../domain/signal.ts';
import { Atr } from '../market/indicators/atr.ts';
import { type ValueArea, VolumeProfile } from '../market/indicators/volume-profile.ts';
import { evidenceBy, nothingBy } from './opinions.ts';
import { decimal, integer, type ValuesOf } from './parameters.ts';
import { sessionParameter, sessionTest } from './sessions.ts';
import { defineStrategy, Memory } from './strategy.ts';
import { signOf, smallestStopDistance, targetAt } from './trade-plan.ts';

const ID = strategyId('fabio');
const ATR_BARS = 14;
/** By then less than a millionth of where Wilder's average began is left in it. */
const ATR_SETTLED_BARS = 14 * ATR_BARS;

const PARAMETERS = {
  profileBars: integer({
    default: 50,
    min: 20,
    max: 500,
    step: 10,
    unit: 'bars',
    says: 'How many bars the volume profile is built of.',
  }),
  profileRows: integer({
    default: 48,
    min: 8,
    max: 200,
    step: 8,
    unit: 'levels',
    says: 'How many rows of price the profile has: more are finer and slower.',
  }),
  breakBps: decimal({
    default: 20,
    min: 0,
    max: 300,
    step: 5,
    unit: 'bps',
    says: 'How far beyond the value area a bar must close to have broken out of it.',
  }),
  touchBps: decimal({
    default: 10,
    min: 0,
    max: 100,
    step: 5,
    unit: 'bps',
    says: 'How near to a level a bar must reach to count as a touch.',
  }),
  waitBars: integer({
    default: 50,
    min: 1,
    max: 500,
    step: 10,
    unit: 'bars',
    says: 'How long price may take to come back after a break.',
  }),
  stopBeyondBps: decimal({
    default: 20,
    min: 0,
    max: 300,
    step: 5,
    unit: 'bps',
    says: 'How far beyond the other side of the value area the stop lies.',
  }),
  rewardRisk: decimal({
    default: 2.5,
    min: 2,
    max: 10,
    step: 0.5,
    unit: 'times',
    says: 'The distance of the target, as a multiple of the distance of the stop.',
  }),
  riskBps: integer({
    default: 200,
    min: 10,
    max: 200,
    step: 10,
    unit: 'bps',
    says: 'The share of equity lost when the stop is hit.',
  }),
  expiryBars: integer({
    default: 24,
    min: 1,
    max: 500,
    unit: 'bars',
    says: 'How long the signal may wait for its entry: a day on the hourly chart.',
  }),
  session: sessionParameter,
};
type Values = ValuesOf<typeof PARAMETERS>;

/** A value area that price has broken out of; its levels stand still from then on. */
interface Break {
  readonly direction: Direction;
  readonly atMs: number;
  readonly atBar: number;
  readonly area: ValueArea;
}

/** The level that a bar reached back to and closed beyond again. */
interface Acceptance {
  readonly name: 'edge of the value area' | 'point of control';
  readonly level: number;
}

const nothing = nothingBy(ID);
const WARMING_UP = nothing('warming up');
const NO_VOLUME = nothing('there is no volume to build a profile of');
const NO_BREAK = nothing('price has not broken out of its value area');
const BREAKS_NOW = nothing('price breaks out of its value area and has yet to come back');
const NOT_ACCEPTED = nothing('price has not come back and been accepted outside of value');
const FAILED = nothing('price fell back through the point of control: the break has failed');
const TOO_LATE = nothing('price did not come back in time');
const OUTSIDE_SESSION = nothing('price came back outside of the chosen session');
const BELOW_ZERO = nothing('a level would be below zero');
const fact = evidenceBy(ID);

const profileReady = ({ profileBars }: Values): number => profileBars + 1;

/** A break hides others for as long as it waits: after two of them it matters no more which came first. */
const warmupBars = (values: Values): number =>
  Math.max(profileReady(values) + 2 * values.waitBars, ATR_SETTLED_BARS);

/** The side of the value area that price breaks out of, and the one beyond which the stop lies. */
const nearEdge = ({ direction, area }: Break): number =>
  direction === 'LONG' ? area.high : area.low;
const farEdge = ({ direction, area }: Break): number =>
  direction === 'LONG' ? area.low : area.high;

/**
 * Fabio, the auction around value: a close clear of the value area of the bars before is the break; a
 * later bar that reaches back to the edge of the area, or to its point of control, and closes beyond
 * it again says that the market accepts the new prices, and is the entry. A break signals once. It is
 * over when a bar closes on the wrong side of the point of control, or when nothing came back in time.
 */
export const fabio = defineStrategy({
  id: ID,
  name: 'Fabio value area break and return',
  rule:
    'When price leaves the area where most volume was traded, comes back to touch it and closes ' +
    'outside again, trade away from it with the stop on its other side.',
  timeframes: ['15m', '1h', '4h'],
  parameters: PARAMETERS,
  warmupBars,
  start({ values, barMs, keep }) {
    const profile = keep(new VolumeProfile(values.profileBars, values.profileRows));
    const range = keep(new Atr(ATR_BARS));
    const bars = keep(new Memory(0));
    const previousCloses = keep(new Memory(Number.NaN));
    const breaks = keep(new Memory<Break | undefined>(undefined));
    const isInSession = sessionTest(values.session, barMs);
    const warmup = warmupBars(values);
    const ready = profileReady(values);

    const lookForBreak = (bar: Candle, area: ValueArea, previousClose: number): Opinion => {
      if (Number.isNaN(area.pointOfControl)) return NO_VOLUME;
      const direction = breakOut(area, previousClose, bar.close, values.breakBps / 10_000);
      if (direction === undefined) return NO_BREAK;
      breaks.value = { direction, atMs: bar.openTimeMs, atBar: bars.value, area };
      return BREAKS_NOW;
    };

    const followBreak = (bar: Candle, known: Break, averageTrueRange: number): Opinion => {
      const fault = whyOver(known, bar, bars.value - known.atBar, values.waitBars);
      const accepted =
        fault === undefined ? acceptance(known, bar, values.touchBps / 10_000) : undefined;
      if (fault !== undefined || accepted !== undefined) breaks.value = undefined;
      if (fault !== undefined) return fault;
      if (accepted === undefined) return NOT_ACCEPTED;
      if (!isInSession(bar.openTimeMs)) return OUTSIDE_SESSION;
      return entry(bar, known, accepted, averageTrueRange, values, barMs);
    };

    return (bar) => {
      const known = breaks.value;
      const previousClose = previousCloses.value;
      // Read before this bar is taken in, and only when it is asked for: it is the costly part.
      const isReady = bars.value + 1 >= ready;
      const area = isReady && known === undefined ? profile.area() : undefined;
      profile.add(bar);
      const averageTrueRange = range.push(bar);
      previousCloses.value = bar.close;
      bars.value++;
      if (known === undefined && area === undefined) return WARMING_UP;
      const opinion =
        known === undefined
          ? lookForBreak(bar, area!, previousClose)
          : followBreak(bar, known, averageTrueRange);
      return bars.value < warmup ? WARMING_UP : opinion;
    };
  },
});

/** The side on which this close, and not the one before it, lies clear of the area. */
function breakOut(
  area: ValueArea,
  previousClose: number,
  close: number,
  clearBy: number,
): Direction | undefined {
  const above = area.high * (1 + clearBy);
  if (close > above) return previousClose <= above ? 'LONG' : undefined;
  const below = area.low * (1 - clearBy);
  if (close < below) return previousClose >= below ? 'SHORT' : undefined;
  return undefined;
}

function whyOver(
  known: Break,
  bar: Candle,
  barsSince: number,
  waitBars: number,
): Opinion | undefined {
  if (signOf(known.direction) * (bar.close - known.area.pointOfControl) < 0) return FAILED;
  return barsSince > waitBars ? TOO_LATE : undefined;
}

function acceptance(known: Break, bar: Candle, within: number): Acceptance | undefined {
  const sign = signOf(known.direction);
  const reach = known.direction === 'LONG' ? bar.low : bar.high;
  const accepts = (level: number): boolean =>
    sign * (reach - level * (1 + sign * within)) <= 0 && sign * (bar.close - level) > 0;
  const edge = nearEdge(known);
  if (accepts(edge)) return { name: 'edge of the value area', level: edge };
  const { pointOfControl } = known.area;
  return accepts(pointOfControl) ? { name: 'point of control', level: pointOfControl } : undefined;
}

function entry(
  bar: Candle,
  known: Break,
  accepted: Acceptance,
  averageTrueRange: number,
  values: Values,
  barMs: number,
): Opinion {
  const { direction, area, atMs } = known;
  const sign = signOf(direction);
  const { close } = bar;
  const beyondValue =
    sign * (close - farEdge(known) * (1 - sign * (values.stopBeyondBps / 10_000)));
  const stop = close - sign * Math.max(beyondValue, smallestStopDistance(close, averageTrueRange));
  const target = targetAt(close, stop, values.rewardRisk);
  if (stop <= 0 || target === undefined) return BELOW_ZERO;
  const isLong = direction === 'LONG';
  const touch = isLong ? bar.low : bar.high;
  return {
    kind: 'SIGNAL',
    strategyId: ID,
    direction,
    entry: close,
    stop,
    target,
    confidence: 0.8,
    riskBps: values.riskBps,
    expiresAfterMs: values.expiryBars * barMs,
    setupId: `fabio:${direction}:${atMs}`,
    because: isLong
      ? `Price broke out above its value area, came back to the ${accepted.name} and closed above it again.`
      : `Price broke out below its value area, came back to the ${accepted.name} and closed below it again.`,
    invalidation: isLong
      ? 'A close below the point of control of the value area that price had left.'
      : 'A close above the point of control of the value area that price had left.',
    evidence: [
      fact('value-high', 'high of the value area', area.high, 'price', atMs),
      fact('point-of-control', 'price with the most volume', area.pointOfControl, 'price', atMs),
      fact('value-low', 'low of the value area', area.low, 'price', atMs),
      fact('accepted', `${accepted.name} that price came back to`, accepted.level, 'price', atMs),
      fact('touch', 'price that reached back', touch, 'price', bar.openTimeMs),
      fact('range', 'average true range of 14 bars', averageTrueRange, 'price', bar.openTimeMs),
    ],
  };
}
