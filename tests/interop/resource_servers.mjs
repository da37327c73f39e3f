// A certified library (npm oauth4webapi) as client and as resource server: tokens for other systems by acting context
// (RFC 8707, RFC 9068), introspection as the resource server, client credentials, revocation, and the API of the server.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { after, before, test } from 'node:test';
import { people, startDemo } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';

globalThis.crypto ??= webcrypto;  // Node 18 has it, but not as a global
const oauth = await import('oauth4webapi');

const results = 'urn:chancery:demo-results';
const insecure = { [oauth.allowInsecureRequests]: true };  // the demonstration has no TLS
const lab = { client_id: 'demo-lab' };
const labSecret = oauth.ClientSecretBasic('demo-lab-secret');
let demo;
let server;
let redirect;

before(async () => {
  demo = await startDemo();
  redirect = `${demo.laboratory}/callback`;
  const issuer = new URL(demo.issuer);
  server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
});
after(async () => { await demo?.stop(); });

async function chancery(...args) {
  const { status, out, err } = await demo.chancery(args);
  assert.equal(status, 0, err);
  return out;
}

/** The tokens that Anna's login in a context gives the laboratory. */
async function logIn(context, more = {}) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint);
  for (const [name, value] of Object.entries({
    client_id: 'demo-lab', redirect_uri: redirect, response_type: 'code', scope: 'openid results:read', state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...more,
  })) url.searchParams.set(name, value);
  const browser = new HttpBrowser();
  const isBack = (one) => one.startsWith(redirect);
  const back = await browser.logIn(await browser.open(url.href, isBack), people.anna, context, isBack);
  const answer = oauth.validateAuthResponse(server, lab, new URL(back.location), state);
  const response = await oauth.authorizationCodeGrantRequest(server, lab, labSecret, answer, redirect, verifier, insecure);
  return oauth.processAuthorizationCodeResponse(server, lab, response);
}

/** What a resource server reads from a bearer token that it verifies by itself (RFC 9068 §4). */
function validate(token, audience) {
  const request = new Request('https://results.example.org/', { headers: { authorization: `Bearer ${token}` } });
  return oauth.validateJwtAccessToken(server, request, audience, insecure);
}

async function introspect(client, secret, token) {
  const response = await oauth.introspectionRequest(server, client, secret, token, insecure);
  return oauth.processIntrospectionResponse(server, client, response);
}

test('the same person has other rights at a resource server as ordinary user and as administrator', async () => {
  const asUser = await logIn('user', { resource: results });
  const user = await validate(asUser.access_token, results);
  assert.equal(user.scope, 'openid results:read');
  assert.equal(user.context.id, 'user');
  assert.deepEqual(user.permissions, ['results.see_own']);
  assert.equal(user.roles, undefined);
  const asAdministrator = await logIn('administrator', { resource: results });
  const administrator = await validate(asAdministrator.access_token, results);
  assert.equal(administrator.sub, user.sub);
  assert.deepEqual(administrator.roles, ['laboratory-head']);
  assert.deepEqual(administrator.permissions, ['results.see_all']);
});

test('a token for a resource server is none for another one, and none for userinfo', async () => {
  const { access_token: token } = await logIn('user', { resource: results });
  await assert.rejects(validate(token, 'urn:chancery:other'));
  const refused = await oauth.userInfoRequest(server, lab, token, insecure);
  assert.equal(refused.status, 401);
  await refused.body?.cancel();
  // Without a resource it is for both.
  const both = (await logIn('user')).access_token;
  assert.equal((await validate(both, results)).scope, 'openid results:read');
  const person = await oauth.userInfoRequest(server, lab, both, insecure);
  assert.equal(person.status, 200);
  await person.body?.cancel();
});

test('a resource server that asks is told the rights of this moment, and nothing about tokens for others', async () => {
  const made = await chancery('client', 'create', 'results-api', '--kind', 'resource', '--json');
  const api = { client_id: 'results-api' };
  const secret = oauth.ClientSecretPost(JSON.parse(made).client_secret);
  const { access_token: token } = await logIn('administrator', { resource: results });
  assert.deepEqual(await introspect(api, secret, token), { active: false });
  await chancery('resource', 'set', results, '--client', 'results-api');
  const told = await introspect(api, secret, token);
  assert.equal(told.active, true);
  assert.equal(told.username, 'anna.kowalska');
  assert.deepEqual(told.roles, ['laboratory-head']);
  await chancery('resource', 'item', 'set', results, 'role', 'laboratory-head', '--for', 'kind:recipient');
  const later = await introspect(api, secret, token);
  assert.equal(later.active, true);
  assert.equal(later.roles, undefined);
  await chancery('account', 'suspend', 'anna.kowalska');
  assert.deepEqual(await introspect(api, secret, token), { active: false });
  await chancery('account', 'restore', 'anna.kowalska');
  await chancery('resource', 'item', 'set', results, 'role', 'laboratory-head', '--for', 'kind:employee', '--for',
    'context:administrator');
});

test('a resource that the client may not name is an invalid target', async () => {
  const url = new URL(server.authorization_endpoint);
  for (const [name, value] of Object.entries({
    client_id: 'demo-portal', redirect_uri: 'http://127.0.0.1:9191/callback', response_type: 'code', scope: 'openid',
    state: 'x', code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256', resource: results,
  })) url.searchParams.set(name, value);
  const page = await new HttpBrowser().open(url.href, (one) => one.startsWith('http://127.0.0.1:9191/callback'));
  assert.equal(new URL(page.location).searchParams.get('error'), 'invalid_target');
});

test('an application calls the API with a token of its own, until that is revoked', async () => {
  const made = await chancery('client', 'create', 'ward', '--kind', 'machine', '--scope', 'audit:write', '--json');
  await chancery('client', 'set', 'ward', '--may-write-events');
  const ward = { client_id: 'ward' };
  const secret = oauth.ClientSecretBasic(JSON.parse(made).client_secret);
  const wish = new URLSearchParams({ scope: 'audit:write', resource: `${demo.issuer}/api/v1` });
  const answer = await oauth.processClientCredentialsResponse(server, ward,
    await oauth.clientCredentialsGrantRequest(server, ward, secret, wish, insecure));
  const call = () => oauth.protectedResourceRequest(answer.access_token, 'POST', new URL(`${demo.issuer}/api/v1/events`),
    new Headers({ 'content-type': 'application/json' }), JSON.stringify({ type: 'record.read', outcome: 'success' }), insecure);
  const written = await call();
  assert.equal(written.status, 201);
  await written.body?.cancel();
  await oauth.processRevocationResponse(await oauth.revocationRequest(server, ward, secret, answer.access_token, insecure));
  await assert.rejects(async () => {
    const refused = await call();
    assert.equal(refused.status, 401);
    throw new Error('refused');
  });
});

test('the machine of the demonstration gets a token about itself, without rights of people', async () => {
  const machine = { client_id: 'demo-machine' };
  const secret = oauth.ClientSecretPost('demo-machine-secret');
  const ask = async (wish) => oauth.processClientCredentialsResponse(server, machine,
    await oauth.clientCredentialsGrantRequest(server, machine, secret, new URLSearchParams(wish), insecure));
  const { access_token: token } = await ask({ resource: results });
  const claims = await validate(token, results);
  assert.equal(claims.scope, 'results:read');
  assert.equal(claims.permissions, undefined);
  const told = await introspect(machine, secret, token);
  assert.equal(told.active, true);
  assert.equal(told.client_id, 'demo-machine');
  await assert.rejects(ask({ scope: 'openid' }), { error: 'invalid_scope' });
});
