import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { README, withCodes } from '../scripts/kernel-codes.ts';

test('the table of codes in the README is that of the program', () => {
  const readme = readFileSync(README, 'utf8');
  expect(readme, 'run "npm run docs:kernel" to bring it up to date').toBe(withCodes(readme));
});
