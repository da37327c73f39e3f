// Tokens: client credentials, introspection, userinfo and refreshing, each beside npm oidc-provider in the same run and
// beside the bound that the machine sets. The driver is wrk on its own core; every chain of refresh tokens is used by one
// request at a time.
import { spawn, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const here = path.dirname(new URL(import.meta.url).pathname);
const redirectUri = 'https://bench.example.org/callback';
const basic = 'Basic ' + Buffer.from('bench:bench-secret').toString('base64');
const form = 'application/x-www-form-urlencoded';
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function ask(base, method, target, { headers = {}, body = '', jar } = {}) {
  const url = new URL(target, base);
  if (jar?.size) headers.cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  return new Promise((done, fail) => {
    const request = http.request(url, { method, agent: false, headers: { ...headers, ...(body ? { 'content-type': form } : {}) } }, (answer) => {
      let text = '';
      answer.on('data', (part) => { text += part; });
      answer.on('end', () => {
        for (const line of answer.headers['set-cookie'] ?? []) {
          const [pair] = line.split(';');
          jar?.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
        }
        done({ status: answer.statusCode, location: answer.headers.location, text });
      });
    });
    request.on('error', fail);
    request.end(body);
  });
}

/// A whole login, and the tokens of its code.
async function logIn({ base, paths, user }) {
  const jar = new Map();
  const verifier = crypto.randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: 'bench', redirect_uri: redirectUri, response_type: 'code', scope: paths.scope, prompt: paths.prompt, state: 's',
    code_challenge: crypto.createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
  });
  let answer = await ask(base, 'GET', `${paths.authorize}?${query}`, { jar });
  for (let steps = 0; steps < 12; ++steps) {
    if (answer.location?.startsWith(redirectUri)) break;
    if (answer.location) {
      answer = await ask(base, 'GET', answer.location, { jar });
      continue;
    }
    // The first form only: others of the page have fields of the same names.
    const [whole, action] = /<form[^>]*method="post"[^>]*action="([^"]+)"[^]*?<\/form>/.exec(answer.text) ?? [];
    if (!action) throw new Error(`no form at ${base}: ${answer.status} ${answer.text.slice(0, 300)}`);
    const fields = new URLSearchParams();
    for (const [, name, value] of whole.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) fields.set(name, value);
    fields.set('login', user);
    fields.set('password', 'Bench-Password-2026');
    answer = await ask(base, 'POST', action.replaceAll('&amp;', '&'), { jar, body: String(fields), headers: { origin: base } });
  }
  const code = new URL(answer.location).searchParams.get('code');
  const body = String(new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }));
  const told = await ask(base, 'POST', paths.token, { body, headers: { authorization: basic } });
  if (told.status !== 200) throw new Error(`no tokens at ${base}: ${told.text}`);
  return JSON.parse(told.text);
}

const script = (lines) => lines.join('\n') + '\n';
const post = (body, headers = {}) => script([
  'wrk.method = "POST"', `wrk.body = ${JSON.stringify(body)}`,
  ...Object.entries({ 'Content-Type': form, ...headers }).map(([name, value]) => `wrk.headers["${name}"] = ${JSON.stringify(value)}`),
]);
const count = ['local bad = 0', 'function response(status, headers, body) if status ~= 200 then bad = bad + 1 end end',
  'function done(summary, latency) io.write(string.format("P50 %d P99 %d\\n", latency:percentile(50), latency:percentile(99))) end'];

