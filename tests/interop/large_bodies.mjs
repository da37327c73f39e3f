// Documents of 100 MiB through the doors of the real server (S4.21, S4.22): what it needs in memory, what it leaves behind
// when a client leaves, when it is killed and when its disk is full, and what it says about its limits.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { buildFolder, findFreePort, makeFolder, run, startServer, until } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';

const mib = 1024 * 1024;
const mostBeyondIdle = 64;  // MiB
const boundary = 'a-boundary-0123456789';
const words = 'a sentence of a person that nobody else may read. ';
const jan = { login: 'jan.nowak', password: 'River-Copper-2026' };
const env = { ...process.env, CHANCERY_MASTER_KEY: 'a7'.repeat(32) };

let folder;
let port;
let server;
let authorization;
let seal;
let own;

const place = (name) => path.join(folder, name);
const configuration = () => place('chancery.toml');

async function command(args, input = '') {
  const { status, out, err } = await run(path.join(buildFolder, 'chancery'), [...args, '--config', configuration(), '--json'], { env, input });
  assert.equal(status, 0, `${args.join(' ')}: ${err}`);
  return out === '' ? {} : JSON.parse(out);
}

const start = async () => { server = await startServer(configuration(), `http://localhost:${port}`, { env }); };

/** Octets that repeat themselves nowhere near a piece of the server, made as they are needed. */
function* octetsOf(size) {
  const block = Buffer.alloc(mib - 7);
  for (let at = 0; at < block.length; at += words.length) block.write(words, at);
  for (let at = 0; at < size; at += block.length) {
    block.writeUInt32BE(at);
    yield Buffer.from(block.subarray(0, Math.min(block.length, size - at)));
  }
}

/** `parts`: { name, value } or { name, file, octets } with a buffer or a size. Gives pieces of the body. */
function* bodyOf(parts) {
  for (const part of parts) {
    const file = part.octets === undefined ? '' : `; filename="${part.file ?? 'large.bin'}"`;
    yield Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${part.name}"${file}\r\n\r\n`);
    if (part.octets === undefined) yield Buffer.from(part.value);
    else if (typeof part.octets === 'number') yield* octetsOf(part.octets);
    else yield part.octets;
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}

function lengthOf(parts) {
  let length = 0;
  for (const piece of bodyOf(parts.map((part) => (typeof part.octets === 'number' ? { ...part, octets: Buffer.alloc(0) } : part)))) length += piece.length;
  return parts.reduce((sum, part) => sum + (typeof part.octets === 'number' ? part.octets : 0), length);
}

/** Until more can be written, or nothing any more. */
const drained = (stream) => new Promise((resolve) => {
  const done = () => { stream.off('drain', done).off('close', done); resolve(); };
  stream.on('drain', done).on('close', done);
});

/** Sends a form; gives { status, headers, body }. */
function upload(address, parts, { headers = { Authorization: authorization }, chunked = false } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path: address, method: 'POST', agent: false, headers: {
      'Content-Type': `multipart/form-data; boundary=${boundary}`, ...headers,
      ...(chunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': lengthOf(parts) }) } });
    let answered = false;
    request.once('response', (answer) => {
      answered = true;
      const all = [];
      answer.on('data', (piece) => all.push(piece));
      answer.once('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(all).toString() }));
    });
    // A server that refuses early closes while the client still sends.
    request.once('error', (error) => { if (!answered) reject(error); });
    (async () => {
      for (const piece of bodyOf(parts)) {
        if (answered || request.destroyed) break;
        if (!request.write(piece)) await drained(request);
      }
      request.end();
    })();
  });
}

const json = (answer) => { try { return JSON.parse(answer.body); } catch { throw new Error(`${answer.status}: ${answer.body}`); } };

const figure = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(fs.readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))[1]) / 1024;

