// axe-core finds nothing wrong on any page, in light and in dark (WCAG 2.2 A and AA, and its good advice).
import assert from 'node:assert/strict';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { people, startDemo, startServer, until } from '../harness/demo.mjs';
import { keepPicture, logIn, openWindow, useDemo } from './browser.mjs';
import { findUnseen, visitEveryPage } from './pages.mjs';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
let axe;
let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });
before(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});

async function findViolations(page) {
  // Evaluated by the debugger, which the page's content security policy does not bind.
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values } }), tags);
  return violations.map((one) => `${one.id}: ${one.help}; ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

const rounds = [
  { language: 'en', width: 1280, colours: ['light', 'dark'] },
  { language: 'pl', width: 360, colours: ['dark', 'light'] },
];
for (const { language, width, colours } of rounds) {
  test(`no page has a violation (${language}, ${width} px, ${colours.join(' and ')})`, async () => {
    const found = [];
    const open = () => openWindow(browser, language, { reducedMotion: 'reduce', viewport: { width, height: 800 } });
    const seen = await visitEveryPage(open, demo, async (page, name) => {
      assert.equal(await page.locator('html').getAttribute('lang'), language, name);
      for (const colorScheme of colours) {
        await page.emulateMedia({ colorScheme });
        found.push(...(await findViolations(page)).map((violation) => `${name}, ${colorScheme}: ${violation}`));
        await keepPicture(page, `${language}-${width}-${colorScheme}-${name}`);
      }
    });
    assert.deepEqual(found, []);
    assert.deepEqual(await findUnseen(seen), [], 'pages that nobody looked at');
  });
}

// A password counts for ten seconds here and not for five minutes: then the forms ask for it once more.
test('forms that ask for the password once more have no violation either', async () => {
  const short = await startDemo();
  await short.stop({ keep: true });
  await appendFile(short.configuration, '\n[login]\nproof = "10s"\n');
  const server = await startServer(short.configuration, short.issuer);
  try {
    const page = await openWindow(browser, 'pl', { reducedMotion: 'reduce', viewport: { width: 360, height: 800 } });
    await page.goto(`${short.issuer}/account/data`);
    await logIn(page, people.admin);
    await page.waitForURL(`${short.issuer}/account/data`);
    await until('the form asks for the password', async () => {
      await page.reload();
      return (await page.locator('#password').count()) > 0;
    });
    const found = [];
    for (const [name, address] of [['own_data', 'account/data'], ['sub_accounts', 'account/sub-accounts'], ['admin_account', 'admin/accounts?text=anna']]) {
      await page.goto(`${short.issuer}/${address}`);
      if (name === 'admin_account') await page.locator('tbody a').first().click();
      await page.locator('#password').waitFor();
      found.push(...(await findViolations(page)).map((violation) => `${name}: ${violation}`));
      await keepPicture(page, `pl-360-light-${name}.proof`);
    }
    assert.deepEqual(found, []);
    await page.context().close();
  } finally {
    await server.stop();
    await rm(short.folder, { recursive: true, force: true });
  }
});
