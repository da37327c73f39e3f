// The second factors of a person in a real browser, in three languages: an authenticator app against an independent
// generator (oathtool), recovery codes, and passkeys with Chromium's virtual authenticator.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { run } from '../harness/demo.mjs';
import { keepPicture, languages, logIn, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((made) => ({ demo, browser } = made));

async function makePerson(language, suffix = '') {
  const login = `factor${suffix}.${language}`;
  const password = 'Copper-Meadow-Lantern-7';
  const { status, err } = await demo.chancery(['account', 'create', login, '--given-name', 'Ewa', '--family-name', 'Lis',
    '--email', `${login}@clinic.example`, '--no-must-change', '--password-stdin'], `${password}\n`);
  assert.equal(status, 0, err);
  return { login, password };
}

/** The code as an app shows it at the time; `later` in seconds. */
async function codeOf(secret, later = 0) {
  const at = new Date(Date.now() + later * 1000).toISOString().replace('T', ' ').slice(0, 19) + ' UTC';
  const { status, out, err } = await run('oathtool', ['--totp', '--base32', '--now', at, secret.replaceAll(' ', '')]);
  assert.equal(status, 0, err);
  return out.trim();
}

async function virtualAuthenticator(page, more = {}) {
  const client = await page.context().newCDPSession(page);
  await client.send('WebAuthn.enable');
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true, ...more,
    },
  });
  return { client, authenticatorId };
}

async function addApp(page, language) {
  await page.goto(`${demo.issuer}/account/factors`);
  await page.locator('a[href="/account/factors/app"]').click();
  await page.locator('svg.qr').waitFor();
  await page.locator('details.snippet summary').click();
  const secret = await page.locator('details.snippet code').textContent();
  await keepPicture(page, `factor-app-${language}`);
  await page.locator('#code').fill('000000');
  await page.locator('form[action="/account/factors/app"] button[type=submit]').click();
  await page.locator('#wrong-code').waitFor();
  await page.locator('#code').fill(await codeOf(secret));
  await page.locator('#name').fill('Phone');
  await page.locator('form[action="/account/factors/app"] button[type=submit]').click();
  await page.waitForURL(`${demo.issuer}/account/factors?done=added`);
  return secret;
}

describe('second factors', () => {
  for (const language of Object.keys(languages)) {
    it(`a person adds an app and prints recovery codes (${language})`, async () => {
      const person = await makePerson(language);
      const page = await openWindow(browser, language);
      await page.goto(`${demo.issuer}/account`);
      await logIn(page, person);
      await page.waitForURL(`${demo.issuer}/account`);
      const secret = await addApp(page, language);
      assert.match(await page.locator('main').innerText(), /Phone/);
      await page.locator('form[action="/account/factors/recovery"] button').click();
      await page.locator('ol.recovery li').nth(9).waitFor();
      const codes = await page.locator('ol.recovery code').allTextContents();
      assert.equal(new Set(codes).size, 10);
      for (const code of codes) assert.match(code, /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
      const file = await page.locator('a[download]').getAttribute('href');
      assert.ok(decodeURIComponent(file).includes(codes[0]));
      await keepPicture(page, `recovery-${language}`);

      await page.goto(`${demo.issuer}/account/confirm?next=/account/factors`);
      await page.locator('#code-totp').fill(await codeOf(secret, 30));
      await page.locator('#code-totp').press('Enter');
      await page.waitForURL(`${demo.issuer}/account/factors`);
      await keepPicture(page, `factors-${language}`);
      await page.goto(`${demo.issuer}/account/confirm?next=/account/factors`);
      await page.locator('#code-recovery').fill(codes[2].toUpperCase());
      await keepPicture(page, `confirm-${language}`);
      await page.locator('#code-recovery').press('Enter');
      await page.waitForURL(`${demo.issuer}/account/factors`);
      await page.goto(`${demo.issuer}/account/confirm?next=/account/factors`);
      await page.locator('#code-recovery').fill(codes[2]);
      await page.locator('#code-recovery').press('Enter');
      await page.getByRole('alert').waitFor();
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });

    it(`a person adds a passkey and proves it again with it (${language})`, async () => {
      const person = await makePerson(language, '.key');
      const page = await openWindow(browser, language);
      const { client, authenticatorId } = await virtualAuthenticator(page);
      await page.goto(`${demo.issuer}/account`);
      await logIn(page, person);
      await page.waitForURL(`${demo.issuer}/account`);
      await page.goto(`${demo.issuer}/account/factors/passkey`);
      await page.locator('#name').fill('Laptop');
      await keepPicture(page, `factor-passkey-${language}`);
      await page.locator('form[data-passkey=create] button[type=submit]').click();
      await page.waitForURL(`${demo.issuer}/account/factors?done=passkey_added`);
      assert.match(await page.locator('main').innerText(), /Laptop/);
      const { credentials } = await client.send('WebAuthn.getCredentials', { authenticatorId });
      assert.equal(credentials.length, 1);
      assert.equal(credentials[0].rpId, 'localhost');

      // The same device is not registered a second time.
      await page.goto(`${demo.issuer}/account/factors/passkey`);
      await page.locator('form[data-passkey=create] button[type=submit]').click();
      await page.locator('[data-passkey-failed]:not([hidden])').waitFor();

      await page.goto(`${demo.issuer}/account/confirm?next=/account/factors`);
      await page.locator('form[data-passkey=get] button[type=submit]').click();
      await page.waitForURL(`${demo.issuer}/account/factors`);

      // The passkey alone logs in, without a name and a password, and a second tab with an old answer does not.
      await page.context().clearCookies();
      await page.goto(`${demo.issuer}/login`);
      const button = page.locator('form[action="/login/passkey"] button[type=submit]');
      await Promise.race([page.waitForURL(`${demo.issuer}/account`), button.click()]).catch(() => {});
      await page.waitForURL(`${demo.issuer}/account`);
      const { out } = await demo.chancery(['audit', 'export']);
      assert.ok(out.split('\n').some((line) => line.includes('"type":"login"') && line.includes('passkey')));
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  }
});
