import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, NotCanonical } from './canonical-json.ts';

const json = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' });

describe('canonical JSON', () => {
  test('is what the canonicalize package writes', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 1_000 },
    );
  });

  test('comes back as it went in', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test('does not depend on the order in which properties were set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), json), (object) => {
        const turned = Object.fromEntries(Object.entries(object).toReversed());
        expect(canonicalJson(turned)).toBe(canonicalJson(object));
      }),
    );
  });

  test('orders keys by UTF-16 units, as section 3.2.3 of RFC 8785 shows', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
    expect(Object.keys(JSON.parse(text))).toEqual([
      '1',
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\u{1f600}',
      '\ufb33',
    ]);
  });

  test.each([
    [0.1 + 0.2, '0.30000000000000004'],
    [1e21, '1e+21'],
    [333333333.3333333, '333333333.3333333'],
    [5e-324, '5e-324'],
    [-0, '0'],
    [2 ** 53, '9007199254740992'],
  ])('writes the double %d in its shortest form', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test('leaves out a property that is undefined', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  });

  const circle: { self?: unknown } = {};
  circle.self = circle;
  test.each<[string, unknown, string]>([
    ['NaN', { a: [1, { b: Number.NaN }] }, '$.a[1].b is NaN; give a finite number'],
    ['infinity', [Number.NEGATIVE_INFINITY], '$[0] is -Infinity'],
    ['a bigint', { price: 1n }, '$.price is a bigint'],
    ['a function', { a: () => 1 }, '$.a is a function'],
    ['its own toJSON', { toJSON: () => 1 }, '$.toJSON is a function'],
    ['a symbol', [Symbol('s')], '$[0] is a symbol'],
    ['undefined', undefined, '$ is a undefined'],
    ['undefined in an array', [1, undefined], '$[1] is a undefined'],
    ['a hole in an array', Object.assign([1], { length: 2 }), '$[1] is a undefined'],
    ['a date', { at: new Date(0) }, '$.at is an object of a class'],
    ['a map', new Map(), '$ is an object of a class'],
    ['a lone surrogate', { a: 'x\ud800' }, '$.a has a lone surrogate'],
    ['a lone surrogate in a key', { '\udc00': 1 }, 'has a lone surrogate'],
    ['a circle', circle, 'or in a circle'],
  ])('refuses %s and says where', (_, value, sentence) => {
    expect(() => canonicalJson(value)).toThrow(NotCanonical);
    expect(() => canonicalJson(value)).toThrow(sentence);
  });
});
