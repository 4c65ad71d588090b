/** A halt in words for the terminal: what was reached, what was canceled, what was kept and why. */
import pc from 'picocolors';
import type { HaltResult, HaltStepView } from '../../api/views.ts';

export const STEP_WORDS: Readonly<Record<HaltStepView['step'], string>> = {
  NO_NEW_ORDERS: 'no new orders',
  CANCELED: 'entries canceled',
  FLAT: 'flat',
};

export const afterMs = (ms: number): string => `after ${ms} ms`;

export function haltLines({ report }: HaltResult): readonly string[] {
  const { canceled, exitsKept, confirmed, leftOpen, flat, recorded } = report;
  return [
    '',
    fact('canceled', canceled.length === 0 ? 'no entry was open' : canceled.join(', ')),
    ...exitsKept.map(({ id, instrumentId }) =>
      fact('kept', `${id}: it guards the position in ${instrumentId}`),
    ),
    ...leftOpen.map((id) => fact('STILL OPEN', `${id}: the venue did not confirm that it is gone`)),
    ...(confirmed ? [] : [fact('UNCONFIRMED', 'the venue did not say what rests there')]),
    fact('positions', flat ? 'none' : 'open'),
    ...(recorded
      ? []
      : [fact('journal', 'cannot be written: none of this is in it, and nothing new is sent')]),
    '',
    pc.dim(
      '  Trading is HALTED until a named person resumes it: plimsoll resume --as NAME --reason …',
    ),
  ];
}

const fact = (name: string, value: string): string => `  ${pc.dim(name.padEnd(12))} ${value}`;

/** What was asked for and is not so; undefined when everything is. */
export function notReached(flatten: boolean, { report }: HaltResult): string | undefined {
  const { confirmed, leftOpen, flat } = report;
  if (leftOpen.length > 0)
    return `still open at the venue: ${leftOpen.join(', ')}; look there and cancel them by hand`;
  if (!confirmed)
    return 'the venue did not say what rests there, so look at it; entries were asked to go';
  if (flatten && !flat)
    return 'not every position could be closed; they keep their stops, look at the venue';
  return undefined;
}
