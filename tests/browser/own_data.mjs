// A doctor has a new telephone number: on a phone, with script and without, in as few steps as there are things to do.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { people, until } from '../harness/demo.mjs';
import { logIn, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

const small = { viewport: { width: 360, height: 640 } };

async function openData(language, options) {
  const page = await openWindow(browser, language, options);
  await page.goto(`${demo.issuer}/account/data`);
  await logIn(page, people.anna, 'user');
  await page.waitForURL(`${demo.issuer}/account/data`);
  return page;
}

/** The newest code that the phone got. */
function waitForCode(number) {
  return until(`the code for ${number}`, async () => {
    const inbox = await (await fetch(`${demo.portal}/inbox.json`)).json();
    return inbox.find((one) => one.channel === 'sms' && one.to.includes(number))?.text.match(/\d{6}/)?.[0];
  });
}

async function change(page, typed) {
  await page.locator('#row-phone summary').click();
  await page.locator('#phone').fill(typed);
  await page.locator('#row-phone form[action="/account/data"] button[type=submit]').click();
  await page.locator('#code-phone').waitFor();
}

for (const [javaScriptEnabled, typed, number] of [[true, '600 555 444', '+48600555444'], [false, '600 555 445', '+48600555445']]) {
  const how = javaScriptEnabled ? 'with script' : 'without script';
  test(`a new number without its country is confirmed by the code beside it, ${how}`, async () => {
    const page = await openData('pl', { ...small, javaScriptEnabled });
    await change(page, typed);
    const field = page.locator('#code-phone');
    const box = await field.boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= small.viewport.height, 'the field of the code is on the screen');
    const again = page.locator('#row-phone button[value=send]');
    if (javaScriptEnabled) {
      assert.ok(await again.isDisabled(), 'a new code has to wait');
      assert.match(await page.locator('#code-phone-again').textContent(), /\(\d:\d\d\)/);
    } else {
      await again.click();
      await page.locator('#row-phone [role=alert]').waitFor();
    }
    const code = await waitForCode(number);
    await page.keyboard.type(`${code.slice(0, 3)} ${code.slice(3)}`);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.search.includes('said=verified'));
    assert.match(await page.locator('#row-phone [role=status]').textContent(), new RegExp(typed.replaceAll(' ', '.')));
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test('when the wait is over, a new code can be sent', async () => {
  const page = await openData('de', small);
  await page.clock.install();
  await change(page, '600 555 446');
  const again = page.locator('#row-phone button[value=send]');
  assert.ok(await again.isDisabled());
  await page.clock.fastForward('01:01');
  await page.locator('#code-phone-again').waitFor({ state: 'hidden' });
  assert.ok(await again.isEnabled());
  await page.locator('#row-phone button[value=drop]').click();
  await page.locator('#code-phone').waitFor({ state: 'detached' });
  await page.context().close();
});

test('both files are downloaded from one page, one after the other', async () => {
  const page = await openData('en', {});
  await page.locator('a[href="/account/data/download"]').click();
  for (const format of ['json', 'html', 'json']) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`button[value=${format}]`).click()]);
    assert.match(download.suggestedFilename(), new RegExp(`^my-data-\\d{4}-\\d\\d-\\d\\d\\.${format}$`));
    const file = await readFile(await download.path(), 'utf8');
    assert.ok(file.includes('anna.kowalska'));
    if (format === 'json') assert.equal(JSON.parse(file).format, 'chancery-personal-data');
  }
  await page.context().close();
});
