// Every listener with TLS, by TLS 1.2 and 1.3, from Java and from Node, with and without a certificate of the client: the
// client checks the server, and the server knows the client (S1.1, S1.3, S4.4).
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import https from 'node:https';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeFolder, run, startDemo } from '../harness/demo.mjs';
import { unzip } from '../harness/zip.mjs';

let demo;
let folder;
let ca;
let practice;  // the PKCS#12 of a client system
let anna;  // that of a person
before(async () => {
  demo = await startDemo();
  folder = await makeFolder('tls-clients');
  ca = await readFile(demo.authority);
  assert.equal((await demo.chancery(['system', 'add', 'Z-tls'])).status, 0);
  const { zip } = JSON.parse((await demo.chancery(['system', 'certificate', 'add', 'Z-tls', '--json'])).out);
  const files = unzip(Buffer.from(zip, 'base64'));
  practice = { file: path.join(folder, 'Z-tls.p12'), password: files['Z-tls-password.txt'].toString() };
  await writeFile(practice.file, files['Z-tls.p12']);
  anna = { file: path.join(demo.folder, 'demo-anna.p12'), password: 'demo' };
});
after(async () => { await demo?.stop(); });

const versions = ['TLSv1.2', 'TLSv1.3'];
const nobody = { file: '-', password: '-' };

/** What each listener answers to whom. */
function listWishes() {
  const wishes = [];
  for (const version of versions) {
    for (const host of ['localhost', '127.0.0.1']) {
      const at = (offset, address) => `https://${host}:${demo.base + offset}${address}`;
      const add = (who, url, status, holds) => wishes.push({ version, who, url, status, holds });
      // The ordinary one never asks, so that whoever has a certificate is no other than who has none.
      for (const who of [nobody, practice, anna]) add(who, at(443, '/.well-known/openid-configuration'), 200, 'issuer');
      add(nobody, at(443, '/connector/self'), 404, '');
      add(practice, at(943, '/connector/self'), 200, '"client_system":"Z-tls"');
      add(nobody, at(943, '/connector/self'), 401, 'no_proof');
      add(anna, at(943, '/connector/self'), 403, 'certificate_unknown');
      add(nobody, at(943, '/connector.sds'), 200, 'ConnectorServices');
      add(nobody, at(943, '/.well-known/openid-configuration'), 404, '');
      // The one for people asks; what it is told counts in a login only.
      for (const who of [nobody, anna]) add(who, at(944, '/.well-known/openid-configuration'), 200, 'issuer');
      add(anna, at(944, '/connector/self'), 404, '');
    }
  }
  return wishes;
}

function askByNode({ version, who, url }, more = {}) {
  return new Promise((resolve) => {
    const request = https.get(url, { agent: false, ca, minVersion: version, maxVersion: version, ...more, ...(who.pfx ? { pfx: who.pfx, passphrase: who.password } : {}) }, (answer) => {
      const protocol = answer.socket.getProtocol();
      let body = '';
      answer.setEncoding('utf8').on('data', (text) => { body += text; }).on('end', () => resolve({ status: answer.statusCode, protocol, body }));
    });
    request.on('error', (error) => resolve({ refused: error.code ?? error.message }));
  });
}

async function askByJava(wishes, trusted = demo.authority) {
  const input = wishes.map(({ version, who, url }) => `${version} ${who.file} ${who.password} ${url}\n`).join('');
  const { status, out, err } = await run('java', [fileURLToPath(new URL('TlsClient.java', import.meta.url)), trusted], { input });
  assert.equal(status, 0, err);
  const lines = out.trimEnd().split('\n');
  assert.equal(lines.length, wishes.length, out + err);
  return lines.map((line) => {
    const [first, protocol, ...rest] = line.split(' ');
    return first === 'refused' ? { refused: [protocol, ...rest].join(' ') } : { status: Number(first), protocol, body: rest.join(' ') };
  });
}

function judge(wish, answer) {
  const words = JSON.stringify({ ...wish, answer });
  assert.equal(answer.status, wish.status, words);
  assert.equal(answer.protocol, wish.version, words);
  assert.ok(answer.body.includes(wish.holds), words);
}

test('Node at every listener, by both versions of TLS, with and without a certificate', async () => {
  for (const who of [practice, anna]) who.pfx = await readFile(who.file);
  for (const wish of listWishes()) judge(wish, await askByNode(wish));
});

test('Java at every listener, by both versions of TLS, with and without a certificate', async () => {
  const wishes = listWishes();
  const answers = await askByJava(wishes);
  wishes.forEach((wish, at) => judge(wish, answers[at]));
});

test('a client that does not trust the authority, or that wanted another host, ends the connection itself', async () => {
  const other = path.join(folder, 'other.pem');
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=Other', '-out', other]);
  const wishes = [443, 943, 944].flatMap((offset) => versions.map((version) => ({ version, who: nobody, url: `https://127.0.0.1:${demo.base + offset}/info` })));
  for (const { refused } of await askByJava(wishes, other)) assert.match(refused, /PKIX path building failed/);
  for (const wish of wishes) {
    assert.match((await askByNode(wish, { ca: await readFile(other) })).refused, /UNABLE_TO|SELF_SIGNED/);
    assert.equal((await askByNode(wish, { servername: 'other.example' })).refused, 'ERR_TLS_CERT_ALTNAME_INVALID');
  }
});

test('nothing older than TLS 1.2 is spoken, and keytool reads the certificate of every listener', async () => {
  for (const offset of [443, 943, 944]) {
    for (const version of ['TLSv1', 'TLSv1.1']) {
      const { refused } = await askByNode({ version, who: nobody, url: `https://127.0.0.1:${demo.base + offset}/info` }, { ciphers: 'DEFAULT:@SECLEVEL=0' });
      assert.match(refused, /PROTOCOL_VERSION|ECONNRESET|EPROTO/);
    }
    const shown = await run('keytool', ['-printcert', '-sslserver', `127.0.0.1:${demo.base + offset}`, '-rfc']);
    assert.equal(shown.status, 0, shown.out + shown.err);
    assert.match(shown.out, /-----BEGIN CERTIFICATE-----/);
  }
});
