// docs/operators/backup.md is followed literally on a real server: each block of the shell is run as it stands. Only the folders
// /etc/chancery, /var/lib/chancery, /backup and /root are others; systemctl, runuser and install stand for those of a machine with
// systemd and a user chancery. Then what the page promises is tried: logins meanwhile, a backup that is killed, files
// that are no backups, another machine.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildFolder, findFreePort, run, until } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';
import { Postgres } from '../harness/postgres.mjs';
import { TokenClient } from '../harness/token_client.mjs';

const page = fileURLToPath(new URL('../../docs/operators/backup.md', import.meta.url));
const chancery = path.join(buildFolder, 'chancery');
const password = 'Meadow-Violet-2026';
let folder;
let port;
let blocks;
let database;
let app;  // an application with a refresh token of Anna
let refreshToken;
let seal;
let documents = 0;

const place = (...names) => path.join(folder, ...names);
const configuration = () => place('etc', 'chancery.toml');

/** The folders of the page are folders of this test. */
function adapt(text) {
  return text.replaceAll('/etc/systemd/system', place('units')).replaceAll('/etc/chancery', place('etc')).replaceAll('/var/lib/chancery', place('data'))
    .replaceAll('/backup/', `${place('backup')}/`).replaceAll(' /backup ', ` ${place('backup')} `).replaceAll(/ \/backup$/gm, ` ${place('backup')}`).replaceAll('/root', place('root'));
}

async function shell(text) {
  const env = { ...process.env, PATH: `${place('bin')}:${process.env.PATH}`, CHANCERY_CONFIG: configuration(), PGHOST: place('pg'), PGUSER: 'chancery' };
  const done = await run('/bin/bash', ['-c', `set -euo pipefail\n${text}`], { env });
  assert.equal(done.status, 0, `${text}\n${done.out}${done.err}`);
  return done.out;
}
/** All blocks of a name, one after another. */
const follow = (name) => shell(blocks.filter((block) => block.name === name).map((block) => block.text).join('\n'));
const command = (args, input = '') => run(chancery, [...args, '--config', configuration()], { input });
async function must(args, input) {
  const done = await command(args, input);
  assert.equal(done.status, 0, `${args.join(' ')}: ${done.err}`);
  return done.out;
}

const sealed = async () => (await readdir(place('backup'))).filter((name) => name.endsWith('.sealed')).sort().map((name) => place('backup', name));
async function logIn() {
  const browser = new HttpBrowser();
  const first = await browser.open(`http://localhost:${port}/account`);
  const shown = await browser.logIn(first, { login: 'anna.kowalska', password }, 'user');
  assert.match(shown.url ?? '', /account|main|\/$/);
  return shown;
}
/** What was given before still counts, and goes on: the application's refresh token, signatures with their time stamps, the key. */
async function goesOn() {
  await logIn();
  const refreshed = await app.refresh(`http://127.0.0.1:${port}`, refreshToken);
  assert.equal(refreshed.status, 200, JSON.stringify(refreshed.body));
  refreshToken = refreshed.body.refresh_token;
  documents += 1;
  await writeFile(place('root', `order${documents}.xml`), `<order n="${documents}"></order>`);
  await must(['sign', place('root', `order${documents}.xml`), '--credential', seal, '--format', 'xades', '--level', 'T', '--out', place('signed')]);
  const signed = (await readdir(place('signed'))).map((name) => place('signed', name));
  assert.equal(signed.length, documents);
  await must(['verify', ...signed]);
}
async function restart() {
  await shell('systemctl stop chancery; systemctl start chancery');
}
async function writeProgram(name, lines) {
  await writeFile(place('bin', name), `#!/bin/bash\n${lines}\n`);
  await chmod(place('bin', name), 0o755);
}

