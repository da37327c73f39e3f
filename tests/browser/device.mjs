// A device without a browser asks for access (RFC 8628): the code, the login, the question, and what the device gets. In
// three languages, on a desk and on a phone, without JavaScript.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people } from '../harness/demo.mjs';
import { keepPicture, logIn, openWindow, useDemo } from './browser.mjs';
import { findViolations } from './violations.mjs';

const grant = 'urn:ietf:params:oauth:grant-type:device_code';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

/** The device's client, registered once: hooks of the whole file run in no order. */
let isRegistered = false;
async function registerScreen() {
  if (isRegistered) return;
  isRegistered = true;
  const { status, err } = await demo.chancery(['client', 'create', 'ward-screen', '--kind', 'native', '--name', 'Ekran oddziału kardiologii',
    '--scope', 'openid', '--scope', 'profile', '--scope', 'offline_access', '--grant', grant, '--grant', 'refresh_token']);
  assert.equal(status, 0, err);
}

async function post(path, fields) {
  const answer = await fetch(`${demo.issuer}${path}`, { method: 'POST', body: new URLSearchParams({ client_id: 'ward-screen', ...fields }) });
  return { status: answer.status, ...await answer.json() };
}
async function begin() {
  await registerScreen();
  return post('/oauth2/device_authorization', { scope: 'openid profile offline_access' });
}
const ask = (begun) => post('/oauth2/token', { grant_type: grant, device_code: begun.device_code });

for (const [language, width, words] of [['en', 1280, 'Allow access'], ['de', 360, 'Zugriff erlauben'], ['pl', 360, 'Zezwól na dostęp']]) {
  test(`a person types the code, logs in, is asked, and the device is connected (${language}, ${width} px)`, async () => {
    const begun = await begin();
    const page = await openWindow(browser, language, { viewport: { width, height: 800 }, javaScriptEnabled: false });
    await page.goto(begun.verification_uri);
    await keepPicture(page, `device-${language}`);
    // As people type it.
    await page.locator('#user_code').fill(begun.user_code.replace('-', ' ').toLowerCase());
    await page.locator('form[action="/device/confirm"] button[type=submit]').click();
    await logIn(page, people.jan);
    await page.getByRole('button', { name: words, exact: true }).waitFor();
    assert.match(await page.locator('main').innerText(), /Ekran oddziału/);
    assert.ok((await page.locator('main').innerText()).includes(begun.user_code));
    assert.equal(await page.locator('main ul li').count(), 3);
    await keepPicture(page, `device-question-${language}`);
    await page.locator('button[name=answer][value=yes]').click();
    await page.waitForURL(`${demo.issuer}/device/done**`);
    await keepPicture(page, `device-done-${language}`);
    const tokens = await ask(begun);
    assert.equal(tokens.status, 200);
    assert.ok(tokens.access_token && tokens.refresh_token && tokens.id_token);
    // The same code leads nowhere now.
    await page.goto(begun.verification_uri_complete);
    await page.locator('form[action="/device/confirm"] button[type=submit]').click();
    await page.locator('.notice.error').waitFor();
    await keepPicture(page, `device-unknown-${language}`);
    await page.context().close();
  });
}

test('the pages of a device have no flaw that an assistive program would stumble over', async () => {
  const begun = await begin();
  const page = await openWindow(browser, 'en');
  await page.goto(begun.verification_uri_complete);
  assert.equal(await page.locator('#user_code').inputValue(), begun.user_code);
  assert.deepEqual(await findViolations(page), []);
  await page.locator('form[action="/device/confirm"] button[type=submit]').click();
  await logIn(page, people.jan);
  await page.locator('button[name=answer][value=no]').waitFor();
  assert.deepEqual(await findViolations(page), []);
  await page.locator('button[name=answer][value=no]').click();
  await page.waitForURL(`${demo.issuer}/device/done`);
  assert.deepEqual(await findViolations(page), []);
  const refused = await ask(begun);
  assert.deepEqual([refused.status, refused.error], [400, 'access_denied']);
  await page.context().close();
});
