/** Ten thousand worlds: what a night can afford and a test run cannot. Arguments go on to the command. */
import { fileURLToPath } from 'node:url';
import { run } from './run.js';

const built = await run(process.execPath, ['scripts/build.js']);
if (built !== 0) process.exit(built);
const plimsoll = fileURLToPath(new URL('../bin/plimsoll.js', import.meta.url));
process.exit(
  await run(process.execPath, [plimsoll, 'vopr', '--seeds', '10000', ...process.argv.slice(2)]),
);
