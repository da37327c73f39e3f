// 320 px wide and 200 % enlarged: nothing has to be scrolled sideways, and no word is cut off (WCAG 2.2, 1.4.4 and
// 1.4.10).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepPicture, openWindow, useDemo } from './browser.mjs';
import { visitEveryPage } from './pages.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

async function findFlaws(page, name) {
  const { scroll, width, wide, cut } = await page.evaluate(() => {
    const words = (elements) => elements.slice(0, 3).map((element) => element.outerHTML.slice(0, 120));
    const all = [...document.querySelectorAll('body *')];
    // What is there for the ear alone is clipped on purpose.
    const isSeen = (element) => element.checkVisibility() && getComputedStyle(element).clipPath === 'none' && !element.closest('svg');
    return {
      scroll: document.documentElement.scrollWidth,
      width: document.documentElement.clientWidth,
      wide: words(all.filter((element) => isSeen(element) && element.getBoundingClientRect().right > innerWidth + 1)),
      cut: words(all.filter((element) => isSeen(element) && !element.matches('input, select, textarea, .scroll, .panel') &&
        getComputedStyle(element).overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1)),
    };
  });
  const flaws = scroll > width ? [`${name} is ${scroll} px wide in a window of ${width} px: ${wide.join(' | ')}`] : [];
  return cut.length > 0 ? [...flaws, `${name} cuts off: ${cut.join(' | ')}`] : flaws;
}

test('320 px are enough, and 360 px', async () => {
  const found = [];
  const open = () => openWindow(browser, 'de', { viewport: { width: 320, height: 640 } });
  await visitEveryPage(open, demo, async (page, name) => {
    for (const width of [360, 320]) {
      await page.setViewportSize({ width, height: 640 });
      found.push(...await findFlaws(page, `${name} (${width})`));
    }
    await keepPicture(page, `de-320-${name}`);
  });
  assert.deepEqual(found, []);
});

// A window of 1280 px at 200 % has 640 CSS px, each two device pixels wide. Polish has the longest words of all.
test('in Polish a phone is wide enough, and twice as large everything is there without scrolling sideways', async () => {
  const found = [];
  const open = () => openWindow(browser, 'pl', { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2 });
  await visitEveryPage(open, demo, async (page, name) => {
    for (const width of [320, 640, 360]) {
      await page.setViewportSize({ width, height: 640 });
      found.push(...await findFlaws(page, `${name} (${width})`));
    }
  });
  assert.deepEqual(found, []);
});
