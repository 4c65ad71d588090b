import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { describe, expect, test } from 'vitest';

import { STRATEGIES } from '../../strategies/registry.ts';
import { PARAMETERS_MARK, parameterTable, withBlock } from './parameter-table.ts';

const pathOf = (name: string): string =>
  fileURLToPath(new URL(`../../docs/strategies/${name}`, import.meta.url));

describe.each(STRATEGIES.map((strategy) => [strategy.id, strategy] as const))(
  'the page of %s',
  (id, strategy) => {
    const page = readFileSync(pathOf(`${id}.md`), 'utf8');

    test('shows the parameters as they are in the code', async () => {
      const renewed = withBlock(page, PARAMETERS_MARK, parameterTable(strategy));
      expect(await format(renewed, { parser: 'markdown', printWidth: 100 })).toBe(page);
    });

    test('shows a long and a short on a real chart, and says when it fails', () => {
      for (const side of ['long', 'short']) {
        expect(page).toContain(`pictures/${id}-${side}.svg`);
        expect(existsSync(pathOf(`pictures/${id}-${side}.svg`))).toBe(true);
      }
      expect(page).toMatch(/^(## |\*\*)When it fails/m);
    });
  },
);
