// The pages for operators and developers are followed literally where no test of their own does it: each block of the shell
// is run as it stands, on the demonstration or on an installation that is new. Replaced are addresses and what a page
// leaves to its reader: SECRET, CREDENTIAL, FILE. The last test demands that no block of any page is left out.
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildFolder, Child, findFreePort, makeFolder, run, startDemo, startServer } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const followed = new Map();  // page: how many of its blocks were run
let demo;
let fresh;  // an installation that is new
let folder;

/** Who runs other blocks: [program, a word that it holds, how many blocks (without a number: all)]. */
const elsewhere = {
  'README.md': ['tools/fresh-machine.sh', 'make demo', 1],
  'docs/connect/start.md': ['tests/interop/guides.mjs', 'start.md'],
  'docs/connect/machine.md': ['tests/interop/guides.mjs', 'machine.md'],
  'docs/connect/native.md': ['tests/interop/guides.mjs', 'native.md'],
  'docs/connect/nginx.md': ['tests/interop/guides.mjs', 'nginx.md'],
  'docs/connect/single-page.md': ['tests/interop/guides.mjs', 'single-page.md'],
  'docs/operators/authority.md': ['tests/interop/authority.mjs', 'operators/authority.md', 1],
  'docs/operators/backup.md': ['tests/interop/backup.mjs', 'operators/backup.md'],
  'docs/operators/cluster.md': ['tools/cluster-trial.sh', 'operators/cluster.md'],
  'docs/operators/install.md': ['tools/fresh-install.sh', 'operators/install.md'],
  'docs/operators/upgrade.md': ['tools/fresh-install.sh', 'operators/upgrade.md'],
  'docs/operators/commands.md': ['tests/unit/app/command/command_reference_test.cpp', 'operators/commands.md'],
};

async function startFresh() {
  const port = await findFreePort();
  const data = path.join(folder, 'fresh');
  const configuration = path.join(folder, 'fresh.toml');
  await mkdir(data, { mode: 0o700 });
  await writeFile(configuration, `issuer = "http://localhost:${port}"\ndata_dir = "${data}"\n[[listener]]\nname = "http"\naddress = "127.0.0.1"\nport = ${port}\n[metrics]\nlisten = "127.0.0.1:${await findFreePort()}"\n`, { mode: 0o600 });
  const place = { configuration, data, issuer: `http://localhost:${port}` };
  place.start = async () => { place.server = await startServer(configuration, place.issuer); };
  await place.start();
  return place;
}

