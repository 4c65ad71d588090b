import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeBrowser } from '../support/browser.ts';
import { inFolder, startPlimsoll } from '../support/cli.ts';

const byId = (page: Page, id: string) => page.getByTestId(id);

describeBrowser('a newcomer in the browser', (launch) => {
  test('sees a proposal, approves it, sees the fill and its stop, reads the trace and proves the record', () =>
    inFolder(async (folder) => {
      const server = await startPlimsoll(['--data-dir', join(folder, 'kept'), '--speed', '150']);
      const browser = await launch();
      try {
        const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
        const complaints: string[] = [];
        page.on('console', (message) => {
          if (message.type() === 'error') complaints.push(message.text());
        });
        page.on('pageerror', (error) => complaints.push(error.message));

        await page.goto(server.url);
        await byId(page, 'approval-card').first().waitFor();
        await byId(page, 'approve').first().click();
        await byId(page, 'decision-result').first().waitFor();
        expect(await byId(page, 'decision-result').first().innerText()).toMatch(/approved/i);

        const position = byId(page, 'position-row').first();
        await position.waitFor();
        await expect.poll(() => position.innerText(), { timeout: 15_000 }).toMatch(/protected/i);
        await expect
          .poll(() => byId(page, 'chart-fill-count').innerText(), { timeout: 15_000 })
          .toMatch(/[1-9]/);

        await byId(page, 'decision-row').first().click();
        await byId(page, 'trace').waitFor();
        await expect
          .poll(() => byId(page, 'trace').innerText(), { timeout: 15_000 })
          .toMatch(/approv/i);
        await page.keyboard.press('Escape');

        await byId(page, 'verify').click();
        await expect
          .poll(() => byId(page, 'verify-result').innerText(), { timeout: 15_000 })
          .toMatch(/intact/i);
        expect(complaints).toEqual([]);
      } finally {
        await browser.close();
        await server.end('SIGTERM');
      }
    }));
});
