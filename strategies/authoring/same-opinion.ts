import type { Opinion, Signal } from '../../domain/signal.ts';

/** Whether two opinions are the same in every word and number. */
export function sameOpinion(one: Opinion, other: Opinion): boolean {
  if (one === other) return true;
  if (one.kind === 'NO_SETUP' && other.kind === 'NO_SETUP') return one.because === other.because;
  return one.kind === other.kind && JSON.stringify(one) === JSON.stringify(other);
}

/** An opinion in a line, for people; a fact by which two signals differ is named beside them. */
export function describeOpinion(opinion: Opinion, other: Opinion): string {
  if (opinion.kind === 'NO_SETUP') return `nothing, because "${opinion.because}"`;
  if (opinion.kind === 'EXIT')
    return `EXIT of ${opinion.direction}${differingFact(opinion, other)}`;
  const { direction, entry, stop, target } = opinion;
  const levels = `${direction} at ${short(entry)}, stop ${short(stop)}, target ${short(target)}`;
  return `${levels}${differingFact(opinion, other)}${differingWord(opinion, other)}`;
}

/** What levels and facts do not show, and may differ all the same. */
const WORDS = ['setupId', 'confidence', 'riskBps', 'expiresAfterMs', 'because'] as const;

function differingWord(signal: Signal, other: Opinion): string {
  if (other.kind !== 'SIGNAL') return '';
  const word = WORDS.find((name) => signal[name] !== other[name]);
  if (word === undefined) return '';
  const value = signal[word];
  return `, ${word} ${typeof value === 'number' ? short(value) : value}`;
}

type Told = Exclude<Opinion, { readonly kind: 'NO_SETUP' }>;

function differingFact({ kind, evidence }: Told, other: Opinion): string {
  if (other.kind !== kind) return '';
  const differs = evidence.find(
    ({ value }, index) => (other as Told).evidence[index]?.value !== value,
  );
  return differs === undefined ? '' : `, ${differs.label} ${short(differs.value)}`;
}

const short = (value: number): string => String(Number(value.toPrecision(8)));
