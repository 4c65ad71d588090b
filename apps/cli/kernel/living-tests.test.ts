import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { houseOf, missingAmong } from './living-tests.ts';
import { proof, proofText } from './proofs.ts';

const CONFIG = `export default { test: { projects: [
  { test: { name: 'unit', include: ['**/*.test.ts'] } },
  { test: { name: 'integration', include: ['**/*.integration.test.ts'] } },
] } };`;

const TESTS = `import { describe, test } from 'vitest';
test('lives', () => {});
test.skip('is skipped', () => {});
test.todo('is planned');
test.runIf(false)('never runs', () => {});
describe.skip('an old suite', () => { test('slept', () => {}); });
describe.each([{ code: 'A' }])('$code', () => { test('fires', () => {}); });
`;

let house: string;

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'plimsoll-house-'));
  writeFileSync(join(house, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(house, 'vitest.config.js'), CONFIG);
  mkdirSync(join(house, 'kernel'));
  writeFileSync(join(house, 'kernel/some.test.ts'), TESTS);
});
afterEach(() => rmSync(house, { recursive: true, force: true }));

const install = (): void =>
  symlinkSync(join(houseOf(import.meta.url), 'node_modules'), join(house, 'node_modules'));

const inSome = (title: string) => proof('kernel/some.test.ts', title);

test('a proof is missing when its test was deleted, renamed, skipped or only planned', async () => {
  install();
  const living = [inSome('lives'), inSome('A > fires')];
  const dead = [
    inSome('was renamed'),
    inSome('is skipped'),
    inSome('is planned'),
    inSome('never runs'),
    inSome('an old suite > slept'),
    inSome('B > fires'),
    proof('kernel/gone.test.ts', 'lives'),
  ];
  const missing = await missingAmong([...living, ...dead], house);
  expect(missing.map(proofText)).toEqual(dead.map(proofText));
});

test('a test file that does not load is an error, not a proof', async () => {
  install();
  writeFileSync(join(house, 'kernel/some.test.ts'), `import './nowhere.ts';\n${TESTS}`);
  await expect(missingAmong([inSome('lives')], house)).rejects.toThrow('cannot list the tests');
});

test('an installation without vitest, or without the tests, says so', async () => {
  await expect(missingAmong([inSome('lives')], house)).rejects.toThrow('has no tests to prove');
  install();
  rmSync(join(house, 'kernel'), { recursive: true });
  await expect(missingAmong([inSome('lives')], house)).rejects.toThrow('has no tests to prove');
});
