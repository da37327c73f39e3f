// The look of the pages: typeface, icons, the panel beside the forms, paper.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { people } from '../harness/demo.mjs';
import { logIn, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

const longestFonts = 60 * 1024; // octets of all weights together

test('the typeface comes from this server, has the letters of three languages, and is small', async () => {
  const page = await openWindow(browser, 'pl');
  const sizes = [];
  page.on('response', async (response) => {
    if (response.request().resourceType() === 'font') sizes.push((await response.body()).length);
  });
  await page.goto(`${demo.issuer}/login`);
  for (const weight of [400, 600]) {
    const faces = await page.evaluate(
      (font) => document.fonts.load(font, 'ĄąĆćĘęŁłŃńÓóŚśŹźŻżÄäÖöÜüß').then((found) => found.map((face) => face.status)),
      `${weight} 1rem Inter`,
    );
    assert.deepEqual(faces, ['loaded']);
  }
  assert.equal(sizes.length, 2);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(all <= longestFonts, `${all} octets`);
  // Each of these letters has another width than the box that is drawn for a missing one.
  const missing = await page.evaluate(() => {
    const drawing = document.createElement('canvas').getContext('2d');
    const width = (letter, family) => { drawing.font = `64px ${family}`; return drawing.measureText(letter).width; };
    return [...'ąćęłńśźżäöüß'].filter((letter) => width(letter, 'Inter, monospace') === width(letter, 'monospace'));
  });
  assert.deepEqual(missing, []);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('every icon of the menu is drawn', async () => {
  const page = await openWindow(browser, 'en');
  await page.goto(`${demo.issuer}/account`);
  await logIn(page, people.admin);
  const icons = page.locator('.menu a .icon');
  const links = await page.locator('.menu a').count();
  await page.waitForFunction(() => [...document.querySelectorAll('.menu use')].every((use) => use.getBBox().width > 0));
  assert.equal(await icons.count(), links, 'each entry has one');
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('beside the form stands the application that one is on the way to', async () => {
  const page = await openWindow(browser, 'de', { viewport: { width: 1280, height: 800 } });
  await page.goto(demo.portal);
  await page.getByRole('link', { name: 'Anmelden' }).first().click();
  await page.locator('#password').waitFor();
  assert.match(await page.locator('.panel').innerText(), /Sie sind auf dem Weg zu\s+Klinikportal/);
  await page.goto(`${demo.issuer}/login`);
  assert.doesNotMatch(await page.locator('.panel').innerText(), /Klinikportal|Clinic portal/);
  await page.context().close();
});

test('on paper stands what the page says, without menu and buttons', async () => {
  const page = await openWindow(browser, 'en', { viewport: { width: 1280, height: 800 } });
  await page.goto(`${demo.issuer}/account/activity`);
  await logIn(page, people.jan);
  await page.locator('h1').waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('h1').isVisible(), true);
  for (const part of ['.menu', '.leave', '.foot', 'main .actions']) {
    assert.equal(await page.locator(part).first().isVisible(), false, part);
  }
  await page.context().close();
});

test('with the colours of the system everything that has meaning still has a line or a word', async () => {
  const page = await openWindow(browser, 'en', { viewport: { width: 1280, height: 800 }, forcedColors: 'active' });
  await page.goto(`${demo.issuer}/oauth2/authorize?client_id=demo-portal&redirect_uri=${encodeURIComponent(`${demo.portal}/callbac`)}&response_type=code`);
  const lineOf = (selector, side) => page.locator(selector).first().evaluate((element, name) => {
    const style = getComputedStyle(element);
    return `${style[`${name}Style`]} ${Number.parseFloat(style[`${name}Width`]) > 0}`;
  }, side);
  assert.equal(await lineOf('mark', 'outline'), 'solid true');
  await page.goto(`${demo.issuer}/account`);
  await logIn(page, people.admin);
  assert.equal(await lineOf('.menu [aria-current]', 'borderBottom'), 'solid true');
  assert.equal(await lineOf('.button', 'borderTop'), 'solid true');
  await page.goto(`${demo.issuer}/admin/accounts?order=newest`);
  assert.equal(await lineOf('.badge', 'borderTop'), 'solid true');
  assert.equal(await lineOf('.scroll', 'borderTop'), 'solid true');
  await page.goto(`${demo.issuer}/account/data?said=saved&field=login`);
  assert.equal(await lineOf('.notice', 'borderLeft'), 'solid true');
  await page.locator('a').first().focus();
  assert.equal(await lineOf(':focus', 'outline'), 'solid true');
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('on a phone a mail address breaks only at its sign and its dots, and an event takes a few lines', async () => {
  const page = await openWindow(browser, 'pl', { viewport: { width: 320, height: 700 } });
  await page.goto(`${demo.issuer}/admin/accounts`);
  await logIn(page, people.admin);
  await page.locator('tbody tr').first().waitFor();
  const broken = await page.locator('tbody td:nth-child(3)').evaluateAll((cells) => cells.flatMap((cell) => {
    // The pieces between the places to break are text nodes: each stands on one line.
    return [...cell.childNodes].filter((node) => node.nodeType === 3).filter((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return new Set([...range.getClientRects()].map((rect) => Math.round(rect.top))).size > 1;
    }).map((node) => node.textContent);
  }));
  assert.deepEqual(broken, []);
  await page.goto(`${demo.issuer}/admin/audit`);
  const tallest = await page.locator('tbody tr:not(.more)').evaluateAll((rows) => Math.max(...rows.map((row) => row.getBoundingClientRect().height)));
  assert.ok(tallest < 150, `${tallest} px`);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  await page.context().close();
});
