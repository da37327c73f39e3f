// The connector with the programs of others: curl, openssl, keytool, pk12util, xmllint (S1.1 to S1.4).
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeFolder, run, startDemo } from '../harness/demo.mjs';
import { unzip } from '../harness/zip.mjs';

let demo;
let folder;
before(async () => {
  demo = await startDemo();
  folder = await makeFolder('connector');
});
after(async () => { await demo?.stop(); });

const place = () => `127.0.0.1:${demo.base + 943}`;

async function issue(id, more = []) {
  await demo.chancery(['system', 'add', id]);
  const { status, out, err } = await demo.chancery(['system', 'certificate', 'add', id, '--json', ...more]);
  assert.equal(status, 0, err);
  const { file, sha256, zip } = JSON.parse(out);
  assert.equal(file, `${id}.zip`);
  const files = unzip(Buffer.from(zip, 'base64'));
  assert.deepEqual(Object.keys(files), [`${id}.p12`, `${id}-password.txt`]);
  const password = files[`${id}-password.txt`].toString();
  assert.match(password, /^[A-Za-z0-9]{16}$/);
  const p12 = path.join(folder, `${id}.p12`);
  await writeFile(p12, files[`${id}.p12`]);
  return { id, sha256, password, p12 };
}

async function curl(address, args = []) {
  const { out } = await run('curl', ['-sS', '--cacert', demo.authority, '-w', '\n%{http_code}', ...args, `https://${place()}${address}`]);
  const at = out.lastIndexOf('\n');
  return { status: Number(out.slice(at + 1)), body: out.slice(0, at) };
}

/** As a Java program takes it over into its own key store. */
async function importByKeytool({ id, p12, password }) {
  const store = path.join(folder, `${id}.jks`);
  const imported = await run('keytool', ['-importkeystore', '-noprompt', '-srckeystore', p12, '-srcstoretype', 'PKCS12', '-srcstorepass', password,
    '-destkeystore', store, '-deststorepass', 'changeit-please']);
  assert.equal(imported.status, 0, imported.out + imported.err);
  const listed = await run('keytool', ['-list', '-v', '-keystore', store, '-storepass', 'changeit-please']);
  assert.match(listed.out, /PrivateKeyEntry[^]*Certificate chain length: [23]/);
}

const withP12 = ({ p12, password }) => ['--cert-type', 'P12', '--cert', `${p12}:${password}`];

for (const key of ['rsa2048', 'ecc256', 'rsa3072']) {
  test(`curl, openssl and keytool open the PKCS#12 of ${key}, and the connector knows it`, async () => {
    const made = await issue(`Z-${key}`, ['--key', key]);
    const answer = await curl(`/connector/self?clientSystemId=${made.id}`, withP12(made));
    assert.equal(answer.status, 200, answer.body);
    assert.equal(JSON.parse(answer.body).certificate.sha256, made.sha256);
    const other = await curl(`/connector/self?clientSystemId=${made.id.toLowerCase()}`, withP12(made));
    assert.equal(other.status, 403);
    assert.equal(JSON.parse(other.body).code, 4204);

    const opened = await run('openssl', ['pkcs12', '-in', made.p12, '-passin', `pass:${made.password}`, '-nodes']);
    assert.equal(opened.status, 0, opened.err);
    const pem = path.join(folder, `${made.id}.pem`);
    await writeFile(pem, opened.out);
    const text = await run('openssl', ['x509', '-in', pem, '-noout', '-fingerprint', '-sha256', '-ext', 'extendedKeyUsage']);
    assert.ok(text.out.toLowerCase().replaceAll(':', '').includes(made.sha256), text.out);
    assert.ok(text.out.includes('TLS Web Client Authentication'), text.out);
    const listed = await run('keytool', ['-list', '-storetype', 'PKCS12', '-keystore', made.p12, '-storepass', made.password]);
    assert.equal(listed.status, 0, listed.out);
    assert.ok(listed.out.includes('PrivateKeyEntry'), listed.out);
    await importByKeytool(made);
  });
}

test('NSS, the store of Chromium, imports it, and old software gets 3DES', async () => {
  const made = await issue('Z-nss');
  const store = path.join(folder, 'nss');
  await run('mkdir', ['-p', store]);
  await run('certutil', ['-N', '-d', `sql:${store}`, '--empty-password']);
  const imported = await run('pk12util', ['-i', made.p12, '-d', `sql:${store}`, '-W', made.password, '-K', '']);
  assert.equal(imported.status, 0, imported.err + imported.out);
  const old = await issue('Z-old', ['--old-software']);
  const info = await run('openssl', ['pkcs12', '-in', old.p12, '-passin', `pass:${old.password}`, '-info', '-noout', '-legacy']);
  assert.equal(info.status, 0, info.err);
  assert.match(info.err, /3-?(KeyTripleDES|DES)|pbeWithSHA1And3-KeyTripleDES/i);
  await importByKeytool(old);
});

