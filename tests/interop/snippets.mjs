// What the page of an application shows for developers is copied, started as it stands, and a person logs in with it.
// Node.js is in tests/browser/application.mjs; Java and .NET are not run, and the page says so.
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Child, findFreePort, makeFolder, people, startDemo } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';

const secret = 'kitchen-secret-of-the-test-of-snippets-2026';
let demo;
let folder;
let admin;

before(async () => {
  demo = await startDemo();
  folder = await makeFolder('snippets');
  await chmod(folder, 0o755);  // Apache's workers read it as www-data
  admin = new HttpBrowser('en');
  const form = await admin.open(`${demo.issuer}/admin/applications`);
  await admin.logIn(form, people.admin);
});
after(async () => {
  await demo?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };
const plain = (html) => html.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name) => entities[name]);

/** Registers an application, and gives what its page shows under `title`. */
async function copy(client, title, redirect) {
  const created = await demo.chancery(['client', 'create', client, '--name', 'Test kitchen', '--redirect-uri', redirect,
    '--scope', 'openid', '--scope', 'profile', '--secret-stdin'], `${secret}\n`);
  assert.equal(created.status, 0, created.err);
  return find(client, title);
}

/** What the page of an application shows under `title`. */
async function find(client, title) {
  const page = await admin.open(`${demo.issuer}/admin/applications/${client}`);
  assert.equal(page.status, 200, page.text);
  const all = [...page.text.matchAll(/<details class="snippet"(?: open)?><summary>([^<]*)<\/summary>([\s\S]*?)<pre><code>([\s\S]*?)<\/code><\/pre>/g)];
  const found = all.find((one) => plain(one[1]).startsWith(title));
  assert.ok(found, `there is no snippet ${title}; there are ${all.map((one) => one[1])}`);
  return { text: plain(found[3]), isRun: !found[2].includes('It was not run') };
}

async function listens(child, address) {
  await child.waitFor(`${address} answers`, () => fetch(address, { redirect: 'manual' }).then(() => true, () => false));
}

async function logIn(address) {
  const browser = new HttpBrowser('en');
  const form = await browser.open(address);
  assert.ok(form.url.startsWith(demo.issuer), `${form.url}: ${form.status}\n${form.text}`);
  return { browser, page: await browser.logIn(form, people.anna, 'user') };
}

async function subject() {
  const shown = JSON.parse((await demo.chancery(['account', 'show', people.anna.login, '--json'])).out);
  return shown.id;
}

test('the Python snippet logs a person in', async () => {
  const port = await findFreePort();
  const site = `http://localhost:${port}`;
  const { text, isRun } = await copy('python', 'Python', `${site}/callback`);
  assert.ok(isRun);
  const place = path.join(folder, 'python');
  await mkdir(place);
  await writeFile(path.join(place, 'app.py'), text);
  const app = new Child('/usr/bin/python3', ['-m', 'flask', 'run', '--port', String(port)],
    { cwd: place, env: { ...process.env, CLIENT_SECRET: secret, SESSION_KEY: 'a-key-of-this-test', PYTHONDONTWRITEBYTECODE: '1' } });
  try {
    await listens(app, `${site}/`);
    const { page } = await logIn(`${site}/`);
    assert.equal(page.text, `Logged in: ${await subject()}`, app.output);
    const stolen = await new HttpBrowser().open(`${site}/callback?code=stolen&state=foreign`);
    assert.doesNotMatch(stolen.text, /Logged in/);
  } finally {
    await app.stop('SIGKILL');
  }
});

