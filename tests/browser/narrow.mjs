// 320 px wide and 200 % enlarged: nothing has to be scrolled sideways (WCAG 2.2, 1.4.4 and 1.4.10).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDemo } from '../harness/demo.mjs';
import { keepPicture, openBrowser, openWindow } from './browser.mjs';
import { visitEveryPage } from './pages.mjs';

let demo;
let browser;
before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function assertFits(page, name) {
  const { scroll, width, wide } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    width: document.documentElement.clientWidth,
    wide: [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
      .slice(0, 3).map((e) => e.outerHTML.slice(0, 120)),
  }));
  assert.ok(scroll <= width, `${name} is ${scroll} px wide in a window of ${width} px: ${wide.join(' | ')}`);
}

test('320 px are enough', async () => {
  const page = await openWindow(browser, 'de', { viewport: { width: 320, height: 640 } });
  await visitEveryPage(page, demo, async (name) => {
    await assertFits(page, name);
    await keepPicture(page, `narrow-${name}`);
  });
});

// A window of 1280 px at 200 % has 640 CSS px, each two device pixels wide.
test('twice as large, everything is there without scrolling sideways', async () => {
  const page = await openWindow(browser, 'pl', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  await visitEveryPage(page, demo, (name) => assertFits(page, name));
});
