// A login that owes a second factor and has none sets one up in the browser, in three languages (S3.4): an
// authenticator app against an independent generator (oathtool), or a passkey with Chromium's virtual authenticator; and
// the code by SMS that proves it again (S4.28).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people, run, until } from '../harness/demo.mjs';
import { expectNoSilentCode, fillLogin, keepPicture, languages, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((made) => ({ demo, browser } = made));

async function chancery(...words) {
  const { status, out, err } = await demo.chancery(words);
  assert.equal(status, 0, err);
  return out;
}

/** Members of the group are asked; the demonstration's own accounts are not. */
let made = 0;
async function makePerson(rules = []) {
  made += 1;
  const login = `newcomer${made}`;
  const password = 'Copper-Meadow-Lantern-7';
  const { status, err } = await demo.chancery(['account', 'create', login, '--given-name', 'Ewa', '--family-name', 'Lis',
    '--email', `${login}@clinic.example`, '--no-must-change', '--password-stdin'], `${password}\n`);
  assert.equal(status, 0, err);
  if (made === 1) await chancery('group', 'create', 'newcomers');
  await chancery('group', 'add', 'newcomers', login);
  await chancery('policy', 'second-factor', 'set', '--group', 'newcomers', 'methods=totp passkey recovery',
    'enrol_methods=totp passkey', 'grace_days=0', ...rules);
  return { login, password };
}

async function codeOf(secret) {
  const { status, out, err } = await run('oathtool', ['--totp', '--base32', secret.replaceAll(' ', '')]);
  assert.equal(status, 0, err);
  return out.trim();
}

async function firstStep(page, person) {
  await page.goto(`${demo.issuer}/account`);
  await fillLogin(page, person);
  await page.waitForURL(`${demo.issuer}/login/enrol**`);
}

async function isNarrow(page) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= page.viewportSize().width, `nothing is wider than the page: ${width}`);
}

for (const language of Object.keys(languages)) {
  test(`an app is set up at the login, and only then the login goes on (${language})`, async () => {
    const person = await makePerson();
    const page = await openWindow(browser, language, { viewport: { width: 360, height: 740 } });
    await firstStep(page, person);
    await keepPicture(page, `enrol-choice-${language}`);
    await isNarrow(page);
    // Addresses, a second tab and the button back open nothing, and no application gets a code.
    const tab = await page.context().newPage();
    for (const path of ['/account', '/account/factors', '/login/context', '/login/enrol?later=1']) {
      await tab.goto(`${demo.issuer}${path}`);
      await tab.waitForURL(`${demo.issuer}/login/enrol**`);
    }
    await expectNoSilentCode(page, demo);
    await tab.close();

    await page.locator('a[href*="method=totp"]').click();
    await page.locator('svg.qr').waitFor();
    await keepPicture(page, `enrol-app-${language}`);
    await isNarrow(page);
    await page.locator('details.snippet summary').click();
    const secret = await page.locator('details.snippet code').textContent();
    await page.locator('#code').fill('000000');
    await page.locator('#code').press('Enter');
    await page.locator('#wrong-code').waitFor();
    await page.locator('#code').fill(await codeOf(secret));
    await page.locator('#code').press('Enter');
    await page.locator('ol.recovery li').nth(9).waitFor();
    await keepPicture(page, `enrol-codes-${language}`);
    await isNarrow(page);
    await page.locator('main .actions a.button:not([download])').click();
    await page.waitForURL(`${demo.issuer}/account`);
    // The button back does not show the codes again: their page is the answer to a form, and is kept nowhere.
    await page.goBack().catch(() => {});
    assert.equal(await page.locator('ol.recovery').count(), 0);
    const later = await page.context().newPage();
    await later.goto(`${demo.issuer}/account/factors`);
    await later.locator('form[action="/account/factors/recovery"]').waitFor();
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test('a passkey is set up at the login of an application, which gets level 3', async () => {
  const person = await makePerson();
  const page = await openWindow(browser, 'en');
  const client = await page.context().newCDPSession(page);
  await client.send('WebAuthn.enable');
  await client.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal',
    hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
  await firstStep(page, person);
  await page.locator('a[href*="method=passkey"]').click();
  await keepPicture(page, 'enrol-passkey-en');
  await page.locator('form[data-passkey=create] button[type=submit]').click();
  await page.locator('ol.recovery li').nth(9).waitFor();
  await page.locator('main .actions a.button:not([download])').click();
  await page.waitForURL(`${demo.issuer}/account`);
  const { out } = await demo.chancery(['audit', 'export']);
  const login = out.split('\n').filter((line) => line.includes('"type":"login"')).at(-1);
  assert.match(login, /passkey/);
  assert.match(login, /"level":\s*"?3/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('in the days of grace one may do it later, and the overview reminds', async () => {
  const person = await makePerson(['grace_days=5']);
  const page = await openWindow(browser, 'pl', { viewport: { width: 360, height: 740 } });
  await firstStep(page, person);
  await keepPicture(page, 'enrol-later-pl');
  await isNarrow(page);
  await page.locator('a[href*="later=1"]').click();
  await page.waitForURL(`${demo.issuer}/account`);
  await keepPicture(page, 'enrol-reminder-pl');
  await page.locator('main a[href="/account/factors"]').first().waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('a code by SMS proves it again', async () => {
  const page = await openWindow(browser, 'en');
  await page.goto(`${demo.issuer}/account`);
  await fillLogin(page, people.jan);
  await page.waitForURL(`${demo.issuer}/account`);
  await page.goto(`${demo.issuer}/account/confirm?next=/account/factors`);
  const texts = async () => {
    const answer = await (await fetch(`${demo.portal}/inbox.json`)).json();
    return (Array.isArray(answer) ? answer : answer.messages).filter((one) => one.channel === 'sms');
  };
  const before = (await texts()).length;
  await page.locator('form[action="/account/confirm/send"] button').click();
  await page.locator('#code-sms').waitFor();
  await keepPicture(page, 'confirm-sms-en');
  const all = await until('the text message arrives', async () => {
    const now = await texts();
    return now.length > before ? now : undefined;
  });
  const newest = all.sort((one, other) => String(one.at).localeCompare(String(other.at))).at(-1);
  await page.locator('#code-sms').fill(/\b(\d{6})\b/.exec(newest.text)[1]);
  await page.locator('#code-sms').press('Enter');
  await page.waitForURL(`${demo.issuer}/account/factors`);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