before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'chancery-backup-'));
  await chmod(folder, 0o711);
  port = await findFreePort();
  for (const name of ['bin', 'etc', 'data', 'root', 'units', 'signed']) await mkdir(place(name), { mode: 0o700 });
  await writeFile(configuration(), [
    `issuer = "http://localhost:${port}"`, `data_dir = "${place('data')}"`, '[[listener]]', 'name = "http"', 'address = "127.0.0.1"', `port = ${port}`, ''].join('\n'), { mode: 0o600 });
  await writeProgram('chancery', `exec ${chancery} "$@"`);
  await writeProgram('runuser', 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"');
  await writeProgram('install', 'words=(); while [ $# -gt 0 ]; do case "$1" in -o|-g) shift;; *) words+=("$1");; esac; shift; done; exec /usr/bin/install "${words[@]}"');
  await writeProgram('systemctl', `echo "$@" >> ${place('systemctl.log')}
case "$*" in
'start chancery')
  setsid ${chancery} serve --config ${configuration()} > ${place('server.log')} 2>&1 < /dev/null & echo $! > ${place('pid')}
  until curl -fs -o /dev/null http://127.0.0.1:${port}/readyz; do kill -0 $(cat ${place('pid')}) || { cat ${place('server.log')}; exit 1; }; sleep 0.1; done;;
'stop chancery')
  kill $(cat ${place('pid')}) || true; while kill -0 $(cat ${place('pid')}) 2> /dev/null; do sleep 0.05; done;;
esac`);
  const text = await readFile(page, 'utf8');
  blocks = [...text.matchAll(/^```(?:sh|ini) (\S+)\n([\s\S]*?)^```$/gm)].map(([, name, code]) => ({ name, text: adapt(code) }));
  await shell('systemctl start chancery');
  await must(['account', 'create', 'anna.kowalska', '--given', 'Anna', '--family', 'Kowalska', '--email', 'anna@clinic.example', '--verified', '--no-must-change', '--password-stdin'], `${password}\n`);
  await must(['authority', 'create', '--name', 'Clinic']);
  await must(['timestamp', 'authority', 'create']);
  seal = JSON.parse(await must(['credential', 'create', '--seal', '--label', 'Seal', '--activation', 'none', '--issue', '--json'])).id;
  const redirect = 'http://127.0.0.1:9191/callback';
  const { client_secret: secret } = JSON.parse(await must(['client', 'create', 'portal', '--redirect-uri', redirect, '--scope', 'openid', '--scope', 'offline_access',
    '--grant', 'authorization_code', '--grant', 'refresh_token', '--json']));
  app = new TokenClient('portal', secret, redirect);
  const browser = new HttpBrowser();
  await browser.logIn(await browser.open(`http://localhost:${port}/account`), { login: 'anna.kowalska', password }, 'user');
  const given = await app.redeem(`http://127.0.0.1:${port}`, await app.getCode(browser, `http://localhost:${port}`, 'openid offline_access'));
  assert.equal(given.status, 200, JSON.stringify(given.body));
  refreshToken = given.body.refresh_token;
  await goesOn();
  await follow('keys');
});
after(async () => {
  app?.close();
  if (folder) {
    await shell('[ ! -f pid ] || systemctl stop chancery').catch(() => {});
    const pid = Number(await readFile(place('pid'), 'utf8').catch(() => '0'));
    if (pid > 0) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    await database?.crash();
    await rm(folder, { recursive: true, force: true });
  }
});

test('every block of the page is followed by this test', () => {
  const followed = ['account', 'chancery-backup.service', 'chancery-backup.timer', 'keys', 'postgresql', 'postgresql-restore', 'restore', 'sqlite', 'test-restore', 'timer', 'transfer'];
  assert.deepEqual([...new Set(blocks.map((block) => block.name))].sort(), followed);
});

test('a backup is made while people log in, and nobody is refused', async () => {
  let wanted = true;
  let logins = 0;
  const people = [1, 2, 3].map(async () => {
    while (wanted) {
      await logIn();
      logins += 1;
    }
  });
  await until('somebody has logged in', async () => logins > 0);
  for (let i = 0; i < 3; i += 1) {
    await follow('sqlite');
    await until('the name of the next second is free', async () => new Date().getMilliseconds() < 100);
  }
  wanted = false;
  await Promise.all(people);
  assert.ok(logins > 3);
  assert.equal((await sealed()).length, 3);
  for (const file of await sealed()) assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal((await must(['audit', 'list', '--type', 'backup_make', '--no-header'])).trim().split('\n').length, 3);
  assert.deepEqual(await readdir(place('data', 'copies')), []);
});

