// Debian's Chromium through playwright-core, and the steps that every story takes.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { buildFolder, patience, startDemo } from '../harness/demo.mjs';

export const languages = {
  en: { logIn: 'Log in', logOut: 'Log out', failed: 'Login failed' },
  de: { logIn: 'Anmelden', logOut: 'Abmelden' },
  pl: { logIn: 'Zaloguj się', logOut: 'Wyloguj się' },
};

export async function openBrowser() {
  return chromium.launch({
    timeout: patience,
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

/** A demonstration and a browser for all tests of a file; `tell` gets both before the first of them. `options` are those
 * of startDemo(). */
export function useDemo(tell, options = {}) {
  let demo;
  let browser;
  before(async () => {
    demo = await startDemo(options);
    browser = await openBrowser();
    tell({ demo, browser });
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });
}

/** A window of somebody who has never been here. */
export async function openWindow(browser, language, options = {}) {
  const context = await browser.newContext({ locale: language, ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => {
    // The browser reports the status of a refusal as an error, but it is not a fault of the page.
    if (message.type() === 'error' && !message.text().includes('the server responded with a status of')) {
      page.complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  return page;
}

export async function fillLogin(page, person) {
  await page.locator('input[name=login]').fill(person.login);
  await page.locator('input[name=password]').fill(person.password);
  await page.locator('form[action="/login/password"] button[type=submit]').click();
}

/** From the form to where the login leads; `context` for those who have several. */
export async function logIn(page, person, context = undefined) {
  await fillLogin(page, person);
  if (context) await page.locator(`button[name=context][value=${context}]`).click();
}

/** Into the folder screenshots of the build, if CHANCERY_SCREENSHOTS=keep: each takes as long as a page. */
export async function keepPicture(page, name) {
  if (process.env.CHANCERY_SCREENSHOTS !== 'keep') return;
  const folder = path.join(buildFolder, 'screenshots');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

export function languageOf(page) {
  return page.locator('html').getAttribute('lang');
}

/** The form for login and password, whichever way led there. */
export async function waitForLoginForm(page, demo) {
  await page.waitForURL((url) => url.origin === demo.issuer && ['/login', '/login/password'].includes(url.pathname));
  await page.locator('input[name=password]').waitFor();
}

/** The search is a form, because what is typed must not stand in an address. */
export async function searchAccounts(page, issuer, text) {
  await page.goto(`${issuer}/admin/accounts`);
  await page.locator('#f-text').fill(text);
  await Promise.all([
    page.waitForURL((address) => address.pathname === '/admin/accounts' && (address.search !== '' || text === '')),
    page.locator('form.filters button[type=submit]').click(),
  ]);
  await page.waitForLoadState();
}

/** No application gets a code for the login that this window has begun, not without asking. */
export async function expectNoSilentCode(page, demo) {
  const silent = new URL(`${demo.issuer}/oauth2/authorize`);
  for (const [name, value] of Object.entries({ client_id: 'demo-portal', redirect_uri: `${demo.portal}/callback`,
    response_type: 'code', scope: 'openid', state: 's', nonce: 'n', prompt: 'none',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' })) {
    silent.searchParams.set(name, value);
  }
  const cookies = (await page.context().cookies()).map((one) => `${one.name}=${one.value}`).join('; ');
  const refused = await fetch(silent, { redirect: 'manual', headers: { cookie: cookies } });
  const location = new URL(refused.headers.get('location'));
  assert.equal(location.searchParams.get('code'), null);
  assert.match(location.searchParams.get('error'), /_required$/);
}
