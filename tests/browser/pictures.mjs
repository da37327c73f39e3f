// The pictures of the README, made from the demonstration's real pages by `make pictures`. No test: nothing is compared.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { people } from '../harness/demo.mjs';
import { fillLogin, logIn, openWindow, useDemo } from './browser.mjs';

const folder = new URL('../../docs/pictures', import.meta.url).pathname;
const desk = { viewport: { width: 1200, height: 760 } };
const phone = { viewport: { width: 360, height: 720 } };

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

const keep = (page, name) => page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });

test('the pictures of the README', async () => {
  await mkdir(folder, { recursive: true });
  const page = await openWindow(browser, 'en', desk);
  await page.goto(`${demo.portal}/login`);
  await page.locator('input[name=password]').waitFor();
  await keep(page, 'login');
  await logIn(page, people.anna, 'administrator');
  await page.waitForURL(`${demo.portal}/`);
  await page.goto(`${demo.issuer}/account`);
  await keep(page, 'overview');
  const small = await openWindow(browser, 'pl', phone);
  await small.goto(`${demo.portal}/login`);
  await fillLogin(small, people.jan);
  await small.waitForURL(`${demo.portal}/`);
  await small.goto(`${demo.issuer}/account`);
  await keep(small, 'phone');
});
