// The guides for developers are followed literally: each block of the shell is run as it stands, each file is written as
// it is printed, and then a person logs in. Only the port 3000, at which every guide's application listens, is replaced by
// a free one, and `npm install` finds the packages of these tests.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildFolder, Child, findFreePort, makeFolder, people, startDemo, until } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';

const guides = fileURLToPath(new URL('../../docs/connect/', import.meta.url));
let demo;
let folder;
let tools;

before(async () => {
  demo = await startDemo();
  folder = await makeFolder('guides');
  await chmod(folder, 0o755);  // nginx's workers read it as another user
  tools = path.join(folder, 'bin');
  await mkdir(tools);
  await symlink(path.join(buildFolder, 'chancery'), path.join(tools, 'chancery'));
  await symlink('/usr/bin/python3', path.join(tools, 'python3'));  // Debian's, which has Debian's packages
  const packages = fileURLToPath(new URL('node_modules', import.meta.url));
  await writeFile(path.join(tools, 'npm'), `#!/bin/sh\n[ "$1" = install ] && ln -sfn '${packages}' node_modules\n`);
  await chmod(path.join(tools, 'npm'), 0o755);
});
after(async () => {
  await demo?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** What a guide prints: [{ language, file, text }], with `ports` in the place of 3000 and 3001. */
async function read(guide, ports) {
  const text = (await readFile(path.join(guides, guide), 'utf8')).replaceAll('3000', ports[0]).replaceAll('3001', ports[1]);
  return [...text.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(([, language, file, code]) => ({ language, file, text: code }));
}

/** Runs shell text in `place` until it and what it started in the background are stopped. */
function follow(place, text, more = {}) {
  const env = { ...process.env, PATH: `${tools}:${process.env.PATH}`, CHANCERY_CONFIG: demo.configuration, ISSUER: demo.issuer, PYTHONDONTWRITEBYTECODE: '1', ...more };
  delete env.CHANCERY_BUILD;  // of the tests, and no setting
  // `wait` keeps the group together; its end is that of the whole group.
  const child = new Child('/bin/bash', ['-c', `set -euo pipefail\n${text}\nwait`], { cwd: place, env, detached: true });
  child.stopAll = async () => {
    try {
      process.kill(-child.process.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    await child.ended;
  };
  return child;
}

/** An address as it stands: fetch() would tidy it up. */
async function sendRaw(port, text) {
  const socket = net.connect(port, '127.0.0.1');
  socket.resume().write(text);  // nginx forgets a request whose sender has ended
  await once(socket, 'close');
}

async function newPlace(name) {
  const place = path.join(folder, name);
  await mkdir(place);
  return place;
}

async function answers(child, address) {
  await until(`${address} answers`, async () => {
    if (child.hasEnded) throw new Error(`It ended:\n${child.output}`);
    return fetch(address, { redirect: 'manual' }).then(() => true, () => false);
  });
}

async function logIn(address, context = 'user') {
  const browser = new HttpBrowser('en');
  const form = await browser.open(address);
  assert.ok(form.url.startsWith(demo.issuer), `${form.url}: ${form.status}\n${form.text}`);
  let page = await browser.logIn(form, people.anna, context);
  // A public client asks once.
  if (page.url.startsWith(demo.issuer) && page.text.includes('/login/consent')) page = await browser.submit(page, '/login/consent', { answer: 'yes' });
  return { browser, page };
}

async function subject() {
  return JSON.parse((await demo.chancery(['account', 'show', people.anna.login, '--json'])).out).id;
}

test('the first guide connects a web application in Node, in Python, in PHP and in Apache', async () => {
  const ports = [await findFreePort(), await findFreePort()];
  const place = await newPlace('start');
  const blocks = (await read('start.md', ports)).filter((one) => one.language === 'sh').map((one) => one.text);
  assert.equal(blocks.length, 6);
  const [discovery, registration, ...programs] = blocks;
  const registered = follow(place, `${discovery}${registration}`);
  assert.equal(await registered.ended, 0, registered.output);
  const secret = /secret, shown this once: (\S+)/.exec(await readFile(path.join(place, 'my-app.txt'), 'utf8'))[1];
  for (const program of programs) {
    const child = follow(place, program, { CLIENT_SECRET: secret });
    try {
      const start = program.includes('php') ? `http://localhost:${ports[0]}/callback` : `http://localhost:${ports[0]}/`;
      await answers(child, start);
      const { browser, page } = await logIn(start);
      const isNode = program.includes('app.mjs');
      if (program.includes('apache2')) {
        assert.equal(page.text.trim(), 'protected', child.output);
        continue;
      }
      assert.equal(page.text, `Logged in: ${isNode ? 'Anna Kowalska, ' : ''}${await subject()}`, child.output);
      if (!isNode) continue;
      assert.equal((await fetch(`${start}favicon.ico`, { redirect: 'manual' })).status, 404, 'what a browser asks by itself begins no login');
      const again = await browser.send(page.url);
      assert.equal(again.status, 400);
      assert.match(again.text, /This login was used already, or did not begin here\. <a href="\/">Begin again<\/a>/);
    } finally {
      await child.stopAll();
    }
  }
});

test('a wrong secret is seen in the terminal of the first guide, and its reason in the audit log', async () => {
  const ports = [await findFreePort(), await findFreePort()];
  const place = await newPlace('wrong');
  const [, registration, program] = (await read('start.md', ports)).filter((one) => one.language === 'sh').map((one) => one.text);
  const registered = follow(place, registration.replaceAll('my-app', 'my-other-app'));
  assert.equal(await registered.ended, 0, registered.output);
  const child = follow(place, program.replaceAll('my-app', 'my-other-app'), { CLIENT_SECRET: 'one-that-is-wrong' });
  try {
    await answers(child, `http://localhost:${ports[0]}/`);
    const { page } = await logIn(`http://localhost:${ports[0]}/`);
    assert.equal(page.text, 'The login did not work.');
    await until('the terminal names the error', () => child.output.includes('The login did not work: invalid_client'));
  } finally {
    await child.stopAll();
  }
  const listed = await demo.chancery(['audit', 'list', '--json', '--type', 'token_refusal', '--client', 'my-other-app', '--most', '1']);
  assert.equal(JSON.parse(listed.out)[0].data.reason, 'wrong_secret', listed.out + listed.err);
});

test('a native program is connected as its guide says', async () => {
  const ports = [await findFreePort(), await findFreePort()];
  const place = await newPlace('native');
  const child = follow(place, (await read('native.md', ports)).filter((one) => one.language === 'sh').map((one) => one.text).join('\n'));
  try {
    await answers(child, `http://127.0.0.1:${ports[0]}/`);
    const { page } = await logIn(`http://127.0.0.1:${ports[0]}/`);
    assert.equal(page.text, `Logged in: ${await subject()}`, child.output);
  } finally {
    await child.stopAll();
  }
});

test('a machine gets a token, and the system that it calls learns that it counts', async () => {
  const place = await newPlace('machine');
  const child = follow(place, (await read('machine.md', ['3000', '3001'])).filter((one) => one.language === 'sh').map((one) => one.text).join('\n'));
  assert.equal(await child.ended, 0, child.output);
  assert.equal(JSON.parse(await readFile(path.join(place, 'answer.json'), 'utf8')).client_id, 'night-run');
});

test('nginx lets nobody in who is not logged in, and sends nobody to another site', async () => {
  const ports = [await findFreePort(), await findFreePort()];
  const site = `http://localhost:${ports[0]}`;
  const place = await newPlace('nginx');
  const blocks = await read('nginx.md', ports);
  for (const block of blocks) if (block.file) await writeFile(path.join(place, block.file), block.text);
  const child = follow(place, blocks.filter((one) => one.language === 'sh').map((one) => one.text).join('\n'));
  try {
    await answers(child, `${site}/`);
    await answers(child, `http://127.0.0.1:${ports[1]}/gate/check`);
    const wanted = `${site}/index.html?of=Anna%20Kowalska&page=2`;
    const { page } = await logIn(wanted);
    assert.equal(page.text.trim(), 'protected', child.output);
    assert.equal(page.url, wanted, 'with all of its query');
    assert.equal(page.headers.get('x-person'), await subject());
    const stolen = await new HttpBrowser().open(`${site}/gate/callback?code=stolen&state=foreign`);
    assert.equal(stolen.status, 400);
    const led = await new HttpBrowser().send(`${site}/gate/login?to=https://elsewhere.example/`);
    assert.ok(led.location.startsWith(demo.issuer));
    // A browser leaves the tab out of an address, and is then at another site.
    const tabbed = await logIn(`${site}/gate/login?to=/%09/elsewhere.example/`);
    assert.equal(new URL(tabbed.page.url).origin, site);
    await sendRaw(ports[0], 'GET //:@/../gate/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    assert.equal((await fetch(`${site}/gate/check`)).status, 404, 'only nginx itself asks there');
    assert.equal((await fetch(`http://127.0.0.1:${ports[1]}/gate/check`)).status, 401, 'no address ends the gate');
  } finally {
    await child.stopAll();
  }
});

test('the gate of nginx keeps no more than its bounds, and nothing beyond its end', async () => {
  const gate = (await read('nginx.md', ['3000', '3001'])).find((one) => one.file === 'gate.mjs').text;
  const Kept = new Function(`${/^class Kept \{[\s\S]*?^\}$/m.exec(gate)[0]} return Kept;`)();
  const few = new Kept(3, 60);
  for (let i = 1; i <= 1000; ++i) few.set(`login ${i}`, i);
  assert.equal(few.size, 3);
  assert.deepEqual([few.get('login 1000'), few.get('login 1')], [1000, undefined]);
  const ended = new Kept(3, -1);
  for (let i = 1; i <= 1000; ++i) ended.set(`login ${i}`, i);
  assert.equal(ended.size, 1);
  assert.equal(ended.get('login 1000'), undefined);
  assert.match(gate, /^const begun = new Kept\(.*^const sessions = new Kept\(/ms);
});

test('a single-page application is registered without a secret, and its page loads what it imports', async () => {
  const ports = [await findFreePort(), await findFreePort()];
  const place = await newPlace('page');
  const child = follow(place, (await read('single-page.md', ports)).filter((one) => one.language === 'sh').map((one) => one.text).join('\n'));
  try {
    await answers(child, `http://127.0.0.1:${ports[0]}/`);
    const program = await readFile(path.join(place, 'page/app.mjs'), 'utf8');
    assert.match(program, new RegExp(`authority: '${demo.issuer}'`));
    assert.doesNotMatch(child.output, /secret, shown/);
    const load = async (address) => {
      const answer = await fetch(new URL(address, `http://127.0.0.1:${ports[0]}/`));
      assert.equal(answer.status, 200, address);
      return { type: answer.headers.get('content-type'), text: await answer.text() };
    };
    assert.match((await load('app.mjs')).type, /javascript/);
    const { imports } = JSON.parse(/<script type="importmap">([\s\S]*?)<\/script>/.exec((await load('')).text)[1]);
    const named = (text) => [...text.matchAll(/^import .* from ["']([^."'][^"']*)["'];$/gm)].map(([, name]) => name);
    const wanted = named(program);
    assert.deepEqual(wanted, ['oidc-client-ts']);
    for (const name of wanted) {
      assert.ok(imports[name], `the import map has ${name}`);
      const { type, text } = await load(imports[name]);
      assert.match(type, /javascript/);
      assert.match(text, /^export /m, `${imports[name]} is a module`);
      wanted.push(...named(text).filter((one) => !wanted.includes(one)));
    }
  } finally {
    await child.stopAll();
  }
});
