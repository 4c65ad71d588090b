/**
 * Stryker's runner for vitest, taught how vitest 5 names a test: `suite > test`, where the runner, which
 * still supports Node 20, filters by `suite test`. Without this no test of a suite runs for a mutant, and
 * every mutant it should kill survives. And a test file that a mutant keeps from loading counts as failed.
 */
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { TestStatus } from '@stryker-mutator/api/test-runner';
import { strykerPlugins as plugins, strykerValidationSchema } from '@stryker-mutator/vitest-runner';

const [{ factory: createRunner }] = plugins;

function createNamingRunner(injector) {
  const runner = createRunner(injector);
  const init = runner.init.bind(runner);
  runner.init = async () => {
    await init();
    const { ctx } = runner;
    const start = ctx.start.bind(ctx);
    ctx.start = (files) => {
      for (const { config } of ctx.projects) {
        config.testNamePattern = withSeparators(config.testNamePattern);
      }
      return start(files);
    };
  };
  const run = runner.run.bind(runner);
  runner.run = async (options) => withFilesThatFailed(await run(options), runner.ctx);
  return runner;
}
createNamingRunner.inject = createRunner.inject;

/** A test file that does not even load has no tests that fail, and is a failure all the same. */
function withFilesThatFailed(result, { state }) {
  if (result.tests === undefined) return result;
  const failed = state.getFiles().filter((file) => file.result?.state === 'fail');
  if (result.tests.some(({ status }) => status === TestStatus.Failed)) return result;
  const tests = failed.map((file) => ({
    id: file.name,
    name: file.name,
    timeSpentMs: 0,
    status: TestStatus.Failed,
    failureMessage: file.result.errors?.[0]?.message ?? 'the file did not load',
  }));
  return { ...result, tests: [...result.tests, ...tests] };
}

/** The same pattern, in which every space may also be the separator between suite and test. */
const withSeparators = (pattern) =>
  pattern && new RegExp(pattern.source.replaceAll(' ', '(?: > | )'));

export const strykerPlugins = [
  declareFactoryPlugin(PluginKind.TestRunner, 'vitest-5', createNamingRunner),
];
export { strykerValidationSchema };
