import { afterEach, expect, test, vi } from 'vitest';

import { STRATEGIES } from '../../../strategies/registry.ts';
import { BadInput } from '../errors.ts';
import { showCatalog } from './catalog.ts';

afterEach(() => vi.restoreAllMocks());

/** What it prints, without its colours. */
function printed(id?: string, json = false): string {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  showCatalog(id, { json });
  return lines.join('');
}

test('every strategy is in the list, with where it fits and how long it warms up', () => {
  const lines = printed().split('\n');
  for (const { id, name, timeframes, warmupBars } of STRATEGIES) {
    const line = lines.find((line) => line.includes(` ${id} `));
    expect(line).toContain(name);
    expect(line).toContain(timeframes.join(' '));
    expect(line).toContain(`${warmupBars} bars`);
  }
});

test.each(STRATEGIES.map((strategy) => [strategy.id, strategy] as const))(
  'of %s it tells the rule and whatever can be set',
  (id, { rule, parameters }) => {
    const text = printed(id);
    expect(text).toContain(rule);
    for (const [name, parameter] of Object.entries(parameters)) {
      const line = text.split('\n').find((line) => line.startsWith(`  ${name} `));
      expect(line).toContain(parameter.says);
      expect(line).toContain(String(parameter.default));
      if ('min' in parameter) expect(line).toContain(`${parameter.min} to ${parameter.max}`);
      if ('unit' in parameter) expect(line).toContain(` ${parameter.unit} `);
    }
  },
);

test('programs read the same as JSON', () => {
  const { strategies } = JSON.parse(printed(undefined, true)) as { strategies: object[] };
  expect(strategies).toHaveLength(STRATEGIES.length);
  expect(JSON.parse(printed('sma-cross', true))).toMatchObject({
    id: 'sma-cross',
    isUsual: false,
    parameters: { fast: { default: 20, min: 2, max: 200, unit: 'bars' } },
  });
});

test('an id that is none of them is bad input, and the known ones are told', () => {
  expect(() => showCatalog('nobody', { json: false })).toThrow(BadInput);
  expect(() => showCatalog('nobody', { json: false })).toThrow('the known ones are jadecap, nbb');
});
