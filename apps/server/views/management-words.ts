import type { LevelText, ManagementText } from '../../../domain/management.ts';
import type { TradeProposal } from '../../../domain/proposal.ts';
import { instant } from './instant.ts';
import { sidesOf } from './sides.ts';

/** How the position would be looked after beyond its stop and its target, one sentence each. */
export function managementWords({ management, instrumentId }: TradeProposal): readonly string[] {
  if (management === undefined) return [];
  const { partialTargets = [], adds = [], trail, breakEven } = management;
  const { closeAfterMs, closeAtMs, closeOnSignal } = management;
  const level = levelWords(sidesOf(instrumentId));
  return [
    ...partialTargets.map((target) => `Takes ${level(target)} off.`),
    ...adds.map((add) => `Adds ${level(add)}, reserved from the start.`),
    ...(trail === undefined ? [] : [trailWords(trail)]),
    ...(breakEven === true
      ? ['The first partial target moves the stop to the entry price, each further one after it.']
      : []),
    ...(closeAfterMs === undefined
      ? []
      : [`Closed at the market after ${closeAfterMs / 60_000} minutes.`]),
    ...(closeOnSignal === true ? ['Closed at the market when its rule says that it is over.'] : []),
    ...(closeAtMs === undefined ? [] : [`Closed at the market at ${instant(closeAtMs)}.`]),
  ];
}

const levelWords =
  ({ base, quote }: { readonly base: string; readonly quote: string }) =>
  ({ price, quantity }: LevelText): string =>
    `${quantity} ${base} at ${price} ${quote}`;

function trailWords({ distance, armed }: NonNullable<ManagementText['trail']>): string {
  const behind =
    'bps' in distance
      ? percent(distance.bps)
      : `${distance.atrTenths / 10} times the average range of ${distance.atrBars} bars`;
  return `The stop follows the best price ${behind} behind it, ${armedWords(armed)}.`;
}

function armedWords(armed: NonNullable<ManagementText['trail']>['armed']): string {
  if (armed === 'AT_ENTRY') return 'once that locks in the entry price';
  if ('gainBps' in armed) return `from a gain of ${percent(armed.gainBps)} on`;
  const { targetsFilled } = armed;
  return `once ${targetsFilled} ${targetsFilled === 1 ? 'target has' : 'targets have'} filled`;
}

const percent = (bps: number): string => `${(bps / 100).toFixed(2)} %`;
