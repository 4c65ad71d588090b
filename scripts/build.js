/** Compiles the server and the page into dist/. Both at once; the first failure fails the build. */
import { cp } from 'node:fs/promises';
import { run, tool } from './run.js';

const VERIFIER = 'ledger/verify/verify.mjs';
/** What `plimsoll new-strategy` begins with. */
const EXAMPLE = 'strategies/sma-cross.ts';

const [server, page] = await Promise.all([
  run(tool('tsc'), ['-p', 'tsconfig.build.json']),
  run(tool('vite'), ['build', 'apps/web', '--logLevel', 'warn']),
]);
// Runs on its own with nothing but Node, so no compiler touches it.
if (server === 0) for (const file of [VERIFIER, EXAMPLE]) await cp(file, `dist/${file}`);
process.exitCode = server || page;
