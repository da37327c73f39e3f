// Two servers on one PostgreSQL behind a proxy, while people log in: a node is killed, the database fails over to its
// standby, and it takes no writes for a while. A person who logs in sees success or 503; what was acknowledged stays.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeFolder, until } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';
import { Node } from '../harness/node.mjs';
import { Postgres, PostgresProxy } from '../harness/postgres.mjs';

const parallel = 4;
const jan = { login: 'jan.nowak', password: 'River-Copper-2026' };
let folder;
let primary;
let standby;
let database;  // the proxy before both
let front;     // the proxy before both nodes
let issuer;
const nodes = [];
let isOver = false;  // people log in until then
const stops = [];

// 0 and 1 in a sequence without a period (Thue and Morse), so that no kind of request always meets the same node.
const choose = (turn) => [...turn.toString(2)].filter((digit) => digit === '1').length % 2;

/** Passes each connection on to one of the nodes; if that takes none, to the other one. */
async function startFront() {
  let turn = 0;
  const server = net.createServer((near) => {
    turn += 1;
    const first = choose(turn);
    const pass = (far) => {
      near.pipe(far).pipe(near);
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
    };
    const connect = (node, otherwise) => {
      const far = net.connect(node.port, '127.0.0.1');
      far.once('error', otherwise);
      far.once('connect', () => {
        far.off('error', otherwise);
        pass(far);
      });
    };
    connect(nodes[first], () => connect(nodes[1 - first], () => near.destroy()));
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return server;
}

before(async () => {
  // A connection for each request, so that the requests of one login reach both nodes.
  http.globalAgent = new http.Agent({ keepAlive: false });
  folder = await makeFolder('nodes');
  primary = await Postgres.make(path.join(folder, 'primary'));
  stops.push(() => primary.crash());
  standby = await primary.makeStandby(path.join(folder, 'standby'));
  stops.push(() => standby.crash());
  database = await PostgresProxy.start(path.join(folder, 'database'), primary);
  stops.push(() => database.stop());
  front = await startFront();
  stops.push(() => front.close());
  issuer = `http://localhost:${front.address().port}`;
  for (const name of ['one', 'two']) {
    const node = new Node(path.join(folder, name), stops);
    nodes.push(node);
    await node.configure(issuer, database.folder);
  }
  const made = await nodes[0].command(['account', 'create', jan.login, '--given-name', 'Jan', '--family-name', 'Nowak', '--kind', 'recipient',
    '--email', 'jan.nowak@mail.example', '--verified', '--no-must-change', '--password-stdin'], `${jan.password}\n`);
  assert.equal(made.status, 0, made.err);
  await Promise.all(nodes.map((node) => node.start()));
});
after(async () => {
  isOver = true;
  for (const stop of stops.reverse()) await stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** What the people have seen. */
const seen = { acknowledged: [], latest: 0, refused: 0, broken: 0, wrong: [] };

const isOfConnection = (error) => ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(error.code);

/** One login, and a page with its session; the answers come from either node. */
async function logIn() {
  const browser = new HttpBrowser();
  const page = await browser.open(`${issuer}/login`);
  if (page.status === 503) return 'refused';
  if (page.status !== 200) return `the form: ${page.status} ${page.text}`;
  const attempt = /name="attempt" value="([^"]*)"/.exec(page.text)[1];
  const csrf = /name="csrf" value="([^"]*)"/.exec(page.text.slice(page.text.indexOf('/login/password"')))[1];
  const begun = performance.now();
  const answer = await browser.send(`${issuer}/login/password`, { form: { attempt, csrf, ...jan } });
  if (answer.status === 503) return 'refused';
  if (answer.status !== 303) return `the login: ${answer.status} ${answer.text}`;
  seen.acknowledged.push(answer.headers.get('x-request-id'));
  seen.latest = Math.max(seen.latest, begun);
  const account = await browser.send(`${issuer}/account`);
  return account.status === 200 || account.status === 503 ? 'done' : `the page after it: ${account.status} ${account.location}`;
}

async function logInAgainAndAgain() {
  while (!isOver) {
    try {
      const outcome = await logIn();
      if (outcome === 'refused') seen.refused += 1;
      else if (outcome !== 'done') seen.wrong.push(outcome);
    } catch (error) {
      if (!isOfConnection(error)) throw error;
      seen.broken += 1;
    }
  }
}

const areReady = async (wanted) => (await Promise.all(nodes.map((node) => node.isReady()))).every((one) => one === wanted);

async function expectMoreLogins() {
  const wanted = seen.acknowledged.length + 20;
  await until('people log in', () => seen.acknowledged.length >= wanted || seen.wrong.length > 0);
}

/** Refusals only, and no node says that it is ready. What is asked for afterwards is not acknowledged until this ends. */
async function expectRefusals() {
  await until('no node is ready', () => areReady(false));
  const [cut, refused] = [performance.now(), seen.refused];
  await until('people are refused', () => seen.refused >= refused + 10);
  assert.ok(seen.latest < cut, 'a login was acknowledged without a database that writes');
  assert.ok(await areReady(false));
}

async function expectRecovery() {
  await until('both nodes are ready', () => areReady(true));
  await expectMoreLogins();
}

test('two nodes lose nothing and answer nothing wrong when a node, the database or its writes fail', async () => {
  const work = Array.from({ length: parallel }, logInAgainAndAgain);
  await expectMoreLogins();
  assert.equal(seen.refused, 0);

  // A node is killed: the other one takes its people.
  await nodes[0].process.stop('SIGKILL');
  await expectMoreLogins();
  assert.ok(await nodes[1].isReady());
  await nodes[0].start();
  await expectMoreLogins();

  // The primary ends. For a while there is no database, then its standby, which only reads, then that one writes.
  await primary.crash();
  database.turnTo(undefined);
  await expectRefusals();
  database.turnTo(standby);
  await expectRefusals();
  await standby.promote();
  await expectRecovery();

  // It takes no writes for a while.
  await standby.ask('ALTER SYSTEM SET default_transaction_read_only = on');
  await standby.ask('SELECT pg_reload_conf()');
  await expectRefusals();
  await standby.ask('ALTER SYSTEM RESET default_transaction_read_only');
  await standby.ask('SELECT pg_reload_conf()');
  await expectRecovery();

  isOver = true;
  await Promise.all(work);
  assert.deepEqual(seen.wrong, []);
  for (const node of nodes) {
    const verified = await node.command(['audit', 'verify']);
    assert.equal(verified.status, 0, verified.out + verified.err);
  }
  const { out } = await nodes[1].command(['audit', 'export']);
  const recorded = new Set(out.split('\n').filter(Boolean).map((line) => JSON.parse(line)).filter((event) => event.outcome === 'success').map((event) => event.request_id));
  console.log(`${seen.acknowledged.length} logins were acknowledged, ${seen.refused} refused, ${seen.broken} lost their connection`);
  assert.deepEqual(seen.acknowledged.filter((id) => !recorded.has(id)), []);
});
