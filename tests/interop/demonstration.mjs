// chancery-demo itself: a second start, a port in use, its certificate, its mailbox and its phone.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile, readFile, rm } from 'node:fs/promises';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { buildFolder, makeFolder, people, run, startDemo, stateFolder, until } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';

let demo;
before(async () => { demo = await startDemo(); });
after(async () => { await demo?.stop(); });

async function inbox() {
  return (await fetch(`${demo.portal}/inbox.json`)).json();
}

test('it prints addresses, accounts, passwords and the CA', () => {
  for (const word of [demo.portal, demo.laboratory, demo.issuer, demo.authority, ...Object.values(people).flatMap((one) => [one.login, one.password])]) {
    assert.ok(demo.child.output.includes(word), word);
  }
});

test('nobody else can look into the data of its server, so that the doctor does not warn of them', async () => {
  const { checks } = JSON.parse((await demo.chancery(['doctor', '--quick', '--json'])).out);
  assert.equal(checks.find((one) => one.check === 'files.data_dir').state, 'fine');
});

test('its TLS certificate is good for whoever trusts its CA, and for nobody else', async () => {
  const get = (options) => new Promise((resolve, reject) => {
    https.get(`${demo.https}/healthz`, options, (answer) => { answer.resume(); resolve(answer.statusCode); }).once('error', reject);
  });
  assert.equal(await get({ ca: await readFile(demo.authority) }), 200);
  await assert.rejects(get({}));
});

test('a mail arrives in the inbox as a person reads it', async () => {
  const socket = net.connect(demo.base + 25, '127.0.0.1');
  let said = '';
  socket.setEncoding('utf8').on('data', (text) => { said += text; });
  const mail = ['From: clinic@clinic.example', 'To: anna.kowalska@clinic.example', 'Subject: =?utf-8?B?WmHFvMOzxYLEhw==?=',
    'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable', '',
    'Za=C5=BC=C3=B3=C5=82=C4=87 g=C4=99=C5=9Bl=C4=85 =', 'ja=C5=BA=C5=84', '..a dot'];
  socket.write(['EHLO test', 'MAIL FROM:<clinic@clinic.example>', 'RCPT TO:<anna.kowalska@clinic.example>', 'DATA', ...mail, '.', 'QUIT', ''].join('\r\n'));
  await once(socket, 'close');
  assert.match(said, /250 delivered/);
  const [message] = await inbox();
  assert.equal(message.channel, 'email');
  assert.equal(message.to, 'anna.kowalska@clinic.example');
  assert.equal(message.subject, 'Zażółć');
  assert.equal(message.text, 'Zażółć gęślą jaźń\n.a dot');
  assert.ok(Date.parse(message.at));
});

test('a text message arrives on the phone, if the gateway knows the sender', async () => {
  const send = (fields) => fetch(`http://127.0.0.1:${demo.base + 26}/messages`, { method: 'POST', body: new URLSearchParams(fields) });
  const good = { id: 'demo-clinic', password: 'demo-gateway-password', to: '+48600100201', text: '<b>123456</b>' };
  assert.equal((await send({ ...good, password: 'wrong' })).status, 401);
  assert.equal((await send({ ...good, to: 'anna' })).status, 400);
  assert.equal((await send(good)).status, 200);
  const [message] = await inbox();
  assert.deepEqual([message.channel, message.to, message.text], ['sms', good.to, good.text]);
  const page = await (await fetch(`${demo.portal}/inbox`)).text();
  assert.ok(page.includes('&lt;b&gt;123456&lt;/b&gt;') && !page.includes(good.text));
});

test('an address in a message can be clicked, markup cannot get in, and the sender is shown', async () => {
  const text = 'Open http://localhost:1/reset?a=1&b=2. <a href="javascript:x">x</a>';
  const send = (from) => fetch(`http://127.0.0.1:${demo.base + 26}/messages`, { method: 'POST', body: new URLSearchParams({ id: 'demo-clinic', password: 'demo-gateway-password', to: '+48600100201', from, text }) });
  assert.equal((await send('Clinic<1>')).status, 400);
  assert.equal((await send('Clinic.One')).status, 200);
  const page = await (await fetch(`${demo.portal}/inbox`)).text();
  assert.ok(page.includes(' href="http://localhost:1/reset?a=1&amp;b=2">http://localhost:1/reset?a=1&amp;b=2</a>. &lt;a href=&quot;javascript:x&quot;&gt;'), page);
  assert.ok(page.includes('From Clinic.One'), page);
});

const isInside = (page) => page.url === `${demo.laboratory}/` && page.text.includes('id="name"');
const isOutside = (page) => page.url === `${demo.laboratory}/` && page.text.includes('href="/login"');

