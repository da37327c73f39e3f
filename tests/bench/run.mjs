// Runs the benches and prints one table. Server pinned to core 0, driver to core 1; where there is only one core
// both share it and the table says so. Bounded: about two minutes in all.
//   node run.mjs --build build/release --out build/bench [--only login,tokens,documents,size,flood,administrators,lists,weight,messages,certificates,signatures]
import { spawn, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import zlib from 'node:zlib';
import { signatures as measureSignatures } from './signatures.mjs';
import { tokens as measureTokens } from './tokens.mjs';

const args = Object.fromEntries(
  process.argv.slice(2).join(' ').split('--').filter(Boolean).map((a) => a.trim().split(' ')));
const build = path.resolve(args.build ?? 'build/release');
const out = path.resolve(args.out ?? 'build/bench');
const only = args.only ? args.only.split(',') : ['login', 'tokens', 'documents', 'size', 'flood', 'administrators', 'lists', 'weight', 'messages', 'certificates', 'signatures'];
const chancery = path.join(build, 'chancery');
const cores = os.cpus().length;
const pin = (core, command) => (cores > 1 ? ['taskset', '-c', String(core), ...command] : command);
const rows = [];
const report = { cores, at: new Date().toISOString(), figures: rows };

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
function row(name, figure, unit, promise, kept) {
  rows.push({ name, figure, unit, promise, kept });
  const mark = kept === undefined ? ' ' : kept ? '+' : '-';
  const value = typeof figure === 'number' ? figure.toFixed(figure < 10 ? 2 : 1) : figure;
  console.log(`${mark} ${name.padEnd(66)} ${String(value).padStart(10)} ${unit.padEnd(12)} ${promise ?? ''}`);
}

function freePort() {
  return new Promise((done, fail) => {
    const server = net.createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

// user + system seconds of a process
function cpuSeconds(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
const residentKiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

// One server process in a folder of its own.
class Server {
  static async start({ hash = 'default', database = '', tlsPort = 0, more = [] } = {}) {
    const self = new Server();
    self.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'chancery-bench-'));
    self.port = await freePort();
    self.config = path.join(self.dir, 'chancery.toml');
    const lines = [
      `issuer = "http://localhost:${self.port}"`, 'demo = true', `data_dir = "${self.dir}"`,
      `[log]`, 'level = "warning"', 'access = ""', '[http]', 'connections_per_ip = 5000',
      '[metrics]', 'listen = ""',
      '[password]', 'queue = 256'];
    // With a hash of microseconds the password lane is a lane like the others and gets as many threads.
    if (hash === 'smallest') lines.push('memory_kib = 8', 'passes = 1', 'workers = 16');
    if (database) {
      lines.push('[database]', `url = "${database}"`);
      // On PostgreSQL the key is the operator's to make: several nodes share it.
      fs.writeFileSync(path.join(self.dir, 'master.key'), crypto.randomBytes(32).toString('hex') + '\n', { mode: 0o600 });
    }
    lines.push(...more);
    lines.push('[[listener]]', 'name = "http"', 'address = "127.0.0.1"', `port = ${self.port}`);
    if (tlsPort) {
      lines.push('[[listener]]', 'name = "https"', 'address = "127.0.0.1"', `port = ${tlsPort}`, 'tls = true',
        `certificate_file = "${self.dir}/tls.crt"`, `key_file = "${self.dir}/tls.key"`);
      spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
        '-subj', '/CN=localhost', '-keyout', `${self.dir}/tls.key`, '-out', `${self.dir}/tls.crt`]);
    }
    fs.writeFileSync(self.config, lines.join('\n') + '\n');
    await self.launch();
    return self;
  }

  async launch() {
    const [program, ...rest] = pin(0, [chancery, 'serve', '--config', this.config]);
    const begun = process.hrtime.bigint();
    this.log = fs.openSync(path.join(this.dir, 'server.log'), 'a');
    this.child = spawn(program, rest, { stdio: ['ignore', this.log, this.log] });
    for (let tries = 0; tries < 20000; ++tries) {
      if (this.child.exitCode !== null) throw new Error('server ended: ' + fs.readFileSync(path.join(this.dir, 'server.log')));
      const answered = await new Promise((done) => {
        const socket = net.connect(this.port, '127.0.0.1');
        socket.on('error', () => done(false));
        socket.on('connect', () => socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'));
        socket.on('data', () => { socket.destroy(); done(true); });
      });
      if (answered) break;
      await sleep(1);
    }
    this.firstAnswerMs = Number(process.hrtime.bigint() - begun) / 1e6;
  }

  run(argv, input = '') {
    const ran = spawnSync(chancery, [...argv, '--config', this.config], { input, encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`${argv.join(' ')}: ${ran.stderr}`);
    return ran.stdout;
  }

  seed(users) {
    for (let i = 0; i < users; ++i) {
      this.run(['account', 'create', '--login', `bench${i}`, '--given', 'Ada', '--family', `Number ${i}`, '--email', `bench${i}@clinic.example`,
        '--context', 'user', '--no-must-change', '--if-missing', '--password-stdin'], 'Bench-Password-2026');
    }
    this.run(['client', 'create', '--id', 'bench', '--name', 'Bench', '--scope', 'openid', '--scope', 'profile',
      '--redirect-uri', 'http://127.0.0.1:9999/callback', '--secret-stdin'], 'bench-secret');
  }

  // Runs the driver; CPU of the server for each login comes with it.
  async load(users, seconds) {
    const before = cpuSeconds(this.child.pid);
    const [program, ...rest] = pin(1, [path.join(build, 'tests/bench/login_load'), '--port', this.port, '--users', users, '--seconds', seconds].map(String));
    const text = await new Promise((done) => {
      const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
      let all = '';
      child.stdout.on('data', (chunk) => { all += chunk; });
      child.on('close', () => done(all));
    });
    const result = JSON.parse(text);
    result.cpuMs = 1000 * (cpuSeconds(this.child.pid) - before) / Math.max(result.logins, 1);
    return result;
  }

  async halt() {
    if (this.child.exitCode === null) {
      const ended = new Promise((done) => this.child.on('close', done));
      this.child.kill('SIGTERM');
      await ended;
    }
    fs.closeSync(this.log);
  }

  async stop() {
    await this.halt();
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

// A PostgreSQL cluster of our own on a socket in a temporary folder.
class Postgres {
  static start() {
    const self = new Postgres();
    self.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'chancery-bench-pg-'));
    self.bin = fs.readdirSync('/usr/lib/postgresql').sort().map((v) => `/usr/lib/postgresql/${v}/bin`).pop();
    self.as = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
    if (self.as.length) spawnSync('chown', ['postgres', self.dir]);
    self.call(['initdb', '-D', `${self.dir}/data`, '-A', 'trust', '-U', 'chancery', '--encoding=UTF8', '--locale=C']);
    self.call(['pg_ctl', '-D', `${self.dir}/data`, '-w', '-l', `${self.dir}/log`, '-o', `-c listen_addresses='' -k ${self.dir} -c max_connections=50`, 'start']);
    self.url = `postgresql:///postgres?host=${self.dir}&user=chancery`;
    return self;
  }
  call([program, ...rest]) {
    const [first, ...others] = [...this.as, path.join(this.bin, program), ...rest];
    const ran = spawnSync(first, others, { encoding: 'utf8', cwd: '/' });
    if (ran.status !== 0) throw new Error(`${program}: ${ran.stderr}${ran.stdout}`);
  }
  stop() {
    this.call(['pg_ctl', '-D', `${this.dir}/data`, '-m', 'fast', '-w', 'stop']);
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

async function login() {
  // Alternates with the logins, so that a slow moment of the machine affects all.
  const hash = (program) => JSON.parse(spawnSync(...((c) => [c[0], c.slice(1)])(pin(0, [path.join(build, 'tests/bench', program)])), { encoding: 'utf8' }).stdout).cpu_ms;
  const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const shipped = [], alone = [], whole = [];
  const full = await Server.start();
  full.seed(16);
  await full.load(4, 1);
  for (let i = 0; i < 3; ++i) {
    shipped.push(hash('hash_shipped'));
    alone.push(hash('hash_alone'));
    whole.push((await full.load(4, 4)).cpuMs);
  }
  row('Argon2id alone (m=19 MiB, t=2, p=1), libsodium as shipped', median(shipped), 'ms CPU');
  row('Argon2id alone, its memory in huge pages as in the server', median(alone), 'ms CPU');
  row('full login with code flow', median(whole), 'ms CPU');
  row('full login ÷ hash alone of libsodium as shipped', median(whole) / median(shipped), 'ratio', 'at most 1.10', median(whole) / median(shipped) <= 1.1);
  row('full login ÷ hash alone in huge pages', median(whole) / median(alone), 'ratio', 'at most 1.10', median(whole) / median(alone) <= 1.1);
  await full.stop();

  const small = await Server.start({ hash: 'smallest' });
  small.seed(64);
  await small.load(16, 1);
  const some = await small.load(16, 6);
  row('full logins with the smallest hash, one core, 16 users', some.per_s, 'logins/s');
  const fast = await small.load(64, 8);
  row('full logins with the smallest hash, one core, 64 users', fast.per_s, 'logins/s', 'at least 2500', fast.per_s >= 2500 && fast.failed === 0);
  row('  server CPU for each', fast.cpuMs, 'ms CPU', 'oidc-provider: 4 ms');
  for (const users of [16, 64]) {
    const result = await small.load(users, 3);
    row(`${users} in parallel on SQLite: failed of ${result.logins}`, result.failed, 'logins', 'none', result.failed === 0);
  }
  await small.stop();

  const postgres = Postgres.start();
  try {
    const server = await Server.start({ hash: 'smallest', database: postgres.url });
    server.seed(64);
    for (const users of [16, 64]) {
      const result = await server.load(users, 3);
      row(`${users} in parallel on PostgreSQL: failed of ${result.logins} (${result.per_s.toFixed(0)}/s)`, result.failed, 'logins', 'none', result.failed === 0);
    }
    await server.stop();
  } finally {
    postgres.stop();
  }
}

function wrk(port, target, seconds) {
  const [program, ...rest] = pin(1, ['wrk', '-t1', '-c16', `-d${seconds}s`, `http://127.0.0.1:${port}${target}`]);
  const text = spawnSync(program, rest, { encoding: 'utf8' }).stdout;
  if (/Non-2xx/.test(text)) throw new Error(text);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]);
}

async function documents() {
  const server = await Server.start();
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'chancery-bench-nginx-'));
  const port = await freePort();
  const targets = { discovery: '/.well-known/openid-configuration', jwks: '/oauth2/jwks' };
  const locations = [];
  for (const [name, target] of Object.entries(targets)) {
    const answer = await fetch(`http://127.0.0.1:${server.port}${target}`);
    fs.writeFileSync(path.join(dir, name), Buffer.from(await answer.arrayBuffer()));
    locations.push(`location = ${target} { default_type application/json; alias ${dir}/${name}; }`);
  }
  fs.writeFileSync(path.join(dir, 'nginx.conf'), `daemon off; worker_processes 1; pid ${dir}/pid; error_log ${dir}/error.log;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000; open_file_cache max=10; client_body_temp_path ${dir}/b; proxy_temp_path ${dir}/p;
fastcgi_temp_path ${dir}/f; uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s;
server { listen 127.0.0.1:${port}; ${locations.join('\n')} } }\n`);
  fs.chmodSync(dir, 0o755);
  const [program, ...rest] = pin(0, ['nginx', '-c', path.join(dir, 'nginx.conf'), '-p', dir]);
  const nginx = spawn(program, rest, { stdio: 'ignore' });
  for (let i = 0; i < 200; ++i) {
    if (await new Promise((d) => { const s = net.connect(port, '127.0.0.1'); s.on('connect', () => { s.destroy(); d(true); }); s.on('error', () => d(false)); })) break;
    await sleep(20);
  }
  for (const [name, target] of Object.entries(targets)) {
    // Alternates, so that a slow moment of the machine affects both.
    const ours = [], theirs = [];
    for (let i = 0; i < 3; ++i) {
      theirs.push(wrk(port, target, 2));
      ours.push(wrk(server.port, target, 2));
    }
    const median = (list) => list.sort((a, b) => a - b)[1];
    const ratio = median(ours) / median(theirs);
    row(`${name}: nginx, same bytes`, median(theirs), 'requests/s');
    row(`${name}: chancery`, median(ours), 'requests/s');
    row(`${name}: chancery ÷ nginx`, ratio, 'ratio', 'at least 0.60', ratio >= 0.6);
  }
  const ended = new Promise((done) => nginx.on('close', done));
  nginx.kill('SIGTERM');
  await ended;
  fs.rmSync(dir, { recursive: true, force: true });
  await server.stop();
}

async function size() {
  const tlsPort = await freePort();
  const server = await Server.start({ tlsPort });
  await server.halt();
  await server.launch();  // a second start: keys and database are there
  row('exec to first answer', server.firstAnswerMs, 'ms', 'at most 50', server.firstAnswerMs <= 50);
  await sleep(1500);
  row('idle server, resident', residentKiB(server.child.pid) / 1024, 'MiB', 'at most 20', residentKiB(server.child.pid) <= 20 * 1024);
  const count = 1000;
  const before = residentKiB(server.child.pid);
  const sockets = [];
  for (let i = 0; i < count; ++i) {
    sockets.push(await new Promise((done, fail) => {
      const socket = tls.connect({ port: tlsPort, host: '127.0.0.1', rejectUnauthorized: false, servername: 'localhost' }, () => {
        socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
      });
      socket.once('data', () => done(socket));
      socket.on('error', fail);
    }));
  }
  await sleep(500);
  const each = (residentKiB(server.child.pid) - before) / count;
  row(`each of ${count} idle TLS connections`, each, 'KiB', 'at most 32', each <= 32);
  for (const socket of sockets) socket.destroy();
  await server.stop();
}

// Runs a driver of this folder beside a server, and gives what it prints.
async function drive(script, options) {
  const file = path.join(import.meta.dirname ?? path.dirname(process.argv[1]), script);
  const [program, ...rest] = pin(1, [process.execPath, file, ...options]);
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (text) => { said += text; });
  await new Promise((done) => child.once('close', done));
  return JSON.parse(said);
}

