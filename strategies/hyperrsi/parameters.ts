import { choice, decimal, integer, toggle, type ValuesOf } from '../parameters.ts';

/** What has to be won for each one lost, every target weighed by what it takes off: the kernel's own measure. */
const REWARD_RISK_MIN = 1.5;
/** Nearer to each other, two targets would be one on most ticks. */
const TARGETS_APART_PCT = 0.1;
/** The last add lies no nearer to the stop than this share of the stop's distance. */
const ADDS_REACH_MAX = 0.9;

export const PARAMETERS = {
  rsiBars: integer({
    default: 14,
    min: 2,
    max: 100,
    unit: 'bars',
    says: 'The span of the relative strength index.',
  }),
  oversold: decimal({
    default: 30,
    min: 5,
    max: 49,
    step: 1,
    unit: 'score',
    says: 'At or below it the market counts as oversold, which is where longs begin.',
  }),
  overbought: decimal({
    default: 70,
    min: 51,
    max: 95,
    step: 1,
    unit: 'score',
    says: 'At or above it the market counts as overbought, which is where shorts begin.',
  }),
  entry: choice({
    default: 'breakout',
    options: ['breakout', 'inflection', 'inflection-breakout', 'excess'],
    says:
      'What is waited for: the index enters the zone, turns inside it, leaves it again, ' +
      'or merely lies in it.',
  }),
  direction: choice({
    default: 'both',
    options: ['both', 'long', 'short'],
    says: 'Which side may be entered.',
  }),
  trendFilter: toggle({
    default: true,
    says: 'No entry against a trend state of 2 or −2 on the higher timeframes.',
  }),
  trendClose: toggle({
    default: true,
    says: 'A position is closed when the trend state stands fully against it.',
  }),
  bandPivots: integer({
    default: 8,
    min: 2,
    max: 50,
    unit: 'levels',
    says:
      'Peaks and troughs that the usual width of the bands is a mean of; more of them know the market ' +
      'better and take longer to find.',
  }),
  cooldownMinutes: integer({
    default: 60,
    min: 0,
    max: 1_440,
    step: 5,
    unit: 'minutes',
    says: 'After a signal the same side stays quiet for so long, by the times of the bars.',
  }),
  stopPct: decimal({
    default: 1.5,
    min: 0.25,
    max: 10,
    step: 0.25,
    unit: '%',
    says: 'How far from the entry the stop lies; there is always one.',
  }),
  targets: integer({
    default: 3,
    min: 1,
    max: 3,
    unit: 'levels',
    says: 'How many of the targets are used, the nearest first.',
  }),
  firstTargetPct: decimal({
    default: 2,
    min: 0.25,
    max: 30,
    step: 0.25,
    unit: '%',
    says: 'How far from the entry the first target lies.',
  }),
  secondTargetPct: decimal({
    default: 3,
    min: 0.25,
    max: 40,
    step: 0.25,
    unit: '%',
    says: 'How far from the entry the second target lies.',
  }),
  thirdTargetPct: decimal({
    default: 4,
    min: 0.25,
    max: 50,
    step: 0.25,
    unit: '%',
    says: 'How far from the entry the third target lies.',
  }),
  firstSharePct: decimal({
    default: 30,
    min: 5,
    max: 90,
    step: 5,
    unit: '%',
    says: 'How much of the position the first of several targets takes off; the last takes the rest.',
  }),
  secondSharePct: decimal({
    default: 30,
    min: 5,
    max: 90,
    step: 5,
    unit: '%',
    says: 'How much of the position the second of three targets takes off.',
  }),
  breakEven: toggle({
    default: true,
    says:
      'The first target that fills moves the stop to the entry, the second moves it to the first ' +
      'target.',
  }),
  trail: toggle({
    default: true,
    says: 'The stop follows the best price once enough targets have filled.',
  }),
  trailAfterTargets: integer({
    default: 2,
    min: 1,
    max: 2,
    unit: 'levels',
    says: 'How many targets have to fill before the stop follows.',
  }),
  trailPct: decimal({
    default: 0.5,
    min: 0.1,
    max: 10,
    step: 0.1,
    unit: '%',
    says: 'How far behind the best price the stop follows.',
  }),
  adds: integer({
    default: 2,
    min: 0,
    max: 4,
    unit: 'adds',
    says: 'How often more is bought lower (sold higher), all of it part of the risk from the start.',
  }),
  addSpacingPct: decimal({
    default: 0.5,
    min: 0.1,
    max: 5,
    step: 0.1,
    unit: '%',
    says: 'How far apart the adds lie, the first one from the entry.',
  }),
  addRatio: decimal({
    default: 1,
    min: 0.1,
    max: 5,
    step: 0.1,
    unit: 'times',
    says: 'The size of each add as a multiple of the one before it, the entry being the first.',
  }),
  riskBps: integer({
    default: 100,
    min: 10,
    max: 200,
    step: 10,
    unit: 'bps',
    says: 'The share of equity lost when every add has filled and the stop is hit.',
  }),
  expiryBars: integer({
    default: 5,
    min: 1,
    max: 500,
    unit: 'bars',
    says: 'How long the signal may wait for its entry.',
  }),
};
export type Values = ValuesOf<typeof PARAMETERS>;

/** A target and how much of the position it takes off, both as shares. */
interface Target {
  readonly distance: number;
  readonly share: number;
}

/** The targets in use, nearest first; the last takes what the others leave. */
export function targetsOf(values: Values): readonly Target[] {
  const { firstTargetPct, secondTargetPct, thirdTargetPct } = values;
  const distances = [firstTargetPct, secondTargetPct, thirdTargetPct].slice(0, values.targets);
  const taken = [values.firstSharePct, values.secondSharePct].slice(0, values.targets - 1);
  const rest = 100 - taken.reduce((sum, share) => sum + share, 0);
  return distances.map((distance, i) => ({
    distance: distance / 100,
    share: (taken[i] ?? rest) / 100,
  }));
}

export function conflict(values: Values): string | undefined {
  const targets = targetsOf(values);
  const apart = TARGETS_APART_PCT / 100;
  if (targets.some(({ distance }, i) => i > 0 && distance < targets[i - 1]!.distance + apart))
    return `each target must lie ${TARGETS_APART_PCT} % or more beyond the one before it`;
  if (targets.at(-1)!.share <= 0)
    return 'the shares of the nearer targets must leave something for the last, less than 100 % together';
  const reward = 100 * targets.reduce((sum, { distance, share }) => sum + distance * share, 0);
  if (reward < REWARD_RISK_MIN * values.stopPct)
    return (
      `stopPct ${values.stopPct} must be at most ${(reward / REWARD_RISK_MIN).toFixed(2)}, ` +
      `so that the targets are worth ${REWARD_RISK_MIN} times the risk`
    );
  if (values.trendClose && !values.trendFilter)
    return 'trendClose needs trendFilter, or the next bar closes what was entered against the trend';
  return laddersConflict(values);
}

function laddersConflict(values: Values): string | undefined {
  const { adds, addSpacingPct, stopPct, trail, trailAfterTargets, targets } = values;
  const addsReachPct = ADDS_REACH_MAX * stopPct;
  if (adds * addSpacingPct > addsReachPct)
    return (
      `${adds} adds ${addSpacingPct} % apart must end ${addsReachPct.toFixed(2)} % from the entry ` +
      `or nearer, well before the stop`
    );
  if (trail && trailAfterTargets >= targets)
    return `trailAfterTargets ${trailAfterTargets} must be less than targets ${targets}, or nothing is left to trail`;
  return undefined;
}
