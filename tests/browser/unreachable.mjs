// A session ends while the server cannot be reached: the page must stop showing the data of the person.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people } from '../harness/demo.mjs';
import { logIn, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

test('when the time of a session is over and no server answers, the page shows nothing of the person', async () => {
  const page = await openWindow(browser, 'en');
  await page.clock.install();
  await page.goto(`${demo.issuer}/account/data`);
  await logIn(page, people.anna, 'user');
  await page.locator('#row-email').waitFor();
  const name = await page.locator('.bar .person').textContent();
  await page.context().setOffline(true);
  await page.clock.runFor('10:00');
  assert.equal(await page.locator('#row-email').count(), 1, 'before the end the page stays as it is');
  await page.clock.runFor('06:00');
  await page.locator('main:empty').waitFor({ state: 'attached' });
  const shown = await page.evaluate(() => document.body.innerHTML);
  assert.ok(!shown.includes(name), shown);
  assert.ok(!shown.includes('@'), shown);
  await page.context().setOffline(false);
  await page.clock.runFor('00:05');
  // The session itself has not ended yet, because only the browser's clock ran: the page comes back whole.
  await page.locator('#row-email').waitFor();
  await page.context().close();
});
