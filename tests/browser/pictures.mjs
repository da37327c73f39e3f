// The pictures of the README, made from the demonstration's real pages by `make pictures`. No test: nothing is compared.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { people } from '../harness/demo.mjs';
import { fillLogin, logIn, openWindow, useDemo } from './browser.mjs';

const folder = new URL('../../docs/pictures', import.meta.url).pathname;
const desk = { viewport: { width: 1200, height: 760 } };
const phone = { viewport: { width: 360, height: 720 } };

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

const pin = '274831';

/** A key of Jan's for signatures, with a PIN. */
async function makeKey() {
  const { status, out, err } = await demo.chancery(['credential', 'create', '--account', people.jan.login, '--label', 'Jan Nowak, signature',
    '--activation', 'pin', '--pin-stdin', '--issue', '--json'], `${pin}\n`);
  if (status !== 0) throw new Error(err);
  return JSON.parse(out).id;
}

const fileOf = (name, octets) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(octets) });

const keep = (page, name) => page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });

test('the pictures of the README', async () => {
  await mkdir(folder, { recursive: true });
  const page = await openWindow(browser, 'en', desk);
  await page.goto(`${demo.portal}/login`);
  await page.locator('input[name=password]').waitFor();
  await keep(page, 'login');
  await logIn(page, people.anna, 'administrator');
  await page.waitForURL(`${demo.portal}/`);
  await page.goto(`${demo.issuer}/account`);
  await keep(page, 'overview');
  const small = await openWindow(browser, 'pl', phone);
  await small.goto(`${demo.portal}/login`);
  await fillLogin(small, people.jan);
  await small.waitForURL(`${demo.portal}/`);
  await small.goto(`${demo.issuer}/account`);
  await keep(small, 'phone');
});

test('the pictures of signing and of the verify page', async () => {
  const key = await makeKey();
  const page = await openWindow(browser, 'en', { ...desk, acceptDownloads: true });
  await page.goto(`${demo.issuer}/account/sign`);
  await logIn(page, people.jan);
  await page.waitForURL(`${demo.issuer}/account/sign`);
  await page.locator('#certificate').selectOption(key);
  const letter = 'The discharge letter of a patient.';
  await page.locator('#document').setInputFiles([fileOf('discharge letter.txt', letter)]);
  await keep(page, 'sign');
  await page.locator('form[action="/account/sign"] button[type=submit]').click();
  await page.waitForURL(`${demo.issuer}/account/sign/*`);
  await page.locator('#pin').fill(pin);
  await page.locator('form[action$="/confirm"] button[type=submit]').click();
  const waiting = page.waitForEvent('download');
  await page.locator('a[download]').click();
  const signature = await readFile(await (await waiting).path());
  await page.goto(`${demo.issuer}/verify`);
  await page.locator('#document').setInputFiles(fileOf('discharge letter.txt', letter));
  await page.locator('#signature').setInputFiles(fileOf('discharge letter.txt.p7s', signature));
  await page.locator('form[action="/verify"] button[type=submit]').click();
  await page.waitForURL(`${demo.issuer}/verify/report/**`);
  await keep(page, 'verify');
});
