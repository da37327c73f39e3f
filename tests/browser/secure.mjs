// The demonstration with --https in a real browser: applications on plain HTTP, the server on HTTPS of one host.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people } from '../harness/demo.mjs';
import { languages, logIn, openWindow, useDemo, waitForLoginForm } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); }, { args: ['--https'] });

test('with --https she logs in at the portal, the laboratory opens by itself, and a logout closes it until the next click', async () => {
  // The certificate's trust is judged in tests/interop/demonstration.mjs; Chromium takes a CA from its own store only.
  const page = await openWindow(browser, 'en', { ignoreHTTPSErrors: true });
  await page.goto(demo.laboratory);
  await page.getByRole('link', { name: languages.en.logIn }).first().waitFor();
  assert.equal(page.url(), `${demo.laboratory}/`, 'a stranger sees the page');

  await page.goto(`${demo.portal}/login`);
  await waitForLoginForm(page, demo);
  await logIn(page, people.anna, 'user');
  await page.waitForURL(`${demo.portal}/`);
  await page.goto(demo.laboratory);
  assert.equal(page.url(), `${demo.laboratory}/`);
  assert.equal(await page.locator('#name').textContent(), people.anna.name);

  await page.getByRole('button', { name: languages.en.logOut }).click();
  await page.waitForURL(`${demo.laboratory}/`);
  await page.getByRole('link', { name: languages.en.logIn }).first().waitFor();
  await page.reload();
  assert.equal(page.url(), `${demo.laboratory}/`);
  assert.equal(await page.locator('#name').count(), 0);
  await page.getByRole('link', { name: languages.en.logIn }).first().click();
  await waitForLoginForm(page, demo);
  assert.deepEqual(page.complaints, []);
});