// Logins of one address while another one floods (flood.mjs).
async function flood() {
  for (const password of ['wrong', 'right']) {
    const server = await Server.start();
    server.seed(2);
    const { undisturbed, flooded, flood: answers } = await drive('flood.mjs', ['--port', String(server.port), '--password', password]);
    const name = `40 logins beside a flood with a ${password} password`;
    row(`${name}, median`, flooded.median_ms, 'ms', `at most 2 x ${undisturbed.median_ms.toFixed(1)}`, flooded.median_ms <= 2 * undisturbed.median_ms);
    row(`${name}, refused`, 40 - (flooded.answers[303] ?? 0), '', 'none', flooded.answers[303] === 40);
    row(`the flood's answers: ${JSON.stringify(answers)}`, Object.values(answers).reduce((a, b) => a + b, 0), '');
    await server.stop();
  }
}

// Fills the database of a server that is down, and starts it again.
async function fill(server, accounts, owner) {
  await server.halt();
  const filled = spawnSync(path.join(build, 'tests/bench/fill_lists'), ['--database', `${server.dir}/chancery.db`,
    '--key', `${server.dir}/master.key`, '--accounts', String(accounts), '--owner', owner], { encoding: 'utf8' });
  if (filled.status !== 0) throw new Error(filled.stderr);
  await server.launch();
}

