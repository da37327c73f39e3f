// The second step of a login by SMS, against the demonstration's phone (S3.1 to S3.4).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people, until } from '../harness/demo.mjs';
import { expectNoSilentCode, fillLogin, keepPicture, languages, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

const number = '+48600100203';
const words = {
  en: { title: 'Code by SMS', again: 'Send a new code', wrong: 'This code is not right.' },
  de: { title: 'Code per SMS', again: 'Neuen Code senden', wrong: 'Dieser Code ist nicht richtig.' },
  pl: { title: 'Kod z SMS‑a', again: 'Wyślij nowy kod', wrong: 'Ten kod jest nieprawidłowy.' },
};

/** Text messages at Piotr's number, oldest first. */
async function texts() {
  const answer = await fetch(`${demo.portal}/inbox.json`);
  const all = await answer.json();
  const list = Array.isArray(all) ? all : all.messages;
  return list.filter((one) => one.channel === 'sms' && one.to === number);
}

/** The code of the message that comes after `before` others. */
async function nextCode(before) {
  const arrived = await until('the text message arrives', async () => {
    const all = await texts();
    return all.length > before ? all : undefined;
  });
  assert.equal(arrived.length, before + 1, 'exactly one message');
  const newest = arrived.sort((one, other) => String(one.at).localeCompare(String(other.at))).at(-1);
  const { text } = newest;
  const code = /\b(\d{6})\b/.exec(text)[1];
  assert.ok(text.endsWith(`@localhost #${code}`), `the last line is bound to the origin: ${text}`);
  return code;
}

async function firstStep(page) {
  const before = (await texts()).length;
  await page.goto(`${demo.issuer}/account`);
  await fillLogin(page, people.piotr);
  await page.waitForURL(`${demo.issuer}/login/factor**`);
  return nextCode(before);
}

async function waitForAccount(page) {
  await page.waitForURL(`${demo.issuer}/account`);
  await page.locator('.bar .person').first().waitFor({ state: 'attached' });
}

for (const language of ['en', 'de', 'pl']) {
  test(`after the password the code comes by text message, typed and Enter (${language})`, async () => {
    const page = await openWindow(browser, language);
    const code = await firstStep(page);
    assert.equal(await page.locator('h1').textContent(), words[language].title);
    assert.equal(await page.locator('#code').getAttribute('autocomplete'), 'one-time-code');
    await keepPicture(page, `second-step-${language}`);
    await page.locator('#code').fill(code === '000000' ? '000001' : '000000');
    await page.keyboard.press('Enter');
    await page.locator('#factor-wrong').waitFor();
    assert.ok((await page.locator('#factor-wrong').textContent()).includes(words[language].wrong));
    await page.locator('#code').fill(code);
    await page.keyboard.press('Enter');
    await waitForAccount(page);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test('the number pad types with mouse, keyboard and touch, and its keys have names', async () => {
  const page = await openWindow(browser, 'en', { hasTouch: true, viewport: { width: 360, height: 740 } });
  const code = await firstStep(page);
  const pad = page.getByRole('group', { name: 'Number pad' });
  for (const digit of '0123456789') await pad.getByRole('button', { name: digit, exact: true }).waitFor();
  await pad.getByRole('button', { name: '7', exact: true }).click();
  await pad.getByRole('button', { name: 'Delete the last digit' }).click();
  assert.equal(await page.locator('#code').inputValue(), '');
  for (const [at, digit] of [...code].entries()) {
    const key = pad.getByRole('button', { name: digit, exact: true });
    if (at < 2) await key.click();
    else if (at < 4) await key.tap();
    else { await key.focus(); await page.keyboard.press('Space'); }
  }
  assert.equal(await page.locator('#code').inputValue(), code);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 360, `nothing is wider than the phone: ${width}`);
  await keepPicture(page, 'second-step-phone');
  await pad.getByRole('button', { name: 'Confirm' }).click();
  await waitForAccount(page);
  await page.context().close();
});

test('back, a second tab, a reload and the address of a page never open anything and send nothing', async () => {
  const page = await openWindow(browser, 'en');
  const code = await firstStep(page);
  const sent = (await texts()).length;
  await page.reload();
  await page.locator('#code').waitFor();
  const tab = await page.context().newPage();
  for (const path of ['/account', '/account/data', '/login/context', '/login/change']) {
    await tab.goto(`${demo.issuer}${path}`);
    await tab.waitForURL(`${demo.issuer}/login/factor**`);
  }
  await expectNoSilentCode(page, demo);
  await page.goBack();
  await page.goto(`${demo.issuer}/login/factor`);
  assert.equal((await texts()).length, sent, 'nothing more was sent');
  await page.locator('#code').fill(code);
  await page.locator('form[action="/login/factor"] button.wide').click();
  await waitForAccount(page);
  await page.context().close();
});

test('a remembered device goes straight to the second step, sends at the button only, and can be forgotten', async () => {
  const page = await openWindow(browser, 'en');
  const code = await firstStep(page);
  await page.getByLabel(/Remember this device/).check();
  await page.locator('#code').fill(code);
  await page.keyboard.press('Enter');
  await waitForAccount(page);
  await page.locator('form[action="/logout"] button').first().click();
  const sent = (await texts()).length;
  for (let i = 0; i < 20; i += 1) await page.goto(`${demo.issuer}/login`);
  await page.getByText('Welcome back').first().waitFor();
  await keepPicture(page, 'second-step-remembered');
  assert.equal(await page.locator('input[name=password]').count(), 0);
  assert.equal((await texts()).length, sent, 'a visit sends nothing');
  await page.getByRole('button', { name: 'Send the code' }).click();
  await page.waitForURL(`${demo.issuer}/login/factor**`);
  await page.locator('#code').fill(await nextCode(sent));
  await page.keyboard.press('Enter');
  await waitForAccount(page);
  const stranger = await openWindow(browser, 'en');
  await stranger.goto(`${demo.issuer}/login`);
  await stranger.locator('input[name=password]').waitFor();
  await stranger.context().close();
  await page.context().close();
});

test('who leaves the group second-factor is asked for no code, and who comes back is', async () => {
  const member = async (act) => {
    const { status, err } = await demo.chancery(['group', act, 'second-factor', people.piotr.login]);
    assert.equal(status, 0, err);
  };
  await member('remove');
  const page = await openWindow(browser, 'en');
  await page.goto(`${demo.issuer}/account`);
  await fillLogin(page, people.piotr);
  await waitForAccount(page);
  await page.context().close();
  await member('add');
  const again = await openWindow(browser, 'en');
  await firstStep(again);
  await again.context().close();
});

/** What the administrator types at the gateway. */
async function saveGateway(fill) {
  const page = await openWindow(browser, 'en');
  await page.goto(`${demo.issuer}/admin/sms`);
  await fillLogin(page, people.admin);
  await page.waitForURL(`${demo.issuer}/admin/sms`);
  await page.locator('details.fold summary').click();
  const form = page.locator('form[action="/admin/sms/gateway"]');
  await fill(form);
  await form.locator('button[type=submit]').click();
  await page.waitForURL('**/admin/sms?done=gateway');
  return page;
}

test('while the gateway refuses, the page says by itself that the message could not be sent', async () => {
  const enter = (password) => (form) => form.locator('[name=gateway_password]').fill(password);
  await (await saveGateway(enter('wrong'))).context().close();
  const page = await openWindow(browser, 'de');
  await page.goto(`${demo.issuer}/account`);
  await fillLogin(page, people.piotr);
  await page.waitForURL(`${demo.issuer}/login/factor**`);
  await page.getByText('Die SMS konnte nicht gesendet werden.').waitFor();
  assert.deepEqual(page.complaints, []);
  const before = (await texts()).length;
  await (await saveGateway(enter('demo-gateway-password'))).context().close();
  // The message leaves with its next try, and the page says that as well.
  await page.getByText('Wir haben einen Code an Ihre Telefonnummer').waitFor();
  await page.locator('#code').fill(await nextCode(before));
  await page.keyboard.press('Enter');
  await waitForAccount(page);
  await page.context().close();
});

test('the field for the sender is off while the tariff allows none, and says why', async () => {
  const page = await saveGateway(async (form) => {
    const sender = form.locator('[name=sender]');
    await sender.fill('Clinic');
    await form.locator('[name=tariff]').check();
    assert.equal(await sender.isDisabled(), true);
    await form.getByText('Your tariff allows no sender of your own').waitFor();
  });
  await page.locator('details.fold summary').click();
  assert.equal(await page.locator('[name=sender]').isDisabled(), true);
  await page.locator('[name=tariff]').uncheck();
  assert.equal(await page.locator('[name=sender]').isDisabled(), false);
  await page.locator('form[action="/admin/sms/gateway"] button[type=submit]').click();
  await page.locator('[role=status]').first().waitFor();
  await page.context().close();
});

test('without script the code is typed, the pad is not there, and everything works', async () => {
  const page = await openWindow(browser, 'pl', { javaScriptEnabled: false });
  const code = await firstStep(page);
  assert.equal(await page.locator('.pad').isVisible(), false);
  await page.locator('#code').fill(code);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${demo.issuer}/account`);
  await page.context().close();
});
