// A stack of documents on a server that is killed in the middle of it (S4.22): it goes on where it was, signs nothing twice
// and loses nothing. xmlsec1 and openssl judge what was made.
import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeFolder, run, until } from '../harness/demo.mjs';
import { Node } from '../harness/node.mjs';
import { Postgres } from '../harness/postgres.mjs';

const documents = 250;
const stops = [];
let folder;
let database;
let node;
let seal;
let secret;

const place = (name) => path.join(folder, name);
const count = async (what) => Number(await database.ask(`SELECT count(*) FROM ${what}`));

async function command(args, input = '') {
  const { status, out, err } = await node.command([...args, '--json'], input);
  assert.equal(status, 0, `${args.join(' ')}: ${err}`);
  return JSON.parse(out);
}

before(async () => {
  folder = await makeFolder('killed-signing');
  database = await Postgres.make(place('database'));
  stops.push(() => database.crash());
  node = new Node(place('node'), stops);
  await node.configure('', database.folder);
  await command(['authority', 'create', '--name', 'Clinic']);
  await command(['timestamp', 'authority', 'create']);
  // A slow key, so that the server is killed while it signs.
  seal = (await command(['credential', 'create', '--seal', '--label', 'Seal', '--activation', 'none', '--key', 'rsa-4096', '--issue'])).id;
  const client = await command(['client', 'create', 'archive', '--name', 'Archive', '--kind', 'machine', '--scope', 'sign']);
  secret = client.client_secret;
  await node.start();
  const chain = await (await fetch(`http://127.0.0.1:${node.port}/pki/chain.pem`)).text();
  const [issuing, root] = chain.split(/(?=-----BEGIN CERTIFICATE-----)/);
  await writeFile(place('chain.pem'), chain);
  await writeFile(place('issuing.pem'), issuing);
  await writeFile(place('root.pem'), root);
});
after(async () => {
  for (const stop of stops.reverse()) await stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function call(method, address, body) {
  const answer = await fetch(`http://127.0.0.1:${node.port}${address}`, {
    method,
    headers: { Authorization: `Basic ${btoa(`archive:${secret}`)}`, ...(body ? { 'Content-Type': 'application/json' } : {}) },
    body: body ? JSON.stringify(body) : undefined,
  });
  return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
}

const text = (i) => `document number ${i}\n`;
const signed = () => count("signing_item WHERE state = 'done'");

test('a stack whose server is killed twice is signed completely, once and in its order', async () => {
  const prepared = await call('POST', '/api/v1/sign/prepare', {
    credential_id: seal,
    packaging: 'enveloping',
    documents: Array.from({ length: documents }, (_, i) => ({ name: `${i}.txt`, document: btoa(text(i)) })),
  });
  assert.equal(prepared.status, 201, JSON.stringify(prepared.body).slice(0, 500));
  const job = `/api/v1/sign/${prepared.body.job_id}`;
  const kept = await readdir(place('node/spool'));
  assert.equal(kept.length, documents);
  for (const name of kept.slice(0, 10)) {
    assert.ok(!(await readFile(place(`node/spool/${name}`))).includes('document number'), 'a document lies open on the disk');
  }

  const before = [];
  for (const atLeast of [20, 60]) {
    const cut = call('POST', `${job}/complete`, {}).then(() => 'answered', () => 'cut');
    await until('some documents are signed', async () => (await signed()) >= atLeast);
    await node.process.stop('SIGKILL');
    await cut;
    const now = await signed();
    assert.ok(now < documents, 'the stack was signed before the server was killed');
    assert.equal(await count("audit_event WHERE type = 'key_use'"), now, 'each use is counted with its value');
    before.push(await database.ask("SELECT string_agg(encode(value, 'hex'), ',' ORDER BY position) FROM signing_item WHERE state = 'done'"));
    await node.start();
    // After its lease the job can be continued.
    await until('nobody runs the job any more', async () => (await call('GET', job)).body.state === 'open');
  }
  const done = await call('POST', `${job}/complete`, {});
  assert.equal(done.status, 200, JSON.stringify(done.body).slice(0, 500));
  assert.equal(done.body.state, 'done');
  assert.equal(done.body.items.length, documents);
  const values = await database.ask("SELECT string_agg(encode(value, 'hex'), ',' ORDER BY position) FROM signing_item");
  for (const earlier of before) assert.ok(values.startsWith(earlier), 'a value was replaced');
  assert.equal(await count("audit_event WHERE type = 'key_use'"), documents);
  assert.equal((await command(['credential', 'show', seal])).uses, documents);

  for (const i of [0, 19, 20, 100, documents - 1]) {
    assert.equal(done.body.items[i].name, `${i}.txt`);
    await writeFile(place('one.p7m'), Buffer.from(done.body.items[i].document, 'base64'));
    const judged = await run('openssl', ['cms', '-verify', '-cades', '-inform', 'DER', '-in', place('one.p7m'), '-CAfile', place('chain.pem'), '-purpose', 'any', '-binary', '-out', place('one.txt')]);
    assert.equal(judged.status, 0, judged.err);
    assert.equal(await readFile(place('one.txt'), 'utf8'), text(i));
  }
  assert.equal((await call('DELETE', job)).status, 204);
  assert.deepEqual(await readdir(place('node/spool')), []);
  assert.equal((await node.command(['audit', 'verify'])).status, 0);
});

test('commands sign files of any size, and XML with its signature inside', async () => {
  await writeFile(place('large.bin'), Buffer.alloc(40 * 1024 * 1024, 7));
  await writeFile(place('order.xml'), '<order><item>Aspirin</item></order>\n');
  const large = await node.command(['sign', place('large.bin'), '--credential', seal, '--level', 'T']);
  assert.equal(large.status, 0, large.err);
  const judged = await run('openssl', ['cms', '-verify', '-cades', '-inform', 'DER', '-in', place('large.bin.p7s'), '-content', place('large.bin'), '-CAfile', place('chain.pem'), '-purpose', 'any', '-binary', '-out', '/dev/null']);
  assert.equal(judged.status, 0, judged.err);
  const again = await node.command(['sign', place('large.bin'), '--credential', seal]);
  assert.equal(again.status, 1);
  assert.match(again.err, /is there already/);
  const xml = await node.command(['sign', place('order.xml'), '--credential', seal, '--format', 'xades']);
  assert.equal(xml.status, 0, xml.err);
  const read = await run('xmlsec1', ['--verify', '--trusted-pem', place('root.pem'), '--untrusted-pem', place('issuing.pem'), '--id-attr:Id', 'SignedProperties', place('order-signed.xml')]);
  assert.equal(read.status, 0, read.err);
  const several = await node.command(['sign', place('order.xml'), place('missing.xml'), '--credential', seal, '--format', 'xades', '--out', folder]);
  assert.equal(several.status, 1);
});
