// Time stamps and CAdES with openssl as the judge: ts -query | POST /timestamp | ts -verify (S4.24), and cms -verify
// -cades of what is made here (S4.22).
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { buildFolder, makeFolder, run, startDemo } from '../harness/demo.mjs';

let demo;
let folder;
let chain; // file
before(async () => {
  demo = await startDemo();
  folder = await makeFolder('timestamp');
  const rows = JSON.parse((await demo.chancery(['authority', 'list', '--json'])).out);
  if (rows.length === 0) assert.equal((await demo.chancery(['authority', 'create', '--name', 'Clinic'])).status, 0);
  const stamping = JSON.parse((await demo.chancery(['timestamp', 'authority', 'list', '--json'])).out);
  if (!stamping.some((row) => row.state === 'active')) {
    const made = await demo.chancery(['timestamp', 'authority', 'create']);
    assert.equal(made.status, 0, made.err);
  }
  chain = place('chain.pem');
  await writeFile(chain, await (await fetch(`${base()}/pki/chain.pem`)).text());
  await writeFile(place('text'), 'a text\n');
});
after(async () => { await demo?.stop(); });

const base = () => `http://127.0.0.1:${demo.base + 80}`;
const place = (name) => path.join(folder, name);

async function query(name, args = []) {
  const { status, err } = await run('openssl', ['ts', '-query', '-data', place('text'), ...args, '-out', place(`${name}.tsq`)]);
  assert.equal(status, 0, err);
  return readFile(place(`${name}.tsq`));
}
async function post(name, body, type = 'application/timestamp-query') {
  const answer = await fetch(`${base()}/timestamp`, { method: 'POST', headers: { 'Content-Type': type }, body });
  const octets = Buffer.from(await answer.arrayBuffer());
  await writeFile(place(`${name}.tsr`), octets);
  return { status: answer.status, type: answer.headers.get('content-type'), octets };
}
async function words(name) {
  const { out, err } = await run('openssl', ['ts', '-reply', '-in', place(`${name}.tsr`), '-text']);
  return out + err;
}

for (const digest of ['sha256', 'sha384', 'sha512']) {
  test(`openssl verifies a time stamp over ${digest}`, async () => {
    const { status, type } = await post(digest, await query(digest, [`-${digest}`, '-cert']));
    assert.equal(status, 200);
    assert.equal(type, 'application/timestamp-reply');
    const good = await run('openssl', ['ts', '-verify', '-queryfile', place(`${digest}.tsq`), '-in', place(`${digest}.tsr`), '-CAfile', chain]);
    assert.equal(good.status, 0, good.err + good.out);
    const file = await run('openssl', ['ts', '-verify', '-data', place('text'), '-in', place(`${digest}.tsr`), '-CAfile', chain]);
    assert.equal(file.status, 0, file.err);
    await writeFile(place('other'), 'another text\n');
    const other = await run('openssl', ['ts', '-verify', '-data', place('other'), '-in', place(`${digest}.tsr`), '-CAfile', chain]);
    assert.notEqual(other.status, 0);
    const text = await words(digest);
    assert.match(text, /Policy OID: 2\.999\.3161\.1/);
    assert.match(text, /Accuracy: 0x01 seconds/);
    assert.match(text, /Nonce: 0x/);
    const at = new Date(`${/Time stamp: (.*)/.exec(text)[1]}`);
    assert.ok(Math.abs(Date.now() - at) < 60_000, text);
  });
}

test('a request without certificates gets none, and openssl verifies it with the certificate beside it', async () => {
  await post('bare', await query('bare', ['-sha256']));
  const alone = await run('openssl', ['ts', '-verify', '-queryfile', place('bare.tsq'), '-in', place('bare.tsr'), '-CAfile', chain]);
  assert.notEqual(alone.status, 0);
  const full = await run('openssl', ['ts', '-reply', '-in', place('sha256.tsr'), '-token_out', '-out', place('token')]);
  assert.equal(full.status, 0, full.err);
  await run('openssl', ['pkcs7', '-inform', 'DER', '-in', place('token'), '-print_certs', '-out', place('certificates.pem')]);
  const good = await run('openssl', ['ts', '-verify', '-queryfile', place('bare.tsq'), '-in', place('bare.tsr'), '-CAfile', chain, '-untrusted', place('certificates.pem')]);
  assert.equal(good.status, 0, good.err);
});

