// The main story: log in once, choose a context, be inside two applications, log out of both (S2.1, S4.1–S4.3, S4.8,
// S4.19, S4.26), in each language.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people, until } from '../harness/demo.mjs';
import { keepPicture, languageOf, languages, logIn, openWindow, waitForLoginForm, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

for (const [language, words] of Object.entries(languages)) {
  test(`she logs in once and is inside both applications, and out of both with one logout (${language})`, async () => {
    const page = await openWindow(browser, language);
    await page.goto(demo.portal);
    assert.equal(await languageOf(page), language);
    await keepPicture(page, `portal-${language}`);
    await page.getByRole('link', { name: words.logIn }).first().click();
    await waitForLoginForm(page, demo);
    assert.equal(await languageOf(page), language, 'the login page speaks the language of the browser');
    await keepPicture(page, `login-${language}`);

    await page.locator('input[name=login]').fill(people.anna.login);
    await page.locator('input[name=password]').fill(people.anna.password);
    await page.locator('form[action="/login/password"] button[type=submit]').click();
    await page.waitForURL(`${demo.issuer}/login/context**`);
    assert.equal(await languageOf(page), language);
    await keepPicture(page, `context-${language}`);
    const choice = page.locator('button[name=context][value=user]');
    const contextName = (await choice.locator('.choice-name').textContent()).trim();
    await choice.click();

    await page.waitForURL(`${demo.portal}/`);
    assert.equal(await page.locator('#name').textContent(), people.anna.name);
    assert.equal(await page.locator('#login').textContent(), people.anna.login);
    const context = await page.locator('#context').textContent();
    assert.notEqual(context, '', 'the ID token carries the context');
    assert.equal(context, contextName, 'the application shows the context by the name under which she chose it');
    await keepPicture(page, `portal-inside-${language}`);

    await page.locator('#other').click();
    await page.waitForURL(`${demo.laboratory}/`);
    assert.equal(await page.locator('#name').textContent(), people.anna.name, 'no second login');
    await keepPicture(page, `laboratory-inside-${language}`);

    await page.getByRole('button', { name: words.logOut }).click();
    await page.waitForURL((url) => !url.href.startsWith(`${demo.issuer}/oauth2/`));
    await keepPicture(page, `after-logout-${language}`);
    await until('the portal has heard of the logout', async () => {
      await page.goto(demo.portal);
      return await page.locator('#name').count() === 0;
    });
    await page.getByRole('link', { name: words.logIn }).first().click();
    await waitForLoginForm(page, demo);
    assert.deepEqual(page.complaints, [], 'the browser complains about nothing');
    await page.context().close();
  });
}

test('the administrator sees the logins in the audit log', async () => {
  const page = await openWindow(browser, 'en');
  await page.goto(`${demo.issuer}/login`);
  await logIn(page, people.admin);
  await page.waitForURL((url) => url.pathname.startsWith('/account'));
  await keepPicture(page, 'account-home');
  await page.goto(`${demo.issuer}/account/applications`);
  await keepPicture(page, 'applications');
  await page.goto(`${demo.issuer}/admin/audit`);
  await keepPicture(page, 'audit');
  const rows = page.locator('table tbody tr');
  assert.ok(await rows.filter({ hasText: people.anna.login }).or(rows.filter({ hasText: people.anna.name })).count() >= 2);
  assert.ok(await rows.filter({ hasText: 'demo-portal' }).count() >= 1);
  assert.ok(await rows.filter({ hasText: 'demo-lab' }).count() >= 1);
  assert.deepEqual(page.complaints, []);
});

test('a person without the right does not see the audit log', async () => {
  const page = await openWindow(browser, 'en');
  await page.goto(`${demo.issuer}/login`);
  await logIn(page, people.jan);
  await page.waitForURL((url) => url.pathname.startsWith('/account'));
  const answer = await page.goto(`${demo.issuer}/admin/audit`);
  assert.ok([403, 404].includes(answer.status()));
});