// Logins while a dozen administrators use all that they may use (administrators.mjs).
async function administrators() {
  const accounts = Number(args.accounts ?? 100_000);
  const server = await Server.start();
  server.seed(2);
  for (let i = 0; i < 12; ++i) {
    server.run(['account', 'create', '--login', `chief${i}`, '--given', 'Ada', '--family', `Chief ${i}`, '--email', `chief${i}@clinic.example`, '--context', 'administrator',
      '--no-must-change', '--password-stdin'], 'Bench-Password-2026');
  }
  await fill(server, accounts, 'bench0');
  const { alone, beside, administrators: answers } = await drive('administrators.mjs', ['--port', String(server.port)]);
  const name = `60 logins beside 12 administrators, ${accounts} accounts`;
  for (const [word, key] of [['median', 'median_ms'], ['95th percentile', 'p95_ms']]) {
    row(`${name}, ${word}`, beside[key], 'ms', `at most 2 x ${alone[key].toFixed(1)}`, beside[key] <= 2 * alone[key]);
  }
  row(`${name}, refused`, 60 - (beside.answers[200] ?? 0), '', 'none', beside.answers[200] === 60);
  row(`the administrators' answers: ${JSON.stringify(answers)}`, Object.values(answers).reduce((a, b) => a + b, 0), '');
  await server.stop();
}

