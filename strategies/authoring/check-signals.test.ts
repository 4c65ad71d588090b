import { expect, test } from 'vitest';

import { strategyId } from '../../domain/ids.ts';
import type { Signal } from '../../domain/signal.ts';
import { evidenceBy, nothingBy } from '../opinions.ts';
import { momentum } from '../momentum.ts';
import { smaCross } from '../sma-cross.ts';
import { defineStrategy, Memory, type Strategy } from '../strategy.ts';
import { checkSignals } from './check-signals.ts';
import { opinionsOn, signalsAmong } from './opinions-on.ts';
import { syntheticCandles } from './synthetic-candles.ts';

const candles = await syntheticCandles(1_500);
const ID = strategyId('mine');
const nothing = nothingBy(ID)('nothing to see');
const fact = evidenceBy(ID);

/** Buys on every hundredth bar of the market, with something about it changed. */
const buying = (change: (bars: number) => Partial<Signal>, warmupBars = 1): Strategy =>
  defineStrategy({
    id: ID,
    name: 'Mine',
    rule: 'Buys now and then.',
    timeframes: ['5m'],
    parameters: {},
    warmupBars: () => warmupBars,
    start({ barMs }) {
      return ({ openTimeMs, close }) => {
        const bars = openTimeMs / barMs;
        if (bars % 100 !== 0) return nothing;
        return {
          kind: 'SIGNAL',
          strategyId: ID,
          direction: 'LONG',
          entry: close,
          stop: close * 0.98,
          target: close * 1.05,
          confidence: 0.5,
          riskBps: 50,
          expiresAfterMs: barMs,
          setupId: String(bars),
          because: 'The hundredth bar has come.',
          invalidation: 'None.',
          evidence: [fact('close', 'close', close, 'price', openTimeMs)],
          ...change(close),
        };
      };
    },
  });

const check = (strategy: Strategy): readonly Signal[] => checkSignals(strategy, candles, '5m');

test('a sound strategy gets its signals back', () => {
  expect(check(buying(() => ({})))).toHaveLength(15);
});

test.each([smaCross, momentum])('$id keeps every promise', (strategy) => {
  const signals = check(strategy);
  expect(signals).toEqual(signalsAmong(opinionsOn(strategy, candles, '5m')));
  expect(signals.length).toBeGreaterThan(2);
});

test.each<[string, Strategy]>([
  ['of a warm-up of 500', buying(() => ({}), 500)],
  ['signalled the set-up "again" twice', buying(() => ({ setupId: 'again' }))],
  ['20 basis points', buying((close) => ({ stop: close * 0.999 }))],
  ['nearer than 1.5 times', buying((close) => ({ target: close * 1.025 }))],
  ['gave 2 as its confidence', buying(() => ({ confidence: 2 }))],
])('a broken promise is told: it %s', (words, strategy) => {
  expect(() => check(strategy)).toThrow(words);
});

test('a look at the future is told with both opinions', () => {
  const peeking = defineStrategy({
    ...buying(() => ({})),
    parameters: {},
    warmupBars: () => 1,
    start: () => (_, series) =>
      nothingBy(ID)(`the next close is ${series.close[series.length] ?? 'not known'}`),
  });
  expect(() => check(peeking)).toThrow(/with other bars after it it said nothing, because/);
});

test('what was not given to keep is missed after a restart', () => {
  const forgetful = defineStrategy({
    ...buying(() => ({})),
    parameters: {},
    warmupBars: () => 1,
    start() {
      let bars = 0;
      return () => nothingBy(ID)(`bar ${++bars}`);
    },
  });
  expect(() => check(forgetful)).toThrow(
    'said nothing, because "bar 38"; taken up from what it had saved it said nothing, because "bar 1". Give what it remembers to keep',
  );
});

test('what no disk could hold is told in a sentence', () => {
  const unsaved = defineStrategy({
    ...buying(() => ({})),
    parameters: {},
    warmupBars: () => 1,
    start({ keep }) {
      const rule = keep(new Memory(() => nothing));
      return () => rule.value();
    },
  });
  expect(() => check(unsaved)).toThrow(/remembers what cannot be saved .*; only plain data/);
});
