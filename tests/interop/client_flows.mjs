// A certified client (npm openid-client) in the flows beside the login with a browser: pushed requests, devices, its own
// registration, a signed assertion instead of a secret, and what becomes of tokens afterwards.
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
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const insecure = { execute: [oidc.allowInsecureRequests] };

let demo;
let issuer;
before(async () => {
  demo = await startDemo();
  issuer = new URL(demo.issuer);
});
after(async () => { await demo?.stop(); });

async function chancery(...words) {
  const { status, out, err } = await demo.chancery([...words, '--json']);
  assert.equal(status, 0, err);
  return JSON.parse(out);
}

const makeToken = async (name) => (await chancery('token', 'create', 'initial', '--name', name)).token;

/** Goes to the address, logs in if it must, agrees if it is asked, and gives the address at which the client is again. */
async function goThrough(url, person = people.jan) {
  const browser = new HttpBrowser();
  const page = await browser.open(url.href, isBack);
  const inside = page.location ? page : await browser.logIn(page, person, 'user', isBack);
  const back = inside.location ? inside : await browser.submit(inside, '/login/consent', { answer: 'yes' }, isBack);
  assert.ok(back.location, `led back to the client, not to ${back.url} (${back.status}):\n${back.text}`);
  return new URL(back.location);
}

async function ask(config, scope, build = oidc.buildAuthorizationUrl) {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  const url = await build(config, {
    redirect_uri: redirect, scope, state, nonce, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
  const back = await goThrough(url);
  const tokens = await oidc.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true });
  return { url, tokens };
}

test('an application pushes its request: the browser carries a reference alone', async () => {
  const portal = await oidc.discovery(issuer, 'demo-portal', undefined, oidc.ClientSecretBasic('demo-portal-secret'), insecure);
  const { url, tokens } = await ask(portal, 'openid profile', oidc.buildAuthorizationUrlWithPAR);
  assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri']);
  assert.equal(tokens.claims().name, people.jan.name);
});

test('a device is connected while it asks, refreshes its tokens, and loses them when they are revoked', async () => {
  await chancery('client', 'create', 'ward-screen', '--kind', 'native', '--name', 'Ward screen', '--scope', 'openid', '--scope', 'profile',
    '--scope', 'offline_access', '--grant', deviceGrant, '--grant', 'refresh_token');
  const screen = await oidc.discovery(issuer, 'ward-screen', undefined, oidc.None(), insecure);
  const begun = await oidc.initiateDeviceAuthorization(screen, { scope: 'openid profile offline_access' });
  const polling = oidc.pollDeviceAuthorizationGrant(screen, begun);
  const browser = new HttpBrowser();
  const form = await browser.open(begun.verification_uri_complete);
  assert.ok(form.text.includes(begun.user_code));
  const login = await browser.open(`${begun.verification_uri}/confirm?user_code=${begun.user_code}`);
  const question = await browser.logIn(login, people.jan, 'user');
  const done = await browser.submit(question, '/device/confirm', { answer: 'yes' });
  assert.match(done.text, /The device has access/);
  const tokens = await polling;
  assert.equal(tokens.claims().name, people.jan.name);
  const info = await oidc.fetchUserInfo(screen, tokens.access_token, tokens.claims().sub);
  assert.equal(info.name, people.jan.name);
  const next = await oidc.refreshTokenGrant(screen, tokens.refresh_token);
  assert.ok(next.refresh_token);
  await oidc.tokenRevocation(screen, next.refresh_token);
  await assert.rejects(oidc.refreshTokenGrant(screen, next.refresh_token), (error) => error.error === 'invalid_grant');
  await assert.rejects(oidc.fetchUserInfo(screen, next.access_token, tokens.claims().sub));
});

test('a device whose access is denied hears it in the words of the standard', async () => {
  const screen = await oidc.discovery(issuer, 'ward-screen', undefined, oidc.None(), insecure);
  const begun = await oidc.initiateDeviceAuthorization(screen, { scope: 'openid' });
  const polling = oidc.pollDeviceAuthorizationGrant(screen, begun);
  const refused = assert.rejects(polling, (error) => error.error === 'access_denied');
  const browser = new HttpBrowser();
  const login = await browser.open(`${begun.verification_uri}/confirm?user_code=${begun.user_code}`);
  const question = await browser.logIn(login, people.jan, 'user');
  await browser.submit(question, '/device/confirm', { answer: 'no' });
  await refused;
});

test('an application registers itself and logs people in; its ID tokens are signed as the standard says', async () => {
  const config = await oidc.dynamicClientRegistration(issuer, { redirect_uris: [redirect], client_name: 'Newcomer' }, oidc.ClientSecretBasic(),
    { ...insecure, initialAccessToken: await makeToken('newcomer') });
  const registered = config.clientMetadata();
  assert.match(registered.client_id, /^dyn-/);
  assert.equal(registered.id_token_signed_response_alg, 'RS256');
  const { tokens } = await ask(config, 'openid email');
  assert.equal(jose.decodeProtectedHeader(tokens.id_token).alg, 'RS256');
  const headers = { authorization: `Bearer ${registered.registration_access_token}` };
  const read = await (await fetch(registered.registration_client_uri, { headers })).json();
  assert.equal(read.client_id, registered.client_id);
  assert.equal((await fetch(registered.registration_client_uri, { method: 'DELETE', headers })).status, 204);
  assert.equal((await fetch(registered.registration_client_uri, { headers })).status, 401);
});

test('without an initial access token nobody registers, and a token counts once', async () => {
  const register = (initialAccessToken) => oidc.dynamicClientRegistration(issuer, { redirect_uris: [redirect] }, undefined, { ...insecure, initialAccessToken });
  await assert.rejects(register());
  const token = await makeToken('once');
  await register(token);
  await assert.rejects(register(token));
});

for (const alg of ['ES256', 'RS256', 'PS256']) {
  test(`an application proves itself by a JWT that it signs with ${alg}, at every endpoint`, async () => {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
    const jwk = { ...await jose.exportJWK(publicKey), alg, use: 'sig', kid: `key-${alg}` };
    const made = await oidc.dynamicClientRegistration(issuer, {
      redirect_uris: [redirect], token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] }, grant_types: ['authorization_code', 'refresh_token'],
    }, oidc.None(), { ...insecure, initialAccessToken: await makeToken(alg) });
    const { client_id: clientId } = made.clientMetadata();
    assert.equal(made.clientMetadata().client_secret, undefined);
    const config = await oidc.discovery(issuer, clientId, { id_token_signed_response_alg: 'RS256' },
      oidc.PrivateKeyJwt({ key: privateKey, kid: jwk.kid }), insecure);
    const { tokens } = await ask(config, 'openid offline_access', oidc.buildAuthorizationUrlWithPAR);
    const state = await oidc.tokenIntrospection(config, tokens.access_token);
    assert.equal(state.active, true);
    assert.equal(state.client_id, clientId);
    const next = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    assert.ok(next.access_token);
    const stranger = await jose.generateKeyPair(alg);
    const other = await oidc.discovery(issuer, clientId, undefined, oidc.PrivateKeyJwt({ key: stranger.privateKey, kid: jwk.kid }), insecure);
    await assert.rejects(oidc.refreshTokenGrant(other, next.refresh_token), (error) => error.status === 401);
  });
}
