import type { DrawdownRung } from '../../../domain/event.ts';
import { rungStartBps, RUNG_WORDS } from '../../../risk-kernel/drawdown-ladder.ts';
import { type LimitsInForce, tightenedBy } from '../../../risk-kernel/limits-in-force.ts';
import { type LimitName, type Limits, LIMITS } from '../../../risk-kernel/limits.ts';
import type { RungView, TightenedView } from '../../api/views.ts';

const RUNGS: readonly DrawdownRung[] = [0, 1, 2, 3, 4];

export const ladderView = (limits: Limits): readonly RungView[] =>
  RUNGS.map((rung) => ({
    rung,
    startBps: rungStartBps(rung, limits),
    words: RUNG_WORDS[rung],
  }));

export const tightenedView = (inForce: LimitsInForce): readonly TightenedView[] =>
  Object.entries(tightenedBy(inForce)).map(([name, value]) => ({
    name,
    value,
    standard: LIMITS[name as LimitName],
  }));
