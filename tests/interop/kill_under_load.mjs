// kill -9 in the middle of logins: after the restart every login that was acknowledged is in the audit log, and its
// chain is whole.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { people, startDemo, startServer } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';

const rounds = 3;
const parallel = 8;
let demo;
let server;
before(async () => {
  // The demonstration seeds; then the server alone runs on its data.
  demo = await startDemo();
  await demo.stop({ keep: true });
});
after(async () => {
  await server?.stop('SIGKILL');
  await rm(demo.folder, { recursive: true, force: true });
});

/** Logs in again and again until the server is gone; gives the request ids of the logins that were answered. */
async function logInUntilTheEnd(acknowledged) {
  try {
    for (;;) {
      const browser = new HttpBrowser();
      const page = await browser.open(`${demo.issuer}/login`);
      const attempt = /name="attempt" value="([^"]*)"/.exec(page.text)[1];
      const csrf = /name="csrf" value="([^"]*)"/.exec(page.text.slice(page.text.indexOf('/login/password"')))[1];
      const answer = await browser.send(`${demo.issuer}/login/password`, {
        form: { attempt, csrf, login: people.jan.login, password: people.jan.password },
      });
      if (answer.status === 503) continue;
      assert.equal(answer.status, 303, answer.text);
      acknowledged.push(answer.headers.get('x-request-id'));
    }
  } catch (error) {
    if (!['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(error.code)) throw error;
  }
}

test('no acknowledged login is lost', async () => {
  const acknowledged = [];
  for (let round = 1; round <= rounds; round += 1) {
    server = await startServer(demo.configuration, demo.issuer);
    const work = Array.from({ length: parallel }, () => logInUntilTheEnd(acknowledged));
    const wanted = acknowledged.length + 20 * round;
    await server.waitFor('enough logins', () => acknowledged.length >= wanted);
    await server.stop('SIGKILL');
    await Promise.all(work);
  }
  server = await startServer(demo.configuration, demo.issuer);
  const { status, out, err } = await demo.chancery(['audit', 'verify']);
  assert.equal(status, 0, out + err);
  const recorded = new Set((await demo.audit()).filter((event) => event.outcome === 'success').map((event) => event.request_id));
  const lost = acknowledged.filter((id) => !recorded.has(id));
  console.log(`${acknowledged.length} logins were acknowledged in ${rounds} rounds, ${lost.length} are missing`);
  assert.deepEqual(lost, []);
});