/** A browser in which Anna is logged in at the portal. */
async function logIn() {
  const browser = new HttpBrowser();
  const page = await browser.logIn(await browser.open(`${demo.portal}/login`), people.anna, 'user');
  assert.equal(page.url, `${demo.portal}/`);
  return browser;
}

test('both applications show the requests and the decoded tokens of the login, and no secret', async () => {
  const browser = await logIn();
  for (const [application, client] of [[demo.portal, 'demo-portal'], [demo.laboratory, 'demo-lab']]) {
    const { text } = await browser.open(`${application}/`);
    for (const part of [`GET ${demo.issuer}/oauth2/authorize`, 'code_challenge_method = S256', `GET ${application}/callback`,
      `POST ${demo.issuer}/oauth2/token`, `Authorization: Basic ${client}:•••`, '&quot;token_type&quot;: &quot;Bearer&quot;',
      '&quot;alg&quot;: &quot;ES256&quot;', '&quot;sid&quot;: &quot;', `&quot;aud&quot;: &quot;${client}&quot;`]) {
      assert.ok(text.includes(part), `${application}: ${part} is not in ${text}`);
    }
    assert.ok(!/eyJ[\w-]{20}/.test(text), 'no token can be copied');
  }
});

test('the laboratory opens without a click for who is logged in, and shows its page to everybody else', async () => {
  const stranger = new HttpBrowser();
  for (const time of ['first', 'second']) assert.ok(isOutside(await stranger.open(`${demo.laboratory}/`)), time);
  const browser = await logIn();
  assert.ok(isInside(await browser.open(`${demo.laboratory}/`)));
  assert.ok(isInside(await browser.send(`${demo.laboratory}/`)), 'and stays open');
});

test('only a page that the person opens leads to the server, and a browser without cookies does not go round', async () => {
  const script = await fetch(demo.laboratory, { redirect: 'manual', headers: { 'sec-fetch-mode': 'cors' } });
  assert.equal(script.status, 200);
  let url = `${demo.laboratory}/`;
  const seen = [];
  for (let answer; url && seen.length < 10; url = answer.location) {
    answer = await new HttpBrowser().send(url);
    seen.push(answer.status);
  }
  assert.equal(seen.at(-1), 400, `the callback refuses it: ${seen}`);
});

test('who logs out at the laboratory is not logged in again without a click', async () => {
  const browser = await logIn();
  const inside = await browser.open(`${demo.laboratory}/`);
  assert.ok(isOutside(await browser.submit(inside, '/logout', {})), 'right after the logout');
  assert.ok(isOutside(await browser.open(`${demo.laboratory}/`)), 'and later');
  await browser.logIn(await browser.open(`${demo.portal}/login`), people.anna, 'user');
  assert.ok(isInside(await browser.open(`${demo.laboratory}/`)), 'a new login at the portal counts here again');
});

test('a logout that never reached the server holds at the laboratory all the same', async () => {
  const browser = await logIn();
  const inside = await browser.open(`${demo.laboratory}/`);
  const sent = await browser.submit(inside, '/logout', {}, () => true);
  assert.ok(sent.location.startsWith(`${demo.issuer}/oauth2/logout?`));
  for (const time of ['first', 'second', 'third']) assert.ok(isOutside(await browser.open(`${demo.laboratory}/`)), time);
  assert.ok(isInside(await browser.open(`${demo.laboratory}/login`)), 'the button does log in');
});

test('who logged out at the portal finds the laboratory closed', async () => {
  const browser = await logIn();
  assert.ok(isInside(await browser.open(`${demo.laboratory}/`)));
  await browser.submit(await browser.open(demo.portal), '/logout', {});
  await until('the laboratory has heard of it', async () => isOutside(await browser.open(`${demo.laboratory}/`)));
});

test('commands to the server begin as the terminal says', async () => {
  const line = demo.child.output.split('\n').find((one) => one.endsWith(' client list'));
  const [program, ...args] = line.trim().split(' ');
  const { status, out } = await run(path.resolve(program), args);
  assert.equal(status, 0);
  assert.match(out, /demo-portal/);
  const { status: created, out: secret } = await run(path.resolve(program), [...args.slice(0, 2), 'client', 'create', 'my-app',
    '--name', 'My application', '--redirect-uri', 'https://my-app.example.org/callback']);
  assert.equal(created, 0);
  assert.match(secret, /secret/);
});

test('commands find the running demonstration by themselves', async () => {
  const env = { ...process.env, CHANCERY_CONFIG: '', XDG_STATE_HOME: stateFolder(demo.folder) };
  const { status, out, err } = await run(path.join(buildFolder, 'chancery'), ['client', 'list'], { env });
  assert.equal(status, 0, err);
  assert.match(out, /demo-portal/);
  assert.ok(err.includes(demo.configuration), err);
});

