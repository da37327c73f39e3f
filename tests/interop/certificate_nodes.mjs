// Two nodes on one PostgreSQL, each with a connector whose own certificate the installation's authority has issued: what
// is revoked at one counts at the other within a second, on open connections too, and the nodes renew their own
// certificates without a restart.
import assert from 'node:assert/strict';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { findFreePort, makeFolder, run, until } from '../harness/demo.mjs';
import { Node } from '../harness/node.mjs';
import { Postgres } from '../harness/postgres.mjs';
import { unzip } from '../harness/zip.mjs';

const stops = [];
const nodes = [];
let folder;
let trusted;  // the authority's certificates, PEM
const sessions = [];  // that could be resumed

const place = (name) => path.join(folder, name);

async function command(node, ...args) {
  const { status, out, err } = await node.command(args);
  assert.equal(status, 0, err);
  return out;
}

before(async () => {
  folder = await makeFolder('certificate-nodes');
  const database = await Postgres.make(place('database'));
  stops.push(() => database.crash());
  for (const name of ['one', 'two']) {
    const node = new Node(place(name), stops);
    node.connector = await findFreePort();
    node.file = place(`${name}.pem`);
    nodes.push(node);
    await node.configure('', database.folder, ['[[listener]]', 'name = "connector"', 'address = "127.0.0.1"', `port = ${node.connector}`,
      'role = "connector"', 'tls = true', `certificate_file = "${node.file}"`, `key_file = "${node.file}"`]);
  }
  await command(nodes[0], 'authority', 'create', '--name', 'Clinic');
  trusted = await command(nodes[0], 'authority', 'export');
  for (const node of nodes) {
    await writeFile(node.file, await command(nodes[0], 'authority', 'issue-server', 'localhost', '127.0.0.1'), { mode: 0o600 });
    await node.start();
  }
});
after(async () => {
  for (const stop of stops.reverse()) await stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** A connection that stays open; `ask` sends a request on it and gives the status. */
async function connect(node, identity = {}) {
  let session;
  const socket = tls.connect({ port: node.connector, host: '127.0.0.1', servername: 'localhost', ca: trusted, ...identity });
  socket.on('error', () => {});
  socket.on('session', (ticket) => { session = ticket; });
  await new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
  const ask = () => new Promise((resolve, reject) => {
    let text = '';
    const end = (act, value) => {
      socket.removeAllListeners('data').removeAllListeners('close');
      act(value);
    };
    socket.once('close', () => end(reject, new Error('the connection was closed')));
    socket.on('data', (octets) => {
      text += octets;
      const size = /\r\ncontent-length: (\d+)/i.exec(text);
      const head = text.indexOf('\r\n\r\n');
      if (head > 0 && size && text.length >= head + 4 + Number(size[1])) end(resolve, Number(text.split(' ')[1]));
    });
    socket.write('GET /connector/self HTTP/1.1\r\nHost: localhost\r\n\r\n');
  });
  return { socket, ask, get session() { return session; }, sha256: socket.getPeerCertificate().fingerprint256?.replaceAll(':', '').toLowerCase() };
}

/** What a new connection is shown. */
async function shownBy(node) {
  const { socket, sha256 } = await connect(node);
  socket.destroy();
  return sha256;
}

test('a certificate that is revoked at one node is refused at the other one within a second, on an open connection too', async () => {
  const [one, two] = nodes;
  await command(one, 'system', 'add', 'Z1');
  const made = JSON.parse(await command(one, 'system', 'certificate', 'add', 'Z1', '--json'));
  const files = unzip(Buffer.from(made.zip, 'base64'));
  const identity = { pfx: files['Z1.p12'], passphrase: files['Z1-password.txt'].toString() };
  const open = await connect(two, identity);
  assert.equal(await open.ask(), 200);
  await command(one, 'system', 'certificate', 'revoke', made.sha256, '--reason', 'lost');
  // The command has ended, so that not even a second is needed.
  assert.equal(await open.ask(), 403);
  open.socket.destroy();
  const next = await connect(two, identity);
  assert.equal(await next.ask(), 403);
  next.socket.destroy();
});

test('a resumed session does not outlive the revocation of its certificate, nor the renewal of the server', async () => {
  const [one, two] = nodes;
  await command(one, 'system', 'add', 'Z2');
  const made = JSON.parse(await command(one, 'system', 'certificate', 'add', 'Z2', '--json'));
  const files = unzip(Buffer.from(made.zip, 'base64'));
  const identity = { pfx: files['Z2.p12'], passphrase: files['Z2-password.txt'].toString() };
  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    const wish = { ...identity, minVersion: version, maxVersion: version };
    const first = await connect(two, wish);
    assert.equal(await first.ask(), 200);
    const session = await until('the server has given a ticket', () => first.session);
    first.socket.destroy();
    const again = await connect(two, { ...wish, session });
    assert.equal(again.socket.isSessionReused(), true, version);
    assert.equal(await again.ask(), 200);
    again.socket.destroy();
    sessions.push({ ...wish, session });
  }
  await command(one, 'system', 'certificate', 'revoke', made.sha256, '--reason', 'lost');
  for (const wish of sessions) {
    const resumed = await connect(two, wish);
    assert.equal(resumed.socket.isSessionReused(), true);
    assert.equal(await resumed.ask(), 403);
    resumed.socket.destroy();
  }
});

test('each node renews its certificate by command, without a restart, with the same key, for clients that trust the authority', async () => {
  const before = await Promise.all(nodes.map(shownBy));
  const open = await connect(nodes[1]);
  const keys = await Promise.all(nodes.map(async (node) => /-----BEGIN PRIVATE KEY[^]*?END PRIVATE KEY-----/.exec(await readFile(node.file, 'utf8'))[0]));
  await command(nodes[0], 'authority', 'renew-servers');
  for (const [at, node] of nodes.entries()) {
    await until('the node shows another certificate', async () => (await shownBy(node)) !== before[at]);
    assert.equal(node.process.hasEnded, false);
    const file = await readFile(node.file, 'utf8');
    assert.ok(file.includes(keys[at]), 'the key stays');
    assert.equal((await stat(node.file)).mode & 0o777, 0o600);
    await writeFile(place('shown.pem'), file.slice(file.indexOf('-----BEGIN CERTIFICATE')));
    await writeFile(place('trusted.pem'), trusted);
    const names = await run('openssl', ['verify', '-purpose', 'sslserver', '-verify_ip', '127.0.0.1', '-CAfile', place('trusted.pem'), place('shown.pem')]);
    assert.equal(names.status, 0, names.err);
  }
  for (const wish of sessions) {
    const late = await connect(nodes[1], wish);
    assert.equal(late.socket.isSessionReused(), false, 'tickets end with the certificate that they were given under');
    late.socket.destroy();
  }
  assert.equal(await open.ask(), 401, 'a connection from before goes on, and says as before that it has no certificate');
  open.socket.destroy();
  const events = (await command(nodes[0], 'audit', 'export')).split('\n').filter(Boolean).map((line) => JSON.parse(line));
  assert.equal(events.filter((event) => event.type === 'authority_change' && event.data?.change === 'renew_servers').length, 1, JSON.stringify(events.at(-1)));
});

test('a certificate that was revoked is renewed by its node alone, but never with a key that was compromised', async () => {
  const [one, two] = nodes;
  const before = await shownBy(one);
  const other = await shownBy(two);
  await command(two, 'authority', 'revoke', before, '--reason', 'superseded');
  await until('the node shows another certificate', async () => (await shownBy(one)) !== before);
  assert.equal(await shownBy(two), other);

  const lost = await shownBy(one);
  await command(two, 'authority', 'revoke', lost, '--reason', 'key_compromise');
  await one.process.waitFor('the node says that it needs a new key', (output) => output.includes('issue a certificate with a new key'));
  assert.equal(await shownBy(one), lost);
  // The operator issues one; SIGHUP takes it in force as ever.
  await writeFile(one.file, await command(one, 'authority', 'issue-server', 'localhost', '127.0.0.1'));
  await until('the node shows the one with the new key', async () => {
    one.process.process.kill('SIGHUP');
    return (await shownBy(one)) !== lost;
  });
});
