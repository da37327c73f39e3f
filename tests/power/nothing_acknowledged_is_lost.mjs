// Power failures while people log in and accounts change (docs/decisions/0029). The server writes under the simulator;
// at a moment that the seed chooses the power fails. From what survives the server starts again, and everything that it
// had acknowledged is there. If fdatasync does nothing, acknowledged changes are lost; so the test can find such a
// mistake.
import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { buildFolder, Child, makeFolder, people, run, startDemo, startServer } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';
import { chooseSeed, Numbers, simulation, survive } from './power.mjs';

const seed = chooseSeed();
const rounds = 10;
const cuts = 5;  // power failures of each round: where it ended, and at earlier moments
const parallel = 8;
let demo;
let data;   // the folder of the server
let seeded;  // what the demonstration made in it
let place;  // for tapes and copies
let running;  // the server
before(async () => {
  demo = await startDemo();
  await demo.stop({ keep: true });
  data = path.join(demo.folder, 'server');
  place = await makeFolder('power');
  seeded = path.join(place, 'seeded');
  await cp(data, seeded, { recursive: true });
});
after(async () => {
  await running?.stop('SIGKILL');
  await rm(demo.folder, { recursive: true, force: true });
  await rm(place, { recursive: true, force: true });
});

/** What the server has acknowledged: each with the length of the tape at that moment, 0 after the round. */
class Acknowledged {
  constructor() {
    this.entries = [];
  }

  add(kind, value, length) {
    this.entries.push({ kind, value, length });
  }

  endRound() {
    for (const entry of this.entries) entry.length = 0;
  }

  /** Values of one kind that were acknowledged before the tape was longer than this. */
  until(kind, length) {
    return this.entries.filter((entry) => entry.kind === kind && entry.length <= length).map((entry) => entry.value);
  }
}

const isEnd = (error) => ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT'].includes(error.code);

