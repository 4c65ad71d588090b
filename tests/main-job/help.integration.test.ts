/** Every command explains itself. */
import { expect, test } from 'vitest';

import { plimsoll } from '../support/cli.ts';

const COMMANDS = [
  [],
  ['start'],
  ['simulate'],
  ['halt'],
  ['drill'],
  ['approvals'],
  ['approvals', 'approve'],
  ['approvals', 'decline'],
  ['accounts'],
  ['audit'],
  ['audit', 'verify'],
  ['audit', 'prove'],
  ['audit', 'export'],
  ['audit', 'tail'],
  ['backup'],
  ['restore'],
  ['migrate'],
  ['kernel', 'limits'],
  ['kernel', 'review'],
  ['kernel', 'controls'],
  ['resume'],
  ['strategies'],
  ['strategies', 'enable'],
  ['strategies', 'disable'],
  ['trades'],
  ['trades', 'list'],
  ['trades', 'show'],
  ['trades', 'note'],
  ['trades', 'export'],
  ['feedback'],
  ['feedback', 'list'],
  ['feedback', 'answer'],
  ['operators', 'add'],
  ['doctor'],
  ['vopr'],
  ['data'],
  ['data', 'import'],
  ['data', 'download'],
  ['data', 'list'],
  ['data', 'check'],
  ['data', 'export'],
  ['data', 'instruments'],
  ['data', 'instruments', 'add'],
  ['calendar'],
  ['new-strategy'],
  ['test-strategy'],
  ['lookahead'],
  ['warmup'],
];

test.each(COMMANDS.map((words) => ['plimsoll', ...words].join(' ')))('%s --help', async (line) => {
  const [, ...words] = line.split(' ');
  const { code, stdout, stderr } = await plimsoll([...words, '--help']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`Usage: ${line}`);
});
