// An act on many accounts on two servers with one PostgreSQL, which both do it: one is killed in the middle of it, then the
// other one, then one comes back. Every account gets its link for a new password once, however the processes end.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeFolder, until } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';
import { Node } from '../harness/node.mjs';
import { Postgres } from '../harness/postgres.mjs';

const people = 150;
const password = 'Meadow-Violet-2026';
const stops = [];
let folder;
let database;
let one;
let two;

before(async () => {
  folder = await makeFolder('killed-run');
  database = await Postgres.make(path.join(folder, 'database'));
  stops.push(() => database.crash());
  [one, two] = ['one', 'two'].map((name) => new Node(path.join(folder, name), stops));
  await one.configure('', database.folder);
  await two.configure(`http://localhost:${one.port}`, database.folder);
  const make = async (login, args, input = '') => {
    const made = await one.command(['account', 'create', login, '--given', 'Ada', '--family', 'Nowak', ...args], input);
    assert.equal(made.status, 0, made.err);
  };
  await make('chief', ['--email', 'chief@clinic.example', '--context', 'administrator', '--no-must-change', '--password-stdin'], `${password}\n`);
  await Promise.all([one.start(), two.start()]);
  for (let i = 0; i < people; i += 1) await make(`person${i}`, ['--email', `person${i}@clinic.example`, '--verified', '--no-password']);
});
after(async () => {
  for (const stop of stops.reverse()) await stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const count = async (what) => Number(await database.ask(`SELECT count(*) FROM ${what}`));
const links = () => count("one_time_token WHERE purpose = 'reset'");
const done = () => count("bulk_item WHERE outcome <> ''");

test('an act on many accounts is done once for each, although both servers that do it are killed', async () => {
  const issuer = `http://localhost:${one.port}`;
  const browser = new HttpBrowser();
  await browser.logIn(await browser.open(`${issuer}/account`), { login: 'chief', password }, 'administrator');
  const list = await browser.open(`${issuer}/admin/accounts`);
  const found = await browser.submit(list, '/admin/accounts', { text: 'person' });
  const asked = await browser.submit(found, '/admin/accounts/bulk', { step: 'found' });
  const preview = await browser.submit(asked, '/admin/accounts/bulk', { act: 'reset' });
  const linksBefore = await links();
  const page = await browser.submit(preview, '/admin/accounts/bulk/begin', { reason: 'lost' });
  const run = /bulk\/([0-9a-f-]{36})$/.exec(page.url)[1];

  await until('some accounts are done', async () => (await done()) >= 5);
  await one.process.stop('SIGKILL');
  const afterFirst = await done();
  assert.ok(afterFirst < people, 'the run was over before a server was killed');
  await until('the other server goes on', async () => (await done()) >= afterFirst + 5);
  await two.process.stop('SIGKILL');
  const afterBoth = await done();
  assert.ok(afterBoth < people, 'the run was over before both servers were killed');
  await one.start();
  await until('the run has ended', async () => (await count(`bulk_act WHERE state = 'done'`)) === 1);

  assert.equal(await count("bulk_item WHERE outcome = 'done'"), people);
  const { out, status } = await one.command(['audit', 'export']);
  assert.equal(status, 0);
  const events = out.split('\n').filter(Boolean).map((line) => JSON.parse(line)).filter((event) => event.request_id === run);
  const resets = events.filter((event) => event.type === 'password_reset');
  // A reset has an event for each of its steps; none of them stands twice for an account.
  for (const step of new Set(resets.map((event) => event.data.step))) {
    const ofStep = resets.filter((event) => event.data.step === step);
    assert.equal(ofStep.length, people, step);
    assert.equal(new Set(ofStep.map((event) => event.subject)).size, people, step);
  }
  assert.equal(events.filter((event) => event.type === 'bulk_act' && event.data.step === 'done').length, 1);
  // One link for each account: what was begun when the processes ended is not sent twice.
  assert.equal((await links()) - linksBefore, people);
  assert.equal((await one.command(['audit', 'verify'])).status, 0);
});
