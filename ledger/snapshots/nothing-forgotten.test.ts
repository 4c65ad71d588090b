/**
 * Whatever can be saved names every one of its fields where it saves and where it loads. A field that
 * somebody adds and forgets here would come back from a snapshot as if nothing had ever happened.
 */
import { expect, test } from 'vitest';

import { isTestCode } from '../../tests/architecture/house.ts';
import { isNode, nameOf, type Node, readSource } from '../../tests/architecture/source.ts';
import { sourceFiles } from '../../tests/architecture/tree.ts';

/** Given to the constructor, made of what was given, or not of the journal. */
const NOT_STATE: Readonly<Record<string, readonly string[]>> = {
  'ledger/projections/book.ts': ['instruments'],
  'ledger/accounts/accounts.ts': ['instruments'],
  'ledger/trades/trades.ts': ['instruments'],
  'apps/server/folds/equity-series.ts': ['instruments'],
  // Ticks are in no journal: the bar in the making forms again.
  'apps/server/folds/candle-window.ts': ['spanMs', 'forming'],
  'market/indicators/confirmed-pivot.ts': ['sign', 'side'],
  'market/candles/resample.ts': ['fromMs', 'toMs'],
  'agents/strategy-desk.ts': ['barMs', 'gate'],
  'market/indicators/bollinger.ts': ['deviations'],
  'market/indicators/jma.ts': ['slopeWeight', 'weight'],
  'market/indicators/keltner.ts': ['multiple'],
  'market/indicators/sliding-fold.ts': ['join'],
  'market/indicators/sma.ts': ['period'],
  'market/indicators/smoothing.ts': ['weight'],
  'market/indicators/supertrend.ts': ['multiple'],
  'market/indicators/volume-profile.ts': ['rows'],
  'strategies/grid/directional-gate.ts': ['adxMin'],
  'strategies/trend.ts': ['riseBars'],
};
/** Fills its columns by `append`, which checks every bar. */
const LOADS_BY_ITSELF = ['market/candles/growable-series.ts'];

interface Saving {
  readonly path: string;
  readonly fields: readonly string[];
  readonly saves: ReadonlySet<string>;
  readonly loads: ReadonlySet<string>;
}

/** Where folds, and what they are made of, stand. */
const FOLDERS = [
  'ledger/projections/',
  'ledger/accounts/',
  'ledger/trades/',
  'apps/server/folds/',
  'agents/',
  'forecasting/',
  'market/',
  'strategies/',
];

/** The names after `this.` within a part of the tree. */
function ownNames(part: unknown, found: Set<string>): ReadonlySet<string> {
  if (Array.isArray(part)) for (const item of part) ownNames(item, found);
  if (!isNode(part)) return found;
  if (part.type === 'MemberExpression') {
    const object = part['object'];
    const name = nameOf(part);
    if (isNode(object) && object.type === 'ThisExpression' && name !== undefined) found.add(name);
  }
  for (const inner of Object.values(part)) ownNames(inner, found);
  return found;
}

function savingOf(path: string, body: Node): Saving | undefined {
  const members = body['body'] as readonly Node[];
  const method = (name: string): Node | undefined =>
    members.find((member) => member.type === 'MethodDefinition' && nameOf(member['key']) === name);
  if (method('save') === undefined || method('load') === undefined) return undefined;
  const isField = (member: Node): boolean =>
    member.type === 'PropertyDefinition' &&
    member['static'] !== true &&
    !(isNode(member['value']) && member['value'].type === 'ArrowFunctionExpression');
  const given = NOT_STATE[path] ?? [];
  const fields = members.filter(isField).map((member) => nameOf(member['key']) ?? '');
  return {
    path,
    fields: fields.filter((name) => !given.includes(name)),
    saves: ownNames([method('save'), method('state'), method('columns')], new Set()),
    loads: ownNames(method('load'), new Set()),
  };
}

const savings = sourceFiles().flatMap(({ path, text }) => {
  if (!FOLDERS.some((folder) => path.startsWith(folder)) || isTestCode(path)) return [];
  const found: Saving[] = [];
  readSource(path, text).walk((node) => {
    if (node.type !== 'ClassBody') return;
    const saving = savingOf(path, node);
    if (saving !== undefined) found.push(saving);
  });
  return found;
});

test('everything that is made of the journal or of bars can be saved', () => {
  expect(savings.length).toBeGreaterThanOrEqual(20);
  expect(savings.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      'ledger/projections/book.ts',
      'ledger/projections/decisions.ts',
      'agents/strategy-desk.ts',
      'apps/server/folds/projection.ts',
    ]),
  );
});

test.each(savings)('$path forgets no field', ({ path, fields, saves, loads }) => {
  expect(fields.filter((name) => !saves.has(name))).toEqual([]);
  if (LOADS_BY_ITSELF.includes(path)) return;
  expect(fields.filter((name) => !loads.has(name))).toEqual([]);
});
