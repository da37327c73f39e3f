// A certified client (npm openid-client) against discovery: code flow with PKCE, userinfo, logout, and the refusals.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { after, before, test } from 'node:test';
import { people, startDemo } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';

globalThis.crypto ??= webcrypto;  // Node 18 has it, but not as a global; both packages look for it when they are loaded
const jose = await import('jose');
const oidc = await import('openid-client');

const redirect = 'http://127.0.0.1:9191/callback';
const isBack = (url) => url.startsWith(redirect);
let demo;
let portal;
let spa;
before(async () => {
  demo = await startDemo();
  const insecure = { execute: [oidc.allowInsecureRequests] };
  const issuer = new URL(demo.issuer);
  portal = await oidc.discovery(issuer, 'demo-portal', undefined, oidc.ClientSecretBasic('demo-portal-secret'), insecure);
  spa = await oidc.discovery(issuer, 'demo-spa', undefined, oidc.None(), insecure);
});
after(async () => { await demo?.stop(); });

/** Begins a login and gives the answer's URL with what is needed to redeem it. */
async function authorize(config, browser = new HttpBrowser(), person = people.anna, more = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirect, scope: 'openid profile', state, nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...more,
  });
  const page = await browser.open(url.href, isBack);
  const asksConsent = (one) => !one.location && one.text.includes('action="/login/consent"');
  const inside = page.location || asksConsent(page) ? page : await browser.logIn(page, person, 'user', isBack);
  // A public client asks once.
  const back = asksConsent(inside) ? await browser.submit(inside, '/login/consent', { answer: 'yes' }, isBack) : inside;
  assert.ok(back.location, `led back to the client, not to ${back.url} (${back.status}):\n${back.text}`);
  return { back: new URL(back.location), verifier, state, nonce, browser };
}

function redeem(config, login, more = {}) {
  return oidc.authorizationCodeGrant(config, login.back, {
    pkceCodeVerifier: login.verifier, expectedState: login.state, expectedNonce: login.nonce, idTokenExpected: true, ...more,
  });
}

test('discovery announces the issuer and only what is built', () => {
  const metadata = portal.serverMetadata();
  assert.equal(metadata.issuer, demo.issuer);
  assert.ok(metadata.code_challenge_methods_supported.includes('S256'));
  assert.equal(metadata.authorization_response_iss_parameter_supported, true);
  assert.ok(!(metadata.id_token_signing_alg_values_supported ?? []).includes('none'));
});

for (const [name, choose] of [['confidential', () => portal], ['public', () => spa]]) {
  test(`a ${name} client gets tokens that it can verify, and userinfo`, async () => {
    const config = choose();
    const login = await authorize(config);
    assert.equal(login.back.searchParams.get('iss'), demo.issuer);
    const tokens = await redeem(config, login);
    const keys = jose.createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
    const { payload, protectedHeader } = await jose.jwtVerify(tokens.id_token, keys, {
      issuer: demo.issuer, audience: config.clientMetadata().client_id, algorithms: ['ES256'],
    });
    assert.equal(protectedHeader.alg, 'ES256');
    assert.equal(payload.nonce, login.nonce);
    assert.equal(payload.name, people.anna.name);
    assert.equal(payload.preferred_username, people.anna.login);
    assert.equal(payload.context.id, 'user');
    assert.equal(payload.acr, 'urn:chancery:acr:1');
    assert.deepEqual(payload.amr, ['pwd']);
    assert.ok(payload.sid);
    const access = await jose.jwtVerify(tokens.access_token, keys, { issuer: demo.issuer, typ: 'at+jwt' });
    assert.equal(access.payload.sub, payload.sub);
    const info = await oidc.fetchUserInfo(config, tokens.access_token, payload.sub);
    assert.equal(info.name, people.anna.name);
    assert.equal(info.context.id, 'user');
  });
}

