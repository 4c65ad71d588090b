/** The drawdown ladder in words and tones. */
import type { RungView, StateView } from '../../../api/views.ts';
import type { GaugeTone } from './gauge.ts';

export function rungOf(ladder: StateView['ladder'], rung: StateView['rung']): RungView {
  const found = ladder.find((step) => step.rung === rung);
  if (found === undefined) throw new Error(`the ladder has no rung ${rung}`);
  return found;
}

/** Smaller sizes deserve a look; from exits only on, nothing new is opened. */
export function rungTone(rung: StateView['rung']): GaugeTone {
  if (rung >= 3) return 'broken';
  return rung === 0 ? 'calm' : 'near';
}
