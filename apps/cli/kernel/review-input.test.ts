import { describe, expect, test } from 'vitest';
import {
  baseAdd,
  baseEntry,
  baseExit,
  commandFor,
  ENTRY,
  ladder,
  position,
  recent,
  resting,
} from '../../../risk-kernel/testing/base-case.ts';
import { BTC } from '../../../domain/testing/samples.ts';
import { price, quantity } from '../../../domain/units.ts';
import { BadInput } from '../errors.ts';
import { readReviewInput, type ReviewInput, writeReviewInput } from './review-input.ts';

const FULL: ReviewInput = baseEntry({
  positions: [position('X'), position('Y', { correlation: null })],
  holds: [position('H')],
  exits: [resting('T1P1', { limitPrice: price('49000.5') }), resting('S1P1')],
  recentEntries: [recent()],
  ladders: [ladder()],
  locks: [{ instrumentId: BTC.id, side: 'BOTH', code: 'INSTRUMENT_HALTED' }],
});

const MANAGED: ReviewInput = {
  ...FULL,
  command: commandFor({
    ...ENTRY,
    postOnly: true,
    management: {
      partialTargets: [{ price: price('50500'), quantity: quantity('0.001') }],
      trail: { distance: { atrTenths: 25, atrBars: 14 }, armed: { targetsFilled: 1 } },
      breakEven: true,
      closeAfterMs: 3_600_000,
      closeAtMs: 1_767_571_200_000,
      adds: [{ price: price('49600'), quantity: quantity('0.0014') }],
    },
  }),
};

test.each([
  ['an entry on a full account', FULL],
  ['an entry that is looked after in every way', MANAGED],
  ['a planned add', baseAdd()],
  ['an exit', baseExit()],
  ['no mark', baseEntry({ mark: null })],
])('what is written is read again: %s', (_, input) => {
  const read = readReviewInput(writeReviewInput(input), 'a file');
  expect(read.command).toEqual(input.command);
  const { holds, ...snapshot } = input.snapshot;
  expect(read.snapshot).toMatchObject(snapshot);
  expect(read.snapshot.holds).toHaveLength(holds.length);
});

describe('a fault is named by its path, with what was found and what would be right', () => {
  /** The input with the value at a path replaced, or removed where it is undefined. */
  const changed = (path: readonly (string | number)[], value: unknown): string => {
    const input = JSON.parse(writeReviewInput(baseEntry({ positions: [position('X')] })));
    const last = path.at(-1) as string;
    const holder = path.slice(0, -1).reduce((at, part) => at[part], input);
    holder[last] = value;
    return JSON.stringify(input);
  };

  test.each<[readonly (string | number)[], unknown, string]>([
    [['snapshot', 'equity'], 10_000, 'snapshot.equity must be decimal text such as "12.5"'],
    [['snapshot', 'equity'], '1e4', 'snapshot.equity must be decimal text such as "12.5"'],
    [['snapshot', 'equity'], '0.0000000000001', 'with at most 12 places, found "0.0000000000001"'],
    [['snapshot', 'equity'], 'NaN', 'found "NaN"'],
    [
      ['snapshot', 'positions', 0, 'notional'],
      null,
      'snapshot.positions[0].notional must be decimal text such as "12.5", with at most 12 places, found null',
    ],
    [['snapshot', 'positions', 0, 'direction'], 'UP', 'must be "LONG" or "SHORT", found "UP"'],
    [['snapshot', 'positions'], {}, 'snapshot.positions must be a list, found {}'],
    [['snapshot', 'rung'], 5, 'snapshot.rung must be 0, 1, 2, 3, or 4, found 5'],
    [['snapshot', 'emergency'], 'no', 'snapshot.emergency must be true or false, found "no"'],
    [['snapshot', 'seq'], '7', 'snapshot.seq must be a number, found "7"'],
    [['snapshot', 'mark'], 5, 'snapshot.mark must be an object or null, found 5'],
    [['snapshot', 'mark', 'price'], 'x', 'snapshot.mark.price must be decimal text'],
    [['snapshot', 'equity'], undefined, 'snapshot.equity is missing; "--example" shows every'],
    [['snapshot', 'override'], true, 'snapshot.override is not a field; "--example" shows every'],
    [['command', 'order', 'force'], true, 'command.order.force is not a field'],
    [['command', 'order', 'side'], 'HOLD', 'command.order.side must be "BUY" or "SELL"'],
    [['command'], 1, 'command must be an object, found 1'],
  ])('%j as %j', (path, value, sentence) => {
    const read = (): ReviewInput => readReviewInput(changed(path, value), 'in.json');
    expect(read).toThrow(BadInput);
    expect(read).toThrow(`in.json: `);
    expect(read).toThrow(sentence);
  });

  test.each([
    ['', 'in.json is empty'],
    [' \n', 'in.json is empty'],
    ['{', 'in.json is not JSON'],
    ['[]', 'in.json: the input must be an object, found []'],
    ['null', 'in.json: the input must be an object, found null'],
    ['{"command": 1e999}', 'command must be an object, found Infinity'],
    ['{"__proto__": {}}', '__proto__ is not a field'],
  ])('%j', (json, sentence) => {
    expect(() => readReviewInput(json, 'in.json')).toThrow(BadInput);
    expect(() => readReviewInput(json, 'in.json')).toThrow(sentence);
  });

  test('and how many others there are', () => {
    expect(() => readReviewInput('{}', 'in.json')).toThrow('command is missing');
    expect(() => readReviewInput('{}', 'in.json')).toThrow('(and 1 more)');
  });
});
