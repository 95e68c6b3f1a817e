import { existsSync, rmSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rehearsed, testFolder } from './run-kunren.ts';

// The report as a reader opens it: in a real browser, without a network, in both languages.
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'].find(existsSync);
if (CHROMIUM === undefined) process.stderr.write('skipped: no Chromium is installed\n');

describe.skipIf(CHROMIUM === undefined)('report.html in a browser', () => {
  let home: string;
  let run: string;
  let browser: Browser;

  beforeAll(async () => {
    home = testFolder();
    run = await rehearsed(['no-fault', 'database-failover'], home);
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox'] });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(home, { recursive: true, force: true });
  });

  test.each([
    { locale: 'en-US', shown: 'REHEARSAL on the twin', hidden: 'データベースが待機系に切り替わり', switchTo: '日本語' },
    {
      locale: 'ja-JP',
      shown: 'データベースが待機系に切り替わり',
      hidden: 'fails over to its standby',
      switchTo: 'English',
    },
  ])(
    'it speaks $locale, and the other language at a press of its button',
    async ({ locale, shown, hidden, switchTo }) => {
      const page = await browser.newPage({ locale });
      const troubles: string[] = [];
      page.on('pageerror', (error) => troubles.push(error.message));
      page.on('console', (message) => troubles.push(message.text()));
      page.on('request', (request) => {
        if (!request.url().startsWith('file:')) troubles.push(request.url());
      });
      await page.goto(`file://${run}/report.html`);
      const before = await page.innerText('body');
      expect(before).toContain(shown);
      expect(before).not.toContain(hidden);
      await page.getByRole('button', { name: switchTo }).click();
      expect(await page.innerText('body')).toContain(hidden);
      expect(await page.locator('svg').count()).toBeGreaterThanOrEqual(2);
      expect(troubles).toEqual([]);
      await page.close();
    },
  );
});
