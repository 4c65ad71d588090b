import { type Candle, candleFault } from '../../../domain/candle.ts';
import { parsePlainNumber } from '../../candles/plain-number.ts';

/** A field that is not what it should be. The message names it, what was found and what would be right. */
export class BadField extends Error {
  override readonly name = 'BadField';

  constructor(field: string, found: unknown, right: string) {
    super(`${field} is ${shown(found)} and should be ${right}`);
  }
}

/** One object of an answer, and where it stands in it. */
export interface Fields {
  readonly at: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const SHOWN_CHARACTERS_MAX = 60;
const FIRST_MS = Date.UTC(2000, 0);
const END_MS = Date.UTC(2100, 0);

export function fieldsOf(value: unknown, at: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadField(at, value, 'an object');
  }
  return { at, values: value as Readonly<Record<string, unknown>> };
}

export function listOf(fields: Fields, name: string): readonly unknown[] {
  const value = fields.values[name];
  if (!Array.isArray(value)) throw new BadField(pathOf(fields, name), value, 'a list');
  return value as readonly unknown[];
}

export function textOf(fields: Fields, name: string): string {
  const value = fields.values[name];
  if (typeof value !== 'string') throw new BadField(pathOf(fields, name), value, 'a text');
  return value;
}

export function numberOf(fields: Fields, name: string): number {
  const value = fields.values[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new BadField(pathOf(fields, name), value, 'a number');
  }
  return value;
}

export function priceOf(fields: Fields, name: string): number {
  const value = numberOf(fields, name);
  if (value <= 0) throw new BadField(pathOf(fields, name), value, 'a price above zero');
  return value;
}

export function wholeOf(fields: Fields, name: string): number {
  const value = numberOf(fields, name);
  if (!Number.isSafeInteger(value)) {
    throw new BadField(pathOf(fields, name), value, 'a whole number');
  }
  return value;
}

/**
 * An instant of this century: seconds taken for milliseconds, or nanoseconds, would be in another one, and
 * whatever came after a print from the future would look late for ever.
 */
export function instantOf(fields: Fields, name: string, unitMs = 1): number {
  const written = numberOf(fields, name);
  const ms = Math.round(written * unitMs);
  if ((unitMs === 1 && ms !== written) || ms < FIRST_MS || ms >= END_MS) {
    throw new BadField(pathOf(fields, name), written, 'an instant of this century');
  }
  return ms;
}

/** A number that is written as a text, as `"148.372"`. */
export function numeralOf(fields: Fields, name: string): number {
  const written = textOf(fields, name);
  const bytes = Buffer.from(written);
  const value = parsePlainNumber(bytes, 0, bytes.length);
  if (Number.isNaN(value)) {
    throw new BadField(pathOf(fields, name), written, 'a plain number in a text');
  }
  return value;
}

/** The candles in the order of the list, all of them believable and each later than the one before. */
export function believable(candles: readonly Candle[], at: string): readonly Candle[] {
  for (const [i, candle] of candles.entries()) {
    const fault = candleFault(candle);
    if (fault !== undefined) {
      throw new BadField(`${at}[${i}]`, candle, `a candle that can be believed: ${fault}`);
    }
    const before = candles[i - 1]?.openTimeMs ?? Number.NEGATIVE_INFINITY;
    if (candle.openTimeMs <= before) {
      throw new BadField(`${at}[${i}]`, candle, 'later than the candle before it');
    }
  }
  return candles;
}

const pathOf = ({ at }: Fields, name: string): string => (at === '' ? name : `${at}.${name}`);

function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX)}…`;
}
