/** Where a position is left, added to and looked after: all of it follows from the entry and the settings. */
import type { Trail } from '../../domain/management.ts';
import type { Add, Direction, SignalManagement } from '../../domain/signal.ts';
import { signOf } from '../trade-plan.ts';
import { targetsOf, type Values } from './parameters.ts';

export interface Plan {
  readonly stop: number;
  readonly target: number;
  readonly management: SignalManagement;
}

export function planOf(values: Values, direction: Direction, entry: number): Plan {
  const sign = signOf(direction);
  /** In favour by a share of the entry; against it where that is negative. */
  const at = (share: number): number => entry * (1 + sign * share);
  const targets = targetsOf(values);
  const parts = targets.slice(0, -1).map(({ distance, share }) => ({ price: at(distance), share }));
  return {
    stop: at(-values.stopPct / 100),
    target: at(targets.at(-1)!.distance),
    management: {
      closeOnSignal: values.trendClose,
      ...(parts.length === 0 ? {} : { partialTargets: parts, breakEven: values.breakEven }),
      ...(values.trail ? { trail: trailOf(values) } : {}),
      ...(values.adds === 0 ? {} : { adds: addsOf(values, at) }),
    },
  };
}

const trailOf = ({ trailPct, trailAfterTargets }: Values): Trail => ({
  distance: { bps: Math.round(100 * trailPct) },
  armed: { targetsFilled: trailAfterTargets },
});

const addsOf = (
  { adds, addSpacingPct, addRatio }: Values,
  at: (share: number) => number,
): readonly Add[] =>
  Array.from({ length: adds }, (_, i) => ({
    price: at((-(i + 1) * addSpacingPct) / 100),
    ratio: addRatio ** (i + 1),
  }));
