// The whole story with the keyboard alone (WCAG 2.2, 2.1.1 and 2.4.7).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people, until } from '../harness/demo.mjs';
import { languages, openWindow, waitForLoginForm, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

/** Presses Tab until the focus is where `wanted` says; every stop on the way must be visible. */
async function tabTo(page, what, wanted) {
  for (let steps = 0; steps < 40; steps += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      return {
        tag: element.localName,
        name: element.getAttribute('name') ?? '',
        value: element.getAttribute('value') ?? '',
        id: element.id,
        text: element.textContent.trim(),
        marked: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
      };
    });
    if (focus.tag !== 'body') assert.ok(focus.marked, `the focus on "${focus.text || focus.name}" can be seen`);
    if (wanted(focus)) return;
  }
  assert.fail(`the keyboard does not reach ${what}`);
}

test('she logs in, chooses, changes the application and logs out without a mouse', async () => {
  const page = await openWindow(browser, 'en');
  await page.goto(demo.portal);
  await tabTo(page, 'Log in', (focus) => focus.text === languages.en.logIn);
  await page.keyboard.press('Enter');
  await waitForLoginForm(page, demo);
  const first = await page.evaluate(() => document.activeElement.getAttribute('name'));
  if (first !== 'login') await tabTo(page, 'the login', (focus) => focus.name === 'login');
  await page.keyboard.type(people.anna.login);
  await tabTo(page, 'the password', (focus) => focus.name === 'password');
  await page.keyboard.type(people.anna.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${demo.issuer}/login/context**`);
  await tabTo(page, 'the context', (focus) => focus.name === 'context' && focus.value === 'user');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${demo.portal}/`);
  await tabTo(page, 'the laboratory', (focus) => focus.id === 'other');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${demo.laboratory}/`);
  await tabTo(page, 'Log out', (focus) => focus.text === languages.en.logOut);
  await page.keyboard.press('Enter');
  await page.locator('#name').waitFor({ state: 'detached' });
  await page.waitForLoadState();
  await until('she is logged out', async () => {
    await page.goto(demo.portal);
    return await page.locator('#name').count() === 0;
  });
});
