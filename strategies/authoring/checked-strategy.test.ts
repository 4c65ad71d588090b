import { expect, test } from 'vitest';

import type { Candle } from '../../domain/candle.ts';
import { strategyId } from '../../domain/ids.ts';
import type { Opinion } from '../../domain/signal.ts';
import { integer } from '../parameters.ts';
import { defineStrategy, Memory, type Strategy } from '../strategy.ts';
import { checkedStrategy } from './checked-strategy.ts';
import { opinionsOn } from './opinions-on.ts';

const ID = strategyId('mine');
const BAR: Candle = { openTimeMs: 0, open: 99, high: 101, low: 98, close: 100, volume: 1 };

const FACT = { id: 'mine.close', label: 'close', value: 100, unit: 'price', barTimeMs: 0 };
const SOUND = {
  kind: 'SIGNAL',
  strategyId: ID,
  direction: 'LONG',
  entry: 100,
  stop: 98,
  target: 105,
  confidence: 0.5,
  riskBps: 50,
  expiresAfterMs: 60_000,
  setupId: 'one',
  because: 'It rose.',
  invalidation: 'It falls.',
  evidence: [FACT],
};
const SHORT = { ...SOUND, direction: 'SHORT', stop: 102, target: 95 };
const EXIT = {
  kind: 'EXIT',
  strategyId: ID,
  direction: 'LONG',
  because: 'It fell.',
  evidence: [FACT],
};

/** As a file that nobody compiled might answer. */
const answering = (answer: unknown): Strategy =>
  defineStrategy({
    id: ID,
    name: 'Mine',
    rule: 'Says what it is told to say.',
    timeframes: ['1m'],
    parameters: { bars: integer({ default: 1, min: 1, max: 9, unit: 'bars', says: 'Bars.' }) },
    warmupBars: ({ bars }) => bars,
    start: () => () => answer as Opinion,
  });

const heard = (strategy: Strategy): readonly Opinion[] => opinionsOn(strategy, [BAR], '1m');

test.each<[string, unknown]>([
  ['a long signal', SOUND],
  ['a short signal', SHORT],
  ['an exit', EXIT],
  ['nothing', { kind: 'NO_SETUP', strategyId: ID, because: 'Nothing happened.' }],
  [
    'a signal with parts and adds',
    {
      ...SOUND,
      management: {
        partialTargets: [{ price: 103, share: 0.5 }],
        adds: [{ price: 99, ratio: 1 }],
        closeOnSignal: true,
      },
    },
  ],
])('%s passes untouched', (_, answer) => {
  expect(heard(checkedStrategy(answering(answer)))).toEqual([answer]);
});

test.each<[string, unknown]>([
  ['answered undefined, which is no opinion', undefined],
  ['answered "BUY", which is no opinion', 'BUY'],
  ['answered with the strategyId "other"; its own is "mine"', { ...SOUND, strategyId: 'other' }],
  ['answered with the kind "BUY"; SIGNAL, EXIT and NO_SETUP are known', { ...SOUND, kind: 'BUY' }],
  ['gave "" as its because; a text is right', { kind: 'NO_SETUP', strategyId: ID, because: '' }],
  ['gave the direction "UP"; LONG or SHORT is right', { ...SOUND, direction: 'UP' }],
  ['gave the direction undefined; LONG or SHORT is right', { ...EXIT, direction: undefined }],
  ['gave NaN as its stop; a number above 0 is right', { ...SOUND, stop: Number.NaN }],
  ['gave 0 as its stop; a number above 0 is right', { ...SOUND, stop: 0 }],
  ['put entry at 101; it is the close of the bar, 100', { ...SOUND, entry: 101 }],
  ['put stop 101 on the winning side of entry 100', { ...SOUND, stop: 101 }],
  ['put stop 99 on the winning side of entry 100', { ...SHORT, stop: 99 }],
  ['put target 100 on the losing side of entry 100', { ...SOUND, target: 100 }],
  [
    'gave 75 as its confidence; a number above 0 and at most 1 is right',
    { ...SOUND, confidence: 75 },
  ],
  ['gave undefined as its riskBps; a number above 0 is right', { ...SOUND, riskBps: undefined }],
  ['gave 0 as its expiresAfterMs; a number above 0 is right', { ...SOUND, expiresAfterMs: 0 }],
  ['gave undefined as its setupId; a text is right', { ...SOUND, setupId: undefined }],
  ['gave a list of 0 as its evidence; a list of facts is right', { ...SOUND, evidence: [] }],
  [
    'gave evidence "mine.close" the value NaN',
    { ...EXIT, evidence: [{ ...FACT, value: Number.NaN }] },
  ],
  [
    'gave evidence "mine.close" from 1970-01-01T00:00:00.001Z, after the bar',
    { ...SOUND, evidence: [{ ...FACT, barTimeMs: 1 }] },
  ],
  ['gave two pieces of evidence the id "mine.close"', { ...SOUND, evidence: [FACT, FACT] }],
  [
    'put the price of one partial target at 106; between 100 and 105 is right',
    { ...SOUND, management: { partialTargets: [{ price: 106, share: 0.5 }] } },
  ],
  [
    'gave 1 of the position to partial targets; less than 1 is right',
    { ...SOUND, management: { partialTargets: [{ price: 103, share: 1 }] } },
  ],
  [
    'put the price of one add at 97; between 98 and 100 is right',
    { ...SOUND, management: { adds: [{ price: 97, ratio: 1 }] } },
  ],
])('it is told that it %s', (fault, answer) => {
  expect(() => heard(checkedStrategy(answering(answer)))).toThrow(
    `strategy "mine", on the bar of 1970-01-01T00:00:00.000Z: it ${fault}`,
  );
});