/** The most that the server needed beyond what it has when it is idle, in MiB. */
async function needed(what) {
  fs.writeFileSync(`/proc/${server.process.pid}/clear_refs`, '5');
  const idle = figure('VmHWM');
  const result = await what();
  return { result, mib: figure('VmHWM') - idle };
}

/** Descriptors of the server below its folder of bodies, also of files without a name. */
function openBodies() {
  const root = `/proc/${server.process.pid}/fd`;
  return fs.readdirSync(root).map((name) => ({ name: path.join(root, name), target: (() => { try { return fs.readlinkSync(path.join(root, name)); } catch { return ''; } })() }))
    .filter(({ target }) => target.startsWith(`${place('data/spool')}/`));
}
const files = () => (fs.existsSync(place('data/spool')) ? fs.readdirSync(place('data/spool')) : []);

before(async () => {
  folder = await makeFolder('large-bodies');
  port = await findFreePort();
  await writeFile(configuration(), [`issuer = "http://localhost:${port}"`, `data_dir = "${place('data')}"`,
    '[[listener]]', 'name = "http"', 'address = "127.0.0.1"', `port = ${port}`,
    '[metrics]', `listen = "127.0.0.1:${await findFreePort()}"`, ''].join('\n'));
  await start();
  await command(['account', 'create', jan.login, '--given-name', 'Jan', '--family-name', 'Nowak',
    '--email', 'jan.nowak@mail.example', '--no-must-change', '--password-stdin'], `${jan.password}\n`);
  await command(['authority', 'create', '--name', 'Clinic']);
  await command(['timestamp', 'authority', 'create']);
  seal = (await command(['credential', 'create', '--seal', '--label', 'Seal', '--activation', 'none', '--issue'])).id;
  own = (await command(['credential', 'create', '--account', jan.login, '--label', 'Own', '--activation', 'pin', '--pin-stdin', '--issue'], '274831\n')).id;
  const client = await command(['client', 'create', 'archive', '--name', 'Archive', '--kind', 'machine', '--scope', 'sign', '--scope', 'verify', '--scope', 'timestamp']);
  authorization = `Basic ${btoa(`archive:${client.client_secret}`)}`;
  await writeFile(place('chain.pem'), await (await fetch(`http://127.0.0.1:${port}/pki/chain.pem`)).text());
  await writeFile(place('large.bin'), Buffer.concat([...octetsOf(100 * mib)]));
  // Threads, caches and pages of the program are there before anything is measured.
  assert.equal((await upload('/api/v1/sign', [{ name: 'credential_id', value: seal }, { name: 'document', octets: 2 * mib }])).status, 200);
});
after(async () => {
  if (server) await server.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('a signature over a form of 100 MiB needs little memory, and others accept it, and so does its verification', async () => {
  for (const chunked of [false, true]) {
    for (const form of [{ format: 'cades', packaging: 'detached' }, { format: 'xades', packaging: 'detached' }]) {
      const fields = Object.entries({ credential_id: seal, ...form }).map(([name, value]) => ({ name, value }));
      const signed = await needed(() => upload('/api/v1/sign', [...fields, { name: 'document', octets: 100 * mib }], { chunked }));
      assert.equal(signed.result.status, 200, signed.result.body);
      assert.ok(signed.mib <= mostBeyondIdle, `a signature needed ${signed.mib} MiB`);
      const { items } = json(signed.result);
      assert.equal(items[0].sha256, crypto.createHash('sha256').update(fs.readFileSync(place('large.bin'))).digest('hex'));
      const signature = Buffer.from(items[0].document, 'base64');
      if (form.format === 'cades') {
        await writeFile(place('large.p7s'), signature);
        const judged = await run('openssl', ['cms', '-verify', '-cades', '-inform', 'DER', '-in', place('large.p7s'), '-content', place('large.bin'),
          '-CAfile', place('chain.pem'), '-purpose', 'any', '-binary', '-out', '/dev/null']);
        assert.equal(judged.status, 0, judged.err);
      }
      const parts = [{ name: 'document', octets: signature }, { name: 'name', value: 'large.bin' }, { name: 'content', octets: 100 * mib }];
      const verified = await needed(() => upload('/api/v1/verify', parts, { chunked }));
      assert.equal(verified.result.status, 200, verified.result.body);
      assert.equal(json(verified.result).indication, 'TOTAL-PASSED', verified.result.body);
      assert.ok(verified.mib <= mostBeyondIdle, `a verification needed ${verified.mib} MiB`);
      const other = await upload('/api/v1/verify', [parts[0], { ...parts[2], octets: 100 * mib - 1 }], { chunked });
      assert.equal(json(other).indication, 'TOTAL-FAILED', other.body);
    }
  }
  assert.deepEqual(openBodies(), []);
});

test('a time stamp for a document of 100 MiB needs little memory', async () => {
  const stamped = await needed(() => upload('/api/v1/timestamps', [{ name: 'document', octets: 100 * mib }]));
  assert.equal(stamped.result.status, 200, stamped.result.body);
  assert.ok(stamped.mib <= mostBeyondIdle, `a time stamp needed ${stamped.mib} MiB`);
  await writeFile(place('large.token'), Buffer.from(json(stamped.result).token, 'base64'));
  const judged = await run('openssl', ['ts', '-verify', '-token_in', '-in', place('large.token'), '-data', place('large.bin'), '-CAfile', place('chain.pem')]);
  assert.equal(judged.status, 0, judged.err);
});

test('the pages take the same files, several at once, and show them as they came', async () => {
  const origin = `http://localhost:${port}`;
  const browser = new HttpBrowser();
  await browser.logIn(await browser.open(`${origin}/account`), jan);
  const page = await browser.open(`${origin}/account/sign`);
  const [shown] = /<form class="card"[\s\S]*?<\/form>/.exec(page.text);
  const hidden = Object.fromEntries([...shown.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)].map((found) => [found[1], found[2]]));
  const cookie = [...browser.jar(origin)].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { Cookie: cookie, Origin: origin, Host: `localhost:${port}`, Accept: 'text/html', 'Sec-Fetch-Site': 'same-origin' };
  const fields = Object.entries({ ...hidden, certificate: own, form: 'auto' }).map(([name, value]) => ({ name, value }));
  const sent = await needed(() => upload('/account/sign', [...fields,
    { name: 'document', file: 'one.bin', octets: 100 * mib }, { name: 'document', file: 'two.txt', octets: Buffer.from('two') },
    { name: 'document', file: 'large.xml', octets: Buffer.concat([Buffer.from('<a>'), Buffer.alloc(20 * mib, 'x'), Buffer.from('</a>')]) }], { headers }));
  assert.equal(sent.result.status, 303, sent.result.body);
  assert.ok(sent.mib <= mostBeyondIdle, `the page needed ${sent.mib} MiB`);
  const job = await browser.open(new URL(sent.result.headers.location, origin).href);
  assert.match(job.text, new RegExp(crypto.createHash('sha256').update(fs.readFileSync(place('large.bin'))).digest('hex')));
  for (const name of ['one.bin', 'two.txt', 'large.xml']) assert.ok(job.text.includes(name), job.text);
  const signed = await browser.submit(job, '/confirm', { pin: '274831' });
  const result = /href="([^"]*\/result\?n=0)"/.exec(signed.text);
  assert.ok(result, signed.text);
  const signature = await (await fetch(`${origin}${result[1]}`, { headers: { Cookie: cookie } })).arrayBuffer();
  const verified = await upload('/verify', [{ name: 'document', octets: 100 * mib }, { name: 'signature', file: 'one.p7s', octets: Buffer.from(signature) }], { headers });
  assert.equal(verified.status, 303, verified.body);
  const report = await browser.open(new URL(verified.headers.location, origin).href);
  assert.ok(/valid/i.test(report.text) && !/invalid/i.test(report.text), report.text);
});

