// What axe-core finds on a page (WCAG 2.2 A and AA, and its best practices), for the scripts accessibility_*.mjs.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { keepPicture, openWindow } from './browser.mjs';
import { findUnseen, visitEveryPage } from './pages.mjs';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function findViolations(page) {
  // Evaluated by the debugger, which the page's content security policy does not bind.
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values } }), tags);
  return violations.map((one) => `${one.id}: ${one.help}; ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

/** Every page in one language and width, in each of the colour schemes. */
export async function expectNoViolation({ browser, demo }, { language, width, colours }) {
  const found = [];
  const open = () => openWindow(browser, language, { reducedMotion: 'reduce', viewport: { width, height: 800 }, ignoreHTTPSErrors: true });
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
}