export async function tokens({ Server, row, pin, out, build, freePort, residentKiB }) {
  const scripts = path.join(out, 'wrk');
  fs.mkdirSync(scripts, { recursive: true });
  /// Requests a second, latencies in µs, and how many were no 200.
  // As many connections as the bare rotations have chains: with fewer all of them wait for one commit, and the core for
  // the disk.
  const load = (base, target, lua, { connections = 64, seconds = 4 } = {}) => {
    const file = path.join(scripts, 'one.lua');
    fs.writeFileSync(file, lua);
    const [program, ...rest] = pin(1, ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', file, `${base}${target}`]);
    const told = spawnSync(program, rest, { encoding: 'utf8' }).stdout;
    return {
      rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(told)?.[1] ?? 0),
      bad: Number(/Non-2xx or 3xx responses: (\d+)/.exec(told)?.[1] ?? 0),
      p50: Number(/P50 (\d+)/.exec(told)?.[1] ?? 0), p99: Number(/P99 (\d+)/.exec(told)?.[1] ?? 0),
    };
  };
  const latencies = script(count.slice(2));
  /// A load of about half of `rate`: each of 32 connections waits between its requests, at random, so that they do not
  /// come in step.
  const half = (base, target, lua, rate, seconds = 4) => {
    const connections = 32;
    const pause = Math.max(2, Math.round((2 * connections * 1000) / (rate / 2)));
    return load(base, target, script([`function delay() return math.random(0, ${pause}) end`]) + lua, { connections, seconds });
  };
  const refreshing = (chains) => script([
    'local waiting = {}',
    ...chains.map((token) => `waiting[#waiting + 1] = ${JSON.stringify(token)}`),
    `local headers = {["Content-Type"] = "${form}", ["Authorization"] = "${basic}"}`,
    'function request()',
    '  local token = table.remove(waiting, 1)',
    '  return wrk.format("POST", nil, headers, "grant_type=refresh_token&refresh_token=" .. (token or "none"))',
    'end',
    'function response(status, headers, body)',
    '  local token = string.match(body, \'"refresh_token":"([^"]+)"\')',
    '  if token then waiting[#waiting + 1] = token end',
    'end',
    count[2],
  ]);

  const sides = {};
  const server = await Server.start({ hash: 'smallest' });
  server.seed(64);
  server.run(['client', 'set', 'bench', '--redirect-uri', redirectUri, '--redirect-uri', 'http://127.0.0.1:9999/callback', '--scope', 'openid', '--scope', 'profile', '--scope', 'offline_access',
    '--grant', 'authorization_code', '--grant', 'refresh_token', '--grant', 'client_credentials']);
  sides.chancery = {
    base: `http://localhost:${server.port}`, pid: server.child.pid,
    paths: { authorize: '/oauth2/authorize', token: '/oauth2/token', introspect: '/oauth2/introspect', userinfo: '/oauth2/userinfo', scope: 'openid profile', prompt: 'login' },
  };

  const folder = path.join(out, 'peer');
  fs.mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'server.mjs']) fs.copyFileSync(path.join(here, 'peer', file), path.join(folder, file));
  const installed = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: folder, encoding: 'utf8' });
  let peer;
  if (installed.status === 0) {
    const port = await freePort();
    const [program, ...rest] = pin(0, [path.join(folder, 'node_modules/.bin/node'), 'server.mjs']);
    peer = spawn(program, rest, { cwd: folder, env: { ...process.env, NODE_ENV: 'production', PORT: String(port) }, stdio: 'ignore' });
    const base = `http://127.0.0.1:${port}`;
    for (let tries = 0; tries < 100; ++tries) {
      if (await ask(base, 'GET', '/jwks').then(() => true, () => false)) break;
      await sleep(100);
    }
    sides.peer = {
      base, pid: peer.pid,
      paths: { authorize: '/auth', token: '/token', introspect: '/token/introspection', userinfo: '/me', scope: 'openid profile offline_access', prompt: 'consent' },
    };
  } else {
    console.log(`  oidc-provider could not be installed, its figures are left out: ${installed.stderr.split('\n')[0]}`);
  }

  const bare = load(sides.chancery.base, '/healthz', latencies).rate;
  // On a worker, with one read of the database.
  const reading = load(sides.chancery.base, '/readyz', latencies).rate;
  const alone = fs.mkdtempSync(path.join(out, 'rotations-'));
  const [rotates, ...into] = pin(0, [path.join(build, 'tests/bench/bare_rotations'), alone]);
  const rotations = JSON.parse(spawnSync(rotates, into, { encoding: 'utf8' }).stdout).rate;
  fs.rmSync(alone, { recursive: true, force: true });
  const [speed, ...argv] = pin(0, ['openssl', 'speed', '-seconds', '2', 'ecdsap256']);
  // The last line: "256 bits ecdsa (nistp256)  seconds a signature, a verification, signatures a second, verifications".
  const signed = Number(/nistp256\)\s+[\d.]+s\s+[\d.]+s\s+([\d.]+)/.exec(spawnSync(speed, argv, { encoding: 'utf8' }).stdout)?.[1]);
  const bound = 1 / (1 / signed + 1 / bare);
  row('requests of a bare address on one core', bare, '1/s');
  row('requests with one read of the database', reading, '1/s');
  row('bare rotations, committed in groups', rotations, '1/s');
  row('ES256 signatures of OpenSSL on one core', signed, '1/s');

  const figures = {};
  const halves = {};
  let mineAsked;
  for (const [name, side] of Object.entries(sides)) {
    const { base, paths } = side;
    const first = await logIn({ base, paths, user: 'bench0' });
    const machine = name === 'peer' ? 'grant_type=client_credentials&scope=api:read&resource=urn:bench:api' : 'grant_type=client_credentials';
    const one = figures[name] = {};
    const asked = {
      credentials: [paths.token, post(machine, { Authorization: basic }) + latencies],
      introspection: [paths.introspect, post(`token=${first.access_token}`, { Authorization: basic }) + latencies],
      userinfo: [paths.userinfo, script([`wrk.headers["Authorization"] = "Bearer ${first.access_token}"`]) + latencies],
    };
    for (const [what, [target, lua]] of Object.entries(asked)) one[what] = load(base, target, lua);
    const begin = async (from, many) => {
      const chains = [];
      for (let i = from; i < from + many; ++i) chains.push((await logIn({ base, paths, user: `bench${i % 64}` })).refresh_token);
      return refreshing(chains);
    };
    one.refresh = load(base, paths.token, await begin(0, 128));
    if (name === 'chancery') {
      mineAsked = asked;
      for (const [what, [target, lua]] of Object.entries(asked)) halves[what] = half(base, target, lua, one[what].rate);
      halves.refresh = half(base, paths.token, await begin(128, 64), one.refresh.rate);
    }
    for (const [what, figure] of Object.entries(one)) {
      if (figure.bad > 0 || figure.rate === 0) row(`${name}: ${what}: requests that were refused`, figure.bad, '', 'none', false);
    }
  }
  const mine = figures.chancery;
  const compare = (what, name, factor, share, limit, of) => {
    const theirs = figures.peer?.[what].rate;
    if (theirs !== undefined) row(`${name}, oidc-provider`, theirs, '1/s');
    if (theirs !== undefined) row(name, mine[what].rate, '1/s', `at least ${factor} × oidc-provider`, mine[what].rate >= factor * theirs);
    row(name, mine[what].rate, '1/s', `at least ${share * 100} % of ${of}`, mine[what].rate >= share * limit);
    const spread = halves[what].p99 / Math.max(1, halves[what].p50);
    row(`${name} at half of that, p50`, halves[what].p50 / 1000, 'ms');
    row(`${name} at half of that, p99 by p50`, spread, '×', 'at most 3', spread <= 3);
  };
  compare('credentials', 'client_credentials with ES256', 5, 0.6, bound, 'a signature and a bare request');
  compare('introspection', 'introspection', 5, 0.6, reading, 'a request with one read');
  compare('userinfo', 'userinfo', 5, 0.6, reading, 'a request with one read');
  compare('refresh', 'refresh with durable rotation', 8, 0.5, rotations, 'bare rotations');
  // Sessions are rows; what grows in memory with them is bounded.
  let sessions = 0;
  for (let rounds = 0; sessions < 100_000 && rounds < 20; ++rounds) sessions += (await server.load(64, 10)).logins;
  row('sessions made by logins', sessions, '', 'about 100,000');
  const atFirst = residentKiB(sides.chancery.pid) / 1024;
  row('memory after these sessions', residentKiB(sides.chancery.pid) / 1024, 'MiB', 'below 80 MiB', residentKiB(sides.chancery.pid) < 80 * 1024);
  for (let round = 0; round < 5; ++round) {
    await server.load(64, 4);
    const [target, lua] = mineAsked.introspection;
    load(sides.chancery.base, target, lua);
  }
  const grown = residentKiB(sides.chancery.pid) / 1024 - atFirst;
  row('more memory after 40 s of logins and introspections', grown, 'MiB', 'below 4 MiB', grown < 4);
  peer?.kill('SIGTERM');
  await server.stop();
}
