// Logs in again and again, four people at a time, until the file FILE is gone: node cluster_logins.mjs FILE PATIENCE.
// PATIENCE: for so many seconds a step that got 502, 503 or 504, or no answer, is tried again, as a person does who is
// told to; 0 = every step must succeed at once. FILE.count has how many succeeded so far. Prints "N logins, M tried again",
// and fails if one did not succeed.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { HttpBrowser } from './http_browser.mjs';

const [file, patience] = [process.argv[2], Number(process.argv[3]) * 1000];
const issuer = 'https://login.example.org';
const person = { login: 'trial', password: 'Meadow-Violet-2026' };
// All names lead to the proxy, and each request has a connection of its own.
https.globalAgent = new https.Agent({ keepAlive: false, lookup: (_, options, found) => (options.all ? found(null, [{ address: '10.77.0.31', family: 4 }]) : found(null, '10.77.0.31', 4)) });
let done = 0;
let repeated = 0;

async function logIn() {
  const end = Date.now() + patience;
  for (;;) {
    let reason;
    try {
      const browser = new HttpBrowser('en');
      const form = await browser.open(`${issuer}/account`);
      if (form.status === 200) {
        const page = await browser.logIn(form, person, 'user');
        if (page.status === 200 && page.url === `${issuer}/account`) return;
        reason = `${page.status} at ${page.url}`;
        if (page.status < 500) throw Object.assign(new Error(reason), { isFinal: true });
      } else {
        reason = `${form.status} at ${form.url}`;
      }
    } catch (error) {
      if (error.isFinal) throw error;
      reason = error.message;
    }
    if (Date.now() > end) throw new Error(`a login did not succeed: ${reason}`);
    repeated += 1;
    await new Promise((resolve) => { setTimeout(resolve, 500); });
  }
}

await Promise.all(Array.from({ length: 4 }, async () => {
  while (existsSync(file)) {
    await logIn();
    done += 1;
    writeFileSync(`${file}.next`, `${done}\n`);
    renameSync(`${file}.next`, `${file}.count`);
  }
}));
console.log(`${done} logins, ${repeated} tried again`);
