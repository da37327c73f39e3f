// On a phone the menu is folded, so that a page begins with what it is about; on a wide window it is always open.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people } from '../harness/demo.mjs';
import { keepPicture, logIn, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

async function openAdministrator(options) {
  const page = await openWindow(browser, 'en', options);
  await page.goto(`${demo.issuer}/admin/accounts`);
  await logIn(page, people.admin);
  await page.locator('form[role=search]').waitFor();
  return page;
}

const phone = { viewport: { width: 320, height: 640 } };
const menu = (page) => page.getByRole('navigation', { name: 'Main menu' });

for (const javaScriptEnabled of [true, false]) {
  test(`on a phone the menu is folded and opens by keyboard (${javaScriptEnabled ? 'with' : 'without'} script)`, async () => {
    const page = await openAdministrator({ ...phone, javaScriptEnabled });
    const entry = menu(page).getByRole('link', { name: 'Audit log' });
    assert.equal(await menu(page).getByRole('link').count(), 0, 'who listens does not hear it either');
    const { y } = await page.locator('h1').boundingBox();
    assert.ok(y < 120, `the page begins at ${y} px`);
    assert.ok((await page.locator('.bar').boundingBox()).height < 64, 'the header is one line');
    assert.equal(await page.getByRole('button', { name: 'Log out' }).count(), 1);
    const summary = page.locator('.bar summary');
    await summary.focus();
    await page.keyboard.press('Enter');
    await entry.waitFor();
    assert.equal(await menu(page).locator('[aria-current=page]').textContent(), 'Accounts');
    assert.equal(await menu(page).getByText('Super administrator').isVisible(), true, 'person and context stand in the menu');
    await keepPicture(page, `menu-open-${javaScriptEnabled ? 'with' : 'without'}-script`);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.closest('nav.menu') !== null), true, 'after its button the menu comes next');
    if (javaScriptEnabled) {
      await page.keyboard.press('Escape');
      assert.equal(await entry.count(), 0, 'Escape closes it');
      assert.equal(await page.evaluate(() => document.activeElement.localName), 'summary');
      await page.keyboard.press('Enter');
      await entry.waitFor();
    }
    for (let steps = 0; steps < 20; steps += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement.getAttribute('href')) === '/admin/audit') break;
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(`${demo.issuer}/admin/audit`);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test('the menu of an administrator has two groups with headings', async () => {
  const page = await openAdministrator({ viewport: { width: 1280, height: 800 } });
  for (const [name, entry] of [['My account', 'Overview'], ['Administration', 'Accounts']]) {
    await menu(page).getByRole('list', { name }).getByRole('link', { name: entry }).waitFor();
  }
});

test('where there is room the menu is there and nothing has to be unfolded', async () => {
  const page = await openAdministrator({ viewport: { width: 1280, height: 800 } });
  await menu(page).getByRole('link', { name: 'Audit log' }).waitFor();
  assert.equal(await page.locator('.bar summary').isVisible(), false);
  // Whether it was folded on the phone or not: in a wide window it is open.
  await page.setViewportSize(phone.viewport);
  assert.equal(await menu(page).getByRole('link').count(), 0);
  await page.setViewportSize({ width: 1280, height: 800 });
  assert.equal(await menu(page).getByRole('link', { name: 'Audit log' }).isVisible(), true);
  await page.context().close();
});

test('a password can be looked at on a phone, and the field keeps most of the line', async () => {
  const page = await openWindow(browser, 'de', phone);
  await page.goto(`${demo.issuer}/login`);
  const field = page.locator('#password');
  const button = page.getByRole('button', { name: 'Passwort anzeigen' });
  assert.ok((await field.boundingBox()).width > 200);
  const { width, height } = await button.boundingBox();
  assert.ok(width >= 44 && height >= 44, 'a finger hits it');
  await field.fill('Meadow-Violet-2026');
  await button.focus();
  await page.keyboard.press('Space');
  assert.equal(await field.getAttribute('type'), 'text');
  assert.equal(await button.getAttribute('aria-pressed'), 'true');
  await page.keyboard.press('Space');
  assert.equal(await field.getAttribute('type'), 'password');
  await page.context().close();
});
