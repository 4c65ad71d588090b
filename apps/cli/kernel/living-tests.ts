/** Asks vitest which tests there are, so that a proof that was deleted, renamed or skipped is none. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join, relative } from 'node:path';
import { type Proof, proofText } from './proofs.ts';

/** Where the program's own package.json lies: above the sources, and above what is built of them. */
export function houseOf(url: string): string {
  let folder = dirname(fileURLToPath(url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** @throws when the house has no vitest, or a test file cannot be read by it. */
export async function missingAmong(
  proofs: readonly Proof[],
  house = houseOf(import.meta.url),
): Promise<readonly Proof[]> {
  const files = [...new Set(proofs.map(({ file }) => file))];
  const present = files.filter((file) => existsSync(join(house, file)));
  const living = await testsIn(house, present);
  return proofs.filter((proof) => !living.has(proofText(proof)));
}

interface Listed {
  readonly file: string;
  readonly name: string;
}

/** Every test of these files that would run; the skipped and the planned are not among them. */
async function testsIn(house: string, files: readonly string[]): Promise<ReadonlySet<string>> {
  const vitest = join(house, 'node_modules/vitest/vitest.mjs');
  if (files.length === 0 || !existsSync(vitest)) throw new Error(NO_TESTS);
  const listed = JSON.parse(await run(house, [vitest, ...LIST, ...files])) as readonly Listed[];
  return new Set(
    listed.map(({ file, name }) => proofText({ file: relative(house, file), title: name })),
  );
}

const NO_TESTS =
  'this installation has no tests to prove anything with; run it in a checkout after "npm install"';

/** Not parsed but loaded, because a table of cases gets its titles only when it is. */
const LIST = [
  'list',
  '--json',
  '--no-static-parse',
  '--project',
  'unit',
  '--project',
  'integration',
];
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

function run(house: string, args: readonly string[]): Promise<string> {
  const options = {
    cwd: house,
    maxBuffer: OUTPUT_BYTES_MAX,
    env: { ...process.env, NO_COLOR: '1' },
  };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const [first = 'it did not say why'] = (stderr || stdout).trim().split('\n');
      reject(new Error(`vitest cannot list the tests: ${first}`, { cause: error }));
    });
  });
}
