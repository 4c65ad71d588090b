import { expect, test } from 'vitest';

import { decoded, faultMaker, quoted } from './fault-maker.ts';
import { BadField } from './fields.ts';

const fault = faultMaker('polygon', 'k/1+2');

test('a fault has the name of its provider and not its key, however it is spelled', () => {
  const made = fault('REFUSED', 'said k/1+2 about ?apikey=k%2F1%2B2', 5);
  expect(made).toMatchObject({ provider: 'polygon', kind: 'REFUSED', retryAfterMs: 5 });
  expect(made.message).toBe('polygon: said [the API key] about ?apikey=[the API key]');
});

test('a bad field is garbled, and a mistake of ours stays one', () => {
  const bad = (): never => {
    throw new BadField('t', '1', 'a number');
  };
  expect(() => decoded(fault, 'the answer', bad)).toThrow(
    'polygon: the answer cannot be read, because t is "1" and should be a number',
  );
  const broken = (): never => {
    throw new TypeError('ours');
  };
  expect(() => decoded(fault, 'the answer', broken)).toThrow(TypeError);
});

test('what others wrote is quoted on one line, and not at length', () => {
  expect(quoted('  <html>\n  Down </html>\n')).toBe('"<html> Down </html>"');
  expect(quoted('x'.repeat(300))).toBe(`"${'x'.repeat(200)}…"`);
});
