// Everything works in a browser without JavaScript.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people, until } from '../harness/demo.mjs';
import { keepPicture, languages, logIn, openWindow, waitForLoginForm, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

test('the story without JavaScript', async () => {
  const page = await openWindow(browser, 'pl', { javaScriptEnabled: false });
  await page.goto(demo.portal);
  await page.getByRole('link', { name: languages.pl.logIn }).first().click();
  await waitForLoginForm(page, demo);
  await logIn(page, people.anna, 'administrator');
  await page.waitForURL(`${demo.portal}/`);
  assert.equal(await page.locator('#name').textContent(), people.anna.name);
  await page.goto(`${demo.issuer}/account`);
  await keepPicture(page, 'account-without-script');
  await page.goto(`${demo.laboratory}/login`);
  await page.waitForURL(`${demo.laboratory}/`);
  await page.getByRole('button', { name: languages.pl.logOut }).click();
  await page.locator('#name').waitFor({ state: 'detached' });
  await page.waitForLoadState();
  await until('the portal has heard of the logout', async () => {
    await page.goto(demo.portal);
    return await page.locator('#name').count() === 0;
  });
});
