import { expect, test } from 'vitest';

import { ruleText } from './rule-text.ts';

test('a rule reads the same whatever order its values were recorded in', () => {
  const text = 'mine(mine.ts sha256:1 fast=20 rewardRisk=2 slow=50)';
  const origin = 'mine.ts sha256:1';
  const made = { origin, values: { fast: 20, slow: 50, rewardRisk: 2 } };
  const recorded = { origin, values: { fast: 20, rewardRisk: 2, slow: 50 } };
  expect(ruleText('mine', { mine: made })).toBe(text);
  expect(ruleText('mine', { mine: recorded })).toBe(text);
});

test('other values and other code read otherwise, and a rule that was not recorded is its id', () => {
  const texts = [
    ruleText('mine', { mine: { origin: 'a', values: { fast: 20 } } }),
    ruleText('mine', { mine: { origin: 'b', values: { fast: 20 } } }),
    ruleText('mine', { mine: { origin: 'a', values: { fast: 21 } } }),
    ruleText('mine', {}),
  ];
  expect(new Set(texts).size).toBe(4);
  expect(texts[3]).toBe('mine');
});
