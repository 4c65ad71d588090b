import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { canonicalJson } from '../canonical-json.ts';
import { PROPERTY_RUNS } from '../../tests/support/property-runs.ts';
import { NotState, pack, partsOf, type Saved, unpack } from './state-text.ts';

const text = fc.string({ unit: 'binary' });
/** Names that look like what stands for something, and that would change an object's nature. */
const key = fc.oneof(
  text,
  fc.constantFrom('$bigint', '$map', '$$map', '$', '$double', '$set', '__proto__', 'toString'),
);

/** Plain data with everything that a fold may hold, nested in everything that holds. */
const { state } = fc.letrec<{ state: unknown }>((tie) => ({
  state: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    text,
    fc.double(),
    fc.constantFrom(-0, Number.NaN, Infinity, -Infinity),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt(),
    fc.float64Array({ maxLength: 4 }),
    fc.array(tie('state'), { maxLength: 4 }),
    fc.dictionary(key, tie('state'), { maxKeys: 4 }),
    fc.uniqueArray(fc.tuple(key, tie('state')), { maxLength: 4 }).map((list) => new Map(list)),
    fc.array(tie('state'), { maxLength: 4 }).map((list) => new Set(list)),
  ),
}));

const through = (value: unknown): unknown =>
  unpack(JSON.parse(canonicalJson(pack(value))) as Saved);

