// The administrator adds a colleague, who chooses a password by the invitation (S4.25), in each language.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people, until } from '../harness/demo.mjs';
import { languageOf, logIn, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

const password = 'Harbour-Willow-2026';

async function fillForm(page, values) {
  for (const [name, value] of Object.entries(values)) await page.locator(`#${name}`).fill(value);
}

async function findInvitation(address) {
  let link;
  await until('the invitation arrives', async () => {
    const all = await (await fetch(`${demo.portal}/inbox.json`)).json();
    link = all.filter((one) => one.to === address).map((one) => one.text.match(/https?:\S+token=\S+/)?.[0]).find(Boolean);
    return Boolean(link);
  });
  return link;
}

for (const language of ['en', 'de', 'pl']) {
  test(`the administrator adds a colleague, who chooses a password by the invitation and is in (${language})`, async () => {
    const page = await openWindow(browser, language);
    await page.goto(`${demo.issuer}/admin/accounts`);
    await logIn(page, people.anna, 'administrator');
    await page.waitForURL(`${demo.issuer}/admin/accounts`);
    await page.locator('main a[href="/admin/accounts/new"]').click();
    const login = `ewa.${language}`;
    const address = `${login}@clinic.example`;
    // A mistake first: it stands at its field, and what was typed stays.
    await fillForm(page, { given_name: 'Ewa', family_name: 'Wiśniewska', login, email: people.anna.email ?? 'anna.kowalska@clinic.example' });
    await page.locator('form[action="/admin/accounts/new"] button[type=submit]').last().click();
    await page.locator('#email-wrong').waitFor();
    assert.equal(await page.locator('#family_name').inputValue(), 'Wiśniewska');
    await fillForm(page, { email: address });
    await page.locator('form[action="/admin/accounts/new"] button[type=submit]').last().click();
    await page.getByRole('status').waitFor();
    assert.match(await page.getByRole('status').textContent(), /Ewa Wiśniewska/);
    assert.deepEqual(page.complaints, [], 'the browser complains about nothing');
    await page.context().close();

    const colleague = await openWindow(browser, language);
    await colleague.goto(await findInvitation(address));
    assert.equal(await languageOf(colleague), language);
    await fillForm(colleague, { new_password: password, new_password_repeat: password });
    await colleague.locator('form[action="/reset/confirm"] button[type=submit]').click();
    await colleague.getByRole('status').waitFor();
    await colleague.goto(`${demo.issuer}/account`);
    await logIn(colleague, { login, password });
    await colleague.waitForURL(`${demo.issuer}/account`);
    assert.match(await colleague.locator('header').first().textContent(), /Ewa Wiśniewska/);
    assert.deepEqual(colleague.complaints, [], 'the browser complains about nothing');
    await colleague.context().close();
  });
}