test('twenty uploads of 45 MiB at one time are all signed, in little memory', async () => {
  const all = await needed(() => Promise.all(Array.from({ length: 20 }, () =>
    upload('/api/v1/sign', [{ name: 'credential_id', value: seal }, { name: 'document', octets: 45 * mib }]))));
  for (const answer of all.result) assert.equal(answer.status, 200, answer.body);
  assert.ok(all.mib <= mostBeyondIdle, `twenty uploads needed ${all.mib} MiB`);
  assert.deepEqual(openBodies(), []);
});

test('forty clients that ask for a large signature and read nothing cost the memory of a few', async () => {
  const signed = await upload('/api/v1/sign', [{ name: 'credential_id', value: seal }, { name: 'packaging', value: 'enveloping' }, { name: 'document', octets: 15 * mib }],
    { headers: { Authorization: authorization, 'Idempotency-Key': crypto.randomUUID() } });  // a job without one is forgotten at once
  assert.equal(signed.status, 200, signed.body);
  const result = `/api/v1/sign/${json(signed).job_id}/items/0`;
  const first = await fetch(`http://127.0.0.1:${port}${result}`, { headers: { Authorization: authorization } });
  assert.equal(first.status, 200, first.status === 200 ? '' : await first.text());
  const asked = await needed(async () => {
    const sockets = Array.from({ length: 40 }, () => net.connect(port, '127.0.0.1'));
    const statuses = await Promise.all(sockets.map((socket) => new Promise((resolve) => {
      socket.on('error', () => resolve('0'));
      socket.once('data', (piece) => { socket.pause(); resolve(piece.toString('latin1').slice(9, 12)); });
      socket.write(`GET ${result} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n\r\n`);
    })));
    for (const socket of sockets) socket.destroy();
    return statuses;
  });
  for (const status of asked.result) assert.ok(['200', '503'].includes(status), status);
  assert.ok(asked.result.includes('200') && asked.result.includes('503'), asked.result.join(' '));
  assert.ok(asked.mib <= 5 * mostBeyondIdle, `forty clients needed ${asked.mib} MiB`);
  await until('the next one has it', async () => (await fetch(`http://127.0.0.1:${port}${result}`, { headers: { Authorization: authorization } })).status === 200);
});

