// axe-core finds nothing wrong on any page: in English, on a desk, in light and in dark.
import { test } from 'node:test';
import { useDemo } from './browser.mjs';
import { expectNoViolation } from './violations.mjs';

let started;
useDemo((both) => { started = both; });

test('no page has a violation in English, 1280 px wide, in light and in dark', async () => {
  await expectNoViolation(started, { language: 'en', width: 1280, colours: ['light', 'dark'] });
});