// A browser without scripts: cookies, redirects, forms.
class Person {
  constructor(port) {
    this.origin = `http://localhost:${port}`;
    this.cookies = new Map();
  }
  async ask(target, form, headers = {}) {
    const answer = await fetch(this.origin + target, {
      method: form ? 'POST' : 'GET', redirect: 'manual',
      headers: { ...headers, Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form ? { 'Content-Type': 'application/x-www-form-urlencoded', Origin: this.origin, 'Sec-Fetch-Site': 'same-origin' } : {}) },
      body: form ? new URLSearchParams(form).toString() : undefined });
    for (const set of answer.headers.getSetCookie?.() ?? answer.headers.get('set-cookie')?.split(/, (?=[^ ]+=)/) ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      this.cookies.set(name, value);
    }
    const body = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, location: answer.headers.get('location')?.replace(this.origin, ''), body, text: body.toString() };
  }
  async follow(answer) {
    let last = answer;
    while (last.location) last = await this.ask(last.location);
    return last;
  }
  // The hidden fields of the first form that is sent to `action`.
  static hidden(page, action) {
    const at = page.text.indexOf(`action="${action}"`);
    const form = page.text.slice(at, page.text.indexOf('</form>', at));
    return Object.fromEntries([...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((m) => [m[1], m[2]]));
  }
  async logIn(login, password, context) {
    const page = await this.follow(await this.ask('/account'));
    let last = await this.follow(await this.ask('/login/password', { ...Person.hidden(page, '/login/password'), login, password }));
    if (last.text.includes('action="/login/context"') && context) {
      last = await this.follow(await this.ask('/login/context', { ...Person.hidden(last, '/login/context'), context }));
    }
    if (last.status !== 200 || !last.text.includes('action="/logout"')) throw new Error(`the login did not end on a page: ${last.status}`);
    return last;
  }
}

