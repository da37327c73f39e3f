// 320 px wide, in German: nothing has to be scrolled sideways, and no word is cut off.
import { test } from 'node:test';
import { useDemo } from './browser.mjs';
import { expectNoFlaw } from './flaws.mjs';

let started;
useDemo((both) => { started = both; });

test('320 px are enough, and 360 px', async () => {
  await expectNoFlaw(started, { language: 'de', widths: [360, 320] });
});