test('the PHP snippet logs a person in', async () => {
  const port = await findFreePort();
  const site = `http://localhost:${port}`;
  const { text, isRun } = await copy('php', 'PHP', `${site}/callback`);
  assert.ok(isRun);
  const place = path.join(folder, 'php');
  await mkdir(place);
  await writeFile(path.join(place, 'login.php'), text);
  const app = new Child('/usr/bin/php', ['-d', `session.save_path=${place}`, '-S', `localhost:${port}`, 'login.php'],
    { cwd: place, env: { ...process.env, CLIENT_SECRET: secret } });
  try {
    await listens(app, `${site}/callback?state=none`);
    const { browser, page } = await logIn(`${site}/callback`);
    assert.equal(page.text, `Logged in: ${await subject()}`, app.output);
    // The same answer a second time, one that this browser did not ask for, and one of another server.
    assert.equal((await browser.send(page.url)).status, 400);
    assert.equal((await new HttpBrowser().send(`${site}/callback?code=stolen&state=foreign`)).status, 400);
    const begun = new HttpBrowser();
    const asked = await begun.send(`${site}/callback`);
    const { state } = Object.fromEntries(new URL(asked.location).searchParams);
    const other = await begun.send(`${site}/callback?code=stolen&state=${state}&iss=https://elsewhere.example`);
    assert.equal(other.status, 400);
    assert.equal(other.text, 'The login did not work.');
  } finally {
    await app.stop('SIGKILL');
  }
});

test('the Apache snippet protects a page', async () => {
  const port = await findFreePort();
  const site = `http://localhost:${port}`;
  const { text, isRun } = await copy('apache', 'Apache', `${site}/callback`);
  assert.ok(isRun);
  const place = path.join(folder, 'apache');
  await mkdir(path.join(place, 'pages'), { recursive: true });
  await writeFile(path.join(place, 'pages', 'index.html'), 'protected');
  const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_openidc', 'dir', 'mime'];
  await writeFile(path.join(place, 'apache.conf'), `
ServerRoot ${place}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${place}/apache.pid
DefaultRuntimeDir ${place}
ErrorLog ${place}/error.log
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
TypesConfig /etc/mime.types
User www-data
Group www-data
DocumentRoot ${place}/pages
<Directory ${place}/pages>
  Require all granted
</Directory>
${text}
`);
  const apache = new Child('/usr/sbin/apache2', ['-f', path.join(place, 'apache.conf'), '-DFOREGROUND'],
    { env: { ...process.env, CLIENT_SECRET: secret, SESSION_KEY: 'a-key-of-this-test' } });
  try {
    await listens(apache, `${site}/`);
    const { page } = await logIn(`${site}/`);
    assert.equal(page.text, 'protected', `${page.url} ${await readFile(path.join(place, 'error.log'), 'utf8')}`);
    const stolen = await new HttpBrowser().open(`${site}/callback?code=stolen&state=foreign`);
    assert.notEqual(stolen.text, 'protected');
  } finally {
    await apache.stop();
  }
});

test('of a snippet that was not run the page says so', async () => {
  for (const title of ['Java', '.NET']) {
    const { isRun, text } = await copy(title === 'Java' ? 'java' : 'dotnet', title, 'https://kitchen.example/callback');
    assert.ok(!isRun, title);
    assert.match(text, /CLIENT_SECRET/);
  }
});

test('the call of a machine gets a token with its scope, and that of the called system learns that it counts', async () => {
  const run = async (words, input = '') => {
    const ended = await demo.chancery(words, input);
    assert.equal(ended.status, 0, ended.err);
  };
  const place = 'https://x-ray.example.org/';
  await run(['client', 'create', 'x-ray-api', '--name', 'X-rays', '--kind', 'resource', '--secret-stdin'], `${secret}\n`);
  await run(['resource', 'create', place, '--name', 'X-rays', '--client', 'x-ray-api']);
  await run(['client', 'create', 'x-ray-run', '--name', 'Night run', '--kind', 'machine', '--secret-stdin'], `${secret}\n`);
  await run(['resource', 'item', 'set', place, 'scope', 'x-ray:read', '--for', 'client:x-ray-run']);
  await run(['client', 'set', 'x-ray-run', '--scope', 'x-ray:read']);
  const call = async (client, more = {}) => {
    const { text, isRun } = await find(client, 'curl');
    assert.ok(isRun);
    const child = new Child('/bin/bash', ['-c', text], { env: { ...process.env, CLIENT_SECRET: secret, ...more } });
    assert.equal(await child.ended, 0, child.output);
    return JSON.parse(/\{.*\}/.exec(child.output)[0]);
  };
  const given = await call('x-ray-run');
  assert.equal(given.scope, 'x-ray:read');
  const told = await call('x-ray-api', { ACCESS_TOKEN: given.access_token });
  assert.deepEqual([told.active, told.client_id, told.scope], [true, 'x-ray-run', 'x-ray:read']);
});