test('a strategy that throws is named, with its bar and its own words', () => {
  const strategy = defineStrategy({
    ...answering(SOUND),
    parameters: {},
    warmupBars: () => 1,
    start: () => () => {
      throw new Error('division by the moon');
    },
  });
  expect(() => heard(checkedStrategy(strategy))).toThrow(
    'strategy "mine", on the bar of 1970-01-01T00:00:00.000Z: it threw "division by the moon"',
  );
});

test('a rule that would have to be waited for is told from one that answers', () => {
  expect(() => heard(checkedStrategy(answering(Promise.resolve(SOUND))))).toThrow(
    'it answered with a promise; a rule answers at once, without async and await',
  );
});

test('where it threw is told, also before the first bar', () => {
  const thrown = new Error('no average');
  const strategy = defineStrategy({
    ...answering(SOUND),
    parameters: {},
    warmupBars: () => 1,
    start() {
      throw thrown;
    },
  });
  const placeOf = (error: unknown) => (error === thrown ? 'mine.ts:12' : undefined);
  for (const checked of [
    checkedStrategy(strategy, placeOf),
    checkedStrategy(strategy, placeOf).with({}).from('mine.ts'),
  ])
    expect(() => checked.start('1m')).toThrow(
      'strategy "mine": it threw "no average" at mine.ts:12 when a run of it began',
    );
});

test('it stays checked when it comes from somewhere else', () => {
  const strategy = checkedStrategy(answering('BUY')).from('mine.ts');
  expect(strategy.origin).toBe('mine.ts');
  expect(() => heard(strategy)).toThrow('it answered "BUY"');
});

test('it stays checked with other values, and remembers what the strategy remembers', () => {
  const counting = defineStrategy({
    ...answering(SOUND),
    parameters: { bars: integer({ default: 1, min: 1, max: 9, unit: 'bars', says: 'Bars.' }) },
    warmupBars: ({ bars }) => bars,
    start({ values, keep }) {
      const count = keep(new Memory(0));
      return () => {
        count.value++;
        const because = `${count.value} of ${values.bars}`;
        return { kind: 'NO_SETUP', strategyId: ID, because: count.value > 2 ? '' : because };
      };
    },
  });
  const run = checkedStrategy(counting).with({ bars: 5 }).start('1m');
  const series = { ...COLUMNS, length: 1, candle: () => BAR };
  expect(run.onBar(series)).toMatchObject({ because: '1 of 5' });
  const again = checkedStrategy(counting).with({ bars: 5 }).start('1m');
  again.load(run.save());
  expect(again.onBar(series)).toMatchObject({ because: '2 of 5' });
  expect(() => again.onBar(series)).toThrow('gave "" as its because');
});

const NONE = new Float64Array();
const COLUMNS = {
  openTimeMs: NONE,
  open: NONE,
  high: NONE,
  low: NONE,
  close: NONE,
  volume: NONE,
};