/** Sends the beginning of an upload of 100 MiB, and leaves it there. */
async function begin() {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const parts = [{ name: 'credential_id', value: seal }, { name: 'document', octets: 100 * mib }];
  socket.write(`POST /api/v1/sign HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n`
    + `Content-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: ${lengthOf(parts)}\r\n\r\n`);
  let sent = 0;
  for (const piece of bodyOf(parts)) {
    if (!socket.write(piece)) await drained(socket);
    sent += piece.length;
    if (sent > 20 * mib) break;
  }
  await until('the body is on the disk', () => openBodies().some(({ name }) => fs.statSync(name).size > 15 * mib));
  return socket;
}

// Copies of documents of the page's jobs stay there with their jobs.
test('what is on the disk has no name and nothing of the document, and a client that leaves takes it along', async () => {
  const before = files();
  const socket = await begin();
  assert.deepEqual(files(), before);
  const bodies = openBodies();
  assert.equal(bodies.length, 1);
  const written = fs.readFileSync(bodies[0].name);
  for (const part of [words.slice(0, 12), words.slice(-12), 'form-data', seal]) assert.ok(!written.includes(part), `${part} lies open on the disk`);
  socket.destroy();
  await until('the file is closed', () => openBodies().length === 0);
});

test('a server that is killed in the middle leaves nothing', async () => {
  const before = files();
  const socket = await begin();
  await server.stop('SIGKILL');
  socket.destroy();
  assert.deepEqual(files(), before);
  await start();
  assert.deepEqual(files(), before);
  assert.deepEqual(openBodies(), []);
});