test('the second client of the same browser needs no second login; prompt=login asks again; prompt=none without a session says so', async () => {
  const first = await authorize(portal);
  const second = await authorize(spa, first.browser);
  assert.ok(second.back.searchParams.get('code'));
  const again = await first.browser.open(oidc.buildAuthorizationUrl(portal, {
    redirect_uri: redirect, scope: 'openid', prompt: 'login', state: 'again', code_challenge: second.verifier, code_challenge_method: 'S256',
  }).href, isBack);
  assert.equal(again.location, null);
  assert.match(again.text, /name="password"/);
  const silent = await authorize(portal, new HttpBrowser(), people.anna, { prompt: 'none' });
  assert.equal(silent.back.searchParams.get('error'), 'login_required');
});

test('a code is good once, and its replay ends what was issued with it', async () => {
  const login = await authorize(portal);
  const tokens = await redeem(portal, login);
  await assert.rejects(redeem(portal, login), (error) => error.error === 'invalid_grant');
  await assert.rejects(oidc.fetchUserInfo(portal, tokens.access_token, oidc.skipSubjectCheck));
});

test('a wrong verifier, another client and a wrong secret get nothing', async () => {
  const login = await authorize(portal);
  await assert.rejects(redeem(portal, login, { pkceCodeVerifier: oidc.randomPKCECodeVerifier() }), (error) => error.error === 'invalid_grant');
  const stolen = await authorize(portal);
  await assert.rejects(redeem(spa, stolen), (error) => error.error === 'invalid_grant');
  const impostor = await oidc.discovery(new URL(demo.issuer), 'demo-portal', undefined, oidc.ClientSecretBasic('wrong'),
    { execute: [oidc.allowInsecureRequests] });
  const wrong = await authorize(portal);
  await assert.rejects(redeem(impostor, wrong), (error) => error.error === 'invalid_client' || error.status === 401);
});

test('an application changes its secret without an outage: both are accepted until the old one is ended', async () => {
  const withSecret = (secret) => oidc.discovery(new URL(demo.issuer), 'demo-portal', undefined, oidc.ClientSecretBasic(secret),
    { execute: [oidc.allowInsecureRequests] });
  const made = await demo.chancery(['client', 'rotate-secret', 'demo-portal', '--old-hours', '1']);
  const next = await withSecret(/this once: (\S+)/.exec(made.out)[1]);
  for (const config of [portal, next]) {
    const login = await authorize(config);
    assert.ok((await redeem(config, login)).access_token);
  }
  assert.equal((await demo.chancery(['client', 'end-secret', 'demo-portal'])).status, 0);
  await assert.rejects(redeem(portal, await authorize(portal)), (error) => error.error === 'invalid_client' || error.status === 401);
  assert.ok((await redeem(next, await authorize(next))).access_token);
  portal = next;
});

test('a redirect to an address that is not registered is never made', async () => {
  const url = oidc.buildAuthorizationUrl(portal, {
    redirect_uri: 'http://127.0.0.1:9191/callback/evil', scope: 'openid', state: 'x', code_challenge: 'x'.repeat(43), code_challenge_method: 'S256',
  });
  const answer = await new HttpBrowser().send(url.href);
  assert.equal(answer.status, 400);
  assert.equal(answer.location, null);
});

test('logout at the client leads back to it, and the session is over', async () => {
  const login = await authorize(portal);
  const tokens = await redeem(portal, login);
  const url = oidc.buildEndSessionUrl(portal, {
    id_token_hint: tokens.id_token, post_logout_redirect_uri: 'http://127.0.0.1:9191/bye', state: 'bye',
  });
  const back = await login.browser.open(url.href, (to) => to.startsWith('http://127.0.0.1:9191/bye'));
  assert.equal(back.location, 'http://127.0.0.1:9191/bye?state=bye');
  const next = await authorize(portal, login.browser, people.anna, { prompt: 'none' });
  assert.equal(next.back.searchParams.get('error'), 'login_required');
  await assert.rejects(oidc.fetchUserInfo(portal, tokens.access_token, oidc.skipSubjectCheck));
});
