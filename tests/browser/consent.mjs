// An application that is not of the house asks for access, in a real browser: the question, the answer by form, and where
// one takes it back (S4.19).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import http from 'node:http';
import { after, test } from 'node:test';
import { people } from '../harness/demo.mjs';
import { keepPicture, logIn, openWindow, useDemo } from './browser.mjs';
import { findViolations } from './violations.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

/** The application: it notes what comes to its address. */
let application;
let server;
const received = [];

/** Once, with the first test: the demonstration must have started. */
async function startApplication() {
  if (server) return;
  server = http.createServer((request, answer) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const query = new URL(request.url, 'http://127.0.0.1').searchParams;
      const fields = request.method === 'POST' ? new URLSearchParams(Buffer.concat(parts).toString('utf8')) : query;
      if (request.url.startsWith('/callback')) received.push({ method: request.method, query, fields });
      answer.setHeader('content-type', 'text/html; charset=utf-8');
      answer.end('<!DOCTYPE html><title>Pharmacy</title><p>Back at the pharmacy</p>');
    });
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  application = `http://127.0.0.1:${server.address().port}/callback`;
  const { status, err } = await demo.chancery(['client', 'create', 'pharmacy', '--public', '--name', 'Apteka szpitalna przy ulicy Długiej',
    '--redirect-uri', application, '--scope', 'openid', '--scope', 'profile', '--scope', 'email', '--scope', 'phone']);
  assert.equal(status, 0, err);
}
after(() => { server?.closeAllConnections(); server?.close(); });

function ask(more = {}) {
  const query = new URLSearchParams({
    client_id: 'pharmacy', redirect_uri: application, response_type: 'code', scope: 'openid profile email', state: 'a "quoted" <state>',
    code_challenge: createHash('sha256').update('x'.repeat(43)).digest('base64url'), code_challenge_method: 'S256', ...more,
  });
  return `${demo.issuer}/oauth2/authorize?${query}`;
}

const answer = (page, value) => page.locator(`button[name=answer][value=${value}]`).click();

for (const [language, width, words] of [['en', 1280, 'Allow access'], ['de', 360, 'Zugriff erlauben'], ['pl', 360, 'Zezwól na dostęp']]) {
  test(`the question says who asks for what, and the answer counts (${language}, ${width} px)`, async () => {
    await startApplication();
    const page = await openWindow(browser, language, { viewport: { width, height: 800 } });
    await page.goto(ask());
    await logIn(page, people.jan);
    await page.getByRole('button', { name: words, exact: true }).waitFor();
    assert.match(await page.locator('main').innerText(), /Apteka szpitalna/);
    assert.equal(await page.locator('main ul li').count(), 3);
    await keepPicture(page, `consent-${language}`);
    assert.deepEqual(await findViolations(page), []);
    const before = received.length;
    await answer(page, 'no');
    await page.getByText('Back at the pharmacy').waitFor();
    assert.equal(received.at(-1).fields.get('error'), 'access_denied');
    await page.goto(ask());
    await answer(page, 'yes');
    await page.getByText('Back at the pharmacy').waitFor();
    assert.equal(received.length, before + 2);
    assert.equal(received.at(-1).fields.get('code').length, 64);
    // Remembered: no question any more.
    await page.goto(ask());
    await page.getByText('Back at the pharmacy').waitFor();

    await page.goto(`${demo.issuer}/account/applications`);
    await keepPicture(page, `consents-${language}`);
    assert.deepEqual(await findViolations(page), []);
    await page.locator('form[action="/account/applications/withdraw"] button').click();
    await page.locator('.notice[role=status]').waitFor();
    assert.equal(await page.locator('form[action="/account/applications/withdraw"]').count(), 0);
    await page.goto(ask());
    await page.getByRole('button', { name: words, exact: true }).waitFor();
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

for (const javaScriptEnabled of [true, false]) {
  test(`the answer goes by form ${javaScriptEnabled ? 'at once' : 'after a click, without JavaScript'}`, async () => {
    await startApplication();
    const page = await openWindow(browser, 'en', { javaScriptEnabled });
    await page.goto(ask({ response_mode: 'form_post' }));
    await logIn(page, people.anna, 'user');
    await answer(page, 'yes');
    if (!javaScriptEnabled) {
      await page.getByRole('heading', { name: 'Back to the application' }).waitFor();
      await keepPicture(page, 'form-post');
      await page.getByRole('button', { name: 'Continue to the application' }).click();
    }
    await page.getByText('Back at the pharmacy').waitFor();
    const last = received.at(-1);
    assert.equal(last.method, 'POST');
    assert.equal([...last.query].length, 0);
    assert.equal(last.fields.get('state'), 'a "quoted" <state>');
    assert.equal(last.fields.get('iss'), demo.issuer);
    assert.equal(last.fields.get('code').length, 64);
    assert.deepEqual(page.complaints, []);
    // A refusal as well, and without the consent being asked again.
    await page.goto(ask({ response_mode: 'form_post', prompt: 'none', max_age: '0' }));
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Continue to the application' }).click();
    await page.getByText('Back at the pharmacy').waitFor();
    assert.equal(received.at(-1).fields.get('error'), 'login_required');
    await page.goto(`${demo.issuer}/account/applications`);
    await page.locator('form[action="/account/applications/withdraw"] button').click();
    await page.locator('.notice[role=status]').waitFor();
    await page.context().close();
  });
}
