// What a flood of one address does to the logins of others. 100 connections of one loopback address send one login form
// again and again; meanwhile 40 people log in one after another from another address. Prints JSON: medians in
// milliseconds without and with the flood, and the answers that both got.
//   node flood.mjs --port N --password WHICH     WHICH: right or wrong, the password in the form of the flood
import { spawn } from 'node:child_process';
import dns from 'node:dns';
import http from 'node:http';
import net from 'node:net';
import { HttpBrowser } from '../harness/http_browser.mjs';

dns.setDefaultResultOrder('ipv4first');
const args = Object.fromEntries(
  process.argv.slice(2).join(' ').split('--').filter(Boolean).map((a) => a.trim().split(' ')));
const issuer = `http://localhost:${args.port}`;
const person = { login: 'bench1', password: 'Bench-Password-2026' };
const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];

async function openForm(browser) {
  const page = await browser.open(`${issuer}/login`);
  if (page.status !== 200) return { status: page.status };
  return {
    status: 200,
    attempt: /name="attempt" value="([^"]*)"/.exec(page.text)[1],
    csrf: /name="csrf" value="([^"]*)"/.exec(page.text.slice(page.text.indexOf('/login/password"')))[1],
  };
}

async function logIn() {
  const browser = new HttpBrowser();
  const { status, attempt, csrf } = await openForm(browser);
  if (status !== 200) return status;
  return (await browser.send(`${issuer}/login/password`, { form: { attempt, csrf, ...person } })).status;
}

async function measure(count) {
  const times = [];
  const answers = {};
  for (let i = 0; i < count; i += 1) {
    const begun = performance.now();
    const status = await logIn();
    times.push(performance.now() - begun);
    answers[status] = (answers[status] ?? 0) + 1;
  }
  return { median_ms: median(times), longest_ms: Math.max(...times), answers };
}

/** The same octets on every connection, the next time as soon as the answer has come. */
async function flood() {
  http.globalAgent = new http.Agent({ localAddress: '127.0.0.3' });
  const browser = new HttpBrowser();
  const { attempt, csrf } = await openForm(browser);
  const cookies = [...browser.jar(issuer)].map(([name, value]) => `${name}=${value}`).join('; ');
  const body = new URLSearchParams({ attempt, csrf, login: 'bench0', password: args.password === 'right' ? person.password : 'not-the-password' }).toString();
  const request = `POST /login/password HTTP/1.1\r\nHost: localhost:${args.port}\r\nOrigin: ${issuer}\r\nSec-Fetch-Mode: navigate\r\nAccept: text/html\r\nCookie: ${cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const answers = {};
  const connect = () => {
    const socket = net.connect({ host: '127.0.0.1', port: Number(args.port), localAddress: '127.0.0.3' });
    socket.on('connect', () => socket.write(request));
    socket.on('data', (octets) => {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(octets.toString('latin1'))?.[1];
      if (!status) return;  // the rest of an answer
      answers[status] = (answers[status] ?? 0) + 1;
      socket.write(request);
    });
    socket.on('error', () => {});
    socket.on('close', () => { answers.closed = (answers.closed ?? 0) + 1; setTimeout(connect, 10); });
  };
  for (let i = 0; i < 100; i += 1) connect();
  process.once('SIGTERM', () => { process.stdout.write(JSON.stringify(answers), () => process.exit(0)); });
  setTimeout(() => process.stdout.write('\n'), 1000);  // it runs
}

if ('flood' in args) {
  await flood();
} else {
  http.globalAgent = new http.Agent({ localAddress: '127.0.0.2' });
  await measure(10);  // to warm up
  const undisturbed = await measure(40);
  const child = spawn(process.execPath, [process.argv[1], '--flood', 'yes', '--port', args.port, '--password', args.password ?? 'wrong'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { said += text; });
  await new Promise((resolve) => { child.stdout.once('data', resolve); });
  const flooded = await measure(40);
  const ended = new Promise((resolve) => { child.once('close', resolve); });
  child.kill('SIGTERM');
  await ended;
  console.log(JSON.stringify({ undisturbed, flooded, flood: JSON.parse(said) }));
}
