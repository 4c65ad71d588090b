/** A halt in words: its steps, and what it came to. */
import type { HaltReportView, HaltStepView } from '../../../api/views.ts';
import { plural } from './text.ts';

const REACHED: Readonly<Record<HaltStepView['step'], string>> = {
  NO_NEW_ORDERS: 'No new orders',
  CANCELED: 'Entries canceled',
  FLAT: 'Every position closed',
};

export const stepWords = (step: HaltStepView['step']): string => REACHED[step];

/** The steps that a halt goes through, in order. */
export const stepsOf = (flatten: boolean): readonly HaltStepView['step'][] =>
  flatten ? ['NO_NEW_ORDERS', 'CANCELED', 'FLAT'] : ['NO_NEW_ORDERS', 'CANCELED'];

/** `3 ms`, `1.2 s` */
export const formatTook = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;

export function reportWords({ canceled, exitsKept, flat, recorded }: HaltReportView): string {
  const entries =
    canceled.length === 0
      ? 'No entry was open.'
      : `${plural(canceled.length, 'entry was', 'entries were')} canceled.`;
  const kept =
    exitsKept.length === 0
      ? ''
      : ` ${plural(exitsKept.length, 'exit stays', 'exits stay')} at the venue to guard what is held.`;
  const account = flat ? ' Nothing is held.' : '';
  const journal = recorded ? '' : ' The journal cannot be written, so none of this is in it.';
  return `${entries}${kept}${account}${journal}`;
}

/** What was wanted and is not so; null when everything is. */
export function missedWords(
  flatten: boolean,
  { confirmed, leftOpen, flat }: HaltReportView,
): string | null {
  if (leftOpen.length > 0)
    return `The venue did not confirm that ${leftOpen.join(', ')} ${leftOpen.length === 1 ? 'is' : 'are'} gone. Look at the venue.`;
  if (!confirmed)
    return 'The venue did not say what rests there. Entries were asked to go; look at the venue.';
  if (flatten && !flat)
    return 'Not every position could be closed. They keep their stops; look at the venue.';
  return null;
}
