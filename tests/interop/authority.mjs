// The own certificate authority with the programs of others: openssl verify, ocsp, crl, pkcs7, keytool, curl (S1.3).
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { buildFolder, makeFolder, run, startDemo } from '../harness/demo.mjs';

let demo;
let folder;
let authority; // the issuing one
let chain; // file
before(async () => {
  demo = await startDemo();
  folder = await makeFolder('authority');
  const { out } = await demo.chancery(['authority', 'list', '--json']);
  let rows = JSON.parse(out);
  if (rows.length === 0) {
    const made = await demo.chancery(['authority', 'create', '--name', 'Clinic']);
    assert.equal(made.status, 0, made.err);
    rows = JSON.parse((await demo.chancery(['authority', 'list', '--json'])).out);
  }
  authority = rows.findLast((row) => row.kind === 'issuing' && row.state === 'active');
  chain = path.join(folder, 'chain.pem');
  await writeFile(chain, await (await fetch(plain('/pki/chain.pem'))).text());
});
after(async () => { await demo?.stop(); });

const plain = (address) => `http://127.0.0.1:${demo.base + 80}${address}`;
const place = (name) => path.join(folder, name);

async function save(address, name) {
  const answer = await fetch(plain(address));
  assert.equal(answer.status, 200, address);
  await writeFile(place(name), Buffer.from(await answer.arrayBuffer()));
  return place(name);
}

async function issue(name, args) {
  const { status, out, err } = await demo.chancery(['authority', ...args, '--json']);
  assert.equal(status, 0, err);
  const made = JSON.parse(out);
  await writeFile(place(`${name}.pem`), made.certificate);
  if (made.key) await writeFile(place(`${name}.key`), made.key);
  return made;
}

/** openssl's words about the certificate, asked at the responder. */
async function ask(name, issuer, more = []) {
  const { out, err } = await run('openssl', ['ocsp', '-issuer', issuer, '-cert', place(`${name}.pem`), '-url', plain('/pki/ocsp'), '-CAfile', chain, '-text', ...more]);
  return out + err;
}

for (const key of ['ec-p256', 'rsa-2048', 'rsa-3072', 'brainpool-p256r1']) {
  test(`openssl verifies a server's certificate with a key of ${key} by name and by address`, async () => {
    await issue(key, ['issue-server', 'id.example', '127.0.0.1', '--key', key]);
    for (const as of [['-verify_hostname', 'id.example'], ['-verify_ip', '127.0.0.1']]) {
      const good = await run('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', chain, ...as, place(`${key}.pem`)]);
      assert.equal(good.status, 0, good.err);
    }
    const wrong = await run('openssl', ['verify', '-purpose', 'sslserver', '-CAfile', chain, '-verify_hostname', 'other.example', place(`${key}.pem`)]);
    assert.notEqual(wrong.status, 0);
    const use = await run('openssl', ['verify', '-purpose', 'sslclient', '-CAfile', chain, place(`${key}.pem`)]);
    assert.notEqual(use.status, 0);
    const listed = await run('keytool', ['-printcert', '-file', place(`${key}.pem`)]);
    assert.equal(listed.status, 0, listed.err);
  });
}

test('openssl ocsp says good, and revoked within a second, and the lists follow', async () => {
  const made = await issue('anna', ['issue', 'person_login', '--name', 'Anna Kowalska']);
  const der = await save(`/pki/${authority.id}.cer`, 'issuing.der');
  await run('openssl', ['x509', '-inform', 'DER', '-in', der, '-out', place('issuing.pem')]);
  const before = await ask('anna', place('issuing.pem'));
  assert.match(before, /Response verify OK/);
  assert.match(before, /anna\.pem: good/);
  assert.match(before, /OCSP Nonce/);
  const revoked = await demo.chancery(['authority', 'revoke', made.sha256, '--reason', 'key_compromise']);
  assert.equal(revoked.status, 0, revoked.err);
  const afterwards = await ask('anna', place('issuing.pem'), ['-no_nonce']);
  assert.match(afterwards, /Response verify OK/);
  assert.match(afterwards, /anna\.pem: revoked/);
  assert.match(afterwards, /keyCompromise/);

  const list = await save(`/pki/${authority.id}.crl`, 'list.crl');
  const read = await run('openssl', ['crl', '-inform', 'DER', '-in', list, '-noout', '-text', '-CAfile', chain]);
  assert.match(read.err + read.out, /verify OK/);
  assert.ok(read.out.replaceAll(':', '').toLowerCase().includes(made.serial), read.out);
  await run('openssl', ['crl', '-inform', 'DER', '-in', list, '-out', place('list.pem')]);
  const refused = await run('openssl', ['verify', '-crl_check', '-CRLfile', place('list.pem'), '-CAfile', chain, place('anna.pem')]);
  assert.match(refused.err + refused.out, /certificate revoked/);
  await save(`/pki/${authority.id}-delta.crl`, 'delta.crl');
  const delta = await run('openssl', ['crl', '-inform', 'DER', '-in', place('delta.crl'), '-noout', '-text']);
  assert.match(delta.out, /Delta CRL Indicator: critical/);
});

