// Two servers on one PostgreSQL that sign and stamp at the same time (S4.22, S4.24): a hundred parallel jobs by people and
// programs with keys in software and on a token, some with a wrong PIN, one person suspended meanwhile; and time stamps
// whose numbers no two nodes give, also when one of them is killed.
import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeFolder, run } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';
import { Node } from '../harness/node.mjs';
import { Postgres } from '../harness/postgres.mjs';
import { forEachAtOnce, isOfConnection } from '../harness/token_client.mjs';

const jobs = 100;
const width = 24;
const jan = { login: 'jan.nowak', password: 'River-Copper-2026' };
const pin = '274831';
const tokenPin = '123456';
const forms = [
  { format: 'cades', packaging: 'detached' }, { format: 'cades', packaging: 'enveloping' },
  { format: 'xades', packaging: 'enveloped' }, { format: 'xades', packaging: 'enveloping', level: 'T' },
];
const stops = [];
const nodes = [];
const keys = {};  // name → { id, pin, authorization }
let folder;
let database;

const place = (name) => path.join(folder, name);
const origin = (i) => `http://127.0.0.1:${nodes[i % 2].port}`;
const count = async (what) => Number(await database.ask(`SELECT count(*) FROM ${what}`));

async function command(args, input = '') {
  const { status, out, err } = await nodes[0].command([...args, '--json'], input);
  assert.equal(status, 0, `${args.join(' ')}: ${err}`);
  return out === '' ? {} : JSON.parse(out);
}

async function makeKey(args, itsPin = '') {
  const activation = itsPin ? ['--activation', 'pin', '--pin-stdin'] : ['--activation', 'none'];
  return (await command(['credential', 'create', '--label', 'Key', '--issue', ...args, ...activation], itsPin && `${itsPin}\n`)).id;
}

/** A personal token for `sign`, as its owner makes it on the page. */
async function makePersonalToken() {
  const browser = new HttpBrowser();
  await browser.logIn(await browser.open(`${nodes[0].issuer}/account`), jan);
  const page = await browser.open(`${nodes[0].issuer}/account/tokens`);
  const made = await browser.submit(page, '/account/tokens/new', { name: 'script', days: '30', scope_sign: 'yes', current: jan.password, password: jan.password });
  const token = /chy_pat_[A-Za-z0-9_-]+/.exec(made.text)?.[0];
  assert.ok(token, made.text);
  return token;
}

