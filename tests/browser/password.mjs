// A nurse has forgotten her password: link, confirmation in another browser, temporary password, own one, and then the
// page that she wanted (S4.10, S0.3, S4.15). In three languages, without a violation of axe-core on any page.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { people, startDemo, until } from '../harness/demo.mjs';
import { fillLogin, keepPicture, languageOf, openBrowser, openWindow } from './browser.mjs';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
let axe;
let demo;
let browser;
before(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  demo = await startDemo();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function look(page, language, name) {
  assert.equal(await languageOf(page), language, name);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values } }), tags);
  const words = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  assert.deepEqual(words, [], name);
  await keepPicture(page, `password-${language}-${name}`);
}

const password = /[A-Z][a-z]{2}[2-9](-[A-Z][a-z]{2}[2-9]){3,}/;

async function waitForMessage(count, pattern) {
  return until(`message ${pattern}`, async () => {
    const inbox = await (await fetch(`${demo.portal}/inbox.json`)).json();
    const found = inbox.filter((one) => pattern.test(one.text));
    return found.length >= count ? found : undefined;
  });
}

/** All messages that match, in whatever order the inbox has them; gives what was not there before. */
function newest(found, seen, pattern) {
  const texts = found.map((one) => one.text.match(pattern)[0]).filter((text) => !seen.has(text));
  texts.forEach((text) => seen.add(text));
  assert.equal(texts.length, 1);
  return texts[0];
}

const seenLinks = new Set();
const seenPasswords = new Set();
let current = people.anna.password;
let round = 0;

for (const language of ['en', 'de', 'pl']) {
  test(`a forgotten password, from the link to the application (${language})`, async () => {
    round += 1;
    const page = await openWindow(browser, language, { reducedMotion: 'reduce' });
    await page.goto(`${demo.portal}/login`);
    await page.locator('main a[href^="/reset"]').click();
    await page.locator('input[name=login]').fill(people.anna.login);
    await look(page, language, 'reset');
    await page.locator('form[action="/reset"] button[type=submit]').click();
    await page.waitForURL(`${demo.issuer}/reset/sent**`);
    await look(page, language, 'reset-sent');

    const link = newest(await waitForMessage(round, /reset\/confirm\?token=/), seenLinks, /http\S+reset\/confirm\?token=\w+/);
    const phone = await openWindow(browser, language, { reducedMotion: 'reduce' });
    await phone.goto(link);
    await look(phone, language, 'reset-confirm');
    await phone.locator('form[action="/reset/confirm"] button[type=submit]').click();
    await phone.waitForURL(`${demo.issuer}/reset/done**`);
    await look(phone, language, 'reset-done');
    await phone.goto(link);
    await look(phone, language, 'reset-over');

    const temporary = newest(await waitForMessage(round, password), seenPasswords, password);
    await page.locator('main .actions a.button').first().click();
    await fillLogin(page, { login: people.anna.login, password: temporary });
    await page.waitForURL(`${demo.issuer}/login/change**`);
    await page.locator('#new_password').fill('anna.kowalska');
    await page.locator('#password-rules li[data-state=unmet]').first().waitFor();
    await look(page, language, 'login-change');
    current = `Granite-Sparrow-${round}`;
    // What breaks a rule or is repeated otherwise is not sent, and stays in the fields.
    await page.locator('#new_password').fill('short');
    await page.locator('#new_password_repeat').fill('else-where');
    await page.locator('#repeat-state:not(:empty)').waitFor();
    await page.locator('#password-rules li[data-flaws=too_short][data-state=unmet]').waitFor();
    await page.locator('form[action="/login/change"] button[type=submit]').click();
    assert.equal(await page.locator('#new_password').inputValue(), 'short');
    assert.equal(await page.locator('#new_password_repeat').inputValue(), 'else-where');
    await look(page, language, 'login-change-refused');
    await page.locator('#new_password').fill(current);
    await page.locator('#new_password_repeat').fill(current);
    await page.locator('form[action="/login/change"] button[type=submit]').click();
    await page.waitForURL(`${demo.issuer}/login/context**`);
    await page.locator('main .notice[role=status]').waitFor();
    await page.locator('button[name=context][value=user]').click();
    await page.waitForURL(`${demo.portal}/`);
    assert.deepEqual(page.complaints, []);
  });

  test(`a change of the password, with the question in between (${language})`, async () => {
    const page = await openWindow(browser, language, { reducedMotion: 'reduce' });
    await page.goto(`${demo.issuer}/account/security`);
    await fillLogin(page, { login: people.anna.login, password: current });
    await page.locator('button[name=context][value=user]').click();
    await page.waitForURL(`${demo.issuer}/account/security`);
    await look(page, language, 'security');
    const next = `Harbour-Lantern-${language}-1`;
    await page.locator('#old_password').fill(current);
    await page.locator('#new_password').fill(next);
    await page.locator('#new_password_repeat').fill(next);
    await page.locator('form[action="/account/security"] button[type=submit]').last().click();
    await page.locator('form[action="/account/security/confirm"]').waitFor();
    await look(page, language, 'security-confirm');
    await page.locator('form[action="/account/security/confirm"] button[type=submit]').click();
    await page.waitForURL(`${demo.issuer}/account/security/changed`);
    await look(page, language, 'security-changed');
    current = next;
    await page.goto(`${demo.issuer}/policy`);
    await look(page, language, 'policy');
    assert.deepEqual(page.complaints, []);
  });
}
