import { type Candle, TIMEFRAME_MS, type Timeframe } from '../domain/candle.ts';
import { strategyId } from '../domain/ids.ts';
import type { Direction, Evidence, NoSetup, Opinion, Signal } from '../domain/signal.ts';
import { Atr } from '../market/indicators/atr.ts';
import { ConfirmedPivot } from '../market/indicators/confirmed-pivot.ts';
import type { CandleSeries } from '../market/candles/series.ts';
import type { Strategy, StrategyRun } from './strategy.ts';
import { signOf, smallestStopDistance, targetAt } from './trade-plan.ts';
import { afterBar, retests, type Zone, zoneOf } from './zone.ts';

const ID = strategyId('nbb');
const PIVOT_SIDE_BARS = 20;
const WARMUP_BARS = 2 * PIVOT_SIDE_BARS + 1;
/** A zone that price has not come back to by then is history, not a level. */
const ZONE_LIFE_BARS = 250;
const STOP_BEYOND_ZONE = 0.001;
/** Above the rule's own minimum of 2. */
const REWARD_RISK = 2.5;
/** The rule's 24 hours on its hourly chart, and as many bars on any other. */
const EXPIRY_BARS = 24;

/**
 * NBB, zone break and retest: a confirmed pivot leaves a demand or supply zone; a close clear of it is
 * the break; the first later bar that touches it again is the retest and the entry. A zone signals
 * once and dies when a bar closes through its far side. The stop lies beyond the zone and never nearer
 * than `smallestStopDistance`, so that spread and noise cannot eat it.
 */
export const nbb: Strategy = {
  id: ID,
  name: 'NBB zone break and retest',
  rule:
    'When price leaves the zone around a confirmed turning point and later comes back to touch it, ' +
    'trade away from the zone with the stop on its other side.',
  warmupBars: WARMUP_BARS,
  start: (timeframe) => new NbbRun(timeframe),
};

interface KnownZone {
  readonly zone: Zone;
  readonly knownSinceBar: number;
}

class NbbRun implements StrategyRun {
  readonly #barMs: number;
  readonly #pivotLow = new ConfirmedPivot('LOW', PIVOT_SIDE_BARS);
  readonly #pivotHigh = new ConfirmedPivot('HIGH', PIVOT_SIDE_BARS);
  readonly #range = new Atr(14);
  #bars = 0;
  #zones: readonly KnownZone[] = [];

  constructor(timeframe: Timeframe) {
    this.#barMs = TIMEFRAME_MS[timeframe];
  }