test('openssl ocsp: a certificate of another authority is unauthorized', async () => {
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=Other', '-out', place('other.pem')]);
  assert.match(await ask('other', place('other.pem')), /unauthorized/);
});

test('curl enrols a program by EST and openssl pkcs7 reads what it gets; the certificate renews itself', async () => {
  const est = (address) => `https://127.0.0.1:${demo.base + 943}/.well-known/est/${address}`;
  const curl = (args) => run('curl', ['-sS', '--cacert', demo.authority, '-w', '\n%{http_code}', ...args]);
  await demo.chancery(['system', 'add', 'EST-1']);
  const set = await demo.chancery(['system', 'set-password', 'EST-1'], 'Correct-Horse-7\n');
  assert.equal(set.status, 0, set.err);

  for (const address of ['cacerts', 'csrattrs']) assert.match((await curl([est(address)])).out, /\n401$/);
  const everybody = await curl([`https://127.0.0.1:${demo.base + 443}/.well-known/est/cacerts`]);
  assert.match(everybody.out, /\n200$/);
  const trusted = await curl(['-u', 'EST-1:Correct-Horse-7', est('cacerts')]);
  assert.equal(trusted.out, everybody.out);
  await writeFile(place('cacerts.b64'), trusted.out.replace(/\n200$/, ''));
  await run('openssl', ['base64', '-d', '-in', place('cacerts.b64'), '-out', place('cacerts.p7')]);
  const roots = await run('openssl', ['pkcs7', '-inform', 'DER', '-in', place('cacerts.p7'), '-print_certs']);
  assert.match(roots.out, /BEGIN CERTIFICATE/);
  await writeFile(place('cacerts.pem'), roots.out);

  await run('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', place('est.key'), '-subj', '/CN=EST-1', '-outform', 'DER', '-out', place('est.csr')]);
  await run('openssl', ['base64', '-in', place('est.csr'), '-out', place('est.b64')]);
  const body = ['-H', 'Content-Type: application/pkcs10', '--data-binary', `@${place('est.b64')}`];
  const wrong = await curl(['-u', 'EST-1:wrong', ...body, est('simpleenroll')]);
  assert.match(wrong.out, /\n401$/);
  const first = await curl(['-u', 'EST-1:Correct-Horse-7', ...body, est('simpleenroll')]);
  assert.match(first.out, /\n200$/, first.out);
  const open = async (answer, name) => {
    await writeFile(place(`${name}.b64`), answer.out.replace(/\n200$/, ''));
    await run('openssl', ['base64', '-d', '-in', place(`${name}.b64`), '-out', place(`${name}.p7`)]);
    const { out } = await run('openssl', ['pkcs7', '-inform', 'DER', '-in', place(`${name}.p7`), '-print_certs']);
    await writeFile(place(`${name}.pem`), out);
  };
  await open(first, 'first');
  const good = await run('openssl', ['verify', '-purpose', 'sslclient', '-CAfile', place('cacerts.pem'), place('first.pem')]);
  assert.equal(good.status, 0, good.err);
  const again = await curl(['--cert', place('first.pem'), '--key', place('est.key'), ...body, est('simplereenroll')]);
  assert.match(again.out, /\n200$/, again.out);
  await open(again, 'renewed');
  assert.notEqual(await readFile(place('renewed.pem'), 'utf8'), await readFile(place('first.pem'), 'utf8'));
  const self = await curl(['--cert', place('renewed.pem'), '--key', place('est.key'), `https://127.0.0.1:${demo.base + 943}/connector/self`]);
  assert.match(self.out, /\n200$/, self.out);
});

test('the example of EST in the guide for operators works as it stands there', async () => {
  const page = await readFile(path.join(import.meta.dirname, '../../docs/operators/authority.md'), 'utf8');
  const example = /```sh\n(EST=[^]*?)```/.exec(page)[1]
    .replace('localhost:8443', `localhost:${demo.base + 443}`)
    .replace('localhost:8943', `localhost:${demo.base + 943}`)
    .replace(/^CA=.*$/m, `CA='${demo.authority}'`);
  const chancery = `chancery() { '${path.join(buildFolder, 'chancery')}' "$@" --config '${demo.configuration}'; }\n`;
  const work = await makeFolder('est-example');
  const { status, out, err } = await run('bash', ['-e', '-o', 'pipefail', '-c', `cd '${work}'\n${chancery}${example}`]);
  assert.equal(status, 0, out + err);
  assert.match(out, /est\.pem: OK/);
  assert.match(out, /"client_system":"est-1"/);
  assert.match(await readFile(path.join(work, 'est-next.pem'), 'utf8'), /BEGIN CERTIFICATE/);
});
