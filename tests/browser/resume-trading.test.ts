import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { draft } from '../../domain/draft.ts';
import { strategyId } from '../../domain/ids.ts';
import { describeBrowser } from '../support/browser.ts';
import { inFolder, startPlimsoll } from '../support/cli.ts';
import { deskWith } from './prepared-journal.ts';

const BREAKERS = { kind: 'SYSTEM', name: 'breakers' } as const;
const PASSWORD = 'a line on the hull';

const halted = draft('trading.state-changed', BREAKERS, 'trading-state', null, {
  from: 'ACTIVE',
  to: 'HALTED',
  emergency: true,
  because: 'DRAWDOWN_EXCEEDS_MAXIMUM: value=1502 limit=1500 bps',
  code: 'DRAWDOWN_EXCEEDS_MAXIMUM',
});
const switchedOff = draft('strategy.disabled', BREAKERS, 'trading-state', null, {
  strategyId: strategyId('nbb'),
  because: '5 losses in a row',
});

async function register(dialog: Locator): Promise<void> {
  await dialog.getByLabel('Name').fill('mira');
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByLabel('Password again').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Register' }).click();
}

async function sign(dialog: Locator, password: string, action: string): Promise<void> {
  await dialog.getByLabel('Reason').fill('the numbers were looked at');
  await dialog.getByLabel('Name').fill('mira');
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByRole('button', { name: action }).click();
}

const shows = (place: Locator, words: RegExp): Promise<void> =>
  expect.poll(() => place.innerText(), { timeout: 15_000 }).toMatch(words);

async function readsWhy(banner: Locator): Promise<void> {
  await banner.waitFor();
  const words = await banner.innerText();
  expect(words).toMatch(/trading is halted, an emergency/i);
  expect(words).toMatch(/The fall from the equity peak reached the emergency limit/);
  expect(words).toMatch(/Exits: stops, targets and closes/);
}

async function leavesTheDialogByEscape(page: Page, dialog: Locator): Promise<void> {
  await page.getByTestId('resume').click();
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('resume');
}

async function resumes(page: Page, banner: Locator, dialog: Locator): Promise<void> {
  await page.getByTestId('resume').click();
  await register(dialog);
  await dialog.getByText('Set a new equity peak').waitFor();

  await sign(dialog, 'not the one she chose', 'Go to REDUCING');
  await shows(dialog.getByRole('alert'), /password is wrong/);
  expect(await dialog.getByLabel('Password').inputValue()).toBe('');
  expect(await banner.innerText()).toMatch(/trading is halted/i);

  await sign(dialog, PASSWORD, 'Go to REDUCING');
  await shows(dialog.getByRole('status'), /Trading is REDUCING now/);
  await shows(banner, /trading is reducing/i);
  expect(await dialog.getByText('Set a new equity peak').count()).toBe(0);

  await sign(dialog, PASSWORD, 'Go to ACTIVE');
  await shows(dialog.getByRole('status'), /Trading is ACTIVE now/);
  await banner.waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

async function enables(page: Page): Promise<void> {
  const row = page.getByTestId('strategy-row').filter({ hasText: 'nbb' });
  await shows(row, /off\s+5 losses in a row/);
  await row.getByRole('button', { name: 'Enable nbb again' }).click();
  const dialog = page.getByTestId('enable-dialog');
  await sign(dialog, PASSWORD, 'Enable it again');
  await shows(dialog.getByRole('status'), /nbb is on again/);
  await shows(row, /0 of 5[\s\S]*on/);
}

describeBrowser('a person whose trading stands still, in the browser', (launch) => {
  test('reads why, is refused with a wrong password, goes back to ACTIVE step by step and switches a strategy on', () =>
    inFolder(async (folder) => {
      const dataDir = join(folder, 'kept');
      await deskWith(dataDir, halted, switchedOff);
      const server = await startPlimsoll(['--data-dir', dataDir, '--speed', '150']);
      const browser = await launch();
      try {
        const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
        const faults: string[] = [];
        page.on('pageerror', (error) => faults.push(error.message));
        await page.goto(server.url);
        const banner = page.getByTestId('trading-banner');
        const dialog = page.getByTestId('resume-dialog');

        await readsWhy(banner);
        await leavesTheDialogByEscape(page, dialog);
        await resumes(page, banner, dialog);
        await enables(page);
        expect(faults).toEqual([]);
      } finally {
        await browser.close();
        await server.end('SIGTERM');
      }
    }));
});
