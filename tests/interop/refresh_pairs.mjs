// One server on SQLite: ten thousand times an application sends the same refresh token twice at the same moment, as its
// threads and tabs do.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { people, startDemo } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';
import { forEachAtOnce, TokenClient } from '../harness/token_client.mjs';

const families = 100;
const pairs = 100;  // of each family
const width = 25;  // families at a time
let demo;
let app;

before(async () => {
  process.env.CHANCERY_OIDC_REFRESH_GRACE = '1m';  // a busy machine shall not make a replay of a parallel refresh
  demo = await startDemo();
  const redirect = 'http://127.0.0.1:9191/callback';
  const made = await demo.chancery(['client', 'create', 'busy', '--redirect-uri', redirect, '--scope', 'openid', '--scope', 'offline_access',
    '--grant', 'authorization_code', '--grant', 'refresh_token', '--json']);
  assert.equal(made.status, 0, made.err);
  app = new TokenClient('busy', JSON.parse(made.out).client_secret, redirect);
});
after(async () => {
  app?.close();
  await demo?.stop();
});

test('ten thousand pairs of parallel refreshes give no error and lose no family', async () => {
  const browser = new HttpBrowser();
  await browser.logIn(await browser.open(`${demo.issuer}/account`), people.anna, 'user');
  const begun = process.hrtime.bigint();
  const ends = await forEachAtOnce(Array.from({ length: families }), width, async () => {
    const made = await app.redeem(demo.issuer, await app.getCode(browser, demo.issuer, 'openid offline_access'));
    assert.equal(made.status, 200, JSON.stringify(made.body));
    let token = made.body.refresh_token;
    for (let i = 0; i < pairs; i += 1) {
      const answers = await Promise.all([1, 2].map(() => app.refresh(demo.issuer, token)));
      assert.deepEqual(answers.map((answer) => answer.status), [200, 200], `${i}: ${JSON.stringify(answers)}`);
      const [first, second] = answers.map((answer) => answer.body.refresh_token);
      assert.equal(first, second, 'both requests get the same successor');
      assert.notEqual(first, token);
      token = first;
    }
    return { first: made.body.refresh_token, last: token };
  });
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  console.log(`${families * pairs} pairs in ${seconds.toFixed(1)} s`);
  assert.ok(!(await demo.audit()).some((event) => event.type === 'refresh_replay'));
  // Each family still goes on, and still ends when its first token comes again.
  for (const { first, last } of ends) {
    const next = await app.refresh(demo.issuer, last);
    assert.equal(next.status, 200);
    assert.equal((await app.refresh(demo.issuer, first)).body.error, 'invalid_grant');
    assert.equal((await app.refresh(demo.issuer, next.body.refresh_token)).body.error, 'invalid_grant');
  }
  assert.equal((await demo.audit()).filter((event) => event.type === 'refresh_replay').length, families);
  assert.equal((await demo.chancery(['audit', 'verify'])).status, 0);
});
