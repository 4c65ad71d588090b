import type { Candle } from '../domain/candle.ts';
import { strategyId } from '../domain/ids.ts';
import type { Direction, Opinion } from '../domain/signal.ts';
import type { CandleSeries } from '../market/candles/series.ts';
import { Atr } from '../market/indicators/atr.ts';
import { ConfirmedPivot } from '../market/indicators/confirmed-pivot.ts';
import { evidenceBy, nothingBy } from './opinions.ts';
import { decimal, integer, type ValuesOf } from './parameters.ts';
import { sessionParameter, sessionTest } from './sessions.ts';
import { defineStrategy, Memory } from './strategy.ts';
import { signOf, smallestStopDistance, targetAt } from './trade-plan.ts';
import { afterBar, retests, type Zone, zoneOf } from './zone.ts';

const ID = strategyId('nbb');
const ATR_BARS = 14;
/** By then less than a millionth of where Wilder's average began is left in it. */
const ATR_SETTLED_BARS = 14 * ATR_BARS;

const PARAMETERS = {
  pivotSide: integer({
    default: 20,
    min: 2,
    max: 100,
    unit: 'bars',
    says: 'How many bars on each side a turning point must stand out from.',
  }),
  breakBps: decimal({
    default: 15,
    min: 0,
    max: 200,
    step: 5,
    unit: 'bps',
    says: 'How far beyond the zone a bar must close before price counts as having left it.',
  }),
  touchBps: decimal({
    default: 5,
    min: 0,
    max: 100,
    step: 5,
    unit: 'bps',
    says: 'How near to the zone price must come back to count as a touch.',
  }),
  zoneLife: integer({
    default: 250,
    min: 10,
    max: 5_000,
    step: 10,
    unit: 'bars',
    says: 'A zone that price has not come back to by then is history, not a level.',
  }),
  stopBeyondBps: decimal({
    default: 10,
    min: 0,
    max: 200,
    step: 5,
    unit: 'bps',
    says: 'How far beyond the far side of the zone the stop lies.',
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
    default: 150,
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

interface KnownZone {
  readonly zone: Zone;
  readonly knownSinceBar: number;
}

const nothing = nothingBy(ID);
const WARMING_UP = nothing('warming up');
const NO_ZONE = nothing('no confirmed zone');
const NOT_LEFT = nothing('price has not left a zone');
const NOT_RETESTED = nothing('no zone is being retested');
const BOTH_SIDES = nothing('one bar touched both demand and supply');
const OUTSIDE_SESSION = nothing('a zone was touched outside of the chosen session');
const BELOW_ZERO = nothing('a level would be below zero');
const fact = evidenceBy(ID);

/** Every zone that may be alive was confirmed within its life. */
const warmupBars = ({ pivotSide, zoneLife }: Values): number =>
  Math.max(2 * pivotSide + 1 + zoneLife, ATR_SETTLED_BARS);

/**
 * NBB, zone break and retest: a confirmed pivot leaves a demand or supply zone; a close clear of it is
 * the break; the first later bar that touches it again is the retest and the entry. A zone signals
 * once and dies when a bar closes through its far side. The stop lies beyond the zone and never nearer
 * than `smallestStopDistance`, so that spread and noise cannot eat it.
 */
export const nbb = defineStrategy({
  id: ID,
  name: 'NBB zone break and retest',
  rule:
    'When price leaves the zone around a confirmed turning point and later comes back to touch it, ' +
    'trade away from the zone with the stop on its other side.',
  timeframes: ['15m', '1h', '4h', '1d'],
  parameters: PARAMETERS,
  warmupBars,
  start({ values, barMs, keep }) {
    const pivotLow = keep(new ConfirmedPivot('LOW', values.pivotSide));
    const pivotHigh = keep(new ConfirmedPivot('HIGH', values.pivotSide));
    const range = keep(new Atr(ATR_BARS));
    const bars = keep(new Memory(0));
    const zones = keep(new Memory<readonly KnownZone[]>([]));
    const isInSession = sessionTest(values.session, barMs);
    const warmup = warmupBars(values);

    const know = (series: CandleSeries, direction: Direction): void => {
      const zone = zoneBefore(series, direction, values);
      zones.value = [...zones.value, { zone, knownSinceBar: bars.value }];
    };

    return (bar, series) => {
      const averageTrueRange = range.push(bar);
      bars.value++;
      // A zone confirmed by this bar stands as it was before it: no bar breaks a zone and retests it.
      if (!Number.isNaN(pivotLow.push(bar.low))) know(series, 'LONG');
      if (!Number.isNaN(pivotHigh.push(bar.high))) know(series, 'SHORT');
      const { left, tested } = afterRetests(zones.value, bar, bars.value, values);
      zones.value = left;
      if (bars.value < warmup) return WARMING_UP;
      // The newest of several; all of them are spent by the one retest.
      const zone = tested.at(-1);
      if (zone === undefined) return whyNot(left);
      if (tested.some(({ direction }) => direction !== zone.direction)) return BOTH_SIDES;
      if (!isInSession(bar.openTimeMs)) return OUTSIDE_SESSION;
      return entry(bar, zone, averageTrueRange, values, barMs);
    };
  },
});

/** The zone of the pivot just confirmed, told of every bar since except the last. */
function zoneBefore(
  series: CandleSeries,
  direction: Direction,
  { pivotSide, breakBps }: Values,
): Zone {
  const last = series.length - 1;
  let zone = zoneOf(series.candle(last - pivotSide), direction);
  for (let i = last - pivotSide + 1; i < last; i++)
    zone = afterBar(zone, series.candle(i), breakBps / 10_000) ?? zone;
  return zone;
}

/** The zones that live on untouched, and those that this bar came back to. */
function afterRetests(
  before: readonly KnownZone[],
  bar: Candle,
  barNumber: number,
  { breakBps, touchBps, zoneLife }: Values,
): { readonly left: readonly KnownZone[]; readonly tested: readonly Zone[] } {
  const left: KnownZone[] = [];
  const tested: Zone[] = [];
  for (const known of before) {
    const zone = afterBar(known.zone, bar, breakBps / 10_000);
    if (zone === undefined || barNumber - known.knownSinceBar >= zoneLife) continue;
    if (retests(known.zone, bar, touchBps / 10_000)) tested.push(zone);
    else left.push(zone === known.zone ? known : { ...known, zone });
  }
  return { left, tested };
}

function whyNot(zones: readonly KnownZone[]): Opinion {
  if (zones.length === 0) return NO_ZONE;
  return zones.some(({ zone }) => zone.broken) ? NOT_RETESTED : NOT_LEFT;
}

function entry(
  bar: Candle,
  zone: Zone,
  averageTrueRange: number,
  values: Values,
  barMs: number,
): Opinion {
  const sign = signOf(zone.direction);
  const close = bar.close;
  const beyondZone = sign * (close - zone.far * (1 - sign * (values.stopBeyondBps / 10_000)));
  const stop = close - sign * Math.max(beyondZone, smallestStopDistance(close, averageTrueRange));
  const target = targetAt(close, stop, values.rewardRisk);
  if (stop <= 0 || target === undefined) return BELOW_ZERO;
  const isLong = zone.direction === 'LONG';
  const side = isLong ? 'demand' : 'supply';
  const touch = isLong ? bar.low : bar.high;
  return {
    kind: 'SIGNAL',
    strategyId: ID,
    direction: zone.direction,
    entry: close,
    stop,
    target,
    confidence: 0.7,
    riskBps: values.riskBps,
    expiresAfterMs: values.expiryBars * barMs,
    setupId: `nbb:${zone.direction}:${zone.pivotTimeMs}`,
    because: isLong
      ? 'Price left a demand zone upwards and has come back to touch it for the first time since it was known.'
      : 'Price left a supply zone downwards and has come back to touch it for the first time since it was known.',
    invalidation: isLong
      ? 'A close below the low of the demand zone.'
      : 'A close above the high of the supply zone.',
    evidence: [
      fact('zone-near', `near edge of the ${side} zone`, zone.near, 'price', zone.pivotTimeMs),
      fact('zone-far', `far edge of the ${side} zone`, zone.far, 'price', zone.pivotTimeMs),
      fact('touch', 'price that touched the zone', touch, 'price', bar.openTimeMs),
      fact(
        'range',
        `average true range of ${ATR_BARS} bars`,
        averageTrueRange,
        'price',
        bar.openTimeMs,
      ),
    ],
  };
}
