// The story of a practice, in German as the manual tells it (S1.1 to S1.4): settings, access certificate, ZIP, practice
// program, revocation. In Polish at the width of a phone.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { people } from '../harness/demo.mjs';
import { keepPicture, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

// The browser of these tests does not trust the demonstration's CA; `openssl s_client` looks at the certificate
// (tests/interop/connector.mjs).
const trusting = { ignoreHTTPSErrors: true, acceptDownloads: true };
const connector = () => `https://127.0.0.1:${demo.base + 943}`;

async function logInThere(page, person) {
  await page.goto(`${connector()}/administration/start.htm`);
  await page.locator('input[name=login]').fill(person.login);
  await page.locator('input[name=password]').fill(person.password);
  await page.locator('form[action="/administration/login/password"] button[type=submit]').click();
  await page.waitForURL('**/administration/start.htm');
}

async function connect(page, zip) {
  await page.goto(`${demo.portal}/practice`);
  await page.locator('#zip').setInputFiles(zip);
  await page.locator('form[action="/practice"] button').click();
  await page.locator('ol.steps').waitFor();
  return page.locator('ol.steps li').allTextContents();
}

test('Z1: eine Praxis bekommt ihr Zertifikat, verbindet sich, und nach der Sperrung nicht mehr', async () => {
  const page = await openWindow(browser, 'de', { ...trusting, viewport: { width: 1280, height: 900 } });
  await logInThere(page, people.admin);
  const head = await page.locator('header.bar').textContent();
  for (const words of ['Benutzer (Rolle): admin [SuperAdmin]', 'Session-Timeout:', 'Abmelden']) assert.ok(head.includes(words), words);
  assert.ok(await page.getByRole('link', { name: 'Mein Profil' }).first().isVisible());

  // The time goes down by seconds, and a click sets it back.
  const clock = page.locator('#clock-count');
  assert.match(await clock.textContent(), /^\d\d:\d\d$/);
  await page.waitForFunction(() => /^5\d:5\d$/.test(document.getElementById('clock-count').textContent));
  await keepPicture(page, 'connector-start-de');
  await page.getByRole('navigation').getByRole('link', { name: 'Verwaltung – Clientsysteme' }).click();
  assert.match(await page.locator('#clock-count').textContent(), /^(60:00|59:59)$/);

  // Settings that are not applied do not count.
  await page.locator('input[name=plain_directory][value=yes]').check();
  await page.reload();
  assert.ok(await page.locator('input[name=plain_directory][value=no]').isChecked());
  await page.locator('input[name=plain_directory][value=yes]').check();
  await page.getByRole('button', { name: 'Übernehmen' }).click();
  await page.getByText('Die Einstellungen sind übernommen').waitFor();
  const directory = await fetch(`http://127.0.0.1:${demo.base + 81}/connector.sds`);
  assert.equal(directory.status, 200);
  await keepPicture(page, 'connector-systems-de');

  await page.getByRole('link', { name: 'Zugangszertifikat hinzufügen' }).click();
  await page.getByLabel('Clientsystem-ID').fill('Z1');
  assert.ok(await page.getByLabel('Zertifikat durch Konnektor erzeugen lassen').isChecked());
  await keepPicture(page, 'connector-certificate-de');
  // A double click makes one certificate.
  await page.getByRole('button', { name: 'OK' }).dblclick();
  await page.getByText('Das Zugangszertifikat ist erzeugt').waitFor();
  await keepPicture(page, 'connector-made-de');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'ZIP-Datei herunterladen' }).click()]);
  assert.equal(download.suggestedFilename(), 'Z1.zip');
  const zip = await download.path();
  const octets = await readFile(zip);
  assert.ok(octets.includes('Z1.p12') && octets.includes('Z1-password.txt'));
  const file = { name: 'Z1.zip', mimeType: 'application/zip', buffer: octets };

  const practice = await openWindow(browser, 'de', { viewport: { width: 1280, height: 900 } });
  const steps = await connect(practice, file);
  assert.equal(steps.length, 8, steps.join('\n'));
  assert.ok(steps.every((step) => step.includes('in Ordnung')), steps.join('\n'));
  assert.ok(steps.at(-1).includes('"client_system":"Z1"'), steps.at(-1));
  await keepPicture(practice, 'practice-de');

  await page.goto(`${connector()}/administration/admin/systems`);
  const row = page.locator('tr', { hasText: 'CN=Z1' });
  assert.equal(await row.count(), 1);
  assert.ok((await row.textContent()).includes('RSA 2048'));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  await keepPicture(page, 'connector-certificates-de');
  await row.getByRole('link', { name: 'Sperren' }).click();
  await page.locator('#reason').selectOption('lost');
  await keepPicture(page, 'connector-revoke-de');
  await page.getByRole('button', { name: 'Endgültig sperren' }).click();
  await page.getByText('Das Zertifikat ist gesperrt.').waitFor();
  const refused = await connect(practice, file);
  assert.ok(refused.at(-1).includes('certificate_revoked'), refused.at(-1));
  assert.ok(refused.at(-1).includes('Das Zertifikat ist gesperrt. Die Administration erzeugt ein neues.'), refused.at(-1));
  await keepPicture(practice, 'practice-refused-de');
  assert.deepEqual(page.complaints, []);

  await page.getByRole('button', { name: 'Abmelden' }).first().click();
  await page.goto(`${connector()}/administration/admin/systems`);
  await page.waitForURL('**/administration/login**');
});

