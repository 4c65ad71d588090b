import { expect, test } from 'vitest';

import { unpackLike } from './shape.ts';
import { NotState, pack } from './state-text.ts';

const fresh = () => ({
  count: 0,
  cash: 0n,
  name: '',
  on: false,
  last: undefined as string | undefined,
  because: null as string | null,
  list: [] as readonly number[],
  map: new Map<string, number>(),
  column: new Float64Array(2),
  inner: { deep: { value: Number.NaN } },
});

test('a state of the same shape is what it was', () => {
  const state = {
    ...fresh(),
    count: -0,
    last: 'here',
    because: 'so',
    list: [1],
    map: new Map([['a', 1]]),
    inner: { deep: { value: 3 } },
  };
  expect(unpackLike(pack(state), fresh())).toEqual(state);
  expect(unpackLike(pack(fresh()), fresh())).toEqual(fresh());
});

test.each<[string, unknown, string]>([
  ['a field less', { ...fresh(), cash: undefined }, '$.cash should be BigInt, and is Undefined'],
  ['a field more', { ...fresh(), more: 1 }, '$.more is nothing that this version knows'],
  ['a deep field less', { ...fresh(), inner: { deep: {} } }, '$.inner.deep.value should be Number'],
  [
    'a deep field more',
    { ...fresh(), inner: { deep: { value: 1 }, x: 1 } },
    '$.inner.x is nothing',
  ],
  ['a list for a map', { ...fresh(), map: [] }, '$.map should be Map, and is Array'],
  ['a set for a map', { ...fresh(), map: new Set() }, '$.map should be Map, and is Set'],
  ['a number for a bigint', { ...fresh(), cash: 1 }, '$.cash should be BigInt, and is Number'],
  ['null for a number', { ...fresh(), count: null }, '$.count should be Number, and is Null'],
  ['a list for a column', { ...fresh(), column: [1] }, '$.column should be Float64Array'],
  ['an inherited name', { ...fresh(), toString: 1 }, '$.toString is nothing that this version'],
  ['something else altogether', 'a text', '$ should be Object, and is String'],
])('a state with %s is refused', (_, state, sentence) => {
  expect(() => unpackLike(pack(state), fresh())).toThrow(NotState);
  expect(() => unpackLike(pack(state), fresh())).toThrow(sentence);
});
