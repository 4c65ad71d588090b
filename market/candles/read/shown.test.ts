import { expect, test } from 'vitest';
import { shown } from './shown.ts';

test('a short text is shown as it is', () => {
  expect(shown('12,5 €')).toBe('12,5 €');
});

test('a long text is cut', () => {
  expect(shown('x'.repeat(1_000_000))).toBe(`${'x'.repeat(60)}…`);
});

test('no sign that would steer a terminal is left', () => {
  expect(shown('a\u001b[2Jb\u0000c\u009b')).toBe('a\u{fffd}[2Jb\u{fffd}c\u{fffd}');
});
