// axe-core finds nothing wrong on any page, in light and in dark (WCAG 2.2 A and AA, and its good advice).
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { startDemo } from '../harness/demo.mjs';
import { keepPicture, openBrowser, openWindow } from './browser.mjs';
import { visitEveryPage } from './pages.mjs';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
let axe;
let demo;
let browser;
before(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  demo = await startDemo();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function findViolations(page) {
  // Evaluated by the debugger, which the page's content security policy does not bind.
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values } }), tags);
  return violations.map((one) => `${one.id}: ${one.help}; ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

for (const [language, colorScheme] of [['en', 'light'], ['en', 'dark'], ['de', 'light'], ['pl', 'dark']]) {
  test(`no page has a violation (${language}, ${colorScheme})`, async () => {
    const page = await openWindow(browser, language, { colorScheme, reducedMotion: 'reduce' });
    const found = [];
    await visitEveryPage(page, demo, async (name) => {
      assert.equal(await page.locator('html').getAttribute('lang'), language, name);
      found.push(...(await findViolations(page)).map((violation) => `${name}: ${violation}`));
      await keepPicture(page, `${colorScheme}-${language}-${name}`);
    });
    assert.deepEqual(found, []);
  });
}
