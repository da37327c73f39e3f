// Every page that a person can see, one after the other. A page is named after its template in src/web/page/templates, a
// variant of it by a word after a dot; pages of the demonstration's applications begin with "demo.".
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { people } from '../harness/demo.mjs';
import { visitAccountPages, visitLeaving } from './pages_account.mjs';
import { visitAdminPages } from './pages_admin.mjs';
import { visitApplicationPages } from './pages_applications.mjs';
import { visitSettingsPages } from './pages_settings.mjs';
import { visitEntryPages } from './pages_entry.mjs';

const source = fileURLToPath(new URL('../../src/web/', import.meta.url));
let rounds = 0;

async function create(demo, login, givenName, more = []) {
  const person = { login, password: 'Walnut-Bridge-2026' };
  const { status, err } = await demo.chancery(['account', 'create', login, '--given-name', givenName, '--family-name', 'Brzęczyszczykiewicz',
    '--email', `${login}@clinic.example`, '--verified', '--password-stdin', '--no-must-change', ...more], `${person.password}\n`);
  assert.equal(status, 0, err);
  return person;
}

/** Calls `look(page, name)` on each page. `open` gives a window of somebody who has never been here. */
export async function visitEveryPage(open, demo, look) {
  rounds += 1;
  // People of their own for each round: it changes and deletes them.
  const round = `${process.pid}.${rounds}`;
  const phone = `+4860010${1000 + rounds}`;
  const seen = { names: new Set(), addresses: new Set() };
  const tour = {
    demo,
    open,
    round,
    seen,
    nurse: { ...await create(demo, `nurse.${round}`, 'Katarzyna', ['--phone', phone, '--preferred-channel', 'sms', '--as-main']), phone },
    locked: await create(demo, `locked.${round}`, 'Zofia'),
    forgetful: await create(demo, `forgetful.${round}`, 'Zofia'),
    admin: people.admin,
    recipient: people.jan,
    async see(page, name, url) {
      if (url) await page.goto(url);
      seen.names.add(name);
      seen.addresses.add(new URL(page.url()).pathname);
      await look(page, name);
    },
  };
  await visitEntryPages(tour);
  await visitAccountPages(tour);
  await visitLeaving(tour);
  await visitAdminPages(tour);
  await visitApplicationPages(tour);
  await visitSettingsPages(tour);
  return seen;
}

/** What src/web can show and the tour did not see: templates by name, addresses of pages by their pattern. */
export async function findUnseen(seen) {
  const files = (await readdir(`${source}templates`, { recursive: true })).map((file) => file.split('/').pop());
  const templates = files.filter((file) => /^[a-z].*\.html$/.test(file)).map((file) => file.slice(0, -5));
  const shown = new Set([...seen.names].map((name) => name.split('.')[0]));
  const mount = await readFile(`${source}mount.cpp`, 'utf8');
  const patterns = [...mount.matchAll(/mounter\.get\("([^"]+)"/g)].map((match) => match[1]);
  // Addresses that stylesheets, images or scripts fetch, and files to keep, are not pages.
  const isNoPage = (pattern) => pattern.startsWith('/theme/') || pattern === '/account/session' || pattern === '/login/passkey/options' || pattern.startsWith('/login/certificate/') || pattern.endsWith('/presented') || pattern.endsWith('/results') || /\/(json|xml)$/.test(pattern);
  const pages = patterns.filter((pattern) => !isNoPage(pattern));
  const isSeen = (pattern) => [...seen.addresses].some((path) => new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
  // reset_direct.mjs looks at this page: it needs a demonstration with the other form of the reset.
  shown.add('reset_own');
  // certificate.mjs looks at those that a browser comes back to.
  for (const name of ['certificate_return', 'certificate_presented', 'confirm_presented']) shown.add(name);
  return [...templates.filter((name) => !shown.has(name)), ...pages.filter((pattern) => !isSeen(pattern))];
}
