/** What the documentation shows is tried: a strategy that cannot be loaded teaches nobody. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { GrowableSeries } from '../../market/candles/growable-series.ts';
import * as plimsoll from '../../strategies/index.ts';
import { inFolder } from '../../tests/support/cli.ts';
import { loadStrategyFile } from './load-strategy.ts';

const page = (name: string): string =>
  readFileSync(new URL(`../../docs/strategies/${name}`, import.meta.url), 'utf8');

test('the strategy on the page for authors loads and keeps every promise', () =>
  inFolder(async (folder) => {
    const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page('writing-your-own.md')) ?? [];
    writeFileSync(join(folder, 'example.ts'), example);
    const strategy = await loadStrategyFile(join(folder, 'example.ts'));
    const candles = await plimsoll.syntheticCandles(1_500, { timeframe: '1h' });
    const signals = plimsoll.checkSignals(strategy, candles, '1h');
    expect(new Set(signals.map(({ direction }) => direction))).toEqual(new Set(['LONG', 'SHORT']));
    const series = GrowableSeries.of(candles);
    const { neededBars, declaredBars } = plimsoll.warmup(strategy, series, '1h');
    expect(neededBars).toBe(declaredBars);
  }));

test('every name of ours on the migration page is one that an author can import or write', () => {
  const calls = [...page('coming-from-freqtrade-and-jesse.md').matchAll(/`[^`]*`/g)].flatMap(
    ([code]) => [
      ...[...code.matchAll(/new ([A-Z]\w+)\(/g)].map(([, name]) => name!),
      ...[...code.matchAll(/\b(integer|decimal|choice|toggle|defineStrategy)\(/g)].map(
        ([, name]) => name!,
      ),
    ],
  );
  expect(new Set(calls)).toEqual(
    new Set(['defineStrategy', 'Ema', 'Resampler', 'integer', 'decimal', 'choice', 'toggle']),
  );
  expect(Object.keys(plimsoll)).toEqual(expect.arrayContaining([...new Set(calls)]));
});
