// Over a few hundred tries: unknown login, wrong password, locked and suspended account cannot be told apart by status
// or octets; times are printed (S4.6).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { people, startDemo } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';

const tries = 40;  // of each kind
let demo;
before(async () => { demo = await startDemo(); });
after(async () => { await demo?.stop(); });

/** What can differ by chance: identifiers of the request and of the attempt, its tokens, the date, and the order of headers. */
function strip(answer, login) {
  const headers = [...answer.headers].filter(([name]) => !['date', 'x-request-id', 'set-cookie', 'content-length'].includes(name)).sort().map(String);
  const body = answer.text
    .replaceAll(answer.headers.get('x-request-id'), 'REQUEST')
    // The page shows the number in groups.
    .replaceAll(/<code>(<span>[0-9a-f]{1,4}<\/span>(<wbr>)?)+<\/code>/g, 'NUMBER')
    .replaceAll(`value="${login}"`, 'value="LOGIN"')
    .replaceAll(/name="csrf" value="[^"]*"/g, 'CSRF')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ATTEMPT');
  return JSON.stringify([answer.status, headers, body]);
}

async function fail(person) {
  const browser = new HttpBrowser();
  const page = await browser.open(`${demo.issuer}/login`);
  const begun = performance.now();
  const answer = await browser.submit(page, '/login/password', person);
  return { seen: strip(answer, person.login), status: answer.status, time: performance.now() - begun };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

test('unknown, wrong, locked and suspended cannot be told apart', async () => {
  for (let i = 0; i < 8; i += 1) await fail({ login: people.jan.login, password: `not-his-${i}-Password` });
  assert.equal((await demo.chancery(['account', 'suspend', people.piotr.login])).status, 0);
  const kinds = {
    unknown: (i) => ({ login: `nobody.${i}`, password: 'Wrong-Password-2026' }),
    // With the right password, so that the account is refused and not the proof.
    locked: () => ({ login: people.jan.login, password: people.jan.password }),
    suspended: () => ({ login: people.piotr.login, password: people.piotr.password }),
    wrong: () => ({ login: people.admin.login, password: 'Wrong-Password-2026' }),
  };
  const times = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
  let expected;
  for (let i = 0; i < tries; i += 1) {
    for (const [kind, make] of Object.entries(kinds)) {
      // A lock of this account would turn "wrong" into "locked".
      if (kind === 'wrong' && i % 3 === 0) assert.equal((await demo.chancery(['account', 'unlock', people.admin.login])).status, 0);
      const { seen, status, time } = await fail(make(i));
      expected ??= seen;
      assert.equal(status, 403);
      assert.equal(seen, expected, `"${kind}" looks different`);
      times[kind].push(time);
    }
  }
  for (const [kind, list] of Object.entries(times)) {
    console.log(`${kind}: median ${median(list).toFixed(2)} ms of ${list.length}`);
  }
  const medians = Object.values(times).map(median);
  console.log(`largest median / smallest: ${(Math.max(...medians) / Math.min(...medians)).toFixed(2)}`);
});

test('the audit log knows the true reasons', async () => {
  const reasons = new Set((await demo.audit()).filter((event) => event.outcome === 'failure').map((event) => JSON.stringify(event.data)));
  assert.ok(reasons.size >= 4, `only ${[...reasons].join(', ')}`);
});
