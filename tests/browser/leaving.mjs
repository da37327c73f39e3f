// A patient suspends the account before a journey, an administrator lifts the suspension, and in the end the patient
// deletes the account (S4.16, S4.17): in every application at once, with a notice each time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people, until } from '../harness/demo.mjs';
import { fillLogin, logIn, openWindow, searchAccounts, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

async function logInAtPortal(page) {
  await page.goto(`${demo.portal}/login`);
  await fillLogin(page, people.jan);
  await page.waitForURL(`${demo.portal}/`);
}

async function leave(page, what) {
  await page.goto(`${demo.issuer}/account`);
  await page.locator(`main a[href="/account/${what}"]`).click();
  await page.locator(`form[action="/account/${what}"] button[type=submit]`).click();
}

async function waitForMail(pattern) {
  await until(`message ${pattern}`, async () => {
    const inbox = await (await fetch(`${demo.portal}/inbox.json`)).json();
    return inbox.some((one) => pattern.test(`${one.subject}\n${one.text}`)) || undefined;
  });
}

async function waitUntilOutsideOfPortal(page) {
  await until('the logout in the portal', async () => {
    await page.goto(demo.portal);
    return (await page.locator('a[href="/login"]').count()) > 0 || undefined;
  });
}

test('he suspends the account, is out everywhere, and only an administrator lets him in again', async () => {
  const page = await openWindow(browser, 'en');
  await logInAtPortal(page);
  await leave(page, 'suspend');
  await page.getByRole('heading', { name: 'Your account is suspended' }).waitFor();
  await waitUntilOutsideOfPortal(page);
  await waitForMail(/account .*suspended/i);
  await page.goto(`${demo.issuer}/login`);
  await fillLogin(page, people.jan);
  await page.getByRole('alert').waitFor();

  const office = await openWindow(browser, 'en');
  await office.goto(`${demo.issuer}/admin/accounts?state=suspended`);
  await logIn(office, people.anna, 'administrator');
  await office.locator('tbody a').first().click();
  await office.locator('form[action$="/restore"] button[type=submit]').click();
  await office.getByRole('alert').getByLabel(/Reason/).selectOption('asked');
  await office.getByRole('alert').getByRole('button').click();
  await office.getByRole('status').waitFor();

  await logInAtPortal(page);
  assert.deepEqual(page.complaints, []);
});

test('he deletes the account, and nobody can bring it back', async () => {
  const page = await openWindow(browser, 'en');
  await logInAtPortal(page);
  await leave(page, 'delete');
  await page.getByRole('heading', { name: 'Your account is deleted' }).waitFor();
  await waitUntilOutsideOfPortal(page);
  await waitForMail(/account .*deleted/i);

  const office = await openWindow(browser, 'en');
  await office.goto(`${demo.issuer}/admin/accounts`);
  await logIn(office, people.anna, 'administrator');
  await office.locator('form[role=search]').waitFor();
  await searchAccounts(office, demo.issuer, 'nowak');
  assert.equal(await office.locator('tbody a').count(), 0);
  await office.goto(`${demo.issuer}/admin/accounts?state=deleted`);
  await office.locator('tbody a').first().click();
  await office.locator('h1').waitFor();
  assert.equal(await office.locator('main form').count(), 0);
  assert.ok(!(await office.locator('main').innerText()).includes('Nowak'));
  assert.deepEqual(page.complaints, []);
});