before(async () => {
  demo = await startDemo();
  folder = await makeFolder('pages');
  await mkdir(path.join(folder, 'bin'));
  await symlink(path.join(buildFolder, 'chancery'), path.join(folder, 'bin', 'chancery'));
  await symlink(path.join(buildFolder, 'client', 'chancery-client'), path.join(folder, 'bin', 'chancery-client'));
  await symlink(demo.authority, path.join(folder, 'ca.pem'));
  fresh = await startFresh();
});
after(async () => {
  await fresh?.server.stop();
  await demo?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The blocks of the shell of a page, those in lists too; one without a language is one if it begins with a program. */
async function blocksOf(page) {
  const text = await readFile(path.join(root, page), 'utf8');
  const blocks = [];
  for (const [, indent, language, code] of text.matchAll(/^( *)```([^\n]*)\n([\s\S]*?)^ *```$/gm)) {
    if (/^(sh|bash|console)\b/.test(language) || (language === '' && /^ *(chancery|chancery-client|curl|openssl|apt-get|systemctl) /.test(code))) {
      blocks.push(code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
    }
  }
  return blocks;
}

/** Runs a block as one script that ends at its first failure, with the commands and the server AT which it is tried. */
async function shell(code, at, { input = '', more = {} } = {}) {
  const env = { ...process.env, PATH: `${folder}/bin:${process.env.PATH}`, CHANCERY_CONFIG: at.configuration, ISSUER: at.issuer, HOME: folder, ...more };
  delete env.CHANCERY_BUILD;  // of the tests, and no setting
  const done = await run('/bin/bash', ['-c', `cd '${folder}'\nset -euo pipefail\n${code}`], { env, input });
  assert.equal(done.status, 0, `${code}\n${done.out}${done.err}`);
  return done.out;
}

/** Runs blocks FROM to TO of a page; gives what they print. */
async function follow(page, { at = demo, from = 0, to = undefined, replace = {}, input = '', more = {} } = {}) {
  const blocks = (await blocksOf(page)).slice(from, to);
  assert.ok(blocks.length > 0, `${page} has no such block`);
  let printed = '';
  for (let code of blocks) {
    for (const [old, value] of Object.entries({ '--config FILE': `--config '${at.configuration}'`, ...replace })) code = code.replaceAll(old, value);
    printed += await shell(`# ${page}\n${code}`, at, { input, more });
  }
  followed.set(page, (followed.get(page) ?? 0) + blocks.length);
  return printed;
}

async function chancery(args, { at = demo, input = '' } = {}) {
  const done = await run(path.join(buildFolder, 'chancery'), [...args, '--config', at.configuration], { input });
  assert.equal(done.status, 0, `${args.join(' ')}: ${done.err}`);
  return done.out;
}
const secretsIn = (printed) => [...printed.matchAll(/shown this once: (\S+)/g)].map(([, secret]) => secret);
const write = (name, text) => writeFile(path.join(folder, name), text);

test('the README registers an application', async () => {
  const printed = await follow('README.md', { from: 1 });
  assert.equal(secretsIn(printed).length, 1);
  await chancery(['client', 'delete', 'my-portal']);
});

test('operators register applications, devices and a mail server as the pages say', async () => {
  assert.match(await follow('docs/operators/applications.md'), /openid-client/);
  await follow('docs/connect/devices.md');
  assert.equal(secretsIn(await follow('docs/connect/mail.md')).length, 2);
});

test('a resource server, its machines and their tokens are made as the pages say', async () => {
  assert.match(await follow('docs/operators/resources.md', { to: 3 }), /archive-head/);
  const [secret] = secretsIn(await follow('docs/connect/oauth.md', { to: 1 }));
  const token = JSON.parse(await follow('docs/connect/oauth.md', { from: 1, to: 2, more: { SECRET: secret } }));
  assert.equal(token.scope, 'images:read');
  const [, command] = /`(chancery client create my-writer [^`]*)`/.exec(await readFile(path.join(root, 'docs/connect/oauth.md'), 'utf8'));
  const created = await shell(command, demo);
  const written = await follow('docs/connect/oauth.md', { from: 2, more: { SECRET: secretsIn(created)[0] } });
  assert.ok(JSON.parse(written).request_id, written);
  await follow('docs/operators/resources.md', { from: 3 });
  await chancery(['client', 'delete', 'my-app']);
});

test('an application registers itself, proves itself by a key, and changes its secret', async () => {
  const page = 'docs/connect/registration.md';
  const initial = JSON.parse(await chancery(['token', 'create', 'initial', '--name', 'A guide', '--json'])).token;
  const registered = JSON.parse(await follow(page, { to: 1, more: { TOKEN: initial } }));
  assert.match(await follow(page, { from: 1, to: 4 }), /"access_token"/);
  const changed = JSON.parse(await follow(page, { from: 4, more: { CLIENT_ID: registered.client_id, SECRET: registered.client_secret } }));
  assert.ok(changed.old_until, JSON.stringify(changed));
});

test('an application writes events, sends a message, signs and verifies as the pages say', async () => {
  const replace = { 'demo-portal:SECRET': 'demo-portal:demo-portal-secret', 'https://id.clinic.example': demo.issuer };
  assert.match(await follow('docs/operators/audit.md', { replace }), /"request_id"/);
  const [secret] = secretsIn(await chancery(['client', 'create', 'my-app', '--kind', 'machine']));
  assert.match(await follow('docs/operators/sms.md', { replace: { 'my-app:SECRET': `my-app:${secret}`, ISSUER: demo.issuer } }), /"id"/);
  await follow('docs/connect/sign.md');
  assert.match(await readFile(path.join(folder, 'signed.json'), 'utf8'), /"outcome":"signed"/);
  assert.match(await follow('docs/connect/verify.md'), /^{"indication":"TOTAL-PASSED"/m);
});

test('keys that sign are made, and scripts sign with a seal', async () => {
  await write('order.xml', '<order/>');
  await mkdir(path.join(folder, 'outbox'));
  await write('outbox/letter.pdf', '%PDF-1.7 a letter');
  const seal = JSON.parse(await chancery(['credential', 'create', '--seal', '--label', 'Seal of scripts', '--activation', 'none', '--issue', '--json'])).id;
  assert.match(await follow('docs/operators/signing.md', { to: 1, replace: { CREDENTIAL: seal }, input: '482913\n' }), /Anna, signature/);
  await follow('docs/operators/signing.md', { from: 1, replace: { CREDENTIAL: seal } });
  assert.equal((await readdir(path.join(folder, 'signed'))).length, 1);
});

test('roles, contexts, organisations and applications are administered as the page of rights says', async () => {
  await chancery(['client', 'delete', 'my-app']);
  await chancery(['client', 'create', 'my-app', '--redirect-uri', 'https://my-app.example.org/callback']);
  await follow('docs/operators/rights.md', { to: -1 });
});

test('a practice connects with the ZIP file that the operator makes', async () => {
  await follow('docs/operators/connector.md');
  const printed = await follow('docs/connect/client-systems.md', { replace: { '192.168.178.93:9443': `127.0.0.1:${demo.base + 943}` } });
  assert.match(printed, /"client_system":"Z1"/);
});

test('doctor finds nothing at fault, and top shows what happens', async () => {
  const page = 'docs/operators/monitoring.md';
  await follow(page, { to: 1 });
  const [, top] = await blocksOf(page);
  const env = { ...process.env, PATH: `${folder}/bin:${process.env.PATH}`, CHANCERY_CONFIG: demo.configuration };
  delete env.CHANCERY_BUILD;
  const shown = new Child('/bin/bash', ['-c', `exec ${top}`], { env });
  await shown.waitFor('top shows logins', (printed) => /login/i.test(printed));
  await shown.stop('SIGINT');
  followed.set(page, 2);
});

test('a new installation gets its look, its authority, its time stamps and its rules as the pages say', async () => {
  await chancery(['account', 'create', 'anna.kowalska', '--given', 'Anna', '--family', 'Kowalska', '--email', 'anna@clinic.example', '--verified', '--no-must-change', '--password-stdin'],
    { at: fresh, input: 'Meadow-Violet-2026\n' });
  await write('logo.svg', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>');
  await follow('docs/operators/look.md', { at: fresh });
  await follow('docs/operators/authority.md', { at: fresh, to: 1 });
  await write('letter.pdf', 'a letter');
  await follow('docs/operators/timestamps.md', { at: fresh, replace: { 'chancery authority create --name Clinic\n': '', 'https://id.example': fresh.issuer } });
  const page = 'docs/operators/passwords.md';
  await follow(page, { at: fresh, to: 1 });
  await chancery(['account', 'create', 'praxis.client', '--kind', 'client_system', '--no-must-change', '--password-stdin'], { at: fresh, input: 'Meadow-Violet-2026\n' });
  await follow(page, { at: fresh, from: 1, replace: { 'https://login.clinic.example': fresh.issuer, '"old_password":"…"': '"old_password":"Meadow-Violet-2026"', '"new_password":"…"': '"new_password":"River-Copper-Stone-2026"' } });
  await follow('docs/operators/second-factor.md', { at: fresh, replace: { 'chancery group create nurses\n': '' } });
});

test('authorities of others are trusted as the pages say', async () => {
  for (const name of ['root', 'tsa-root', 'qca', 'other']) {
    const made = await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30', '-subj', `/CN=${name}`, '-keyout', '/dev/null', '-out', path.join(folder, `${name}.pem`)]);
    assert.equal(made.status, 0, made.err);
  }
  await follow('docs/operators/signatures.md', { at: fresh });
  const printed = await follow('docs/operators/authority.md', { at: fresh, from: 3, replace: { 'ca.pem --url': 'other.pem --url', KEY: 'main' } });
  assert.match(printed, /qca/);
});

test('sessions of a person are ended as the page says', async () => {
  const browser = new HttpBrowser('en');
  for (let n = 0; n < 2; n += 1) {
    const one = n === 0 ? browser : new HttpBrowser('en');
    await one.logIn(await one.open(`${demo.issuer}/account`), { login: 'jan.nowak', password: 'River-Copper-2026' });
  }
  const replace = { 'anna.kowalska': 'jan.nowak' };
  const listed = JSON.parse(await chancery(['account', 'sessions', 'list', 'jan.nowak', '--json']));
  const sessions = listed.sessions ?? listed;
  assert.ok(sessions.length >= 2);
  await follow('docs/operators/sessions.md', { replace: { ...replace, '--session ID': `--session ${sessions[0].id}` } });
  const after = JSON.parse(await chancery(['account', 'sessions', 'list', 'jan.nowak', '--json']));
  assert.equal((after.sessions ?? after).length, 0);
});

test('the master key is replaced as the page says', async () => {
  const earlier = await readFile(path.join(fresh.data, 'master.key'), 'utf8');
  const [stop, replace, start] = (await blocksOf('docs/operators/keys.md'))[0].trim().split('\n');
  assert.match(stop, /^systemctl stop chancery /);
  await fresh.server.stop();
  await shell(replace.replace('FILE', fresh.configuration), fresh);
  assert.match(start, /^systemctl start chancery /);
  await fresh.start();
  assert.notEqual(await readFile(path.join(fresh.data, 'master.key'), 'utf8'), earlier);
  followed.set('docs/operators/keys.md', 1);
});

/** Blocks that nothing runs, with the reason. */
const left = {
  'docs/connect/login.md': 1,  // Spring, which Debian 12 lacks (docs/decisions/0041)
  'docs/operators/authority.md': 1,  // keys on a token: tests/flow/certificate/authority_token_test.cpp
  'docs/operators/rights.md': 1,  // a new signing key signs after two minutes: tests/interop/token_nodes.mjs
};

test('no block of the shell on any page is left out', async () => {
  const pages = ['README.md'];
  for (const place of ['docs/connect', 'docs/operators']) {
    pages.push(...(await readdir(path.join(root, place))).filter((name) => name.endsWith('.md')).map((name) => `${place}/${name}`));
  }
  const missing = [];
  for (const page of pages) {
    const count = (await blocksOf(page)).length;
    const [program, word, blocks = count] = elsewhere[page] ?? [undefined, '', 0];
    if (program) assert.ok((await readFile(path.join(root, program), 'utf8')).includes(word), `${program} does not follow ${page}`);
    const done = blocks + (followed.get(page) ?? 0) + (left[page] ?? 0);
    if (done !== count) missing.push(`${page}: ${done} of ${count} blocks`);
  }
  assert.deepEqual(missing, []);
});
