/** Everything that must hold, in the order in which it fails fastest. Stops at the first that does not. */
import { run, tool } from './run.js';

const steps = [
  ['types', tool('tsc'), ['-p', 'tsconfig.json']],
  ['types of the page', tool('tsc'), ['-p', 'apps/web/tsconfig.json']],
  ['lint', tool('oxlint'), ['--quiet']],
  ['format', tool('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['build', process.execPath, ['scripts/build.js']],
  ['tests', tool('vitest'), ['run']],
];

for (const [name, command, args] of steps) {
  const startedMs = performance.now();
  const code = await run(command, args);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)\n`);
  if (code !== 0) process.exit(code);
}
