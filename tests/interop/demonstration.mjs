// chancery-demo itself: a second start, a port in use, its certificate, its mailbox and its phone.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { buildFolder, makeFolder, people, run, startDemo, until } from '../harness/demo.mjs';
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
