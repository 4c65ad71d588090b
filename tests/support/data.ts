/** Market data for tests lives outside the repository; suites that need it skip visibly without it. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = resolve(ROOT, process.env['PLIMSOLL_TEST_DATA'] ?? nearest('shared/data'));

/** The absolute path of a data file, or undefined when it is not on this machine. */
export function dataFile(name: string): string | undefined {
  const path = resolve(FOLDER, name);
  return existsSync(path) ? path : undefined;
}

export function hasData(...names: readonly string[]): boolean {
  return names.every((name) => dataFile(name) !== undefined);
}

/**
 * A suite over data files, whose paths it is given in the order named. The data is not ours to ship,
 * so where it is absent the suite is skipped, with the reason in its name.
 */
export function describeWithData(
  title: string,
  names: readonly string[],
  suite: (...paths: readonly string[]) => void,
): void {
  const missing = names.filter((name) => !hasData(name));
  if (missing.length === 0) {
    describe(title, () => suite(...names.map((name) => resolve(FOLDER, name))));
    return;
  }
  const reason = `${title} (needs ${missing.join(', ')}; PLIMSOLL_TEST_DATA names the folder)`;
  describe.skip(reason, () => {
    test('needs market data', () => undefined);
  });
}

/** The first folder of that name beside the repository or beside one of the folders it lies in. */
function nearest(name: string): string {
  for (let folder = ROOT; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = resolve(folder, '..', name);
    if (existsSync(candidate)) return candidate;
  }
  return `../${name}`;
}
