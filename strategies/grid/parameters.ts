import { choice, decimal, integer, toggle, type ValuesOf } from '../parameters.ts';

/** The nearest a stop may be planned, as a share of the entry in per cent; a little above the house's own bound. */
const STOP_MIN_PCT = 0.25;

export const PARAMETERS = {
  levelsPerSide: integer({
    default: 10,
    min: 2,
    max: 20,
    unit: 'levels',
    says: 'How many levels lie above the centre, and as many below it.',
  }),
  gapMinPct: decimal({
    default: 0.6,
    min: 0.2,
    max: 5,
    step: 0.1,
    unit: '%',
    says: 'The least distance between two levels.',
  }),
  gapMaxPct: decimal({
    default: 5,
    min: 0.2,
    max: 10,
    step: 0.2,
    unit: '%',
    says: 'The greatest distance between two levels.',
  }),
  atrFactor: decimal({
    default: 1.5,
    min: 0.25,
    max: 10,
    step: 0.25,
    unit: 'ATR',
    says: 'The distance between two levels in average true ranges of 14 bars, within those bounds.',
  }),
  rebalanceBars: integer({
    default: 96,
    min: 1,
    max: 1_000,
    unit: 'bars',
    says: 'After so many bars the grid is laid anew: a day on the chart of 15 minutes.',
  }),
  adxBars: integer({
    default: 28,
    min: 5,
    max: 50,
    unit: 'bars',
    says: 'The span of the directional indicators, in bars of four hours.',
  }),
  adxMin: decimal({
    default: 20,
    min: 5,
    max: 50,
    step: 1,
    unit: 'score',
    says: 'From this average directional index on a trend can be strong.',
  }),
  direction: choice({
    default: 'both',
    options: ['both', 'long', 'short'],
    says: 'Which side may be entered.',
  }),
  trendClose: toggle({
    default: true,
    says: 'A position is closed when the trend of four hours is strong against it.',
  }),
  exitLevels: integer({
    default: 2,
    min: 1,
    max: 5,
    unit: 'levels',
    says: 'How many levels back towards the centre the target lies.',
  }),
  exitLevelsStrong: integer({
    default: 3,
    min: 1,
    max: 8,
    unit: 'levels',
    says: 'How many when the trend of four hours is strong in favour.',
  }),
  rewardRisk: decimal({
    default: 2,
    min: 1.5,
    max: 5,
    step: 0.25,
    unit: 'times',
    says: 'The distance of the target, as a multiple of the distance of the stop.',
  }),
  addsMax: integer({
    default: 2,
    min: 0,
    max: 4,
    unit: 'adds',
    says: 'How many of the next levels add to the position, where they fit before the stop.',
  }),
  riskBps: integer({
    default: 50,
    min: 10,
    max: 200,
    step: 10,
    unit: 'bps',
    says: 'The share of equity lost when every add has filled and the stop is hit.',
  }),
  expiryBars: integer({
    default: 2,
    min: 1,
    max: 100,
    unit: 'bars',
    says: 'How long the signal may wait for its entry.',
  }),
};
export type Values = ValuesOf<typeof PARAMETERS>;

export function conflict(values: Values): string | undefined {
  const { gapMinPct, gapMaxPct, exitLevels, exitLevelsStrong, rewardRisk } = values;
  if (gapMinPct > gapMaxPct) return `gapMinPct ${gapMinPct} must not exceed gapMaxPct ${gapMaxPct}`;
  if (exitLevels > exitLevelsStrong)
    return `exitLevels ${exitLevels} must not exceed exitLevelsStrong ${exitLevelsStrong}`;
  const stopPct = (exitLevels * gapMinPct) / rewardRisk;
  return stopPct >= STOP_MIN_PCT
    ? undefined
    : `exitLevels × gapMinPct / rewardRisk puts the stop ${stopPct.toFixed(2)} % from the entry; ` +
        `it must be ${STOP_MIN_PCT} % or more`;
}
