// Whether a page needs to be scrolled sideways or cuts off a word (WCAG 2.2, 1.4.4 and 1.4.10), for the scripts
// narrow_*.mjs.
import assert from 'node:assert/strict';
import { keepPicture, openWindow } from './browser.mjs';
import { visitEveryPage } from './pages.mjs';

async function findFlaws(page, name) {
  const { scroll, width, wide, cut } = await page.evaluate(() => {
    const words = (elements) => elements.slice(0, 3).map((element) => element.outerHTML.slice(0, 120));
    const all = [...document.querySelectorAll('body *')];
    // Text only for screen readers is clipped on purpose.
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

/** Every page in one language, in a window of each of the widths. */
export async function expectNoFlaw({ browser, demo }, { language, widths, deviceScaleFactor = 1 }) {
  const found = [];
  const open = () => openWindow(browser, language, { viewport: { width: widths.at(-1), height: 640 }, deviceScaleFactor, ignoreHTTPSErrors: true });
  await visitEveryPage(open, demo, async (page, name) => {
    for (const width of widths) {
      await page.setViewportSize({ width, height: 640 });
      found.push(...await findFlaws(page, `${name} (${width})`));
    }
    await keepPicture(page, `${language}-${widths.at(-1)}-${name}`);
  });
  assert.deepEqual(found, []);
}
