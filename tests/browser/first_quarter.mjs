// Somebody who has never seen the product adds an organisation, a group, three colleagues and an application by the
// pages alone (S4.25): every step begins at the menu or at a link of the page before it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people } from '../harness/demo.mjs';
import { logIn, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

async function choose(page, path) {
  await page.locator(`nav.menu a[href="${path}"]`).click();
  await page.waitForURL(`${demo.issuer}${path}`);
}

async function submit(page, action) {
  await page.locator(`form[action="${action}"] button[type=submit]`).last().click();
  await page.getByRole('status').first().waitFor();
}

for (const language of ['en', 'de', 'pl']) {
  test(`an organisation, a group, three colleagues and an application are set up by the pages alone (${language})`, async () => {
    const page = await openWindow(browser, language);
    await page.goto(`${demo.issuer}/admin`);
    await logIn(page, people.admin);
    await page.waitForURL(`${demo.issuer}/admin`);

    await choose(page, '/admin/tenants');
    await page.locator('main a[href="/admin/tenants/new"]').click();
    await page.locator('#name').fill(`Przychodnia ${language}`);
    await submit(page, '/admin/tenants/new');
    const key = `przychodnia-${language}`;

    await page.locator(`main a[href="/admin/groups?tenant=${key}"]`).click();
    await page.locator('#name').fill('Pielęgniarki');
    await submit(page, '/admin/groups/new');
    const group = page.url().split('?')[0];

    for (const name of ['Ewa', 'Ola', 'Iga']) {
      await choose(page, '/admin/accounts');
      await page.locator('main a[href="/admin/accounts/new"]').click();
      await page.locator('#tenant').selectOption(key);
      const show = page.locator('form:has(#tenant) button[type=submit]').first();
      await show.click();
      await page.waitForURL(/tenant=/);
      const login = `${name.toLowerCase()}.${language}.nowa`;
      await page.locator('#given_name').fill(name);
      await page.locator('#family_name').fill('Nowa');
      await page.locator('#login').fill(login);
      await page.locator('#email').fill(`${login}@clinic.example`);
      await submit(page, '/admin/accounts/new');
      await choose(page, '/admin/groups');
      await page.locator('#tenant').selectOption(key);
      await page.locator('form.filters button[type=submit]').click();
      await page.locator(`main a[href="${new URL(group).pathname}"]`).click();
      await page.locator('#login').fill(login);
      await submit(page, `${new URL(group).pathname}/add`);
    }
    assert.equal(await page.locator('tbody tr').count(), 3, 'three colleagues are in the group');

    await choose(page, '/admin/applications');
    await page.locator('main a[href="/admin/new-application"]').click();
    await page.locator('#name').fill(`Rejestracja ${language}`);
    await page.locator('#redirect_uris').fill('https://registration.example/callback');
    await page.locator('form[action="/admin/new-application"] button[type=submit]').click();
    await page.locator('#client-secret').waitFor();
    assert.deepEqual(page.complaints, [], 'the browser complains about nothing');
    await page.context().close();
  });
}