test('no name, no secret and no page of the database can be read in a backup', async () => {
  const [file] = await sealed();
  const master = (await readFile(place('data', 'master.key'), 'utf8')).trim();
  for (const word of ['kowalska', 'Anna', 'anna@clinic.example', 'argon2', 'SQLite format', 'CREATE TABLE', master]) {
    assert.equal((await run('grep', ['-a', '-c', '-i', '-F', word, file])).out.trim(), '0', word);
  }
  const head = (await run('head', ['-2', file])).out;
  assert.match(head, /^CHANCERY SEALED FILE 1\n\{"kind":"backup"/);
});

test('the service of the timer makes a backup with the command that the unit has', async () => {
  const unit = blocks.find((block) => block.name === 'chancery-backup.service').text;
  const [, line] = /ExecStart=\/bin\/sh -c '(.*)'/.exec(unit);
  const before = (await sealed()).length;
  await until('the name of the next second is free', async () => new Date().getMilliseconds() < 100);
  await shell(line.replaceAll('$$', '$').replaceAll('%%', '%'));
  assert.equal((await sealed()).length, before + 1);
  const [, clean] = /ExecStartPost=(.*)/.exec(unit);
  await shell(clean);
  assert.equal((await sealed()).length, before + 1);
  await follow('timer');
});

test('a backup whose server or command is killed leaves no file that passes for one', async () => {
  const goal = place('backup', 'killed.sealed');
  const copies = place('data', 'copies');
  for (const victim of ['server', 'command']) {
    const child = spawn(chancery, ['backup', goal, '--key', place('etc', 'backup.pub'), '--config', configuration()], { stdio: 'ignore' });
    const closed = once(child, 'close');
    await until('the copy has begun', async () => child.exitCode !== null || (await readdir(copies)).length > 0);
    if (victim === 'server') {
      process.kill(Number(await readFile(place('pid'), 'utf8')), 'SIGKILL');
    } else {
      child.kill('SIGKILL');
    }
    await closed;
    const isThere = await stat(goal).catch(() => null);
    if (isThere) {
      // It was faster: then it must be whole.
      await shell(`chancery restore ${goal} --into ${place('root', victim)} --key ${place('root', 'backup.key')} --master-key ${place('data', 'master.key')}`);
      await rm(goal);
    }
    for (const name of await readdir(copies)) {
      const done = await run(chancery, ['restore', path.join(copies, name), '--into', place('root', 'none'), '--key', place('root', 'backup.key'), '--master-key', place('data', 'master.key')]);
      if (!name.startsWith('sealed-')) assert.equal(done.status, 1);
    }
    await restart();
    assert.deepEqual((await readdir(copies)).filter((name) => !name.startsWith('sealed-')), [], 'a plain copy is left');
    await rm(place('root', 'none'), { recursive: true, force: true });
  }
  assert.deepEqual(await readdir(place('root')).then((names) => names.filter((name) => name.includes('unfinished'))), []);
  await must(['audit', 'verify']);
});

test('a wrong key, a file that was cut off or changed, and one that is there already are refused with a sentence', async () => {
  const [file] = await sealed();
  const other = place('root', 'other.key');
  await shell(`chancery backup --make-key ${other}`);
  const cut = place('root', 'cut');
  await copyFile(file, cut);
  await truncate(cut, (await stat(file)).size - 1);
  const changed = place('root', 'changed');
  const octets = await readFile(file);
  octets[octets.length >> 1] ^= 1;
  await writeFile(changed, octets);
  const restore = (what, key) => run(chancery, ['restore', what, '--into', place('root', 'refused'), '--key', key, '--master-key', place('data', 'master.key')]);
  for (const [what, key, words] of [[file, other, /sealed for the key/], [cut, place('root', 'backup.key'), /cut off or altered/], [changed, place('root', 'backup.key'), /cut off or altered/],
    [file, place('root', 'backup.key.pub'), /no secret key/], [place('etc', 'chancery.toml'), place('root', 'backup.key'), /no backup/]]) {
    const done = await restore(what, key);
    assert.equal(done.status, 1, done.out);
    assert.match(done.err, words);
  }
  assert.equal(await stat(place('root', 'refused')).catch(() => undefined), undefined);  // nor the folder
  const again = await command(['backup', file, '--key', place('etc', 'backup.pub')]);
  assert.equal(again.status, 1);
  assert.match(again.err, /is there already/);
  const secret = await command(['backup', place('backup', 'new'), '--key', place('root', 'backup.key')]);
  assert.match(secret.err, /that is the secret key/);
  const running = await run(chancery, ['restore', file, '--into', place('data'), '--key', place('root', 'backup.key')]);
  assert.match(running.err, /has no database/);
  for (const args of [['backup'], ['backup', 'x'], ['restore', file], ['dump', 'x'], ['load', 'x']]) assert.equal((await command(args)).status, 2, args.join(' '));
});

test('a server that somebody has taken over leads the command to no other file than a copy', async () => {
  const own = place('root', 'shadow');
  const data = place('taken');
  await mkdir(path.join(data, 'copies'), { recursive: true, mode: 0o700 });
  await writeFile(own, 'of root');
  await symlink(own, path.join(data, 'copies', 'sealed-link'));
  await symlink(place('root'), path.join(data, 'elsewhere'));
  await writeFile(place('root', 'sealed-other'), 'of root');
  const settings = place('etc', 'taken.toml');
  await writeFile(settings, `issuer = "http://localhost:1"\ndata_dir = "${data}"\n`, { mode: 0o600 });
  let file;
  const server = http.createServer((request, response) => {
    const out = JSON.stringify({ file, digest: '', octets: 1, rows: 0, made_at: '2026-11-29T00:00:00Z', events: 1, flaws: [] });
    request.resume().once('end', () => response.end(JSON.stringify({ exit: 0, out, err: '' })));
  });
  server.listen(path.join(data, 'control.sock'));
  await once(server, 'listening');
  try {
    for (file of [own, path.join(data, 'copies', '..', '..', 'root', 'shadow'), path.join(data, 'copies', 'sealed-link'), path.join(data, 'elsewhere', 'sealed-other')]) {
      const goal = place('root', 'taken.sealed');
      const done = await run(chancery, ['backup', goal, '--key', place('etc', 'backup.pub'), '--config', settings]);
      assert.equal(done.status, 1, `${file}: ${done.out}`);
      assert.match(done.err, /no copy of its database/);
      assert.equal(await readFile(own, 'utf8'), 'of root', file);
      assert.equal(await readFile(place('root', 'sealed-other'), 'utf8'), 'of root', file);
      assert.equal(await lstat(goal).catch(() => null), null);
    }
  } finally {
    server.close();
  }
});

test('a restore that knows the master key only from the file says that nobody has vouched for it', async () => {
  const file = place('root', 'whole.sealed');
  const digest = /sha256 ([0-9a-f]{64})/.exec(await must(['backup', file, '--key', place('etc', 'backup.pub'), '--with-master-key']))[1];
  const alone = await run(chancery, ['restore', file, '--into', place('root', 'alone'), '--key', place('root', 'backup.key')]);
  assert.equal(alone.status, 0, alone.err);
  assert.match(alone.err, new RegExp(`anybody with the public key.*${digest}`));
  const known = await run(chancery, ['restore', file, '--into', place('root', 'known'), '--key', place('root', 'backup.key'), '--master-key', place('data', 'master.key')]);
  assert.doesNotMatch(known.err, /anybody/);
  assert.match(known.out, new RegExp(digest));
});

test('a restore that is killed leaves no database that does not know that it is a copy', async () => {
  const [file] = await sealed();
  for (let time = 0; time < 3; time += 1) {
    const data = place('root', `half${time}`);
    await mkdir(data, { mode: 0o700 });
    await copyFile(place('data', 'master.key'), path.join(data, 'master.key'));
    await chmod(path.join(data, 'master.key'), 0o600);
    const child = spawn(chancery, ['restore', file, '--into', data, '--key', place('root', 'backup.key')], { stdio: 'ignore' });
    const watcher = watch(data, (_, name) => {
      if (name === 'chancery.db') child.kill('SIGKILL');
    });
    await once(child, 'close');
    watcher.close();
    if (await stat(path.join(data, 'chancery.db')).catch(() => null)) {
      await writeFile(path.join(data, 'beside.toml'), `issuer = "http://localhost:1"\ndata_dir = "${data}"\n`, { mode: 0o600 });
      const listed = await run(chancery, ['audit', 'list', '--type', 'backup_restore', '--json', '--config', path.join(data, 'beside.toml')]);
      assert.match(listed.out, /backup_restore/, listed.err);
    }
    await rm(data, { recursive: true, force: true });
  }
});

test('a disk that is full leaves no file, and says so', async () => {
  await shell('systemctl stop chancery');
  const limited = await run('/bin/bash', ['-c', `trap '' XFSZ; ulimit -f 700; exec ${chancery} backup ${place('backup', 'full')} --key ${place('etc', 'backup.pub')} --config ${configuration()}`]);
  assert.equal(limited.status, 1, limited.out);
  assert.match(limited.err, /full|File too large|I\/O/);
  await shell('systemctl start chancery');
  await mkdir(place('small'));
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place('small')]);
  if (mounted.status === 0) {
    try {
      const full = await command(['backup', place('small', 'full'), '--key', place('etc', 'backup.pub')]);
      assert.equal(full.status, 1);
      assert.match(full.err, /No space left/);
      assert.deepEqual(await readdir(place('small')), []);
      const restored = await run(chancery, ['restore', (await sealed())[0], '--into', place('small', 'data'), '--key', place('root', 'backup.key'), '--master-key', place('data', 'master.key')]);
      assert.equal(restored.status, 1);
      assert.match(restored.err, /No space left/);
      assert.deepEqual(await readdir(place('small')), []);
    } finally {
      await run('umount', [place('small')]);
    }
  } else {
    console.log('no right to mount a small disk; the limit before this one stands alone');
  }
  assert.equal(await stat(place('backup', 'full')).catch(() => null), null);
  await logIn();
});

