// chancery-client against TLS servers that behave well and badly: what it says at each step, its exit status, and that
// nobody else can read its files (S1.2, S1.3).
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { buildFolder, run } from '../harness/demo.mjs';

const program = path.join(buildFolder, 'client', 'chancery-client');
let folder;
let home;
const closing = [];

async function openssl(...words) {
  const { status, err } = await run('openssl', words);
  assert.equal(status, 0, err);
}
const at = (name) => path.join(folder, name);

/** A certificate of the authority `by` ("": self-signed). */
async function makeCertificate(name, subject, extensions, by = '', days = ['-days', '30']) {
  await openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', at(`${name}.key`),
    '-out', at(`${name}.csr`), '-subj', subject);
  await writeFile(at(`${name}.ext`), extensions);
  const signer = by ? ['-CA', at(`${by}.pem`), '-CAkey', at(`${by}.key`), '-CAcreateserial'] : ['-signkey', at(`${name}.key`)];
  await openssl('x509', '-req', '-in', at(`${name}.csr`), '-out', at(`${name}.pem`), '-extfile', at(`${name}.ext`),
    ...signer, ...days);
}

async function makeZip(name, certificate, { password = 'abcdefgh12345678', typed = password, authority = 'ca' } = {}) {
  await openssl('pkcs12', '-export', '-in', at(`${certificate}.pem`), '-inkey', at(`${certificate}.key`), '-certfile',
    at(`${authority}.pem`), '-passout', `pass:${password}`, '-out', at(`${name}.p12`));
  await writeFile(at(`${name}-password.txt`), typed);
  await rm(at(`${name}.zip`), { force: true });
  const { status, err } = await run('python3', ['-c',
    'import sys,zipfile;z=zipfile.ZipFile(sys.argv[1],"w");[z.write(f,f.split("/")[-1]) for f in sys.argv[2:]];z.close()',
    at(`${name}.zip`), at(`${name}.p12`), at(`${name}-password.txt`)]);
  assert.equal(status, 0, err);
  return at(`${name}.zip`);
}

async function client(...words) {
  const result = await run('env', ['-u', 'XDG_CONFIG_HOME', `HOME=${home}`, program, ...words]);
  return { ...result, all: result.out + result.err };
}

/** A connector; gives its port. */
async function serve(answer, options = {}) {
  const server = https.createServer({ key: await readFile(at('server.key')), cert: await readFile(at('server.pem')),
    ca: await readFile(at('ca.pem')), requestCert: true, rejectUnauthorized: false, ...options }, answer);
  server.on('tlsClientError', () => {});
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  closing.push(() => server.close());
  return server.address().port;
}

const self = (request, response) => {
  const subject = request.socket.getPeerCertificate().subject?.CN;
  const claimed = new URL(request.url, 'https://x').searchParams.get('clientSystemId');
  if (claimed !== null && claimed !== subject) {
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end('{"code":4204,"message":"x"}');
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`{"client_system":"${subject}"}`);
};
const refuse = (reason) => (request, response) => {
  response.writeHead(403, { 'content-type': 'application/json' });
  response.end(`{"reason":"${reason}","message":"x"}`);
};

before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'chancery-client-test-'));
  home = at('home');
  await mkdir(home);
  await makeCertificate('ca', '/CN=Clinic CA', 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\n');
  await makeCertificate('other', '/CN=Other CA', 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\n');
  await makeCertificate('server', '/CN=localhost', 'subjectAltName=DNS:localhost,IP:127.0.0.1\n', 'ca');
  await makeCertificate('elsewhere', '/CN=elsewhere.example', 'subjectAltName=DNS:elsewhere.example\n', 'ca');
  await makeCertificate('foreign', '/CN=localhost', 'subjectAltName=DNS:localhost\n', 'other');
  await makeCertificate('old', '/CN=localhost', 'subjectAltName=DNS:localhost\n', 'ca', ['-days', '-1']);
  await makeCertificate('Z1', '/CN=Z1', 'extendedKeyUsage=clientAuth\n', 'ca');
  await makeCertificate('Z2', '/CN=Z2', 'extendedKeyUsage=clientAuth\n', 'ca');
  await makeCertificate('expired', '/CN=Z3', 'extendedKeyUsage=clientAuth\n', 'ca', ['-days', '-1']);
});
after(async () => {
  for (const close of closing) close();
  await rm(folder, { recursive: true, force: true });
});

