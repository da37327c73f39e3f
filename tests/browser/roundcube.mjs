// Debian's Roundcube and Dovecot: the webmail logs people in at the server, and the mail server asks at the introspection
// endpoint whether the access token that it is shown counts.
import assert from 'node:assert/strict';
import { chmod, chown, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Child, findFreePort, makeFolder, patience, people, startDemo, until } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';
import { TokenClient } from '../harness/token_client.mjs';
import { keepPicture, logIn, openBrowser, openWindow } from './browser.mjs';

const mailbox = 'urn:example:mail';
const back = 'http://127.0.0.1:9191/callback';
const isRoot = process.getuid() === 0;
const secrets = {};
const children = [];
let demo;
let browser;
let folder;
let imapPort;
let webmail;

async function chancery(...args) {
  const { status, out, err } = await demo.chancery(args);
  assert.equal(status, 0, err);
  return out;
}

async function create(clientId, ...more) {
  secrets[clientId] = JSON.parse(await chancery('client', 'create', clientId, ...more, '--json')).client_secret;
}

// Dovecot drops its rights if it is started as root, and the mail belongs to another user then.
async function readIds(name) {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((one) => one.startsWith(`${name}:`));
  return line.split(':').slice(2, 4).map(Number);
}

async function startDovecot() {
  const [uid, gid] = isRoot ? await readIds('mail') : [process.getuid(), process.getgid()];
  const inbox = path.join(folder, 'mail', people.anna.login, 'new');
  const mail = ['From: laboratory@clinic.example', `To: ${people.anna.login}@clinic.example`, 'Subject: Results are ready',
    'Date: Sun, 01 Nov 2026 08:00:00 +0000', 'Message-ID: <1@clinic.example>', '', 'Please come by.', ''].join('\r\n');
  await mkdir(inbox, { recursive: true });
  for (const place of ['cur', 'tmp']) await mkdir(path.join(inbox, '..', place));
  await writeFile(path.join(inbox, '1793520000.M1P1.clinic'), mail);
  for (let place = path.join(inbox, '1793520000.M1P1.clinic'); place !== folder; place = path.dirname(place)) await chown(place, uid, gid);
  for (const place of ['cur', 'tmp']) await chown(path.join(inbox, '..', place), uid, gid);

  await mkdir(path.join(folder, 'dovecot'));
  const oauth = path.join(folder, 'dovecot-oauth2.conf');
  // It asks as the resource server, by Basic. A token for somebody else is not active for it.
  await writeFile(oauth, `
introspection_mode = post
introspection_url = ${demo.issuer.replace('http://', `http://dovecot:${secrets.dovecot}@`)}/oauth2/introspect
force_introspection = yes
active_attribute = active
active_value = true
scope = mail:access
username_attribute = username
issuers = ${demo.issuer}
timeout_msecs = 20000
`, { mode: 0o600 });
  imapPort = await findFreePort();
  const users = isRoot ? '' : `
default_internal_user = ${process.env.USER}
default_login_user = ${process.env.USER}
default_internal_group = ${process.getgid()}`;
  const configuration = path.join(folder, 'dovecot.conf');
  await writeFile(configuration, `
base_dir = ${folder}/dovecot/run
state_dir = ${folder}/dovecot/state
log_path = ${folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = xoauth2 oauthbearer
mail_location = maildir:~
first_valid_uid = 1
service imap-login {
  chroot =
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
# Refusals are answered at once: guesses are not what is tested.
auth_failure_delay = 0
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${oauth}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/mail/%u
}
${users}
`);
  const dovecot = new Child('/usr/sbin/dovecot', ['-F', '-c', configuration]);
  children.push(dovecot);
  await dovecot.waitFor('Dovecot answers', async () => {
    try {
      const imap = await openImap();
      imap.close();
      return imap.greeting.startsWith('* OK');
    } catch {
      return false;
    }
  });
}

async function startRoundcube() {
  const place = path.join(folder, 'roundcube');
  for (const name of ['', 'logs', 'temp']) await mkdir(path.join(place, name), { recursive: true });
  for (const name of ['defaults.inc.php', 'mimetypes.php']) await symlink(`/etc/roundcube/${name}`, path.join(place, name));
  const settings = {
    db_dsnw: `sqlite:///${place}/roundcube.db?mode=0600`, log_dir: `${place}/logs`, temp_dir: `${place}/temp`,
    imap_host: `127.0.0.1:${imapPort}`, smtp_host: 'localhost:9', des_key: 'a-key-of-this-test-24-ch', language: 'en_US', enable_spellcheck: false,
    oauth_provider: 'generic', oauth_provider_name: 'Clinic', oauth_client_id: 'roundcube', oauth_client_secret: secrets.roundcube,
    oauth_auth_uri: `${demo.issuer}/oauth2/authorize`, oauth_token_uri: `${demo.issuer}/oauth2/token`, oauth_identity_uri: `${demo.issuer}/oauth2/userinfo`,
    oauth_scope: 'openid profile offline_access mail:access',
  };
  const lines = Object.entries(settings).map(([name, value]) => `$config['${name}'] = ${JSON.stringify(value)};`);
  await writeFile(path.join(place, 'config.inc.php'), ['<?php', '$config = [];', ...lines, "$config['oauth_identity_fields'] = ['preferred_username'];", "$config['plugins'] = [];", ''].join('\n'));
  const php = new Child('/usr/bin/php', ['-d', 'display_errors=0', '-S', new URL(webmail).host, '-t', '/var/lib/roundcube/public_html'],
    { env: { ...process.env, ROUNDCUBE_CONFIG_DIR: place } });
  children.push(php);
  await php.waitFor('Roundcube answers', async () => {
    try {
      return (await fetch(webmail)).status === 200;
    } catch {
      return false;
    }
  });
}

/** One line to the mail server, and what it says before it answers with the tag. */
async function openImap() {
  const socket = net.connect(imapPort, '127.0.0.1');
  let text = '';
  let wake = () => {};
  socket.setEncoding('utf8').on('data', (part) => { text += part; wake(); });
  socket.on('error', () => wake());
  socket.on('close', () => wake());
  const waitFor = async (pattern) => {
    while (!pattern.test(text)) {
      if (socket.destroyed) throw new Error(`The mail server closed the connection: ${text}`);
      await new Promise((resolve) => { wake = resolve; });
    }
    const said = text;
    text = '';
    return said;
  };
  const greeting = await waitFor(/\r\n/);
  return {
    greeting,
    /** Whether the mail server lets `login` in with the token. */
    async authenticate(mechanism, login, token) {
      const said = { XOAUTH2: `user=${login}\u0001auth=Bearer ${token}\u0001\u0001`, OAUTHBEARER: `n,a=${login},\u0001auth=Bearer ${token}\u0001\u0001` }[mechanism];
      socket.write(`a AUTHENTICATE ${mechanism} ${Buffer.from(said).toString('base64')}\r\n`);
      const answer = await waitFor(/(^|\n)(a |\+ )/);
      // The client ends the exchange after the reason of a refusal (RFC 7628 §3.2.3).
      if (/(^|\n)\+ /.test(answer)) {
        socket.write(mechanism === 'XOAUTH2' ? '\r\n' : 'AQ==\r\n');
        return /(^|\n)a OK/.test(await waitFor(/(^|\n)a /));
      }
      return /(^|\n)a OK/.test(answer);
    },
    async select() {
      socket.write('b SELECT INBOX\r\n');
      return waitFor(/(^|\n)b /);
    },
    close() {
      socket.destroy();
    },
  };
}

async function isLetIn(mechanism, login, token) {
  const imap = await openImap();
  try {
    return await imap.authenticate(mechanism, login, token);
  } finally {
    imap.close();
  }
}

before(async () => {
  process.env.CHANCERY_OIDC_ACCESS_TOKEN = '20s';  // so that tokens end in this test
  demo = await startDemo();
  browser = await openBrowser();
  folder = await makeFolder('webmail');
  await chmod(folder, 0o755);  // others than root read it
  webmail = `http://localhost:${await findFreePort()}/`;
  await create('dovecot', '--kind', 'resource');
  await chancery('resource', 'create', mailbox, '--name', 'Mail', '--client', 'dovecot');
  await chancery('resource', 'item', 'set', mailbox, 'scope', 'mail:access', '--for', 'all');
  // Roundcube sends no code_challenge.
  await create('roundcube', '--no-pkce', '--redirect-uri', `${webmail}index.php/login/oauth`, '--auth', 'client_secret_post', '--scope', 'openid',
    '--scope', 'profile', '--scope', 'offline_access', '--scope', 'mail:access', '--grant', 'authorization_code', '--grant', 'refresh_token');
  // A mail program of its own, and an application that has nothing to do with mail.
  for (const [name, scope] of [['mailer', 'mail:access'], ['notes', 'email']]) {
    await create(name, '--redirect-uri', back, '--scope', 'openid', '--scope', scope);
  }
  await startDovecot();
  await startRoundcube();
});
after(async () => {
  await browser?.close();
  for (const child of children.reverse()) await child.stop();
  await demo?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function readLogs() {
  const logs = [path.join(folder, 'dovecot.log'), path.join(folder, 'roundcube', 'logs', 'errors.log')];
  return (await Promise.all(logs.map((name) => readFile(name, 'utf8').catch(() => '')))).join('\n');
}

/** Opens the webmail and logs in there by the server, until the mailbox is shown. */
async function openWebmail() {
  const page = await openWindow(browser, 'en');
  await page.goto(webmail);
  await page.getByRole('link', { name: /Clinic/ }).or(page.getByRole('button', { name: /Clinic/ })).click();
  await logIn(page, people.anna, 'user');
  await waitForMail(page);
  return page;
}

async function waitForMail(page) {
  await page.waitForURL((url) => url.origin === new URL(webmail).origin && url.searchParams.get('_task') === 'mail');
  try {
    await page.locator('#messagelist').getByText('Results are ready').waitFor({ timeout: patience / 10 });
  } catch (error) {
    throw new Error(`${error.message}\n${await page.locator('body').innerText()}\n${await readLogs()}`);
  }
}

/** The access token that Anna gives an application. */
async function getToken(clientId, scope, more = {}) {
  const app = new TokenClient(clientId, secrets[clientId], back);
  try {
    const person = new HttpBrowser();
    await person.logIn(await person.open(`${demo.issuer}/account`), people.anna, 'user');
    const { status, body } = await app.redeem(demo.issuer, await app.getCode(person, demo.issuer, scope, more));
    assert.equal(status, 200, JSON.stringify(body));
    return body.access_token;
  } finally {
    app.close();
  }
}

test('the webmail logs in at the server, and the mail server shows the mailbox for its token', async () => {
  const page = await openWebmail();
  await keepPicture(page, 'roundcube');
  await page.context().close();
  const login = (await demo.audit()).filter((event) => event.type === 'token_issue' && event.client === 'roundcube');
  assert.equal(login.length, 1);
});

test('the webmail refreshes its tokens when they are over, and goes on', async () => {
  const count = async () => (await demo.audit()).filter((event) => event.type === 'token_issue' && event.client === 'roundcube').length;
  const page = await openWebmail();
  const before = await count();
  await until('the webmail has refreshed its tokens', async () => {
    await page.reload();
    await waitForMail(page);
    return (await count()) >= before + 2;
  });
  await page.context().close();
});

test('the mail server lets a mail program in that shows a token for it, by both mechanisms, and only as its person', async () => {
  const token = await getToken('mailer', 'openid mail:access');
  const imap = await openImap();
  assert.ok(await imap.authenticate('OAUTHBEARER', people.anna.login, token), await readLogs());
  assert.match(await imap.select(), /\* 1 EXISTS/);
  imap.close();
  assert.ok(await isLetIn('XOAUTH2', people.anna.login, token));
  for (const mechanism of ['XOAUTH2', 'OAUTHBEARER']) {
    assert.ok(!await isLetIn(mechanism, people.jan.login, token), `${mechanism}: as somebody else`);
    assert.ok(!await isLetIn(mechanism, people.anna.login, `${token.slice(0, -4)}AAAA`), `${mechanism}: changed`);
  }
});

test('the mail server refuses tokens that are for others, and one that is over', async () => {
  const token = await getToken('mailer', 'openid mail:access');
  const others = [await getToken('notes', 'openid email'), await getToken('mailer', 'openid mail:access', { resource: demo.issuer })];
  for (const other of others) assert.ok(!await isLetIn('XOAUTH2', people.anna.login, other));
  assert.ok(await isLetIn('XOAUTH2', people.anna.login, token));
  await until('the token is over', async () => !await isLetIn('XOAUTH2', people.anna.login, token));
});

test('who is suspended gets into the mailbox no more, neither by the token of before nor in the webmail', async () => {
  const page = await openWebmail();
  const token = await getToken('mailer', 'openid mail:access');
  assert.ok(await isLetIn('XOAUTH2', people.anna.login, token));
  await chancery('account', 'suspend', people.anna.login);
  assert.ok(!await isLetIn('XOAUTH2', people.anna.login, token));
  await page.goto(`${webmail}?_task=mail`);
  await page.locator('#messagelist').getByText('Results are ready').waitFor({ state: 'detached' });
  await until('the webmail has ended the session', async () => {
    await page.goto(`${webmail}?_task=mail`);
    return await page.getByText(/Clinic/).count() > 0;
  });
  await chancery('account', 'restore', people.anna.login);
  await page.context().close();
});
