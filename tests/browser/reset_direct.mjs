// A nurse has forgotten her password, and the link of the reset asks for the new one at once (reset.form = "direct"): from
// the portal, with the link opened on the phone, which leads back to the portal's own start. In three languages, at the
// widths of a desk and of a phone, without a violation of axe-core.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { people, until } from '../harness/demo.mjs';
import { fillLogin, keepPicture, languageOf, openWindow, useDemo } from './browser.mjs';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); }, { args: ['--direct-reset'] });

async function look(page, language, name) {
  assert.equal(await languageOf(page), language, name);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values } }), tags);
  assert.deepEqual(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`), [], name);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${name} is too wide`);
  await keepPicture(page, `reset-direct-${language}-${name}`);
}

const link = /http\S+reset\/confirm\?token=\w+/;
const seen = new Set();
async function newLink() {
  return until('the link', async () => {
    const inbox = await (await fetch(`${demo.portal}/inbox.json`)).json();
    const fresh = inbox.map((one) => one.text.match(link)?.[0]).find((text) => text && !seen.has(text));
    if (fresh) seen.add(fresh);
    return fresh;
  });
}

for (const [language, scheme, width] of [['en', 'light', 1280], ['de', 'light', 360], ['pl', 'dark', 360]]) {
  test(`one mail, one page, and back to the portal (${language})`, async () => {
    const options = { reducedMotion: 'reduce', colorScheme: scheme, viewport: { width, height: 800 } };
    const desk = await openWindow(browser, language, options);
    await desk.goto(`${demo.portal}/login`);
    await desk.locator('main a[href^="/reset"]').click();
    await desk.locator('input[name=login]').fill(people.anna.login);
    await look(desk, language, 'reset');
    await desk.locator('form[action="/reset"] button[type=submit]').click();
    await desk.waitForURL(`${demo.issuer}/reset/sent**`);

    const phone = await openWindow(browser, language, options);
    await phone.goto(await newLink());
    await look(phone, language, 'form');
    await phone.locator('#new_password').fill('anna.kowalska');
    await phone.locator('#password-rules li[data-flaws=contains_login][data-state=unmet]').waitFor();
    await look(phone, language, 'unmet');
    const mine = `Granite-Sparrow-${language}-7`;
    await phone.locator('#new_password').fill(mine);
    await phone.locator('#password-rules li[data-flaws=contains_login][data-state=met]').waitFor();
    // Only the server knows it, so that nothing is promised.
    assert.equal(await phone.locator('#password-rules li[data-flaws=used_before]').getAttribute('data-state'), '');
    await phone.locator('#new_password_repeat').fill(`${mine}8`);
    await phone.locator('#repeat-state:not(:empty)').waitFor();
    await look(phone, language, 'differs');
    await phone.locator('#new_password_repeat').fill(mine);
    await phone.locator('form[action="/reset/confirm"] button[type=submit]').click();
    await phone.waitForURL(`${demo.issuer}/reset/done**`);
    await look(phone, language, 'done');
    assert.equal(await phone.locator('main .actions a.button').getAttribute('href'), `${demo.portal}/login`);
    await phone.locator('main .actions a.button').click();
    await fillLogin(phone, { login: people.anna.login, password: mine });
    await phone.locator('button[name=context][value=user]').click();
    await phone.waitForURL(`${demo.portal}/`);
    assert.equal(await phone.locator('#name').textContent(), people.anna.name);

    // The login in progress has stayed with the browser that began it.
    await desk.locator('main .actions a.button').first().click();
    await fillLogin(desk, { login: people.anna.login, password: mine });
    await desk.locator('button[name=context][value=user]').click();
    await desk.waitForURL(`${demo.portal}/`);
    assert.deepEqual([...desk.complaints, ...phone.complaints], []);
  });
}

test('without script the server ticks the rules, and the new password is set all the same', async () => {
  const page = await openWindow(browser, 'en', { javaScriptEnabled: false });
  await page.goto(`${demo.issuer}/reset`);
  await page.locator('input[name=login]').fill(people.jan.login);
  await page.locator('form[action="/reset"] button[type=submit]').click();
  await page.goto(await newLink());
  const send = async (password, repeated) => {
    await page.locator('#new_password').fill(password);
    await page.locator('#new_password_repeat').fill(repeated);
    await page.locator('form[action="/reset/confirm"] button[type=submit]').click();
  };
  await send('jan.nowak', 'another one');
  await page.getByRole('alert').waitFor();
  assert.equal(await page.locator('#password-rules li[data-flaws=contains_login][data-state=unmet]').count(), 1);
  await keepPicture(page, 'reset-direct-without-script');
  await send('Harbour-Meadow-77', 'Harbour-Meadow-77');
  await page.waitForURL(`${demo.issuer}/reset/done**`);
});