// The lists of an installation with 100,000 accounts and as many audit events.
async function lists() {
  const accounts = Number(args.accounts ?? 100_000);
  const server = await Server.start({ hash: 'smallest' });
  server.run(['account', 'create', '--login', 'lists', '--given', 'Ada', '--family', 'Lists', '--email', 'lists@clinic.example', '--context', 'super_administrator', '--as-main',
    '--no-must-change', '--password-stdin'], 'Bench-Password-2026');
  server.run(['tenant', 'feature', 'set', 'client_systems', 'on']);
  await fill(server, accounts, 'lists');
  const person = new Person(server.port);
  await person.logIn('lists', 'Bench-Password-2026', 'super_administrator');
  const measure = async (name, ask) => {
    const took = [];
    let last;
    for (let i = 0; i < 12; ++i) {
      const begun = process.hrtime.bigint();
      last = await ask();
      took.push(Number(process.hrtime.bigint() - begun) / 1e6);
      if (last.status !== 200) throw new Error(`${name}: ${last.status} ${last.text}`);
    }
    took.sort((a, b) => a - b);
    const median = took[Math.floor(took.length / 2)];
    row(`${name}, ${accounts} accounts`, median, 'ms', `at most 100; slowest ${took[took.length - 1].toFixed(1)}`, median <= 100);
    return last;
  };
  const list = await measure('accounts, first page', () => person.ask('/admin/accounts'));
  await measure('accounts, last page', () => person.ask('/admin/accounts?page=last'));
  await measure('accounts, newest first', () => person.ask('/admin/accounts?order=newest'));
  for (const filter of ['state=active', 'state=locked', 'state=suspended', 'state=deleted', 'kind=employee', 'kind=service',
    'state=locked&kind=service&order=newest']) {
    await measure(`accounts, ${filter}`, () => person.ask(`/admin/accounts?${filter}`));
  }
  const search = Person.hidden(list, '/admin/accounts');
  for (const text of ['person99', 'malgorzata kowal', 'nowa', 'nobody']) {
    await measure(`accounts, search "${text}"`, async () => person.follow(await person.ask('/admin/accounts', { ...search, text })));
  }
  await measure('audit log, first page', () => person.ask('/admin/audit'));
  await measure('audit log, last page', () => person.ask('/admin/audit?page=last'));
  await measure('audit log, one type', () => person.ask('/admin/audit?type=account_create'));
  await measure('audit log, failures, of which there are few', () => person.ask('/admin/audit?outcome=failure'));
  await measure('start page of administrators', () => person.ask('/admin'));
  await measure('outbox, first page', () => person.ask('/admin/outbox'));
  await measure('outbox, what failed', () => person.ask('/admin/outbox?state=failed'));
  await measure('outbox, last page', () => person.ask('/admin/outbox?page=last'));
  await measure('applications', () => person.ask('/admin/applications'));
  await measure('contexts', () => person.ask('/admin/contexts'));
  await measure('roles', () => person.ask('/admin/roles'));
  await measure('organisations', () => person.ask('/admin/tenants'));
  await measure('policies', () => person.ask('/admin/policies'));
  await measure('client systems, 500 with a certificate each', () => person.ask('/admin/systems'));
  await measure('credentials', () => person.ask('/admin/signatures'));
  await measure('authorities and whom they trust', () => person.ask('/admin/trust'));
  await measure('resource servers', () => person.ask('/admin/resources'));
  await measure('tokens for registrations', () => person.ask('/admin/registration-tokens'));
  await measure('gateways of short messages', () => person.ask('/admin/sms'));
  await measure('rule of second factors', () => person.ask('/admin/second-factor'));
  await measure('own applications', () => person.ask('/account/applications'));
  await measure('own signing jobs and keys', () => person.ask('/account/sign'));
  await measure('own tokens', () => person.ask('/account/tokens'));
  await measure('sub accounts of a main account', () => person.ask('/account/sub-accounts'));
  const groups = await measure('groups', () => person.ask('/admin/groups'));
  const everybody = /href="(\/admin\/groups\/[0-9a-f-]{36})"[^>]*>everybody</.exec(groups.text)[1];
  await measure('members of a group with everybody, first page', () => person.ask(everybody));
  await measure('members of a group with everybody, last page', () => person.ask(`${everybody}?page=last`));
  const account = /href="(\/admin\/accounts\/[0-9a-f-]{36})"/.exec(list.text)[1];
  await measure('one account, with its groups, contexts and devices', () => person.ask(account));
  await measure('own runs on many accounts', () => person.ask('/admin/accounts/bulk'));
  await measure('activity of an account', () => person.ask('/account/activity'));
  await measure('sessions and devices of an account with 100 each', () => person.ask('/account/sessions'));
  const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  for (const page of ['/admin/accounts', '/admin/audit', '/account/sessions']) await weigh(server.port, page, cookie, 'with a full list');
  await server.stop();
}

