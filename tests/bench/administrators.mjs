// What administrators' own means do to the logins of others. Twelve administrators read the longest lists, search, export
// the audit log and act on a thousand accounts, one request after the other, each as fast as the server answers;
// meanwhile 60 people log in one after another. All come from one network, so that no share of a network helps. Prints
// JSON: milliseconds of the logins without and with them, and the answers that both got. The administrators' process is
// nice, because it shares a core with the one that measures: its own work must not count as a wait of the server.
//   node administrators.mjs --port N
import { spawn } from 'node:child_process';
import dns from 'node:dns';
import os from 'node:os';
import { HttpBrowser } from '../harness/http_browser.mjs';

dns.setDefaultResultOrder('ipv4first');
const args = Object.fromEntries(
  process.argv.slice(2).join(' ').split('--').filter(Boolean).map((a) => a.trim().split(' ')));
const issuer = `http://localhost:${args.port}`;
const password = 'Bench-Password-2026';
const logins = 60;

async function measure(count) {
  const times = [];
  const answers = {};
  for (let i = 0; i < count; i += 1) {
    const browser = new HttpBrowser();
    const begun = performance.now();
    const page = await browser.logIn(await browser.open(`${issuer}/account`), { login: 'bench1', password });
    times.push(performance.now() - begun);
    answers[page.status] = (answers[page.status] ?? 0) + 1;
  }
  times.sort((a, b) => a - b);
  return { median_ms: times[Math.floor(count / 2)], p95_ms: times[Math.floor(count * 0.95)], answers };
}

/** Chooses all that a search finds, and begins to end their sessions; then looks at the progress. */
async function actOnMany(browser, list) {
  const found = await browser.submit(list, '/admin/accounts', { text: 'malgorzata kowalska' });
  const asked = await browser.submit(found, '/admin/accounts/bulk', { step: 'found' });
  if (!asked.text.includes('name="act"')) return asked;
  const preview = await browser.submit(asked, '/admin/accounts/bulk', { act: 'sessions' });
  return browser.submit(preview, '/admin/accounts/bulk/begin', { reason: 'asked', password });
}

const means = [
  (browser) => browser.open(`${issuer}/admin/accounts?page=last`),
  (browser) => browser.open(`${issuer}/admin/audit?outcome=failure`),
  async (browser) => browser.submit(await browser.open(`${issuer}/admin/accounts`), '/admin/accounts', { text: 'nowa' }),
  async (browser) => browser.submit(await browser.open(`${issuer}/admin/audit`), '/admin/audit/export', { format: 'csv' }),
  (browser) => browser.open(`${issuer}/admin/audit?page=last`),
  async (browser) => actOnMany(browser, await browser.open(`${issuer}/admin/accounts`)),
];

async function work() {
  const answers = {};
  const administrators = [];
  for (let i = 0; i < 12; i += 1) {
    const browser = new HttpBrowser();
    await browser.logIn(await browser.open(`${issuer}/account`), { login: `chief${i}`, password }, 'administrator');
    administrators.push(browser);
  }
  const repeat = async (browser, mean) => {
    for (;;) {
      const page = await mean(browser).catch((error) => ({ status: error.message.slice(0, 60) }));
      answers[page.status] = (answers[page.status] ?? 0) + 1;
    }
  };
  administrators.forEach((browser, i) => repeat(browser, means[i % means.length]));
  process.once('SIGTERM', () => { process.stdout.write(JSON.stringify(answers), () => process.exit(0)); });
  setTimeout(() => process.stdout.write('\n'), 2000);  // they work
}

if ('work' in args) {
  os.setPriority(19);
  await work();
} else {
  await measure(10);  // to warm up
  const alone = await measure(logins);
  const child = spawn(process.execPath, [process.argv[1], '--work', 'yes', '--port', args.port], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { said += text; });
  await new Promise((resolve) => { child.stdout.once('data', resolve); });
  const beside = await measure(logins);
  const ended = new Promise((resolve) => { child.once('close', resolve); });
  child.kill('SIGTERM');
  await ended;
  console.log(JSON.stringify({ alone, beside, administrators: JSON.parse(said) }));
}