test('a test restore says what was restored, and its anchor is one of the running log', async () => {
  const out = await follow('test-restore');
  const { anchor, intact } = JSON.parse(out.trim().split('\n').pop());
  assert.equal(intact, true);
  await must(['audit', 'verify', '--anchor', anchor]);
});

test('what was changed by mistake is found in a backup and set again', async () => {
  await must(['account', 'set', 'anna.kowalska', '--email', 'wrong@clinic.example']);
  await follow('account');
  assert.match(await must(['account', 'show', 'anna.kowalska', '--json']), /anna@clinic\.example/);
});

test('a restore brings the installation back: the same person logs in, the log says what it is', async () => {
  await until('the name of the next second is free', async () => new Date().getMilliseconds() < 100);
  await follow('sqlite');
  const { digest } = JSON.parse((await must(['audit', 'export'])).trim().split('\n').filter((line) => line.includes('"backup_make"')).pop()).data;
  await must(['account', 'create', 'after.backup', '--given', 'A', '--family', 'B', '--email', 'after@clinic.example', '--no-password']);
  await follow('restore');
  await goesOn();
  assert.equal((await command(['account', 'show', 'after.backup'])).status, 1);
  const events = (await must(['audit', 'export'])).trim().split('\n').map((line) => JSON.parse(line));
  const restored = events.find((event) => event.type === 'backup_restore');
  assert.equal(restored.data.digest, digest);
  assert.equal((await stat(place('data', 'chancery.db'))).mode & 0o777, 0o600);
});