/** One command, asked of the running server: true if it was done. */
function command(argv) {
  const body = JSON.stringify({ argv, stdin: '' });
  return new Promise((resolve, reject) => {
    const sent = http.request({ socketPath: path.join(data, 'control.sock'), path: '/control', method: 'POST', headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => { text += part; });
      answer.once('error', reject);
      answer.once('end', () => {
        const { exit, err } = JSON.parse(text);
        if (exit === 0) resolve(); else reject(new Error(err));
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** One login of Jan; gives the id of the request, or nothing if the server was busy. */
async function logIn() {
  const browser = new HttpBrowser();
  const page = await browser.open(`${demo.issuer}/login`);
  const attempt = /name="attempt" value="([^"]*)"/.exec(page.text)[1];
  const csrf = /name="csrf" value="([^"]*)"/.exec(page.text.slice(page.text.indexOf('/login/password"')))[1];
  const answer = await browser.send(`${demo.issuer}/login/password`, {
    form: { attempt, csrf, login: people.jan.login, password: people.jan.password },
  });
  if (answer.status === 503) return undefined;
  assert.equal(answer.status, 303, answer.text);
  return answer.headers.get('x-request-id');
}

/** Does something again and again until the server has ended. Before it listens, it waits. */
async function repeat(server, once) {
  while (!server.hasEnded) {
    try {
      await once();
    } catch (error) {
      if (!isEnd(error)) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
  }
}

/** Serves until the power fails before change `failsAt`, or, if that is 0, until `enough` and an orderly end. */
async function serve(round, { failsAt, enough = () => false, without = '', acknowledged, names }) {
  const tape = path.join(place, `tape-${round}`);
  const server = new Child(path.join(buildFolder, 'chancery'), ['serve', '--config', demo.configuration], {
    env: simulation({ folder: data, tape, failsAt, without }),
  });
  running = server;
  const length = () => statSync(tape).size;
  const work = Array.from({ length: parallel }, () => repeat(server, async () => {
    const id = await logIn();
    if (id) acknowledged.add('login', id, length());
  }));
  work.push(repeat(server, async () => {
    const number = names.next;
    names.next += 1;
    await command(['account', 'create', `person-${number}`, '--given-name', 'P', '--family-name', 'Q',
      '--email', `person-${number}@clinic.example`, '--no-password']);
    acknowledged.add('account', `person-${number}`, length());
    await command(['tenant', 'set', '--name', `Clinic ${number}`]);
    acknowledged.add('name', number, length());
  }));
  if (failsAt === 0) {
    await server.waitFor('enough was acknowledged', enough);
    await server.stop();
  }
  await Promise.all(work);
  const end = await server.ended;
  assert.equal(end, failsAt === 0 ? 0 : 'SIGKILL', server.output);
  return { tape, length: (await stat(tape)).size };
}

/** The tape tells everything that the server has written; otherwise the simulator would miss changes. */
async function expectWholeTape(base, tape, round) {
  const target = path.join(place, `whole-${round}`);
  await survive({ base, tape, target });
  const files = (await readdir(data)).filter((name) => !name.endsWith('-shm') && name !== 'control.sock').sort();
  assert.deepEqual((await readdir(target)).sort(), files);
  for (const name of files) {
    const [told, real] = await Promise.all([readFile(path.join(target, name)), readFile(path.join(data, name))]);
    assert.ok(told.equals(real), `the tape does not tell all of ${name}`);
  }
  await rm(target, { recursive: true });
}

/** Starts the server on the surviving folder; gives a sentence for everything that is wrong. */
async function findFlaws(length, acknowledged) {
  let server;
  try {
    server = await startServer(demo.configuration, demo.issuer);
  } catch (error) {
    return [`the server does not start: ${error.message}`];
  }
  running = server;
  const flaws = [];
  const verified = await demo.chancery(['audit', 'verify']);
  if (verified.status !== 0) flaws.push(`the audit log is not valid: ${verified.out}${verified.err}`);
  const events = await demo.audit();
  const logins = new Set(events.filter((event) => event.outcome === 'success').map((event) => event.request_id));
  const accounts = new Set((await demo.chancery(['account', 'list'])).out.split('\n').map((line) => line.split(/\s/)[0]));
  const name = Number(/Clinic (\d+)/.exec((await demo.chancery(['tenant', 'show'])).out)?.[1] ?? 0);
  const lost = acknowledged.until('login', length).filter((id) => !logins.has(id));
  if (lost.length > 0) flaws.push(`${lost.length} acknowledged logins are lost`);
  const missing = acknowledged.until('account', length).filter((login) => !accounts.has(login));
  if (missing.length > 0) flaws.push(`${missing.length} acknowledged accounts are lost`);
  const last = Math.max(0, ...acknowledged.until('name', length));
  if (name < last) flaws.push(`the acknowledged name ${last} is lost; it is ${name}`);
  const end = await server.stop();
  if (end !== 0) flaws.push(`the server ends with ${end}: ${server.output}`);
  const { out } = await run('sqlite3', [path.join(data, 'chancery.db'), 'PRAGMA integrity_check; PRAGMA foreign_key_check']);
  if (out.trim() !== 'ok') flaws.push(`the database is damaged: ${out}`);
  return flaws;
}

async function replaceData(base, options) {
  await rm(data, { recursive: true });
  return survive({ base, target: data, ...options });
}

/** Rounds of work, each of which ends with power failures; gives the flaws of everything that survived. */
async function work({ numbers, rounds, without = '' }) {
  const acknowledged = new Acknowledged();
  const names = { next: 1 };
  const flaws = [];
  const count = { failures: 0, kept: 0, torn: 0, dropped: 0 };
  await rm(data, { recursive: true });
  await cp(seeded, data, { recursive: true });
  for (let round = 1; round <= rounds; round += 1) {
    const base = path.join(place, `base-${round}`);
    await cp(data, base, { recursive: true, filter: (name) => !name.endsWith('.sock') });
    // The first round ends in order, so that what an orderly end leaves to the disk is known too.
    const failsAt = round === 1 ? 0 : numbers.ofAnySize(5, 8000);
    const enough = () => acknowledged.until('login', Infinity).length > 40;
    const { tape, length } = await serve(round, { failsAt, enough, without, acknowledged, names });
    await expectWholeTape(base, tape, round);
    const moments = [...Array.from({ length: cuts - 1 }, () => numbers.between(0, length)), length];
    let last;
    for (const until of moments) {
      last = { tape, until, seed: numbers.between(1, 1_000_000_000) };
      const survived = await replaceData(base, last);
      for (const key of ['kept', 'torn', 'dropped']) count[key] += survived[key];
      count.failures += 1;
      const found = await findFlaws(until, acknowledged);
      flaws.push(...found.map((flaw) => `round ${round}, tape until ${until} of ${length}, seed ${last.seed}: ${flaw}`));
    }
    await replaceData(base, last);
    acknowledged.endRound();
    await rm(base, { recursive: true });
    await rm(tape);
  }
  const total = (kind) => acknowledged.until(kind, Infinity).length;
  console.log(`${total('login')} logins and ${total('account') + total('name')} changes were acknowledged; ${JSON.stringify(count)}`);
  return flaws;
}

test('nothing that was acknowledged before a power failure is lost', async () => {
  assert.deepEqual(await work({ numbers: new Numbers(seed), rounds }), []);
});

test('a first start in which the power fails is done again by the next one', async () => {
  const numbers = new Numbers(seed);
  const base = path.join(place, 'nothing');
  const tape = path.join(place, 'tape-first');
  await mkdir(base);
  await rm(data, { recursive: true });
  await mkdir(data);
  const server = await startServer(demo.configuration, demo.issuer, { env: simulation({ folder: data, tape }) });
  running = server;
  assert.equal(await server.stop(), 0, server.output);
  await expectWholeTape(base, tape, 'first');
  const { size } = await stat(tape);
  const flaws = [];
  for (let i = 0; i < 2 * cuts; i += 1) {
    // The key comes first, and is short.
    const [least, most] = i % 2 === 0 ? [20, 400] : [400, size];
    const moment = { until: numbers.ofAnySize(least, most), seed: numbers.between(1, 1_000_000_000) };
    await replaceData(base, { tape, ...moment });
    flaws.push(...(await findFlaws(0, new Acknowledged())).map((flaw) => `${JSON.stringify(moment)}: ${flaw}`));
  }
  assert.deepEqual(flaws, []);
});

test('with fdatasync made to do nothing, the same test fails', async () => {
  const flaws = await work({ numbers: new Numbers(seed), rounds: 1, without: 'fdatasync' });
  assert.ok(flaws.some((flaw) => flaw.includes('acknowledged logins are lost')), flaws.join('\n'));
});