test('without an import, and written wrongly, it says what to do', async () => {
  assert.match((await client('show')).err, /nothing was imported yet/);
  assert.equal((await client('show')).status, 1);
  for (const words of [[], ['dance'], ['import'], ['test'], ['test', 'http://x'], ['test', 'https://x:0'],
    ['test', 'https://x y'], ['install'], ['install', '--for'], ['show', 'more'], ['test', 'https://x/', '--ca']]) {
    const { status, err } = await client(...words);
    assert.equal(status, 2, words.join(' '));
    assert.match(err, /chancery-client import FILE\.zip/);
  }
  const { status, out } = await client('help');
  assert.equal(status, 0);
  assert.match(out, /Exit status/);
});

test('a ZIP that is none, or has the wrong password, is refused and changes nothing', async () => {
  await writeFile(at('no.zip'), 'this is no archive');
  assert.match((await client('import', at('no.zip'))).err, /not the ZIP that the server made/);
  const wrong = await makeZip('wrong', 'Z1', { typed: 'another-password' });
  assert.match((await client('import', wrong)).err, /password does not open/);
  assert.match((await client('import', at('missing.zip'))).err, /no file/);
  assert.match((await client('show')).err, /nothing was imported yet/);
});

test('the import keeps files that only the person can read, and gives nothing up unasked', async () => {
  const zip = await makeZip('Z1', 'Z1');
  const { status, out } = await client('import', zip);
  assert.equal(status, 0, out);
  assert.match(out, /client system: +Z1/);
  const place = path.join(home, '.config', 'chancery-client');
  assert.equal((await stat(place)).mode & 0o777, 0o700);
  for (const name of ['client.p12', 'password.txt', 'client.pem', 'key.pem', 'ca.pem', 'id.txt']) {
    assert.equal((await stat(path.join(place, name))).mode & 0o777, 0o600, name);
  }
  assert.equal((await client('import', zip)).status, 0);
  const other = await makeZip('Z2', 'Z2');
  const refused = await client('import', other);
  assert.equal(refused.status, 1);
  assert.match(refused.err, /Nothing was changed/);
  assert.match((await client('show')).out, /client system: +Z1/);
  assert.equal((await client('import', other, '--replace')).status, 0);
  assert.match((await client('show')).out, /client system: +Z2/);
  assert.equal((await client('import', zip, '--replace')).status, 0);
});

test('a good connection is told step by step, by name and by address', async () => {
  const port = await serve(self);
  for (const host of ['localhost', '127.0.0.1']) {
    const { status, out } = await client('test', `https://${host}:${port}`);
    assert.equal(status, 0, out);
    assert.match(out, /ok {3}name resolution[^]*ok {3}connection[^]*ok {3}encryption: TLSv1\.3[^]*ok {3}answer: \{"client_system":"Z1"\}/);
  }
  assert.equal((await client('test', `https://localhost:${port}/?x=1`)).status, 0);
});

