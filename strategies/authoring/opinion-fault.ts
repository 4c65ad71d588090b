import type { Candle } from '../../domain/candle.ts';
import type { Strategy } from '../strategy.ts';

/** What a user's file really answered: its types were never checked when it was loaded. */
type Answer = Readonly<Record<string, unknown>>;

/** Why an answer is no opinion of this strategy about this bar, or undefined when it is one. */
export function opinionFault(
  answer: unknown,
  { id }: Pick<Strategy, 'id'>,
  bar: Candle,
): string | undefined {
  if (!isRecord(answer)) return `answered ${shown(answer)}, which is no opinion`;
  if (answer instanceof Promise)
    return 'answered with a promise; a rule answers at once, without async and await';
  if (answer['strategyId'] !== id)
    return `answered with the strategyId ${shown(answer['strategyId'])}; its own is "${id}"`;
  switch (answer['kind']) {
    case 'NO_SETUP':
      return sentenceFault('because', answer);
    case 'EXIT':
      return (
        directionFault(answer) ?? sentenceFault('because', answer) ?? evidenceFault(answer, bar)
      );
    case 'SIGNAL':
      return signalFault(answer, bar);
    default:
      return `answered with the kind ${shown(answer['kind'])}; SIGNAL, EXIT and NO_SETUP are known`;
  }
}

function signalFault(answer: Answer, bar: Candle): string | undefined {
  return (
    directionFault(answer) ??
    levelsFault(answer, bar) ??
    numberFault(
      'confidence',
      answer,
      (value) => value > 0 && value <= 1,
      'above 0 and at most 1',
    ) ??
    numberFault('riskBps', answer, (value) => value > 0, 'above 0') ??
    numberFault('expiresAfterMs', answer, (value) => value > 0, 'above 0') ??
    sentenceFault('setupId', answer) ??
    sentenceFault('because', answer) ??
    sentenceFault('invalidation', answer) ??
    evidenceFault(answer, bar) ??
    managementFault(answer)
  );
}

function levelsFault(answer: Answer, bar: Candle): string | undefined {
  for (const name of ['entry', 'stop', 'target']) {
    const fault = numberFault(name, answer, (value) => value > 0, 'above 0');
    if (fault !== undefined) return fault;
  }
  const { entry, stop, target } = answer as Readonly<Record<string, number>>;
  const sign = signIn(answer);
  if (entry !== bar.close) return `put entry at ${entry}; it is the close of the bar, ${bar.close}`;
  if (!(sign * (entry - stop!) > 0))
    return `put stop ${stop} on the winning side of entry ${entry}`;
  if (!(sign * (target! - entry) > 0))
    return `put target ${target} on the losing side of entry ${entry}`;
  return undefined;
}

function managementFault(answer: Answer): string | undefined {
  const { management, entry, stop, target } = answer;
  if (management === undefined) return undefined;
  if (!isRecord(management)) return `gave the management ${shown(management)}, which is no object`;
  const { partialTargets = [], adds = [] } = management;
  return (
    partsFault('partial target', partialTargets, 'share', [entry, target]) ??
    partsFault('add', adds, 'ratio', [entry, stop]) ??
    sharesFault(partialTargets as readonly Answer[])
  );
}

/** Each part is a price between two levels and how much there. */
function partsFault(
  name: string,
  parts: unknown,
  amount: 'share' | 'ratio',
  levels: readonly unknown[],
): string | undefined {
  if (!Array.isArray(parts)) return `gave ${shown(parts)} where a list of ${name}s is right`;
  const [low = 0, high = 0] = (levels as readonly number[]).toSorted((a, b) => a - b);
  for (const part of parts as readonly unknown[]) {
    if (!isRecord(part)) return `gave ${shown(part)} as a ${name}`;
    const { price } = part;
    if (!(isNumber(price) && price > low && price < high))
      return `put the price of one ${name} at ${shown(price)}; between ${low} and ${high} is right`;
    const fault = numberFault(amount, part, (value) => value > 0, 'above 0');
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function sharesFault(parts: readonly Answer[]): string | undefined {
  const shares = parts.reduce((sum, { share }) => sum + (share as number), 0);
  return shares < 1
    ? undefined
    : `gave ${shares} of the position to partial targets; less than 1 is right`;
}

function evidenceFault({ evidence }: Answer, bar: Candle): string | undefined {
  if (!Array.isArray(evidence) || evidence.length === 0)
    return `gave ${shown(evidence)} as its evidence; a list of facts is right`;
  const ids = new Set<unknown>();
  for (const fact of evidence as readonly unknown[]) {
    if (!isRecord(fact)) return `gave ${shown(fact)} as evidence, which is no fact`;
    const { id, label, value, unit, barTimeMs } = fact;
    for (const text of [id, label, unit])
      if (!isSentence(text)) return `gave evidence ${shown(id)} without its id, label or unit`;
    if (!isNumber(value)) return `gave evidence ${shown(id)} the value ${shown(value)}`;
    if (!isNumber(barTimeMs)) return `gave evidence ${shown(id)} no time of a bar`;
    if (barTimeMs > bar.openTimeMs)
      return `gave evidence ${shown(id)} from ${new Date(barTimeMs).toISOString()}, after the bar`;
    if (ids.has(id)) return `gave two pieces of evidence the id ${shown(id)}`;
    ids.add(id);
  }
  return undefined;
}

const directionFault = ({ direction }: Answer): string | undefined =>
  direction === 'LONG' || direction === 'SHORT'
    ? undefined
    : `gave the direction ${shown(direction)}; LONG or SHORT is right`;

const sentenceFault = (name: string, answer: Answer): string | undefined =>
  isSentence(answer[name])
    ? undefined
    : `gave ${shown(answer[name])} as its ${name}; a text is right`;

function numberFault(
  name: string,
  answer: Answer,
  fits: (value: number) => boolean,
  wanted: string,
): string | undefined {
  const value = answer[name];
  return isNumber(value) && fits(value)
    ? undefined
    : `gave ${shown(value)} as its ${name}; a number ${wanted} is right`;
}

const signIn = ({ direction }: Answer): 1 | -1 => (direction === 'LONG' ? 1 : -1);
const isRecord = (value: unknown): value is Answer => typeof value === 'object' && value !== null;
const isSentence = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isNumber = (value: unknown): value is number => Number.isFinite(value);

function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  return Array.isArray(value) ? `a list of ${value.length}` : String(value);
}
