// A person signs documents in a real browser (S4.22): with a PIN, without scripts, twenty files at once; then the verify page
// reads them, and one octet is changed.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { people } from '../harness/demo.mjs';
import { keepPicture, logIn, openWindow, useDemo } from './browser.mjs';
import { findViolations } from './violations.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

const pin = '274831';
let made;

/** Once: a key of Jan's with a PIN. */
async function makeKey() {
  made ??= demo.chancery(['credential', 'create', '--account', people.jan.login, '--label', 'Jan, with a PIN', '--activation', 'pin',
    '--pin-stdin', '--issue', '--json'], `${pin}\n`);
  const { status, out, err } = await made;
  assert.equal(status, 0, err);
  return JSON.parse(out).id;
}

async function openSigning(language, options = {}) {
  const key = await makeKey();
  const page = await openWindow(browser, language, { acceptDownloads: true, ...options });
  await page.goto(`${demo.issuer}/account/sign`);
  await logIn(page, people.jan);
  await page.waitForURL(`${demo.issuer}/account/sign`);
  await page.locator('#certificate').selectOption(key);
  return page;
}

async function choose(page, files) {
  await page.locator('#document').setInputFiles(files.map(([name, text]) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) })));
  await page.locator('form[action="/account/sign"] button[type=submit]').click();
  await page.waitForURL(`${demo.issuer}/account/sign/*`);
}

async function confirm(page, typed = pin) {
  await page.locator('#pin').fill(typed);
  await page.locator('form[action$="/confirm"] button[type=submit]').click();
}

async function download(page, link) {
  const waiting = page.waitForEvent('download');
  await link.click();
  const file = await waiting;
  return { name: file.suggestedFilename(), octets: await readFile(await file.path()) };
}

async function verify(page, files) {
  await page.goto(`${demo.issuer}/verify`);
  for (const [field, [name, octets]] of Object.entries(files)) {
    await page.locator(`#${field}`).setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(octets) });
  }
  await page.locator('form[action="/verify"] button[type=submit]').click();
  await page.waitForURL(`${demo.issuer}/verify/report/**`);
  await page.locator('section.card details.fold > summary').click();
  assert.deepEqual(await findViolations(page), []);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), true);
  return page.locator('.verdict').innerText();
}

for (const [language, width] of [['en', 1280], ['de', 360], ['pl', 360]]) {
  test(`a letter is signed with the PIN, read by the verify page, and one changed octet is seen (${language}, ${width} px)`, async () => {
    const page = await openSigning(language, { viewport: { width, height: 800 } });
    assert.deepEqual(await findViolations(page), []);
    await keepPicture(page, `sign_${language}`);
    await choose(page, [['letter.txt', 'a letter']]);
    assert.match(await page.locator('main').innerText(), /letter\.txt/);
    assert.deepEqual(await findViolations(page), []);
    await keepPicture(page, `sign_job_${language}`);
    await confirm(page, '000000');
    await page.getByRole('alert').waitFor();
    await confirm(page);
    const signed = await download(page, page.locator('a[download]'));
    assert.equal(signed.name, 'letter.txt.p7s');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), true);
    const words = { en: [/^Valid/, /^Invalid/], de: [/^Gültig/, /^Ungültig/], pl: [/ażn/i, /ieważn/i] }[language];
    assert.match(await verify(page, { document: ['letter.txt', 'a letter'], signature: ['letter.txt.p7s', signed.octets] }), words[0]);
    await keepPicture(page, `verify_report_${language}`);
    assert.match(await verify(page, { document: ['letter.txt', 'a lettEr'], signature: ['letter.txt.p7s', signed.octets] }), words[1]);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test('twenty XML files get their signatures inside, without scripts', async () => {
  const page = await openSigning('en', { javaScriptEnabled: false });
  await choose(page, Array.from({ length: 20 }, (_, i) => [`order-${i}.xml`, `<order n="${i}"/>`]));
  await confirm(page);
  await page.locator('a[download]').nth(19).waitFor();
  assert.equal(await page.locator('a[download]').count(), 20);
  for (const i of [0, 19]) {
    const signed = await download(page, page.locator('a[download]').nth(i));
    assert.equal(signed.name, `order-${i}-signed.xml`);
    assert.match(signed.octets.toString(), new RegExp(`<order n="${i}">`));
  }
  await page.context().close();
});

test('while files are on their way the form says so, and the next page is as ever', async () => {
  const page = await openWindow(browser, 'pl', { viewport: { width: 360, height: 800 } });
  await page.goto(`${demo.issuer}/verify`);
  const note = page.locator('form[action="/verify"] [role=status]');
  assert.equal(await note.innerText(), '');
  // The form is on its way until it has said so.
  let tell;
  const said = new Promise((done) => { tell = done; });
  await page.exposeFunction('noteSays', tell);
  await note.evaluate((element) => {
    new MutationObserver(() => window.noteSays(element.textContent)).observe(element, { childList: true });
  });
  await page.route('**/verify', async (route) => {
    await said;
    await route.continue();
  });
  await page.locator('#document').setInputFiles({ name: 'letter.xml', mimeType: 'text/xml', buffer: Buffer.from('<letter/>') });
  await page.locator('form[action="/verify"] button[type=submit]').click({ noWaitAfter: true });
  assert.match(await said, /Poczekaj na następną stronę/);
  await page.waitForURL(`${demo.issuer}/verify/report/**`);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