test('each way to fail is named with what to do', async () => {
  const said = async (pattern, ...words) => {
    const { status, out } = await client('test', ...words);
    assert.equal(status, 1, out);
    assert.match(out, pattern);
    assert.equal(out.split('\n').filter((line) => line.startsWith('FAIL')).length, 1, out);
  };
  await said(/name resolution: no computer is known by the name nowhere\.invalid|name resolution: nowhere/, 'https://nowhere.invalid');
  const free = net.createServer();
  await new Promise((resolve) => { free.listen(0, '127.0.0.1', resolve); });
  const { port: closed } = free.address();
  await new Promise((resolve) => { free.close(resolve); });
  await said(/connection: nothing listens on port/, `https://127.0.0.1:${closed}`);

  const plain = net.createServer((socket) => { socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'); socket.on('error', () => {}); });
  await new Promise((resolve) => { plain.listen(0, '127.0.0.1', resolve); });
  closing.push(() => plain.close());
  await said(/encryption: the server does not answer with TLS/, `https://127.0.0.1:${plain.address().port}`);

  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' };
  await said(/does not speak TLS 1\.2 or 1\.3/, `https://localhost:${await serve(self, old)}`);

  const as = async (name) => ({ key: await readFile(at(`${name}.key`)), cert: await readFile(at(`${name}.pem`)) });
  await said(/is not for localhost/, `https://localhost:${await serve(self, await as('elsewhere'))}`);
  await said(/has expired/, `https://localhost:${await serve(self, await as('old'))}`);
  const foreign = await serve(self, await as('foreign'));
  await said(/authority that this computer does not know \(CN=Other CA\)/, `https://localhost:${foreign}`);
  assert.equal((await client('test', `https://localhost:${foreign}`, '--ca', at('other.pem'))).status, 0);

  await said(/revoked; an administrator/, `https://localhost:${await serve(refuse('certificate_revoked'))}`);
  await said(/does not know our certificate/, `https://localhost:${await serve(refuse('certificate_unknown'))}`);
  await said(/suspended/, `https://localhost:${await serve(refuse('system_suspended'))}`);
  await said(/not enabled for this organisation/, `https://localhost:${await serve(refuse('feature_off'))}`);
  const port = await serve(self);
  await said(/4204/, `https://localhost:${port}`, '--client-system', 'z1');
  assert.equal((await client('test', `https://localhost:${port}`, '--client-system', 'Z1')).status, 0);
  await said(/no connector at/, `https://localhost:${await serve((request, response) => response.writeHead(404).end())}`);

  // A server that demands a certificate of an authority that is not ours.
  const strict = { ca: await readFile(at('other.pem')), rejectUnauthorized: true };
  await said(/certificate: |encryption: /, `https://localhost:${await serve(self, strict)}`);
});

test('a server that closes the connection before it has read our certificate is told as a failure', async () => {
  const port = await serve(self);
  // Passes the first octets of the server on and closes: what the client then sends is answered by a reset.
  const closer = net.createServer((socket) => {
    const upstream = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    upstream.on('error', () => {});
    socket.pipe(upstream);
    upstream.once('data', (flight) => {
      socket.unpipe(upstream);
      socket.end(flight, () => { socket.destroy(); upstream.destroy(); });
    });
  });
  await new Promise((resolve) => { closer.listen(0, '127.0.0.1', resolve); });
  closing.push(() => closer.close());
  const { status, out } = await client('test', `https://localhost:${closer.address().port}`);
  assert.equal(status, 1, out);
  assert.match(out, /FAIL (certificate|encryption): /);
});

test('an own certificate that has expired is told before anything is sent', async () => {
  const zip = await makeZip('Z3', 'expired');
  const imported = await client('import', zip, '--replace');
  assert.equal(imported.status, 1);
  assert.match(imported.err, /our certificate has expired/);
  const { status, out } = await client('test', `https://localhost:${await serve(self)}`);
  assert.equal(status, 1);
  assert.match(out, /FAIL our certificate: our certificate has expired/);
  assert.equal((await client('import', at('Z1.zip'), '--replace')).status, 0);
});

test('it installs for common programs, which then connect', async () => {
  const port = await serve(self);
  const curl = await client('install', '--for', 'curl');
  assert.equal(curl.status, 0, curl.err);
  const config = /curl -K (\S+)/.exec(curl.out)[1];
  const asked = await run('curl', ['-sS', '-K', config, `https://localhost:${port}/connector/self`]);
  assert.equal(asked.out, '{"client_system":"Z1"}', asked.err);

  // The connector's own certificate may come from another authority than that of the ZIP.
  const foreign = await serve(self, { key: await readFile(at('foreign.key')), cert: await readFile(at('foreign.pem')) });
  const stranger = await run('curl', ['-sS', '-K', config, `https://localhost:${foreign}/connector/self`]);
  assert.notEqual(stranger.status, 0);
  const named = await client('install', '--for', 'curl', '--ca', at('other.pem'));
  assert.equal(named.status, 0, named.err);
  for (const one of [foreign, port]) {
    const known = await run('curl', ['-sS', '-K', config, `https://localhost:${one}/connector/self`]);
    assert.equal(known.out, '{"client_system":"Z1"}', known.err);
  }
  const none = await client('install', '--for', 'curl', '--ca', at('other.key'));
  assert.equal(none.status, 2);
  assert.match(none.err, /--ca takes a file with a certificate in PEM/);

  const plain = await client('install', '--for', 'openssl');
  assert.equal(plain.status, 0, plain.err);
  const pem = /-cert (\S+)/.exec(plain.out)[1];
  assert.equal((await stat(pem)).mode & 0o777, 0o600);
  assert.match(await readFile(pem, 'utf8'), /PRIVATE KEY/);

  const java = await client('install', '--for', 'java');
  assert.equal(java.status, 0, java.all);
  const store = /keyStore=(\S+)/.exec(java.out)[1];
  assert.equal((await stat(store)).mode & 0o777, 0o600);
  const listed = await run('keytool', ['-list', '-keystore', store, '-storepass', 'abcdefgh12345678']);
  assert.match(listed.out, /PrivateKeyEntry/);

  const chromium = await client('install', '--for', 'chromium');
  assert.equal(chromium.status, 0, chromium.all);
  const keys = await run('certutil', ['-L', '-d', `sql:${path.join(home, '.pki', 'nssdb')}`]);
  assert.match(keys.out, /u,u,u/);
  assert.match(keys.out, /C,,/);

  assert.equal((await client('install', '--for', 'netscape')).status, 2);
});
