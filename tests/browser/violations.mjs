// What axe-core finds on a page (WCAG 2.2 A and AA, and its best practices), for the scripts accessibility_*.mjs.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { keepPicture, openWindow } from './browser.mjs';
import { findUnseen, visitEveryPage } from './pages.mjs';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// What another colour scheme can change of a page.
const rulesOfColours = ['color-contrast', 'link-in-text-block'];

export async function findViolations(page, runOnly = { type: 'tag', values: tags }) {
  // Evaluated by the debugger, which the page's content security policy does not bind.
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axe);
  const { violations } = await page.evaluate((only) => globalThis.axe.run(document, { runOnly: only }), runOnly);
  return violations.map((one) => `${one.id}: ${one.help}; ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

/** Every page in one language and width: all rules in the first colour scheme, those about colours in the others. */
export async function expectNoViolation({ browser, demo }, { language, width, colours }) {
  const found = [];
  const open = () => openWindow(browser, language, { reducedMotion: 'reduce', viewport: { width, height: 800 }, ignoreHTTPSErrors: true });
  const seen = await visitEveryPage(open, demo, async (page, name) => {
    assert.equal(await page.locator('html').getAttribute('lang'), language, name);
    for (const [place, colorScheme] of colours.entries()) {
      await page.emulateMedia({ colorScheme });
      const violations = await (place === 0 ? findViolations(page) : findViolations(page, { type: 'rule', values: rulesOfColours }));
      found.push(...violations.map((violation) => `${name}, ${colorScheme}: ${violation}`));
      await keepPicture(page, `${language}-${width}-${colorScheme}-${name}`);
    }
  });
  assert.deepEqual(found, []);
  assert.deepEqual(await findUnseen(seen), [], 'pages that nobody looked at');
}
