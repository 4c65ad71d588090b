import { existsSync } from 'node:fs';
import { runTests } from '../../authoring/run-tests.ts';
import { BadInput } from '../errors.ts';

export async function runTestStrategy(files: readonly string[]): Promise<void> {
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) throw new BadInput(`${missing}: there is no such file`);
  if (!(await runTests(files))) throw new Error('not every test held; what failed is above');
}
