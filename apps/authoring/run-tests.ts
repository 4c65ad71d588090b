import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// Beside this file and of its kind: TypeScript in the sources, JavaScript in what was built.
const KIND = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const TEST_PROCESS = fileURLToPath(new URL(`./test-process.${KIND}`, import.meta.url));

/** Runs test files written with node:test, and resolves with whether all of them held. */
export function runTests(files: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--test-reporter=spec', TEST_PROCESS, ...files], {
      stdio: 'inherit',
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}