test('openssl verifies the connector by its IP address, TLS 1.1 gets nothing, and it asks for a certificate', async () => {
  const verified = await run('openssl', ['s_client', '-connect', place(), '-verify_ip', '127.0.0.1', '-CAfile', demo.authority], { input: '' });
  assert.match(verified.out, /Verify return code: 0 \(ok\)/);
  const asked = await run('openssl', ['s_client', '-connect', place(), '-tls1_2'], { input: '' });
  assert.match(asked.out, /Client Certificate Types|No client certificate CA names sent/);
  const old = await run('openssl', ['s_client', '-connect', place(), '-tls1_1', '-cipher', 'DEFAULT:@SECLEVEL=0'], { input: '' });
  assert.match(old.out, /Cipher is \(NONE\)/);
  const plain = await run('curl', ['-sS', `http://${place()}/administration/start.htm`]);
  assert.notEqual(plain.status, 0);
  const ordinary = await run('openssl', ['s_client', '-connect', `127.0.0.1:${demo.base + 443}`, '-tls1_2'], { input: '' });
  assert.doesNotMatch(ordinary.out, /Client Certificate Types/);
});

test('the certificate of the demonstration names its list of revoked certificates, and openssl verifies with it', async () => {
  const shown = await run('openssl', ['s_client', '-connect', place(), '-showcerts'], { input: '' });
  const certificate = path.join(folder, 'demonstration.pem');
  await writeFile(certificate, /-----BEGIN[^]*?-----END CERTIFICATE-----/.exec(shown.out)[0]);
  const { out } = await run('openssl', ['x509', '-in', certificate, '-noout', '-ext', 'crlDistributionPoints']);
  const address = /URI:(\S+)/.exec(out)?.[1];
  assert.ok(address, out);
  const list = path.join(folder, 'demonstration.crl');
  await writeFile(list, Buffer.from(await (await fetch(address)).arrayBuffer()));
  const verified = await run('openssl', ['verify', '-crl_check', '-CRLfile', list, '-CAfile', demo.authority, certificate]);
  assert.equal(verified.status, 0, verified.out + verified.err);
});

test('the directory over HTTPS and over HTTP is the same, and both are valid', async () => {
  const http = `http://127.0.0.1:${demo.base + 81}/connector.sds`;
  assert.equal((await fetch(http)).status, 403);
  assert.equal((await demo.chancery(['system', 'settings', 'set', '--plain-directory', 'on'])).status, 0);
  const strip = (xml) => xml.replace(/<PI:InformationDate>[^<]*/, '');
  const secure = (await curl('/connector.sds')).body;
  const plain = await (await fetch(http)).text();
  assert.equal(strip(plain).trim(), strip(secure).trim());
  const file = path.join(folder, 'connector.sds');
  await writeFile(file, plain);
  const schema = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..', 'vectors', 'connector', 'conn', 'ServiceDirectory.xsd');
  const judged = await run('xmllint', ['--noout', '--nonet', '--schema', schema, file]);
  assert.equal(judged.status, 0, judged.err);
});

test('key and password of a ZIP file are nowhere at rest: database, log, export of the log', async () => {
  const made = await issue('Z-rest');
  const key = await run('openssl', ['pkcs12', '-in', made.p12, '-passin', `pass:${made.password}`, '-nodes', '-nocerts']);
  const base64 = key.out.split('\n').filter((line) => /^[A-Za-z0-9+/=]{64}$/.test(line));
  assert.ok(base64.length > 20);
  // Behind the modulus, which is public: a part of the private exponent.
  const octets = Buffer.from(key.out.split('-----')[2].replaceAll('\n', ''), 'base64').subarray(340, 380);
  const files = [];
  for (const place of [demo.folder, path.join(demo.folder, 'server')]) {
    for (const entry of await readdir(place, { withFileTypes: true })) if (entry.isFile()) files.push(path.join(place, entry.name));
  }
  assert.ok(files.some((file) => file.endsWith('chancery.db')));
  const exported = (await demo.audit()).map((event) => JSON.stringify(event)).join('\n');
  for (const secret of [made.password, base64[8], base64[9]]) {
    for (const file of files) assert.ok(!(await readFile(file)).includes(secret), file);
    assert.ok(!exported.includes(secret));
  }
  for (const file of files) assert.ok(!(await readFile(file)).includes(octets), file);
});

test('the practice program of the demonstration shows every step, and a revoked certificate is refused', async () => {
  const made = await issue('Z-practice');
  const { out } = await demo.chancery(['system', 'certificate', 'add', 'Z-practice', '--json']);
  const { zip, sha256 } = JSON.parse(out);
  const ask = async () => {
    const form = new FormData();
    form.set('zip', new Blob([Buffer.from(zip, 'base64')]), 'Z-practice.zip');
    return (await fetch(`${demo.portal}/practice`, { method: 'POST', body: form, headers: { Origin: demo.portal } })).text();
  };
  assert.ok((await ask()).includes('client_system'));
  assert.equal((await demo.chancery(['system', 'certificate', 'revoke', sha256, '--reason', 'lost'])).status, 0);
  assert.ok((await ask()).includes('certificate_revoked'));
  const still = await curl('/connector/self', withP12(made));
  assert.equal(still.status, 200, 'the other certificate of the same client system');
});
