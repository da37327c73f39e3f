// What an administrator does with accounts and organisations, by the pages alone and in each language: S4.25, S4.27, S2.4,
// S3.6, and S3.9 (first kind). The rules themselves are judged by the tests of the flows and doors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people } from '../harness/demo.mjs';
import { languageOf, logIn, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

async function openAsAdmin(language, where) {
  const page = await openWindow(browser, language);
  await page.goto(`${demo.issuer}${where}`);
  await logIn(page, people.admin);
  await page.waitForURL(`${demo.issuer}${where}`);
  assert.equal(await languageOf(page), language);
  return page;
}

async function search(page, text) {
  await page.goto(`${demo.issuer}/admin/accounts`);
  await page.locator('#f-text').fill(text);
  await page.locator('form.filters button[type=submit]').click();
  await page.waitForLoadState();
  return page.locator('tbody tr').allInnerTexts();
}

async function openAccount(page, login) {
  await search(page, login);
  await page.locator('tbody tr a').first().click();
  await page.waitForURL(/\/admin\/accounts\/[0-9a-f-]{36}$/);
  return page.url();
}

/** Presses the button of the form, answers the question with a reason, and waits for what was done. */
async function act(page, action) {
  await page.locator(`form[action$="/${action}"] button[type=submit]`).click();
  const question = page.getByRole('alert').filter({ has: page.locator(`form[action$="/${action}"]`) });
  await question.waitFor();
  const reason = question.locator('select');
  if (await reason.count() > 0) await reason.selectOption('asked');
  await question.locator('button[type=submit]').click();
  await page.getByRole('status').first().waitFor();
}

async function finish(page) {
  assert.deepEqual(page.complaints, [], 'the browser complains about nothing');
  await page.context().close();
}

for (const language of ['en', 'de', 'pl']) {
  test(`the kinds of accounts are made with their own forms and told apart in the list (${language})`, async () => {
    const page = await openAsAdmin(language, '/admin/accounts/new');
    for (const [nth, values] of [
      [1, { organisation: `Apteka ${language}`, login: `apteka.${language}`, nip: { en: '5260250274', de: '7740001454', pl: '5252248481' }[language] }],
      [2, { organisation: `System ${language}`, login: `system.${language}` }],
    ]) {
      await page.goto(`${demo.issuer}/admin/accounts/new`);
      await page.locator('nav.methods a').nth(nth).click();
      await page.waitForURL(/sort=/);
      for (const field of ['pesel', 'given_name']) assert.equal(await page.locator(`#${field}`).count(), 0, field);
      for (const [field, value] of Object.entries(values)) {
        if (field === 'nip' && !(await page.locator('#nip').isVisible())) await page.locator('details:has(#nip) summary').click();
        await page.locator(`#${field}`).fill(value);
      }
      await page.locator('form[action="/admin/accounts/new"] button[type=submit]').last().click();
      await page.getByRole('status').first().waitFor();
    }
    const kinds = new Set();
    for (const login of [`apteka.${language}`, `system.${language}`, 'jan.nowak', 'anna.kowalska']) {
      const rows = await search(page, login);
      assert.equal(rows.length, 1, login);
      kinds.add(await page.locator('tbody tr td.small').first().innerText());
    }
    assert.equal(kinds.size, 4, [...kinds].join(', '));
    await finish(page);
  });

  test(`the three forms of a number are one number, and others are refused at the field (${language})`, async () => {
    const page = await openAsAdmin(language, '/admin/accounts');
    const account = await openAccount(page, 'jan.nowak');
    const change = async (phone) => {
      await page.goto(`${account}/edit`);
      await page.locator('#phone').fill(phone);
      await page.locator('form[action$="/edit"] select[name=reason]').selectOption('asked');
      await page.locator('form[action$="/edit"] button[type=submit]').last().click();
      await page.waitForLoadState();
    };
    for (const wrong of ['0172 34567890', 'telefon', '+48600100200300400500', '0049172/345']) {
      await change(wrong);
      assert.equal(await page.locator('#phone').inputValue(), wrong);
      assert.match(await page.locator('#phone-wrong').innerText(), /\+48 600 123 456|\+48600123456|\+49/, wrong);
    }
    for (const right of ['+49 172 34567890', '0049 172 34567891', '+49 (0)172/34567890']) {
      await change(right);
      await page.waitForURL((url) => url.href.startsWith(account) && !url.pathname.endsWith('/edit'));
      assert.match(await page.locator('main').innerText(), /\+49 172 3456789\d/);
    }
    // Anna's number: taken, without her name.
    await change('+48600100201');
    const said = await page.locator('#phone-wrong').innerText();
    assert.doesNotMatch(said, /Anna|Kowalska/);
    await finish(page);
  });

  test(`an account is found by name without accents, suspended, restored, made a main account, and deleted for good (${language})`, async () => {
    const page = await openAsAdmin(language, '/admin/accounts/new');
    const login = `zofia.${language}`;
    for (const [field, value] of Object.entries({ given_name: 'Zofia', family_name: 'Brzęczyszczykiewicz', login, email: `${login}@clinic.example` })) {
      await page.locator(`#${field}`).fill(value);
    }
    await page.locator('input[name=begin][value=password]').check();
    await page.locator('#new_password').fill('Heather-Bridge-2026');
    await page.locator('#new_password_repeat').fill('Heather-Bridge-2026');
    await page.locator('form[action="/admin/accounts/new"] button[type=submit]').last().click();
    await page.getByRole('status').first().waitFor();
    assert.ok((await search(page, 'brzeczyszcz zofia')).some((row) => row.includes(login)));
    await openAccount(page, login);
    await act(page, 'appoint');
    await act(page, 'dismiss');
    await act(page, 'suspend');
    await act(page, 'restore');
    await act(page, 'delete');
    assert.equal(await page.locator('form[action$="/restore"]').count(), 0, 'a deleted account is not restored');
    assert.equal((await search(page, login)).length, 0);
    await finish(page);
  });

  test(`she acts for another person, sees it on every page, cannot prove for him, and returns (${language})`, async () => {
    const page = await openAsAdmin(language, '/admin/accounts');
    const account = await openAccount(page, 'jan.nowak');
    await page.goto(`${account}/act`);
    await page.locator('select[name=reason]').selectOption('asked');
    await page.locator('form[action$="/act"] button[type=submit]').click();
    await page.locator('.on-behalf').waitFor();
    for (const where of ['/account', '/account/activity']) {
      await page.goto(`${demo.issuer}${where}`);
      assert.match(await page.locator('.on-behalf').innerText(), /Jan Nowak/, where);
    }
    await page.goto(`${demo.issuer}/account/security`);
    assert.equal(await page.locator('form[action="/account/security"] button[type=submit]:enabled').count(), 0);
    const refused = await page.goto(`${demo.issuer}/admin/accounts`);
    assert.equal(refused.status(), 403, 'the own rights do not count meanwhile');
    await page.goto(`${demo.issuer}/account`);
    await page.locator('form[action="/account/return"] button').click();
    await page.waitForLoadState();
    assert.equal(await page.locator('.on-behalf').count(), 0);
    assert.equal((await page.goto(`${demo.issuer}/admin/accounts`)).status(), 200);
    const events = (await demo.audit()).filter((event) => event.on_behalf_of);
    assert.ok(events.length > 0, 'the events name both');
    await finish(page);
  });

  test(`an organisation is deleted when nothing is left in it, and its events stay (${language})`, async () => {
    const page = await openAsAdmin(language, '/admin/tenants');
    await page.locator('main a[href="/admin/tenants/new"]').click();
    await page.locator('#name').fill(`Przychodnia ${language}`);
    await page.locator('form[action="/admin/tenants/new"] button[type=submit]').last().click();
    await page.getByRole('status').first().waitFor();
    const organisation = page.url().split('?')[0];
    const login = `iga.${language}`;
    await page.goto(`${demo.issuer}/admin/accounts/new?tenant=przychodnia-${language}`);
    for (const [field, value] of Object.entries({ given_name: 'Iga', family_name: 'Nowa', login, email: `${login}@clinic.example` })) {
      await page.locator(`#${field}`).fill(value);
    }
    await page.locator('form[action="/admin/accounts/new"] button[type=submit]').last().click();
    await page.getByRole('status').first().waitFor();

    await page.goto(organisation);
    assert.equal(await page.locator('form[action$="/delete"]').count(), 0);
    await page.locator('.card.danger').getByRole('link', { name: login }).click();
    await page.waitForURL(/\/admin\/accounts\//);
    await act(page, 'delete');
    await page.goto(organisation);
    await act(page, 'delete');
    await page.waitForURL(`${demo.issuer}/admin/tenants?done=delete`);
    assert.equal(await page.getByRole('link', { name: `Przychodnia ${language}` }).count(), 0);
    await page.goto(`${demo.issuer}/admin/audit`);
    const gone = page.locator('#tenant option', { hasText: `Przychodnia ${language}` });
    assert.match(await gone.innerText(), { en: /deleted/, de: /gelöscht/, pl: /usunięta/ }[language]);
    await page.locator('#tenant').selectOption(await gone.getAttribute('value'));
    await page.locator('form.filters button[type=submit]').first().click();
    await page.waitForLoadState();
    assert.ok(await page.locator('tbody tr').count() >= 3);
    await finish(page);
  });
}
