// Mails as a mail program shows them: with the tenant's look, light and dark, wide and narrow, in three languages. Their
// pictures are compared with those in tests/browser/pictures; `make pictures` makes these anew.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { people, until } from '../harness/demo.mjs';
import { keepPicture, openWindow, useDemo } from './browser.mjs';
import { findViolations } from './violations.mjs';

const known = new URL('pictures/', import.meta.url).pathname;
const makeAnew = process.env.CHANCERY_PICTURES === 'make';
const block = 16; // pixels; within a block glyphs of another font or another token make no difference

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

async function findMail(to) {
  return until(`a mail to ${to}`, async () => {
    const inbox = await (await fetch(`${demo.portal}/inbox.json`)).json();
    return inbox.find((one) => one.channel === 'email' && one.to.includes(to));
  });
}

/** Ports and tokens are of other lengths each time, and would break lines elsewhere. */
function fixWhatChanges(html) {
  return html.replaceAll(/http:\/\/localhost:\d+/g, 'https://login.clinic.example').replaceAll(/token=\w+/g, `token=${'0123456789abcdef'.repeat(2)}`);
}

/** Mean brightness and colour of each block, of two PNG pictures; how many blocks differ visibly, and how many there are. */
async function compare(page, one, other) {
  return page.evaluate(async ({ pictures, size }) => {
    const grids = await Promise.all(pictures.map(async (base64) => {
      const octets = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const image = await createImageBitmap(new Blob([octets], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(Math.ceil(image.width / size), Math.ceil(image.height / size));
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      return { width: image.width, height: image.height, data: [...context.getImageData(0, 0, canvas.width, canvas.height).data] };
    }));
    const [a, b] = grids;
    let different = 0;
    const count = Math.min(a.data.length, b.data.length);
    for (let i = 0; i < count; i += 4) {
      const distance = Math.max(...[0, 1, 2].map((k) => Math.abs(a.data[i + k] - b.data[i + k])));
      if (distance > 64) different += 1;
    }
    return { different, blocks: count / 4, widths: [a.width, b.width], heights: [a.height, b.height] };
  }, { pictures: [one.toString('base64'), other.toString('base64')], size: block });
}

test('a mail has the look of the tenant, in every scheme and width, and looks as it did', async () => {
  const set = await demo.chancery(['tenant', 'set', '--name', 'Klinika nad Rzeką', '--accent', '#7a1fa2']);
  assert.equal(set.status, 0, set.err);
  const asking = await openWindow(browser, 'en');
  await asking.goto(`${demo.issuer}/reset`);
  await asking.locator('input[name=login]').fill(people.jan.login);
  await asking.locator('form[action="/reset"] button[type=submit]').click();
  const { html } = await findMail(people.jan.login);
  await mkdir(known, { recursive: true });
  const scratch = await openWindow(browser, 'en');
  await scratch.goto(`${demo.portal}/inbox`);
  const pictures = {};
  for (const [name, options] of Object.entries({
    light: { colorScheme: 'light', viewport: { width: 720, height: 720 } },
    dark: { colorScheme: 'dark', viewport: { width: 720, height: 720 } },
    narrow: { colorScheme: 'light', viewport: { width: 320, height: 900 } },
  })) {
    const page = await openWindow(browser, 'en', options);
    await page.setContent(fixWhatChanges(html));
    await keepPicture(page, `mail.${name}`);
    pictures[name] = await page.screenshot({ animations: 'disabled' });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false, `${name}: nothing is cut off`);
    const file = path.join(known, `mail_${name}.png`);
    if (makeAnew) await writeFile(file, pictures[name]);
    const { different, blocks, widths } = await compare(scratch, pictures[name], await readFile(file));
    assert.equal(widths[0], widths[1]);
    assert.ok(different <= blocks * 0.03, `${name}: ${different} of ${blocks} blocks are not as in ${file}; if that is meant: make pictures`);
    await page.context().close();
  }
  const { different, blocks } = await compare(scratch, pictures.light, pictures.dark);
  assert.ok(different > blocks * 0.8, `dark is another picture: ${different} of ${blocks}`);
});

test('a mail can be read: contrasts, names and order are those that axe-core demands', async () => {
  const { html } = await findMail(people.jan.login);
  for (const colorScheme of ['light', 'dark']) {
    const page = await openWindow(browser, 'en', { colorScheme });
    await page.setContent(html);
    assert.deepEqual(await findViolations(page), [], colorScheme);
    await page.context().close();
  }
});