before(async () => {
  folder = await makeFolder('signing-nodes');
  database = await Postgres.make(place('database'));
  stops.push(() => database.crash());
  await mkdir(place('tokens'));
  await writeFile(place('softhsm2.conf'), `directories.tokendir = ${place('tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  const hsm = { ...process.env, SOFTHSM2_CONF: place('softhsm2.conf') };
  const initialised = await run('softhsm2-util', ['--init-token', '--free', '--label', 'bench', '--pin', tokenPin, '--so-pin', '87654321'], { env: hsm });
  assert.equal(initialised.status, 0, initialised.err);
  for (const name of ['one', 'two']) {
    const node = new Node(place(name), stops);
    nodes.push(node);
    // The token belongs to the machine of the first node.
    const token = name === 'one' ? ['[[token]]', 'name = "hsm"', 'module = "/usr/lib/softhsm/libsofthsm2.so"', 'label = "bench"'] : [];
    await node.configure(nodes[0].issuer ?? '', database.folder, [`signing.folder = "${place('spool')}"`, 'timestamp.each_minute_of_network = 100000', ...token]);
    node.issuer = nodes[0].issuer ?? `http://localhost:${node.port}`;
    node.env.SOFTHSM2_CONF = place('softhsm2.conf');
  }
  await mkdir(place('spool'), { mode: 0o700 });
  await command(['account', 'create', jan.login, '--given-name', 'Jan', '--family-name', 'Nowak',
    '--email', 'jan.nowak@mail.example', '--no-must-change', '--password-stdin'], `${jan.password}\n`);
  await command(['authority', 'create', '--name', 'Clinic']);
  await command(['timestamp', 'authority', 'create']);
  const { client_secret: secret } = await command(['client', 'create', 'archive', '--name', 'Archive', '--kind', 'machine', '--scope', 'sign']);
  await Promise.all(nodes.map((node) => node.start()));
  const program = `Basic ${btoa(`archive:${secret}`)}`;
  keys.soft = { id: await makeKey(['--seal']), authorization: program };
  keys.rsa = { id: await makeKey(['--seal', '--key', 'rsa-2048']), authorization: program };
  keys.card = { id: await makeKey(['--seal', '--token', 'hsm'], tokenPin), pin: tokenPin, authorization: program };
  keys.guessed = { id: await makeKey(['--seal'], pin), pin: '999999', authorization: program };
  keys.jan = { id: await makeKey(['--account', jan.login], pin), pin, authorization: `Bearer ${await makePersonalToken()}` };
  await writeFile(place('chain.pem'), await (await fetch(`${origin(0)}/pki/chain.pem`)).text());
});
after(async () => {
  for (const stop of stops.reverse()) await stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const documentOf = (job, n) => `<order job="${job}" n="${n}"></order>`;

async function sign(job, at) {
  const key = keys[job.key];
  const answer = await fetch(`${origin(at)}/api/v1/sign`, {
    method: 'POST',
    headers: { Authorization: key.authorization, 'Content-Type': 'application/json', 'Idempotency-Key': `job ${job.number}` },
    body: JSON.stringify({
      credential_id: key.id, pin: key.pin, ...job.form,
      documents: Array.from({ length: job.documents }, (_, n) => ({ name: `${n}.xml`, document: btoa(documentOf(job.number, n)) })),
    }),
  });
  return { status: answer.status, body: await answer.json() };
}

test('of a hundred parallel jobs at two nodes each has one result, in its order, nothing twice and nothing lost', async () => {
  const names = ['soft', 'rsa', 'card', 'guessed', 'jan'];
  const planned = Array.from({ length: jobs }, (_, number) => ({
    number, key: names[number % names.length], form: forms[Math.floor(number / names.length) % forms.length],
    documents: number % 7 === 0 ? 12 : 1 + (number % 3), node: number % 3 === 0 ? 1 : 0,
  }));
  let ofJan = 0;
  let suspended;
  const answers = await forEachAtOnce(planned, width, async (job) => {
    const answer = await sign(job, job.node);
    if (job.key === 'jan' && (ofJan += 1) === 4) suspended = nodes[0].command(['account', 'suspend', jan.login]);
    return answer;
  });
  assert.equal((await suspended).status, 0);

  const signatures = new Set();
  const ids = new Set();
  const told = { done: 0, refused: {} };
  for (const job of planned) {
    const { status, body } = answers[job.number];
    const words = `${job.number} ${job.key} at ${job.node}: ${status} ${JSON.stringify(body).slice(0, 300)}`;
    const type = String(body.type ?? '').split(/[/:#]/).pop();
    if (status !== 200) told.refused[`${job.key} ${status} ${type}`] = (told.refused[`${job.key} ${status} ${type}`] ?? 0) + 1;
    if (job.key === 'guessed') assert.ok([403, 429].includes(status), words);
    else if (job.key === 'card' && job.node === 1) assert.equal(status, 503, words);
    else if (job.key === 'jan') assert.ok([200, 401, 403].includes(status), words);
    else assert.equal(status, 200, words);
    if (status !== 200) continue;
    assert.equal(body.state, 'done', words);
    assert.ok(!ids.has(body.job_id), words);
    ids.add(body.job_id);
    assert.deepEqual(body.items.map((item) => item.name), Array.from({ length: job.documents }, (_, n) => `${n}.xml`), words);
    for (const [n, item] of body.items.entries()) {
      assert.equal(item.outcome, 'signed', words);
      assert.ok(!signatures.has(item.document), words);
      signatures.add(item.document);
      told.done += 1;
      const octets = Buffer.from(item.document, 'base64');
      if (job.form.packaging === 'enveloped') assert.ok(octets.includes(`<order job="${job.number}" n="${n}">`), words);
    }
  }
  assert.ok(ofJan === 20 && answers.some(({ status }, i) => planned[i].key === 'jan' && status === 200));
  assert.ok(answers.some(({ status }, i) => planned[i].key === 'jan' && status !== 200), 'the account was suspended after all of its jobs');
  console.log(JSON.stringify(told));

  // What was told, what is stored, what was counted and what is on record are the same. Of a job that was cut by the
  // suspension some documents may be signed.
  const stored = await count("signing_item WHERE state = 'done'");
  assert.equal(await database.ask("SELECT count(DISTINCT value) FROM signing_item WHERE state = 'done'"), String(stored));
  assert.ok(stored >= told.done);
  assert.equal(await count("audit_event WHERE type = 'key_use'"), stored);
  assert.equal(await count("audit_event WHERE type = 'document_sign' AND outcome = 'success'"), stored);
  let uses = 0;
  for (const { id } of Object.values(keys)) uses += (await command(['credential', 'show', id])).uses;
  assert.equal(uses, stored);
  assert.equal((await command(['credential', 'show', keys.guessed.id])).uses, 0);

  // The same requests at the other node give the same jobs, and no key is used again.
  const again = await forEachAtOnce(planned.filter((job) => answers[job.number].status === 200 && job.key !== 'jan'), width, async (job) => ({ job, ...await sign(job, 1 - job.node) }));
  for (const { job, status, body } of again) {
    assert.equal(status, 200, JSON.stringify(body).slice(0, 300));
    assert.equal(body.job_id, answers[job.number].body.job_id);
    assert.deepEqual(body.items.map((item) => item.outcome), body.items.map(() => 'signed'));
  }
  assert.equal(await count("signing_item WHERE state = 'done'"), stored);
  assert.equal(await count("audit_event WHERE type = 'key_use'"), stored);

  const attached = planned.find((job) => job.key === 'soft' && job.form.format === 'cades' && job.form.packaging === 'enveloping');
  await writeFile(place('one.p7m'), Buffer.from(answers[attached.number].body.items[0].document, 'base64'));
  const judged = await run('openssl', ['cms', '-verify', '-cades', '-inform', 'DER', '-in', place('one.p7m'), '-CAfile', place('chain.pem'), '-purpose', 'any', '-binary']);
  assert.equal(judged.status, 0, judged.err);
  assert.equal(judged.out, documentOf(attached.number, 0));
});

test('time stamps of two nodes, of which one is killed, have numbers of their own, and each has its event', async () => {
  const made = await run('openssl', ['ts', '-query', '-digest', 'ab'.repeat(32), '-sha256', '-no_nonce', '-out', place('query')]);
  assert.equal(made.status, 0, made.err);
  const query = Buffer.from((await run('openssl', ['base64', '-A', '-in', place('query')])).out, 'base64');
  const before = await count("audit_event WHERE type = 'timestamp_issue'");
  const replies = [];
  let broken = 0;
  const stamp = async (at) => {
    try {
      const answer = await fetch(`${origin(at)}/timestamp`, { method: 'POST', headers: { 'Content-Type': 'application/timestamp-query' }, body: query });
      const octets = Buffer.from(await answer.arrayBuffer());
      assert.equal(answer.status, 200, octets.toString());
      replies.push(octets);
    } catch (error) {
      const cut = error.cause?.code === 'UND_ERR_SOCKET' || isOfConnection(error.cause ?? error);
      if (!cut) throw error;
      broken += 1;
    }
  };
  const turns = Array.from({ length: 300 }, (_, i) => i);
  let killed;
  await forEachAtOnce(turns, width, async (i) => {
    if (i === 200) killed = nodes[1].process.stop('SIGKILL');
    await stamp(i);
  });
  await killed;
  await nodes[1].start();
  await forEachAtOnce(turns.slice(0, 100), width, stamp);
  assert.equal(replies.length + broken, 400);
  assert.ok(replies.length >= 300, `${broken} of 400 requests broke`);

  const serials = await forEachAtOnce(replies, 8, async (octets) => {
    const file = place(`reply-${replies.indexOf(octets)}`);
    await writeFile(file, octets);
    const { out, err } = await run('openssl', ['ts', '-reply', '-in', file, '-text']);
    const serial = /Serial number: 0x([0-9A-F]+)/.exec(out)?.[1];
    assert.ok(serial, out + err);
    return serial.toLowerCase();
  });
  assert.equal(new Set(serials).size, replies.length, 'a number was given twice');
  const events = (await nodes[0].command(['audit', 'export'])).out.split('\n').filter(Boolean).map((line) => JSON.parse(line)).filter(({ type }) => type === 'timestamp_issue');
  const known = new Set(events.map(({ data }) => data.serial.replace(/^0+/, '')));
  assert.equal(known.size, events.length, 'two events have the same number');
  for (const serial of serials) assert.ok(known.has(serial.replace(/^0+/, '')), `${serial} is not on record`);
  // A stamp whose answer was cut by the kill may be on record as well.
  assert.ok(events.length - before >= replies.length && events.length - before <= 400);
  assert.equal((await nodes[0].command(['audit', 'verify'])).status, 0);
  console.log(`${replies.length} stamps, ${broken} requests lost their connection`);
});
