import type { Reporter, TestModule } from 'vitest/node';

/** Names what was not run and why: a test that needs something this machine lacks is never silent. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => test.fullName.split(' > ')[0] ?? ''),
    );
    if (names.length === 0) return;
    process.stdout.write('\nSkipped, not passed:\n');
    for (const name of new Set(names)) process.stdout.write(`  ${name}\n`);
  }
}
