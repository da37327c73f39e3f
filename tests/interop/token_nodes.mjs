// Two servers on one PostgreSQL and the tokens of applications: both rotate the same refresh token at the same moment,
// each step of a flow reaches the other node, keys change on one of them, and one is killed under load.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeFolder, until } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';
import { Node } from '../harness/node.mjs';
import { Postgres } from '../harness/postgres.mjs';
import { forEachAtOnce, isOfConnection, TokenClient } from '../harness/token_client.mjs';

globalThis.crypto ??= webcrypto;  // Node 18 has it, but not as a global; the package looks for it when it is loaded
const jose = await import('jose');

const families = 200;
const pairs = 5;  // of each family
const width = 24;  // families at a time
const offline = 'openid profile offline_access';
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const jan = { login: 'jan.nowak', password: 'River-Copper-2026' };
const minute = 60_000;  // in the unit of the database
const stops = [];
const nodes = [];
let folder;
let database;
let front;  // each connection goes to the node that the one before did not reach
let issuer;
let app;
let browser;

const origin = (node) => `http://127.0.0.1:${node.port}`;
const one = () => origin(nodes[0]);
const two = () => origin(nodes[1]);

async function startFront() {
  let turn = 0;
  const server = net.createServer((near) => {
    turn += 1;
    const far = net.connect(nodes[turn % 2].port, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const [side, other] of [[near, far], [far, near]]) {
      side.on('error', () => {});
      side.on('close', () => other.destroy());
    }
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return server;
}

async function command(...args) {
  const { status, out, err } = await nodes[0].command(args);
  assert.equal(status, 0, err);
  return out;
}

async function logIn(context = undefined) {
  const made = new HttpBrowser();
  const page = await made.logIn(await made.open(`${issuer}/account`), jan, context);
  assert.equal(page.status, 200, page.text);
  return made;
}

async function makeFamily() {
  const { status, body } = await app.redeem(one(), await app.getCode(browser, issuer, offline));
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

before(async () => {
  // A connection for each request of a browser, so that the steps of a flow reach one node after the other.
  http.globalAgent = new http.Agent({ keepAlive: false });
  folder = await makeFolder('token-nodes');
  database = await Postgres.make(path.join(folder, 'database'));
  stops.push(() => database.crash());
  front = await startFront();
  stops.push(() => front.close());
  issuer = `http://localhost:${front.address().port}`;
  for (const name of ['one', 'two']) {
    const node = new Node(path.join(folder, name), stops);
    nodes.push(node);
    // Long, so that a busy machine does not make a replay of a parallel refresh.
    await node.configure(issuer, database.folder, ['oidc.refresh_grace = "1m"', 'oidc.code = "10m"']);
  }
  const made = await nodes[0].command(['account', 'create', jan.login, '--given-name', 'Jan', '--family-name', 'Nowak', '--kind', 'recipient',
    '--email', 'jan.nowak@mail.example', '--verified', '--no-must-change', '--password-stdin'], `${jan.password}\n`);
  assert.equal(made.status, 0, made.err);
  const redirect = 'http://127.0.0.1:9191/callback';
  const scopes = offline.split(' ').flatMap((scope) => ['--scope', scope]);
  const client = await command('client', 'create', 'app', '--redirect-uri', redirect, ...scopes, '--grant', 'authorization_code', '--grant', 'refresh_token',
    '--grant', deviceGrant, '--json');
  app = new TokenClient('app', JSON.parse(client).client_secret, redirect);
  stops.push(() => app.close());
  await Promise.all(nodes.map((node) => node.start()));
  browser = await logIn();
});
after(async () => {
  for (const stop of stops.reverse()) await stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function listEvents() {
  return (await command('audit', 'export')).split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

const countReplays = async () => (await listEvents()).filter((event) => event.type === 'refresh_replay').length;

/** The same token at both nodes at once. Gives the successor. */
async function refreshAtBoth(token) {
  const answers = await Promise.all([one(), two()].map((at) => app.refresh(at, token)));
  assert.deepEqual(answers.map((answer) => answer.status), [200, 200], JSON.stringify(answers));
  const [first, second] = answers.map((answer) => answer.body.refresh_token);
  assert.equal(first, second, 'both nodes give the same successor');
  assert.notEqual(first, token);
  return first;
}

test('a refresh token that reaches both nodes at the same moment gets one successor, and no family is lost', async () => {
  await forEachAtOnce(Array.from({ length: families }), width, async () => {
    let token = (await makeFamily()).refresh_token;
    for (let i = 0; i < pairs; i += 1) token = await refreshAtBoth(token);
  });
  assert.equal(await countReplays(), 0);
  assert.equal(await database.ask('SELECT count(*) FROM grant_family WHERE revoked_at IS NOT NULL'), '0');
  assert.equal(await database.ask(`SELECT count(*) FROM grant_family WHERE generation = ${pairs + 1}`), String(families));
});

for (const [name, age] of [
  ['a refresh token that comes again at the other node after its successor was used', async (token) => app.refresh(two(), token)],
  ['a refresh token that comes again at the other node when its grace is over', async () => database.ask(`UPDATE grant_family SET rotated_at = rotated_at - ${2 * minute}`)],
]) {
  test(`${name} revokes its family at both, and is audited once`, async () => {
    const before = await countReplays();
    const family = await makeFamily();
    const next = (await app.refresh(one(), family.refresh_token)).body;
    const told = await age(next.refresh_token);
    const newest = told.body?.refresh_token ?? next.refresh_token;
    for (const at of [two(), one(), two()]) {
      const { status, body } = await app.refresh(at, family.refresh_token);
      assert.deepEqual([status, body.error], [400, 'invalid_grant']);
    }
    for (const at of [one(), two()]) {
      assert.equal((await app.refresh(at, newest)).status, 400);
      assert.deepEqual((await app.introspect(at, next.access_token)).body, { active: false });
    }
    assert.equal(await countReplays(), before + 1);
  });
}

test('two parallel replays of an old refresh token at both nodes revoke once', async () => {
  const before = await countReplays();
  const family = await makeFamily();
  const next = await app.refresh(one(), family.refresh_token);
  await app.refresh(two(), next.body.refresh_token);
  const answers = await Promise.all([one(), two()].map((at) => app.refresh(at, family.refresh_token)));
  assert.deepEqual(answers.map((answer) => answer.status), [400, 400]);
  assert.equal(await countReplays(), before + 1);
});

test('a code that reaches both nodes at the same moment is redeemed once, and its replay ends what it gave', async () => {
  for (let i = 0; i < 20; i += 1) {
    const code = await app.getCode(browser, issuer, offline);
    const answers = await Promise.all([one(), two()].map((at) => app.redeem(at, code)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 400], JSON.stringify(answers));
    const { body } = answers.find((answer) => answer.status === 200);
    assert.deepEqual((await app.introspect(two(), body.access_token)).body, { active: false });
  }
});

test('each step of a login, a pushed request, its code and its tokens may reach the other node', async () => {
  for (const [push, redeem, use] of [[one(), two(), one()], [two(), one(), two()]]) {
    const { verifier, fields } = app.begin(offline);
    const pushed = await app.post(push, '/oauth2/par', fields);
    assert.equal(pushed.status, 201, JSON.stringify(pushed.body));
    const person = new HttpBrowser();
    const isBack = (url) => url.startsWith(app.redirect);
    const form = await person.open(`${issuer}/oauth2/authorize?${new URLSearchParams({ client_id: 'app', request_uri: pushed.body.request_uri })}`, isBack);
    const back = await person.logIn(form, jan, undefined, isBack);
    const code = new URL(back.location).searchParams.get('code');
    const { status, body } = await app.redeem(redeem, { code, verifier });
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal((await app.introspect(use, body.access_token)).body.active, true);
    const info = await fetch(`${use}/oauth2/userinfo`, { headers: { authorization: `Bearer ${body.access_token}` } });
    assert.equal((await info.json()).sub, jose.decodeJwt(body.id_token).sub);
    const next = await app.refresh(use, body.refresh_token);
    assert.equal(next.status, 200);
    assert.equal((await app.post(redeem, '/oauth2/revoke', { token: next.body.refresh_token })).status, 200);
    assert.deepEqual((await app.introspect(use, next.body.access_token)).body, { active: false });
    // A request that was completed is over at both.
    const again = await person.open(`${issuer}/oauth2/authorize?${new URLSearchParams({ client_id: 'app', request_uri: pushed.body.request_uri })}`, isBack);
    assert.notEqual(again.status, 200, again.text);
  }
});

test('a device asks one node, the person answers at both, and the tokens come from the other node', async () => {
  const begun = (await app.post(one(), '/oauth2/device_authorization', { scope: offline })).body;
  const poll = (at) => app.post(at, '/oauth2/token', { grant_type: deviceGrant, device_code: begun.device_code });
  assert.equal((await poll(two())).body.error, 'authorization_pending');
  assert.equal((await poll(one())).body.error, 'slow_down', 'the interval counts for both nodes');
  const person = new HttpBrowser();
  const login = await person.open(`${issuer}/device/confirm?user_code=${begun.user_code}`);
  const question = await person.logIn(login, jan);
  const done = await person.submit(question, '/device/confirm', { answer: 'yes' });
  assert.match(done.text, /The device has access/);
  await database.ask(`UPDATE device_authorization SET polled_at = polled_at - ${minute}`);  // the interval has passed
  const { status, body: tokens } = await poll(two());
  assert.equal(status, 200, JSON.stringify(tokens));
  assert.equal((await app.refresh(one(), tokens.refresh_token)).status, 200);
  assert.equal((await poll(one())).body.error, 'invalid_grant', 'a device code counts once');
});

const kidOf = (token) => jose.decodeProtectedHeader(token).kid;

/** What a node publishes; it reads the keys again when it uses them, at most once a second. */
async function readKeys(at, wanted) {
  return until(`${at} publishes ${wanted}`, async () => {
    await app.refresh(at, (await makeFamily()).refresh_token);
    const keys = await (await fetch(`${at}/oauth2/jwks`)).json();
    return keys.keys.map((key) => key.kid).sort().join() === wanted ? keys : undefined;
  });
}

const listKids = (states) => database.ask(`SELECT string_agg(kid, ',' ORDER BY kid COLLATE "C") FROM signing_key WHERE state IN (${states.map((state) => `'${state}'`)})`);

test('when a key rotates on one node the other one signs with the next key, and takes tokens of both', async () => {
  const old = await makeFamily();
  await nodes[0].command(['key', 'rotate']);  // makes the next key, if the server has not done so yet
  await database.ask("UPDATE signing_key SET created_at = extract(epoch FROM now()) * 1000 WHERE state = 'pending'");
  const refused = await nodes[0].command(['key', 'rotate']);
  assert.equal(refused.status, 1, 'a key that is not published everywhere yet does not sign');
  const before = await listKids(['active', 'pending']);
  assert.deepEqual(await readKeys(one(), before), await readKeys(two(), before));
  await database.ask(`UPDATE signing_key SET created_at = created_at - ${3 * minute}`);
  const next = JSON.parse(await command('key', 'rotate', '--json')).kid;
  const rotated = Date.now();
  assert.ok(before.split(',').includes(next), 'the next key was published before it signs');

  let token = old.refresh_token;
  for (const at of [two(), one()]) {
    const signed = await until('a token is signed by the next key', async () => {
      const { body } = await app.refresh(at, token);
      token = body.refresh_token;
      return kidOf(body.access_token) === next ? body : undefined;
    });
    console.log(`${at} signs with the next key after ${Date.now() - rotated} ms`);
    assert.equal(kidOf(signed.id_token), next);
    for (const asked of [one(), two()]) {
      assert.equal((await app.introspect(asked, signed.access_token)).body.active, true);
      assert.equal((await app.introspect(asked, old.access_token)).body.active, true);
    }
  }
  const now = await listKids(['active', 'pending', 'retiring']);
  assert.ok(before.split(',').every((kid) => now.split(',').includes(kid)), 'nothing that was published is gone');
  const keys = await readKeys(two(), now);
  assert.deepEqual(await readKeys(one(), now), keys);
  await jose.jwtVerify(old.id_token, jose.createLocalJWKSet(keys), { issuer, audience: 'app' });

  const revoked = kidOf(old.access_token);
  await command('key', 'revoke', revoked);
  for (const at of [one(), two()]) {
    await until('what the revoked key has signed is refused', async () => (await app.introspect(at, old.access_token)).body.active === false);
    await readKeys(at, now.split(',').filter((kid) => kid !== revoked).join());
  }
});

/** What applications have seen while a node was killed. */
const seen = { refreshed: 0, redeemed: [], broken: 0, wrong: [] };
let isOver = false;

async function refreshAgainAndAgain(family, turn) {
  for (let i = turn; !isOver; i += 1) {
    try {
      const { status, body } = await app.refresh(i % 2 === 0 ? one() : two(), family.token);
      if (status === 200) {
        family.token = body.refresh_token;
        seen.refreshed += 1;
      } else {
        seen.wrong.push(`a refresh: ${status} ${JSON.stringify(body)}`);
        return;
      }
    } catch (error) {
      if (!isOfConnection(error)) throw error;
      seen.broken += 1;  // next the same token at the other node
    }
  }
}

async function redeemAt(at, code, wasSent) {
  try {
    const { status, body } = await app.redeem(at, code);
    if (status === 200) seen.redeemed.push({ code: code.code, token: body.refresh_token });
    // If the answer to the first request was lost, this one is a replay.
    else if (!wasSent || body.error !== 'invalid_grant') seen.wrong.push(`a code: ${status} ${JSON.stringify(body)}`);
    return 'answered';
  } catch (error) {
    if (!isOfConnection(error)) throw error;
    seen.broken += 1;
    return error.code === 'ECONNREFUSED' ? 'not sent' : 'perhaps sent';
  }
}

async function redeemAgainAndAgain(codes) {
  for (let code = codes.pop(); code && !isOver; code = codes.pop()) {
    const [first, second] = codes.length % 2 === 0 ? [one(), two()] : [two(), one()];
    const outcome = await redeemAt(first, code, false);
    if (outcome !== 'answered') await redeemAt(second, code, outcome === 'perhaps sent');
  }
}

// A code begins with the id of its grant.
function grantOf(code) {
  const id = Buffer.from(code, 'base64url').subarray(0, 16).toString('hex');
  return [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-');
}

test('a node is killed under load: what was acknowledged holds on the other one, and no code counts twice', async () => {
  const load = await forEachAtOnce(Array.from({ length: 24 }), 8, async () => ({ token: (await makeFamily()).refresh_token }));
  const codes = await forEachAtOnce(Array.from({ length: 1000 }), 8, () => app.getCode(browser, issuer, offline));
  const grants = codes.map(({ code }) => grantOf(code));
  const work = [...load.map(refreshAgainAndAgain), ...Array.from({ length: 8 }, () => redeemAgainAndAgain(codes))];
  const more = async () => {
    const wanted = [seen.refreshed + 100, seen.redeemed.length + 50];
    await until('tokens are refreshed and codes redeemed', () => seen.wrong.length > 0 || (seen.refreshed >= wanted[0] && seen.redeemed.length >= wanted[1]));
  };
  await more();
  await nodes[0].process.stop('SIGKILL');
  assert.ok(codes.length > 100, 'the node was killed after all codes were redeemed');
  await more();
  isOver = true;
  await Promise.all(work);
  assert.deepEqual(seen.wrong, []);

  // Every family whose tokens arrived goes on at the survivor.
  for (const { token } of [...load, ...seen.redeemed]) {
    const { status, body } = await app.refresh(two(), token);
    assert.equal(status, 200, JSON.stringify(body));
  }
  await nodes[0].start();
  // An acknowledged code has the event of its redemption and that of the refresh above; another one at most the first.
  const issued = new Map(grants.map((grant) => [grant, 0]));
  for (const { type, data } of await listEvents()) {
    if (type === 'token_issue' && issued.has(data.grant)) issued.set(data.grant, issued.get(data.grant) + 1);
  }
  const acknowledged = new Set(seen.redeemed.map(({ code }) => grantOf(code)));
  assert.equal(acknowledged.size, seen.redeemed.length);
  for (const [grant, count] of issued) assert.ok(acknowledged.has(grant) ? count === 2 : count <= 1, `${grant}: ${count}`);
  assert.equal((await nodes[1].command(['audit', 'verify'])).status, 0);
  console.log(`${seen.refreshed} refreshes and ${seen.redeemed.length} redemptions were acknowledged, ${seen.broken} requests lost their connection`);
});