test('openssl reads each rejection with its failInfo', async () => {
  const good = await query('good', ['-sha256']);
  for (const [name, body, failure] of [
    ['sha1', await query('sha1', ['-sha1']), /unrecognized or unsupported algorithm/],
    ['garbage', Buffer.from('garbage'), /the data submitted has the wrong format/],
    ['longer', Buffer.concat([good, Buffer.from('x')]), /the data submitted has the wrong format/],
    ['policy', await query('policy', ['-sha256', '-tspolicy', '1.2.3.4']), /the requested TSA policy is not supported/],
  ]) {
    const { status } = await post(name, body);
    assert.equal(status, 200, name);
    assert.match(await words(name), failure, name);
  }
  assert.equal((await post('type', good, 'text/plain')).status, 415);
});

test('two hundred requests at the same time get two hundred numbers, each on record', async () => {
  const octets = await query('many', ['-sha256', '-no_nonce']);
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => post(`many-${i}`, octets)));
  assert.ok(answers.every(({ status }) => status === 200));
  const serials = new Set();
  for (let i = 0; i < 200; i += 1) serials.add(/Serial number: (\S+)/.exec(await words(`many-${i}`))[1]);
  assert.equal(serials.size, 200);
});

test('a file is stamped by command, and the token is shown', async () => {
  const made = await demo.chancery(['timestamp', 'make', place('text'), '--json']);
  assert.equal(made.status, 0, made.err);
  const stamp = JSON.parse(made.out);
  await writeFile(place('made.token'), Buffer.from(stamp.token, 'base64'));
  const verified = await run('openssl', ['ts', '-verify', '-data', place('text'), '-in', place('made.token'), '-token_in', '-CAfile', chain]);
  assert.equal(verified.status, 0, verified.err);
  const shown = await demo.chancery(['timestamp', 'show', place('made.token'), '--digest', stamp.digest, '--json']);
  assert.equal(shown.status, 0, shown.err);
  assert.equal(JSON.parse(shown.out).serial, stamp.serial);
  const wrong = await demo.chancery(['timestamp', 'show', place('made.token'), '--digest', '00']);
  assert.equal(wrong.status, 1);
});

test('openssl verifies every CAdES signature that is made here, and none of another content', async () => {
  const made = await run(path.join(buildFolder, 'tests', 'interop', 'make_cades'), [folder]);
  assert.equal(made.status, 0, made.err);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.p7s'));
  assert.equal(names.length, 30);
  for (const name of names) {
    const args = ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', place(name), '-CAfile', place('root.pem'), '-purpose', 'any', '-out', place('verified')];
    const is_detached = name.includes('-detached');
    const good = await run('openssl', is_detached ? [...args, '-content', place('content')] : args);
    assert.equal(good.status, 0, `${name}: ${good.err}`);
    assert.deepEqual(await readFile(place('verified')), await readFile(place('content')), name);
    if (is_detached) {
      const wrong = await run('openssl', [...args, '-content', place('other')]);
      assert.notEqual(wrong.status, 0, name);
    }
    const printed = await run('openssl', ['cms', '-cmsout', '-print', '-noout', '-inform', 'DER', '-in', place(name)]);
    assert.match(printed.out, /signingCertificateV2/, name);
    if (!name.endsWith('attached.p7s') && !name.endsWith('detached.p7s')) assert.match(printed.out, /id-smime-aa-timeStampToken/, name);
  }
  for (const name of names.filter((one) => one.endsWith('-T.p7s'))) {
    const token = place(name.replace('.p7s', '.token'));
    const shown = await run('openssl', ['ts', '-reply', '-in', token, '-token_in', '-text']);
    assert.equal(shown.status, 0, name + shown.err);
  }
});
