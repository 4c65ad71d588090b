/**
 * Stryker's runner for vitest, taught how vitest 5 names a test: `suite > test`, where the runner, which
 * still supports Node 20, filters by `suite test`. Without this no test of a suite runs for a mutant, and
 * every mutant it should kill survives.
 */
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
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
  return runner;
}
createNamingRunner.inject = createRunner.inject;

/** The same pattern, in which every space may also be the separator between suite and test. */
const withSeparators = (pattern) =>
  pattern && new RegExp(pattern.source.replaceAll(' ', '(?: > | )'));

export const strykerPlugins = [
  declareFactoryPlugin(PluginKind.TestRunner, 'vitest-5', createNamingRunner),
];
export { strykerValidationSchema };
