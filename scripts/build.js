/** Compiles the server and the page into dist/. Both at once; the first failure fails the build. */
import { run, tool } from './run.js';

const [server, page] = await Promise.all([
  run(tool('tsc'), ['-p', 'tsconfig.build.json']),
  run(tool('vite'), ['build', 'apps/web', '--logLevel', 'warn']),
]);
process.exitCode = server || page;