test('w telefonie: strony konektora mieszczą się na 360 pikselach', async () => {
  const page = await openWindow(browser, 'pl', { ...trusting, viewport: { width: 360, height: 740 } });
  await logInThere(page, people.admin);
  assert.equal((await demo.chancery(['system', 'add', 'PL-1'])).status, 0);
  assert.equal((await demo.chancery(['system', 'certificate', 'add', 'PL-1', '--json'])).status, 0);
  for (const [name, address] of [['start', 'start.htm'], ['systems', 'admin/systems'], ['certificate', 'admin/systems/certificate']]) {
    await page.goto(`${connector()}/administration/${address}`);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wider, 0, `${address} is wider than the screen`);
    await keepPicture(page, `connector-${name}-pl-360`);
  }
  assert.deepEqual(page.complaints, []);
});

test('somebody without the right gets a clear page and no menu', async () => {
  const page = await openWindow(browser, 'de', trusting);
  await page.goto(`${connector()}/administration/start.htm`);
  await page.locator('input[name=login]').fill(people.jan.login);
  await page.locator('input[name=password]').fill(people.jan.password);
  const [answer] = await Promise.all([
    page.waitForResponse((one) => one.url().endsWith('/administration/start.htm') && one.status() === 403),
    page.locator('form[action="/administration/login/password"] button[type=submit]').click(),
  ]);
  assert.equal(answer.status(), 403);
  assert.equal(await page.getByText('Verwaltung – Clientsysteme').count(), 0);
});

test('without script the end of the session is there as a time', async () => {
  const page = await openWindow(browser, 'de', { ...trusting, javaScriptEnabled: false });
  await logInThere(page, people.admin);
  assert.match(await page.locator('#clock').textContent(), /Session-Timeout: \d\d:\d\d \(\d\d:\d\d/);
});

test('the longest ID of a client system makes its tables wider, but not the page', async () => {
  const page = await openWindow(browser, 'de', { ...trusting, viewport: { width: 1280, height: 900 } });
  await logInThere(page, people.admin);
  const longest = 'W'.repeat(64);
  assert.equal((await demo.chancery(['system', 'add', longest])).status, 0);
  assert.equal((await demo.chancery(['system', 'certificate', 'add', longest, '--json'])).status, 0);
  await page.goto(`${connector()}/administration/admin/systems`);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
});