// Octets over the wire, as the server sends them to a browser that takes every encoding: heads and bodies, without the
// typeface, which a browser shows text without and keeps for a year.
function wireSize(port, target, cookie) {
  return new Promise((done, fail) => {
    const socket = net.connect(port, 'localhost');
    const chunks = [];
    socket.on('error', fail);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => done(Buffer.concat(chunks)));
    socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: text/html,*/*\r\nAccept-Encoding: gzip, deflate, br\r\nSec-Fetch-Site: same-origin\r\n` +
      `Accept-Language: de\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`);
  });
}

async function weigh(port, page, cookie, state = '') {
  const first = 60, later = 15;
  const answer = await wireSize(port, page, cookie);
  const head = answer.indexOf('\r\n\r\n') + 4;
  const isPacked = /^Content-Encoding: gzip\r$/m.test(answer.subarray(0, head).toString());
  const body = isPacked ? zlib.gunzipSync(answer.subarray(head)) : answer.subarray(head);
  const parts = new Set([...body.toString().matchAll(/(?:href|src)="((?:\/assets|\/theme)[^"#]*)/g)].map((m) => m[1]));
  let all = answer.length;
  for (const part of parts) if (!part.endsWith('.woff2')) all += (await wireSize(port, part, cookie)).length;
  const name = `${page.replace(/\?.*/, '')}${state && ` ${state}`}`;
  const told = (what, octets, most) => {
    const kib = octets / 1024;
    row(`${name}: ${what}`, kib, 'KiB', `at most ${most}${kib > most ? ': over' : ''}`, kib <= most);
  };
  told('first visit, without the typeface', all, first);
  told('afterwards', answer.length, later);
}

async function weight() {
  const server = await Server.start({ hash: 'smallest' });
  server.run(['account', 'create', '--login', 'weight', '--given', 'Ada', '--family', 'Weight', '--email', 'ada@example.org',
    '--context', 'user', '--context', 'administrator', '--no-must-change', '--password-stdin'], 'Bench-Password-2026');
  const person = new Person(server.port);
  const login = (await person.ask('/account')).location;
  await person.logIn('weight', 'Bench-Password-2026', 'administrator');
  const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const pages = ['/', login, '/reset', '/account', '/account/data', '/account/security', '/account/applications', '/account/activity',
    '/account/sessions', '/admin/accounts', '/admin/outbox', '/admin/audit', '/help', '/nonsense'];
  for (const page of pages) await weigh(server.port, page, page === login ? '' : cookie);
  await server.stop();
}

// 100 people who log in at the same time need 100 codes by SMS within their five minutes (S3.8), also if the gateway takes
// its time for each.
async function messages() {
  await messagesBy(0);
  await messagesBy(5);
}

async function messagesBy(secondsOfGateway) {
  const people = 100;
  const taken = new Set();
  const gateway = http.createServer((request, response) => {
    let form = '';
    request.on('data', (part) => { form += part; });
    request.on('end', async () => {
      await sleep(secondsOfGateway * 1000);
      taken.add(new URLSearchParams(form).get('to'));
      response.setHeader('Content-Type', 'application/json');
      response.end(`{"id":"m${taken.size}"}`);
    });
  });
  await new Promise((done) => { gateway.listen(0, '127.0.0.1', done); });
  const place = `127.0.0.1:${gateway.address().port}`;
  const server = await Server.start({ hash: 'smallest', more: ['[remote]', `loopback_http = ["${place}"]`,
    '[sms]', `url = "http://${place}/messages"`, 'id = "bench"', 'password = "bench-password"'] });
  for (let i = 0; i < people; ++i) {
    server.run(['account', 'create', '--login', `sms${i}`, '--given', 'Ada', '--family', 'Message', '--context', 'user',
      '--phone', `+48600200${String(100 + i)}`, '--no-must-change', '--password-stdin'], 'Bench-Password-2026');
  }
  server.run(['policy', 'second-factor', 'set', '--everybody', 'methods=sms']);
  const begun = performance.now();
  await Promise.all(Array.from({ length: people }, async (_, i) => {
    const person = new Person(server.port);
    const page = await person.follow(await person.ask('/account'));
    const step = await person.ask('/login/password',
      { ...Person.hidden(page, '/login/password'), login: `sms${i}`, password: 'Bench-Password-2026' });
    if (!step.location?.startsWith('/login/factor')) throw new Error(`no second step: ${step.status}`);
  }));
  while (taken.size < people && performance.now() - begun < 300_000) await sleep(20);
  const seconds = (performance.now() - begun) / 1000;
  const gateways = secondsOfGateway === 0 ? '' : `, by a gateway that takes ${secondsOfGateway} s for each`;
  row(`${people} codes by SMS, from the first login to the last message${gateways}`, seconds, 's', 'at most 300', taken.size === people);
  await server.stop();
  gateway.close();
}

// What a certificate of the client costs: whole handshakes beside those of OpenSSL's own server, and requests on an open
// connection beside the same ones without a certificate.
async function certificates() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'chancery-bench-tls-'));
  const file = (name) => path.join(dir, name);
  const openssl = (...argv) => spawnSync('openssl', argv, { encoding: 'utf8' });
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-keyout', file('tls.key'), '-out', file('tls.crt'));
  const port = await freePort();
  const bare = await freePort();
  const server = await Server.start({ hash: 'smallest', more: ['[[listener]]', 'name = "connector"', 'address = "127.0.0.1"',
    `port = ${port}`, 'tls = true', 'role = "connector"', `certificate_file = "${file('tls.crt')}"`, `key_file = "${file('tls.key')}"`] });
  server.run(['authority', 'create']);
  server.run(['system', 'add', 'BENCH']);
  const issued = server.run(['authority', 'issue', 'client_system', '--name', 'BENCH']);
  const blocks = issued.match(/-----BEGIN [^-]+-----[^]+?-----END [^-]+-----\n/g);
  fs.writeFileSync(file('client.key'), blocks[0], { mode: 0o600 });
  fs.writeFileSync(file('client.crt'), blocks[1]);
  fs.writeFileSync(file('chain.pem'), blocks.slice(2).join(''));
  server.run(['system', 'certificate', 'import', 'BENCH', '--file', file('client.crt')]);

  const [program, ...rest] = pin(0, ['openssl', 's_server', '-quiet', '-accept', String(bare), '-cert', file('tls.crt'), '-key', file('tls.key'),
    '-CAfile', file('chain.pem'), '-Verify', '3', '-verify_return_error', '-num_tickets', '1', '-www']);
  const reference = spawn(program, rest, { stdio: 'ignore' });
  await sleep(500);
  const handshakes = (to) => {
    const command = pin(1, ['openssl', 's_time', '-new', '-time', '5', '-connect', `127.0.0.1:${to}`, '-cert', file('client.crt'),
      '-key', file('client.key')]);
    const told = spawnSync(command[0], command.slice(1), { encoding: 'utf8' }).stdout;
    const [, count, seconds] = /(\d+) connections in (\d+) real seconds/.exec(told) ?? [undefined, 0, 1];
    return Number(count) / Number(seconds);
  };
  const theirs = handshakes(bare);
  const ours = handshakes(port);
  reference.kill('SIGTERM');
  row('handshakes with a certificate of the client, OpenSSL alone', theirs, '1/s');
  row('handshakes with a certificate of the client', ours, '1/s', 'at least 75 % of OpenSSL alone', ours >= 0.75 * theirs);

  const requests = async (options) => {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false, ...options });
    const ask = () => new Promise((done, fail) => {
      https.get({ host: '127.0.0.1', port, path: '/connector.sds', agent }, (answer) => {
        answer.resume().on('end', () => done(answer.statusCode));
      }).on('error', fail);
    });
    await ask();
    const begun = performance.now();
    let count = 0;
    for (; performance.now() - begun < 4000; ++count) if ((await ask()) !== 200) throw new Error('no directory');
    agent.destroy();
    return count / 4;
  };
  const without = await requests({});
  const authenticated = await requests({ cert: blocks[1], key: blocks[0] });
  row('requests on one open connection, without a certificate', without, '1/s');
  row('requests on one open connection, with one', authenticated, '1/s', 'at least 90 % of those without', authenticated >= 0.9 * without);
  await server.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}

if (cores < 2) console.log('only one core: server and driver share it, rates are lower than they could be');
const tokens = () => measureTokens({ Server, row, pin, out, build, freePort, residentKiB });
const signatures = () => measureSignatures({ Server, row, pin, out, build, cpuSeconds });
const benches = { login, tokens, documents, size, flood, administrators, lists, weight, messages, certificates, signatures };
for (const name of only) await benches[name]();
fs.mkdirSync(out, { recursive: true });
fs.writeFileSync(path.join(out, 'report.json'), JSON.stringify(report, null, 1) + '\n');