test('an installation goes to PostgreSQL with everything, and from a copy of pg_dump back to life', async () => {
  database = await Postgres.make(place('pg'));
  await database.ask('CREATE DATABASE chancery OWNER chancery');
  const master = await readFile(place('data', 'master.key'), 'utf8');
  await mkdir(place('node'), { mode: 0o700 });
  await writeFile(place('node', 'master.key'), master, { mode: 0o600 });
  const text = (await readFile(configuration(), 'utf8')).replace(place('data'), place('node'));
  await writeFile(place('etc', 'next.toml'), `${text}[database]\nurl = "postgresql:///chancery?host=${encodeURIComponent(place('pg'))}&user=chancery"\n`, { mode: 0o600 });
  await follow('transfer');
  await copyFile(place('etc', 'next.toml'), configuration());
  await shell('systemctl start chancery');
  await goesOn();
  const refused = await command(['backup', place('backup', 'pg.sealed'), '--key', place('etc', 'backup.pub')]);
  assert.equal(refused.status, 1);
  assert.match(refused.err, /pg_dump/);
  await follow('postgresql');
  await must(['account', 'create', 'after.backup', '--given', 'A', '--family', 'B', '--email', 'after@clinic.example', '--no-password']);
  await shell('systemctl stop chancery');
  await follow('postgresql-restore');
  await shell('systemctl start chancery');
  await goesOn();
  assert.equal((await command(['account', 'show', 'after.backup'])).status, 1);
  await must(['audit', 'verify']);
});

test('and back to SQLite, where the log is whole and the second load is refused', async () => {
  await shell('systemctl stop chancery');
  await shell(`chancery dump ${place('root', 'back.dump')} --key ${place('etc', 'backup.pub')}`);
  await mkdir(place('last'), { mode: 0o700 });
  await copyFile(place('node', 'master.key'), place('last', 'master.key'));
  const text = (await readFile(configuration(), 'utf8')).replace(place('node'), place('last')).replace(/\[database\][\s\S]*/, '');
  await writeFile(configuration(), text, { mode: 0o600 });
  const load = ['load', place('root', 'back.dump'), '--key', place('root', 'backup.key')];
  assert.match(await must(load), /rows/);
  const twice = await command(load);
  assert.equal(twice.status, 1);
  assert.match(twice.err, /was used already/);
  await shell('systemctl start chancery');
  await goesOn();
  await must(['audit', 'verify']);
  assert.equal((await must(['audit', 'list', '--type', 'installation_load', '--no-header'])).trim().split('\n').length, 2);
});
