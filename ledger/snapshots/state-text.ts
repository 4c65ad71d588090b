/**
 * State as JSON and back: what `canonicalJson` refuses, because JSON would change it silently, is
 * written down by name. `{"$bigint":"12"}` is the only shape that stands for the bigint 12; an object
 * of the state that looks like it is escaped, so that nothing can be mistaken for anything else.
 *
 *     $bigint  digits                 $map   [[key, value], …] in the order they were set
 *     $double  NaN, Infinity, -0 …    $set   [value, …] in the order they were added
 *     $doubles a Float64Array, base64 of its little-endian bytes
 *
 * Equal states give equal text. A property that is `undefined` is left out, as if it had never been set.
 */

export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The state of a fold, ready for `canonicalJson`. */
export type Saved = Json;

/** A value that cannot be packed, or text that `pack` never wrote. The message names the path to it. */
export class NotState extends Error {
  override readonly name = 'NotState';
}

/** `canonicalJson` takes 64 levels, and refuses a circle by them. */
const DEPTH_MAX = 60;

/** A NaN has many bit patterns; one of them is written. */
const NAN_BITS = 0x7ff8_0000_0000_0000n;
const DOUBLE_BYTES = 8;

const DOUBLES: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

/** Throws `NotState` for what is no plain data: functions, objects of a class, `undefined` in a list. */
export function pack(value: unknown): Saved {
  return packed(value, '$', 0);
}

/** Throws `NotState` for whatever `pack` cannot have written, rather than guess what it meant. */
export function unpack(saved: Saved): unknown {
  return unpacked(saved, '$');
}

/** Several states side by side. Throws when one is missing, or there is one more. */
export function partsOf<Name extends string>(
  saved: Saved,
  names: readonly Name[],
): Readonly<Record<Name, Saved>> {
  const found = typeof saved === 'object' && saved !== null ? Object.keys(saved) : [];
  if (found.sort().join() === names.toSorted().join()) return saved as Record<Name, Saved>;
  throw new NotState(`$ should have ${names.join(', ')}, and has ${found.join(', ') || 'nothing'}`);
}

function packed(value: unknown, path: string, depth: number): Json {
  if (depth > DEPTH_MAX) throw notState(path, 'is nested too deep, or in a circle');
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return isPlainNumber(value) ? value : { $double: Object.is(value, -0) ? '-0' : `${value}` };
    case 'bigint':
      return { $bigint: `${value}` };
    case 'object':
      return value === null ? null : packedObject(value, path, depth);
    default:
      throw notState(path, `is a ${typeof value}; give plain data`);
  }
}

const isPlainNumber = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0);

function packedObject(value: object, path: string, depth: number): Json {
  if (Array.isArray(value)) return packedList(value, path, depth + 1);
  if (value instanceof Map) {
    const entries = Array.from(value, (entry, index) =>
      packedList(entry, `${path}.$map[${index}]`, depth + 3),
    );
    return { $map: entries };
  }
  if (value instanceof Set) return { $set: packedList([...value], `${path}.$set`, depth + 2) };
  if (value instanceof Float64Array) return { $doubles: textOf(value) };
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw notState(path, 'is an object of a class; give plain data');
  const record: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    put(record, isTag(key) ? `$${key}` : key, packed(inner, `${path}.${key}`, depth + 1));
  }
  return record;
}

/** By index, because a hole in the list must be met too. */
function packedList(list: readonly unknown[], path: string, depth: number): readonly Json[] {
  const written: Json[] = [];
  for (let index = 0; index < list.length; index++)
    written.push(packed(list[index], `${path}[${index}]`, depth));
  return written;
}

function unpacked(saved: unknown, path: string): unknown {
  switch (typeof saved) {
    case 'string':
    case 'boolean':
      return saved;
    case 'number':
      if (isPlainNumber(saved)) return saved;
      throw notState(path, `is ${Object.is(saved, -0) ? '-0' : saved}, which is written by name`);
    case 'object':
      if (saved === null) return null;
      if (Array.isArray(saved)) return unpackedList(saved, path);
      return unpackedRecord(saved, path);
    default:
      throw notState(path, `is a ${typeof saved}, which no JSON holds`);
  }
}