test('with --https everything follows the issuer with TLS', async () => {
  const secure = await startDemo({ args: ['--https'] });
  try {
    assert.equal(secure.issuer, secure.https);
    assert.ok(secure.output.includes(`${secure.issuer}/`) && !secure.output.includes(`http://localhost:${secure.base + 80}`));
    const ca = await readFile(secure.authority);
    const browser = new HttpBrowser('en', { ca });
    const login = await browser.open(`${secure.portal}/login`);
    assert.ok(login.url.startsWith(`${secure.issuer}/login`), login.url);
    assert.equal(login.headers.get('strict-transport-security'), null, 'localhost also has the plain ports of the applications');
    const portal = await browser.logIn(login, people.anna, 'user');
    assert.equal(portal.url, `${secure.portal}/`);
    assert.ok(browser.jar(secure.issuer).has('__Host-chancery_session'));
    const laboratory = await browser.open(`${secure.laboratory}/`);
    assert.ok(laboratory.text.includes('id="name"'));
    await browser.submit(laboratory, '/logout', {});
    await until('the portal has heard of the logout', async () => !(await browser.open(secure.portal)).text.includes('id="name"'));
    const discovery = await browser.send(`${secure.issuer}/.well-known/openid-configuration`);
    for (const [name, value] of Object.entries(JSON.parse(discovery.text))) {
      if (typeof value === 'string' && value.includes('://')) assert.ok(value.startsWith(secure.issuer), `${name}: ${value}`);
    }
  } finally {
    await secure.stop();
  }
});

test('the applications refuse forged answers and forged logout tokens', async () => {
  const browser = new HttpBrowser();
  const begun = await browser.send(`${demo.portal}/login`);
  const state = new URL(begun.location).searchParams.get('state');
  const answer = (query, who = browser) => who.send(`${demo.portal}/callback?${new URLSearchParams(query)}`);
  assert.equal((await answer({ code: 'x', state, iss: demo.issuer }, new HttpBrowser())).status, 400, 'another browser');
  assert.equal((await answer({ code: 'x', state, iss: 'http://localhost:1' })).status, 400, 'another issuer');
  assert.equal((await answer({ code: 'x', state, iss: demo.issuer })).status, 400, 'a state is good once');
  const claims = Buffer.from(JSON.stringify({ iss: demo.issuer, aud: 'demo-portal', sub: 'x', jti: 'x', iat: 0, exp: 9e9 })).toString('base64url');
  const none = Buffer.from('{"alg":"none","typ":"logout+jwt"}').toString('base64url');
  const order = await fetch(`${demo.portal}/backchannel-logout`, { method: 'POST', body: new URLSearchParams({ logout_token: `${none}.${claims}.` }) });
  assert.equal(order.status, 400);
});

test('a port in use is said in one sentence', async () => {
  const folder = await makeFolder('second');
  const { status, err } = await run(path.join(buildFolder, 'demo', 'chancery-demo'), ['--data', folder, '--port-base', String(demo.base)]);
  await rm(folder, { recursive: true, force: true });
  assert.equal(status, 1);
  assert.match(err, /^chancery-demo: Port \d+ is in use[^\n]*\n$/);
});

test('without a server program it says where it looked and how to name one', async () => {
  const folder = await makeFolder('alone');
  const copy = path.join(folder, 'chancery-demo');
  await copyFile(path.join(buildFolder, 'demo', 'chancery-demo'), copy);
  const { status, err } = await run(copy, ['--data', path.join(folder, 'data')]);
  await rm(folder, { recursive: true, force: true });
  assert.equal(status, 1);
  for (const words of [path.join(folder, 'chancery'), path.join(path.dirname(folder), 'chancery'), '--chancery FILE']) assert.ok(err.includes(words), err);
});

test('a second start takes seconds and keeps the data', async () => {
  const events = (await demo.audit()).length;
  const { folder, base } = demo;
  await demo.stop({ keep: true });
  const begun = performance.now();
  demo = await startDemo({ data: folder, portBase: base });
  console.log(`the second start took ${Math.round(performance.now() - begun)} ms`);
  assert.ok((await demo.audit()).length >= events);
});

test('when the server dies, the demonstration says so and ends', async () => {
  const lonely = await startDemo();
  const { pid } = lonely.child.process;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  process.kill(Number(children.trim()), 'SIGKILL');
  await until('it ends', () => lonely.child.hasEnded);
  assert.equal(await lonely.child.ended, 1);
  assert.match(lonely.child.output, /The server ended by itself/);
  await rm(lonely.folder, { recursive: true, force: true });
});
