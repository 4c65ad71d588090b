/**
 * A process of its own for the tests of a user's strategies: Node runs what their files declare when
 * they are loaded, and ends with the exit code that follows from it.
 */
import { loadFile } from './load-strategy.ts';

try {
  for (const path of process.argv.slice(2)) await loadFile(path);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