function unpackedRecord(saved: object, path: string): unknown {
  const entries = Object.entries(saved);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && isTag(first[0]) && !isEscaped(first[0]))
    return tagged(first[0], first[1], `${path}.${first[0]}`);
  const record: Record<string, unknown> = {};
  for (const [key, inner] of entries) {
    if (isTag(key) && !isEscaped(key)) throw notState(path, `has ${key} beside something else`);
    const name = isTag(key) ? key.slice(1) : key;
    put(record, name, unpacked(inner, `${path}.${name}`));
  }
  return record;
}

function tagged(tag: string, inner: unknown, path: string): unknown {
  switch (tag) {
    case '$bigint':
      return bigintOf(inner, path);
    case '$double':
      return doubleOf(inner, path);
    case '$doubles':
      return doublesOf(inner, path);
    case '$set': {
      const values = unpackedList(inner, path);
      return whole(new Set(values), values, path);
    }
    case '$map': {
      const entries = unpackedList(inner, path).map((entry, index) => {
        if (Array.isArray(entry) && entry.length === 2) return entry as [unknown, unknown];
        throw notState(`${path}[${index}]`, 'is no pair of a key and a value');
      });
      return whole(new Map(entries), entries, path);
    }
    default:
      throw notState(path, 'is a name that stands for nothing');
  }
}

function unpackedList(saved: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(saved)) throw notState(path, 'is no list');
  return Array.from(saved, (inner, index) => unpacked(inner, `${path}[${index}]`));
}

/** A set or a map holds as many as were written, or one was written twice. */
function whole<T extends { readonly size: number }>(
  made: T,
  from: readonly unknown[],
  path: string,
): T {
  if (made.size === from.length) return made;
  throw notState(path, 'names something twice');
}

function bigintOf(saved: unknown, path: string): bigint {
  if (typeof saved === 'string' && /^(0|-?[1-9]\d*)$/.test(saved)) return BigInt(saved);
  throw notState(path, 'is no whole number');
}

function doubleOf(saved: unknown, path: string): number {
  const value =
    typeof saved === 'string' && Object.hasOwn(DOUBLES, saved) ? DOUBLES[saved] : undefined;
  if (value === undefined) throw notState(path, 'is no double that needs a name');
  return value;
}

function doublesOf(saved: unknown, path: string): Float64Array {
  const bytes = Buffer.from(typeof saved === 'string' ? saved : '', 'base64');
  // Base64 is read leniently; only what would be written again is what was written.
  if (bytes.toString('base64') !== saved || bytes.length % DOUBLE_BYTES !== 0)
    throw notState(path, 'is no base64 of doubles');
  const column = new Float64Array(bytes.length / DOUBLE_BYTES);
  for (let index = 0; index < column.length; index++)
    column[index] = bytes.readDoubleLE(index * DOUBLE_BYTES);
  return column;
}

function textOf(column: Float64Array): string {
  const bytes = Buffer.alloc(column.length * DOUBLE_BYTES);
  for (const [index, value] of column.entries()) {
    if (Number.isNaN(value)) bytes.writeBigUInt64LE(NAN_BITS, index * DOUBLE_BYTES);
    else bytes.writeDoubleLE(value, index * DOUBLE_BYTES);
  }
  return bytes.toString('base64');
}

const isTag = (key: string): boolean => key.startsWith('$');
const isEscaped = (key: string): boolean => key.startsWith('$$');

/** Assigning `__proto__` would change the object's nature instead of its content. */
function put<T>(record: Record<string, T>, key: string, value: T): void {
  if (key !== '__proto__') record[key] = value;
  else Object.defineProperty(record, key, { value, enumerable: true, configurable: true });
}

const notState = (path: string, because: string): NotState => new NotState(`${path} ${because}`);
