import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe, test } from 'vitest';

const CANDIDATES = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const executablePath = CANDIDATES.find((path) => path !== undefined && existsSync(path));

/**
 * A suite in a real browser. Without one it is skipped with the reason in its name, or fails where
 * PLIMSOLL_REQUIRE_SERVICES=1 says nothing may be missing.
 */
export function describeBrowser(
  name: string,
  suite: (launch: () => Promise<Browser>) => void,
): void {
  if (executablePath !== undefined) {
    describe(name, () => suite(() => chromium.launch({ executablePath })));
    return;
  }
  const reason = `${name} (needs Chromium; CHROMIUM_PATH names one)`;
  if (process.env['PLIMSOLL_REQUIRE_SERVICES'] === '1') {
    test(reason, () => {
      throw new Error('no Chromium was found');
    });
  } else {
    describe.skip(reason, () => {
      test('needs Chromium', () => undefined);
    });
  }
}
