// Enlarged to 200 %, in Polish, which has the longest words: nothing has to be scrolled sideways, and no word is cut off.
import { test } from 'node:test';
import { useDemo } from './browser.mjs';
import { expectNoFlaw } from './flaws.mjs';

let started;
useDemo((both) => { started = both; });

// A window of 1280 px at 200 % has 640 CSS px, each two device pixels wide.
test('in Polish a phone is wide enough, and twice as large everything is there without scrolling sideways', async () => {
  await expectNoFlaw(started, { language: 'pl', widths: [320, 640, 360], deviceScaleFactor: 2 });
});
