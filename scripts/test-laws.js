/** The laws of the risk kernel and the engine on ten thousand cases each: what a night can afford and a test run cannot. */
import { run, tool } from './run.js';

process.env.PLIMSOLL_PROPERTY_RUNS ??= '10000';
const laws = ['risk-kernel/', 'execution/concurrent.property', 'apps/runtime/runtime.property'];
process.exit(
  await run(tool('vitest'), ['run', '--project', 'unit', '--testTimeout', '600000', ...laws]),
);