describe('state', () => {
  test('comes back from its text as it went in', () => {
    fc.assert(
      fc.property(state, (value) => {
        expect(through(value)).toEqual(value);
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test('that is equal has equal text, and what came back has the same', () => {
    fc.assert(
      fc.property(state, (value) => {
        const written = canonicalJson(pack(value));
        expect(canonicalJson(pack(structuredClone(value)))).toBe(written);
        expect(canonicalJson(pack(through(value)))).toBe(written);
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test('keeps the order in which a map and a set were filled', () => {
    const turned = through(
      new Map([
        ['b', new Set([2, 1])],
        ['a', new Set()],
      ]),
    ) as Map<string, Set<number>>;
    expect([...turned.keys()]).toEqual(['b', 'a']);
    expect([...(turned.get('b') ?? [])]).toEqual([2, 1]);
  });

  test('that is minus zero, a NaN or a huge bigint is not rounded to something else', () => {
    expect(through([-0, 0, Number.NaN, -Infinity, 10n ** 40n, -1n])).toEqual([
      -0,
      0,
      Number.NaN,
      -Infinity,
      10n ** 40n,
      -1n,
    ]);
  });

  test('leaves out a property that is undefined', () => {
    expect(canonicalJson(pack({ a: undefined, b: 1 }))).toBe('{"b":1}');
  });

  test('writes the NaNs of every pattern of bits alike', () => {
    const column = new Float64Array(1);
    new DataView(column.buffer).setBigUint64(0, 0xfff8_dead_beef_0001n, true);
    expect(canonicalJson(pack(column))).toBe(canonicalJson(pack(Float64Array.of(Number.NaN))));
  });

  test('of a part of a column is that part only', () => {
    const column = Float64Array.of(1, 2, 3, 4);
    expect(through(column.subarray(1, 3))).toEqual(Float64Array.of(2, 3));
  });

  const circle: { self?: unknown } = {};
  circle.self = circle;
  test.each<[string, unknown, string]>([
    ['a function', { a: () => 1 }, '$.a is a function'],
    ['a symbol', [Symbol('s')], '$[0] is a symbol'],
    ['nothing at all', undefined, '$ is a undefined'],
    ['undefined in a list', [undefined], '$[0] is a undefined'],
    ['a hole in a list', Object.assign([1], { length: 2 }), '$[1] is a undefined'],
    ['undefined in a map', new Map([['a', undefined]]), '$.$map[0][1] is a undefined'],
    ['undefined in a set', new Set([undefined]), '$.$set[0] is a undefined'],
    ['an object of a class', { at: new Date(0) }, '$.at is an object of a class'],
    ['another typed array', new Int32Array(1), '$ is an object of a class'],
    ['a circle', circle, 'is nested too deep, or in a circle'],
  ])('that is %s is refused, and where it is is said', (_, value, sentence) => {
    expect(() => pack(value)).toThrow(NotState);
    expect(() => pack(value)).toThrow(sentence);
  });

  test('nested as deep as is packed is not too deep to be written', () => {
    let list: unknown = new Map([[-0, new Set([1n])]]);
    for (let level = 0; level < 55; level++) list = [list];
    expect(() => canonicalJson(pack(list))).not.toThrow();
    expect(through(list)).toEqual(list);
    expect(() => pack([list])).toThrow('is nested too deep');
  });
});

describe('text that nobody packed', () => {
  test.each<[string, string, string]>([
    ['a bigint with a point', '{"a":{"$bigint":"1.5"}}', '$.a.$bigint is no whole number'],
    ['a bigint that is empty', '{"$bigint":""}', 'is no whole number'],
    ['a bigint in hexadecimal', '{"$bigint":"0x10"}', 'is no whole number'],
    ['minus zero as a bigint', '{"$bigint":"-0"}', 'is no whole number'],
    ['a bigint as a number', '{"$bigint":5}', 'is no whole number'],
    ['a plain double by name', '{"$double":"1.5"}', 'is no double that needs a name'],
    ['a double named like a method', '{"$double":"toString"}', 'is no double that needs a name'],
    ['minus zero as JSON has it', '[-0]', '$[0] is -0, which is written by name'],
    ['a number too large for a double', '[1e999]', '$[0] is Infinity'],
    ['a map that is no list', '{"$map":{}}', '$.$map is no list'],
    ['a map of no pairs', '{"$map":[["a"]]}', '$.$map[0] is no pair'],
    ['a map that names a key twice', '{"$map":[["a",1],["a",2]]}', 'names something twice'],
    ['a set with a value twice', '{"$set":[1,1]}', 'names something twice'],
    ['a set that is no list', '{"$set":"ab"}', '$.$set is no list'],
    ['doubles cut short', '{"$doubles":"AAAA"}', 'is no base64 of doubles'],
    ['doubles that are no base64', '{"$doubles":"%%%%"}', 'is no base64 of doubles'],
    ['doubles in another alphabet', '{"$doubles":"__________8="}', 'is no base64 of doubles'],
    ['doubles that are no text', '{"$doubles":[1,2]}', 'is no base64 of doubles'],
    ['a name that stands for nothing', '{"$date":"2026"}', '$.$date is a name that stands for'],
    ['a name beside something else', '{"$bigint":"1","a":1}', '$ has $bigint beside something'],
    ['a bare dollar', '{"$":1}', '$.$ is a name that stands for nothing'],
  ])('is refused, not guessed at: %s', (_, written, sentence) => {
    const saved = JSON.parse(written) as Saved;
    expect(() => unpack(saved)).toThrow(NotState);
    expect(() => unpack(saved)).toThrow(sentence);
  });

  test('of any kind is either refused or was the text of a state', () => {
    const foreign = fc.letrec<{ json: Saved }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Saved>('1', '-0', 'NaN', 'AAAAAAAA8D8=', 1, null, true),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(key, tie('json'), { maxKeys: 2 }),
      ),
    })).json;
    fc.assert(
      fc.property(foreign, (saved) => {
        let state: unknown;
        try {
          state = unpack(saved);
        } catch (error) {
          expect(error).toBeInstanceOf(NotState);
          return;
        }
        expect(canonicalJson(pack(state))).toBe(canonicalJson(saved));
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});

describe('states side by side', () => {
  test('are told apart by name', () => {
    expect(partsOf({ b: 1, a: [2] }, ['a', 'b'])).toEqual({ a: [2], b: 1 });
  });

  test.each<[Saved, string]>([
    [{ a: 1 }, '$ should have a, b, and has a'],
    [{ a: 1, b: 1, c: 1 }, '$ should have a, b, and has a, b, c'],
    [null, '$ should have a, b, and has nothing'],
    ['ab', '$ should have a, b, and has nothing'],
    [[1, 2], '$ should have a, b, and has 0, 1'],
  ])('are refused when one is missing or too many: %j', (saved, sentence) => {
    expect(() => partsOf(saved, ['a', 'b'])).toThrow(sentence);
  });
});