  onBar(series: CandleSeries): Opinion {
    const bar = series.candle(series.length - 1);
    const range = this.#range.push(bar);
    this.#bars++;
    const confirmed = this.#confirmedZones(series, bar);
    // Retests are judged on the zones as they stood before this bar: a bar cannot break and retest.
    const before = [...this.#zones, ...confirmed];
    const alive = before.flatMap((known) => this.#survivor(known, bar));
    const tested = alive.filter(({ testedNow }) => testedNow).map(({ zone }) => zone);
    this.#zones = alive.filter(({ testedNow }) => !testedNow);
    if (this.#bars < WARMUP_BARS) return noSetup('warming up');
    return this.#opinion(bar, range, tested);
  }

  save() {
    return {
      pivotLow: this.#pivotLow.save(),
      pivotHigh: this.#pivotHigh.save(),
      range: this.#range.save(),
      bars: this.#bars,
      zones: this.#zones,
    };
  }

  load(saved: unknown): void {
    const state = saved as ReturnType<NbbRun['save']>;
    this.#pivotLow.load(state.pivotLow);
    this.#pivotHigh.load(state.pivotHigh);
    this.#range.load(state.range);
    this.#bars = state.bars;
    this.#zones = state.zones;
  }

  /** Zones of pivots confirmed by this bar, as they stood before it. */
  #confirmedZones(series: CandleSeries, bar: Candle): readonly KnownZone[] {
    const found: readonly [Direction, number][] = [
      ['LONG', this.#pivotLow.push(bar.low)],
      ['SHORT', this.#pivotHigh.push(bar.high)],
    ];
    return found
      .filter(([, extreme]) => !Number.isNaN(extreme))
      .map(([direction]) => ({ zone: zoneBefore(series, direction), knownSinceBar: this.#bars }));
  }

  #survivor(
    known: KnownZone,
    bar: Candle,
  ): readonly (KnownZone & { readonly testedNow: boolean })[] {
    const zone = afterBar(known.zone, bar);
    if (zone === undefined || this.#bars - known.knownSinceBar >= ZONE_LIFE_BARS) return [];
    return [{ zone, knownSinceBar: known.knownSinceBar, testedNow: retests(known.zone, bar) }];
  }

  #opinion(bar: Candle, range: number, tested: readonly Zone[]): Opinion {
    // The newest of several; all of them are spent by the one retest.
    const zone = tested[tested.length - 1];
    if (zone === undefined) return this.#whyNot();
    if (tested.some(({ direction }) => direction !== zone.direction)) {
      return noSetup('one bar touched both demand and supply');
    }
    const sign = signOf(zone.direction);
    const entry = bar.close;
    const beyondZone = sign * (entry - zone.far * (1 - sign * STOP_BEYOND_ZONE));
    const stop = entry - sign * Math.max(beyondZone, smallestStopDistance(entry, range));
    const target = targetAt(entry, stop, REWARD_RISK);
    if (stop <= 0 || target === undefined) return noSetup('a level would be below zero');
    return this.#signal(bar, range, zone, stop, target);
  }

  #whyNot(): NoSetup {
    if (this.#zones.length === 0) return noSetup('no confirmed zone');
    if (this.#zones.every(({ zone }) => !zone.broken)) return noSetup('price has not left a zone');
    return noSetup('no zone is being retested');
  }

  #signal(bar: Candle, range: number, zone: Zone, stop: number, target: number): Signal {
    const isLong = zone.direction === 'LONG';
    const name = isLong ? 'demand' : 'supply';
    const touch = isLong ? bar.low : bar.high;
    return {
      kind: 'SIGNAL',
      strategyId: ID,
      direction: zone.direction,
      entry: bar.close,
      stop,
      target,
      confidence: 0.7,
      riskBps: 150,
      expiresAfterMs: EXPIRY_BARS * this.#barMs,
      setupId: `nbb:${zone.direction}:${zone.pivotTimeMs}`,
      because: isLong
        ? 'Price left a demand zone upwards and has come back to touch it for the first time since it was known.'
        : 'Price left a supply zone downwards and has come back to touch it for the first time since it was known.',
      invalidation: isLong
        ? 'A close below the low of the demand zone.'
        : 'A close above the high of the supply zone.',
      evidence: [
        fact('zone-near', `near edge of the ${name} zone`, zone.near, zone.pivotTimeMs),
        fact('zone-far', `far edge of the ${name} zone`, zone.far, zone.pivotTimeMs),
        fact('touch', 'price that touched the zone', touch, bar.openTimeMs),
        fact('range', 'average true range of 14 bars', range, bar.openTimeMs),
      ],
    };
  }
}

/** The zone of the pivot twenty bars back, told of every bar since except the last. */
function zoneBefore(series: CandleSeries, direction: Direction): Zone {
  const last = series.length - 1;
  let zone = zoneOf(series.candle(last - PIVOT_SIDE_BARS), direction);
  for (let i = last - PIVOT_SIDE_BARS + 1; i < last; i++) {
    zone = afterBar(zone, series.candle(i)) ?? zone;
  }
  return zone;
}

function fact(name: string, label: string, value: number, barTimeMs: number): Evidence {
  return { id: `nbb.${name}`, label, value, unit: 'price', barTimeMs };
}

function noSetup(because: string): NoSetup {
  return { kind: 'NO_SETUP', strategyId: ID, because };
}
