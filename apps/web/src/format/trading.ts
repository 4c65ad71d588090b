/** What a trading state that is not ACTIVE means for the person who reads it. */
import { type ReasonCode, REASONS } from '../../../../domain/reason-code.ts';
import type { RungView, StateView } from '../../../api/views.ts';

/** A breaker's code has its sentence; what a person wrote is their own. */
export const happenedWords = (code: string | null, because: string | null): string =>
  code !== null && code in REASONS
    ? REASONS[code as ReasonCode]
    : (because ?? 'The record gives no reason.');

export const STILL_ALLOWED =
  'Exits: stops, targets and closes that make a position smaller. Nothing new is opened.';

const STEPS: Readonly<Record<StateView['tradingState'], string>> = {
  ACTIVE: 'Nothing is needed.',
  REDUCING:
    'A registered person may go to ACTIVE with password and reason, once the cause has passed.',
  HALTED:
    'A registered person may go to REDUCING with password and reason, and from there to ACTIVE.',
};

export const nextStepWords = (state: StateView['tradingState']): string => STEPS[state];

/** An emergency takes more than a step: the fall itself must be gone, or be forgotten on purpose. */
export function emergencyWords(ladder: readonly RungView[]): string {
  const first = ladder.find(({ rung }) => rung === 1);
  const below = first === undefined ? 'the first rung' : `${first.startBps / 100} %`;
  return `The emergency ends below ${below} of drawdown, or with a new equity peak set while nothing is open.`;
}
