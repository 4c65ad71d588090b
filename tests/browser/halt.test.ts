import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { draft } from '../../domain/draft.ts';
import { instrumentId } from '../../domain/ids.ts';
import { Api } from '../support/api.ts';
import { describeBrowser } from '../support/browser.ts';
import { inFolder, startPlimsoll } from '../support/cli.ts';
import { deskWith } from './prepared-journal.ts';

const ENGINE = { kind: 'SYSTEM', name: 'execution-engine' } as const;
const halted = draft('instrument.halted', ENGINE, 'BTC/USD', null, {
  instrumentId: instrumentId('BTC/USD'),
  code: 'POSITION_UNPROTECTED',
  because: 'the stop was refused',
});

const HOLD_MS = 1_300;

async function hold(page: Page, testId: string, ms: number): Promise<void> {
  await page.getByTestId(testId).hover();
  await page.mouse.down();
  await page.waitForTimeout(ms);
  await page.mouse.up();
}

async function withPage(
  work: (page: Page, api: Api, dialog: ReturnType<Page['getByTestId']>) => Promise<void>,
  launch: Parameters<Parameters<typeof describeBrowser>[1]>[0],
): Promise<void> {
  await inFolder(async (folder) => {
    const dataDir = join(folder, 'kept');
    await deskWith(dataDir, halted);
    const server = await startPlimsoll(['--data-dir', dataDir]);
    const browser = await launch();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(server.url);
      await page.getByTestId('kill-switch').waitFor();
      await work(page, new Api(server.url), page.getByTestId('halt-dialog'));
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
      await server.end('SIGTERM');
    }
  });
}

describeBrowser('the kill switch in the browser', (launch) => {
  test('stops nothing when it is only touched, and everything when it is held', () =>
    withPage(async (page, api, dialog) => {
      await hold(page, 'kill-switch', 200);
      await dialog.waitFor();
      expect((await api.state()).tradingState).toBe('ACTIVE');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });

      await hold(page, 'kill-switch', HOLD_MS);
      await expect
        .poll(() => dialog.getByTestId('halt-steps').innerText(), { timeout: 15_000 })
        .toMatch(/No new orders\s+after \d+ ms[\s\S]*Entries canceled\s+after/);
      expect(await dialog.getByTestId('halt-report').innerText()).toContain('No entry was open.');
      expect((await api.state()).tradingState).toBe('HALTED');
      await page.keyboard.press('Escape');
      const banner = page.getByTestId('trading-banner');
      await expect
        .poll(() => banner.innerText(), { timeout: 15_000 })
        .toMatch(/A person stopped everything/);
    }, launch));

  test('is pulled with the keyboard alone, positions and all', () =>
    withPage(async (page, api, dialog) => {
      await page.keyboard.press('Shift+H');
      await dialog.waitFor();
      expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('halt-hold');
      await dialog.getByTestId('halt-flatten').press('Space');
      await dialog.getByTestId('halt-hold').focus();
      await page.keyboard.press('Enter');
      expect(await dialog.innerText()).toContain('Keep it pressed');
      expect((await api.state()).tradingState).toBe('ACTIVE');
      await page.keyboard.down('Enter');
      await page.waitForTimeout(HOLD_MS);
      await page.keyboard.up('Enter');
      await expect
        .poll(() => dialog.getByTestId('halt-steps').innerText(), { timeout: 15_000 })
        .toMatch(/Every position closed\s+after/);
      expect((await api.state()).tradingState).toBe('HALTED');
    }, launch));

  test('and an instrument that is halted by itself is shown, and released by a person', () =>
    withPage(async (page, api) => {
      const trouble = page.getByTestId('halted-instrument');
      await trouble.waitFor();
      expect(await trouble.innerText()).toMatch(/BTC\/USD is halted[\s\S]*the stop was refused/);
      await trouble.getByRole('button', { name: 'Release BTC/USD' }).click();
      const dialog = page.getByTestId('resume-instrument-dialog');
      await dialog.getByLabel('Name').fill('mira');
      await dialog.getByLabel('Password', { exact: true }).fill('a line on the hull');
      await dialog.getByLabel('Password again').fill('a line on the hull');
      await dialog.getByRole('button', { name: 'Register' }).click();
      await dialog.getByLabel('Reason').fill('spoke with the venue');
      await dialog.getByLabel('Password').fill('a line on the hull');
      await dialog.getByRole('button', { name: 'Release BTC/USD', exact: true }).click();
      await expect
        .poll(() => dialog.getByRole('status').innerText(), { timeout: 15_000 })
        .toMatch(/may be traded again/);
      await trouble.waitFor({ state: 'detached' });
      expect((await api.state()).haltedInstruments).toEqual([]);
    }, launch));
});
