// axe-core finds nothing wrong on any page: in Polish, on a phone, in dark and in light.
import { test } from 'node:test';
import { useDemo } from './browser.mjs';
import { expectNoViolation } from './violations.mjs';

let started;
useDemo((both) => { started = both; });

test('no page has a violation in Polish, 360 px wide, in dark and in light', async () => {
  await expectNoViolation(started, { language: 'pl', width: 360, colours: ['dark', 'light'] });
});