test('a full disk is told as what it is, and the next upload finds its place', async () => {
  const limit = await run('prlimit', ['--pid', String(server.process.pid), `--fsize=${30 * mib}:`]);
  assert.equal(limit.status, 0, limit.err);
  const parts = [{ name: 'credential_id', value: seal }, { name: 'document', octets: 100 * mib }];
  const refused = await upload('/api/v1/sign', parts);
  assert.equal(refused.status, 507, refused.body);
  assert.equal(json(refused).type, 'urn:chancery:problem:storage-full');
  await until('the file is closed', () => openBodies().length === 0);
  assert.equal((await upload('/api/v1/sign', [parts[0], { ...parts[1], octets: 20 * mib }])).status, 200);
  await run('prlimit', ['--pid', String(server.process.pid), '--fsize=unlimited:']);
  assert.equal((await upload('/api/v1/sign', parts)).status, 200);
});

test('each limit is named in its refusal, before the body is sent', async () => {
  const ask = (address, type, length, more = {}) => new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path: address, method: 'POST', agent: false,
      headers: { Authorization: authorization, 'Content-Type': type, 'Content-Length': length, Expect: '100-continue', ...more } });
    request.once('continue', () => reject(new Error('the server asks for a body that it will refuse')));
    request.once('error', reject);
    request.once('response', (answer) => {
      const all = [];
      answer.on('data', (piece) => all.push(piece));
      answer.once('end', () => { resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(all).toString() }); request.destroy(); });
    });
    request.flushHeaders();
  });
  const form = `multipart/form-data; boundary=${boundary}`;
  for (const [address, type, limit] of [['/api/v1/sign', form, 194 * mib], ['/api/v1/sign', 'application/json', 24 * mib],
    ['/api/v1/verify', form, 146 * mib], ['/api/v1/verify', 'application/json', 24 * mib], ['/api/v1/timestamps', 'application/json', 4096]]) {
    const refused = await ask(address, type, limit + 1);
    assert.equal(refused.status, 413, `${address} ${refused.body}`);
    assert.equal(refused.headers['content-type'], 'application/problem+json');
    assert.equal(json(refused).limit, limit, refused.body);
  }
  for (const [language, sentence] of [['en', 'At most 194 MiB can be sent'], ['de', 'höchstens 194 MiB'], ['pl', 'najwyżej 194 MiB']]) {
    const refused = await ask('/account/sign', form, 194 * mib + 1, { Accept: 'text/html', 'Accept-Language': language });
    assert.equal(refused.status, 413);
    assert.ok(refused.body.includes(sentence), refused.body);
  }
  const inside = await upload('/api/v1/sign', [{ name: 'credential_id', value: seal }, { name: 'packaging', value: 'enveloping' }, { name: 'document', octets: 17 * mib }]);
  assert.equal(inside.status, 413);
  assert.equal(json(inside).limit, 16 * mib, inside.body);
  const one = await upload('/api/v1/sign', [{ name: 'credential_id', value: seal }, { name: 'document', octets: 129 * mib }]);
  assert.equal(one.status, 413);
  assert.equal(json(one).limit, 128 * mib, one.body);
  const judged = await upload('/api/v1/verify', [{ name: 'document', octets: 17 * mib }]);
  assert.equal(judged.status, 413);
  assert.equal(json(judged).limit, 16 * mib, judged.body);
});

test('a large form that is not whole is refused like a small one', async () => {
  for (const octets of [10, 5 * mib]) {
    const broken = await upload('/api/v1/sign', [{ name: 'credential_id', value: seal }, { name: 'credential_id', value: seal }, { name: 'document', octets }]);
    assert.equal(broken.status, 400, broken.body);
    assert.equal(json(broken).type, 'urn:chancery:problem:malformed-request');
    const unknown = await upload('/api/v1/sign', [{ name: 'credential_id', value: seal }, { name: 'other', octets }]);
    assert.equal(unknown.status, 400, unknown.body);
    assert.equal(json(unknown).type, 'urn:chancery:problem:invalid-fields');
  }
});
