// axe-core finds nothing wrong on the forms that ask for the password once more. A proof lasts ten seconds here and not
// five minutes, so that the forms ask soon.
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { people, startDemo, startServer, until } from '../harness/demo.mjs';
import { keepPicture, logIn, openBrowser, openWindow, searchAccounts } from './browser.mjs';
import { findViolations } from './violations.mjs';

let demo;
let server;
let browser;
before(async () => {
  demo = await startDemo();
  // Only a main account has the page of sub accounts.
  const made = await demo.chancery(['account', 'set-main', people.admin.login]);
  assert.equal(made.status, 0, made.err);
  await demo.stop({ keep: true });
  const configuration = await readFile(demo.configuration, 'utf8');
  assert.ok(configuration.includes('\n[login]\n'));
  await writeFile(demo.configuration, configuration.replace('\n[login]\n', '\n[login]\nproof = "10s"\n'));
  server = await startServer(demo.configuration, demo.issuer);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  if (demo) await rm(demo.folder, { recursive: true, force: true });
});

test('an action that the proof interrupts is asked for once after it, and then done', async () => {
  const page = await openWindow(browser, 'pl', { reducedMotion: 'reduce', viewport: { width: 360, height: 800 } });
  await page.goto(`${demo.issuer}/admin/accounts`);
  await logIn(page, people.admin);
  await page.waitForURL(`${demo.issuer}/admin/accounts`);
  await searchAccounts(page, demo.issuer, 'jan');
  await page.locator('tbody a').first().click();
  const account = page.url();
  await until('the proof is old', async () => {
    await page.goto(account);
    return (await page.locator('#password').count()) > 0;
  });
  await page.locator('form[action$="/suspend"] button').click();
  await page.locator('form[action="/account/confirm"]').first().waitFor();
  await keepPicture(page, 'pl-360-light-confirm.interrupted');
  await page.locator('#password').fill(people.admin.password);
  await page.locator('form[action="/account/confirm"] button[type=submit]').first().click();
  await page.waitForURL(`${account}?confirm=suspend`);
  const question = page.getByRole('alert');
  assert.match(await question.textContent(), /Na razie nic się nie zmieniło\..*Zawiesić konto \(Jan Nowak\)\?/);
  assert.deepEqual(await findViolations(page), []);
  await keepPicture(page, 'pl-360-light-admin_account.question');
  await question.getByLabel(/Powód/).selectOption('left');
  await question.getByRole('button').click();
  await page.waitForURL(`${account}?done=suspend`);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('no form that asks for the password once more has a violation', async () => {
  const page = await openWindow(browser, 'pl', { reducedMotion: 'reduce', viewport: { width: 360, height: 800 } });
  await page.goto(`${demo.issuer}/account/data`);
  await logIn(page, people.admin);
  await page.waitForURL(`${demo.issuer}/account/data`);
  await until('the form asks for the password', async () => {
    await page.reload();
    return (await page.locator('#password-login').count()) > 0;
  });
  const found = [];
  for (const [name, address] of [['own_data', 'account/data?change=login'], ['sub_accounts', 'account/sub-accounts'], ['admin_account', 'admin/accounts']]) {
    await page.goto(`${demo.issuer}/${address}`);
    if (name === 'admin_account') await searchAccounts(page, demo.issuer, 'anna');
    if (name === 'admin_account') await page.locator('tbody a').first().click();
    if (name === 'admin_account') await page.locator('details:has(#new_password) > summary').click();
    await page.locator(name === 'own_data' ? '#password-login' : '#password').waitFor();
    found.push(...(await findViolations(page)).map((violation) => `${name}: ${violation}`));
    await keepPicture(page, `pl-360-light-${name}.proof`);
  }
  await page.goto(`${demo.issuer}/account/data/download`);
  await page.locator('a[href^="/account/confirm"]').waitFor();
  found.push(...(await findViolations(page)).map((violation) => `data_download: ${violation}`));
  assert.deepEqual(found, []);
  await page.context().close();
});
