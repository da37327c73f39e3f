// Every failed login shows one and the same page (S4.6), in the language of the browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people } from '../harness/demo.mjs';
import { fillLogin, keepPicture, languageOf, languages, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

async function failedText(person, language = 'en') {
  const page = await openWindow(browser, language);
  await page.goto(`${demo.issuer}/login`);
  await fillLogin(page, person);
  await page.getByRole('alert').waitFor();
  assert.equal(await languageOf(page), language);
  await page.locator('.reference').evaluate((element) => element.remove());
  assert.equal(await page.locator('input[name=login]').inputValue(), person.login);
  assert.equal(await page.locator('input[name=password]').inputValue(), '');
  const text = await page.locator('body').innerText();
  await keepPicture(page, `login-failed-${language}`);
  await page.context().close();
  return text;
}

test('an unknown login, a wrong password and a suspended account look the same', async () => {
  const { status, err } = await demo.chancery(['account', 'suspend', people.piotr.login]);
  assert.equal(status, 0, err);
  const unknown = await failedText({ login: 'nobody.here', password: 'something-else-1' });
  assert.equal(await failedText({ ...people.jan, password: 'something-else-1' }), unknown);
  assert.equal(await failedText(people.piotr), unknown);
});

for (const language of Object.keys(languages)) {
  test(`the page of a failed login speaks the language of the browser (${language})`, async () => {
    await failedText({ login: 'nobody.here', password: 'something-else-1' }, language);
  });
}

test('after a failure she types the password again and is led on to where she wanted to go', async () => {
  const page = await openWindow(browser, 'en');
  await page.goto(`${demo.portal}/login`);
  await fillLogin(page, { ...people.anna, password: 'not-this-one-1' });
  await page.getByRole('alert').waitFor();
  await page.keyboard.type(people.anna.password);
  await page.keyboard.press('Enter');
  await page.locator('button[name=context][value=user]').click();
  await page.waitForURL(`${demo.portal}/`);
  assert.equal(await page.locator('#name').textContent(), people.anna.name);
});

test('an answer that no login of this browser began is refused by the application', async () => {
  const page = await openWindow(browser, 'en');
  const answer = await page.goto(`${demo.portal}/callback?code=stolen&state=foreign&iss=${encodeURIComponent(demo.issuer)}`);
  assert.equal(answer.status(), 400);
  await keepPicture(page, 'portal-login-failed');
});
