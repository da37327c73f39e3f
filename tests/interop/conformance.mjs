// What the OpenID Foundation's plans for providers ask (basic, config, form post, dynamic, RP-initiated and back-channel
// logout), request by request, with clients that register themselves as the suite does. The suite's own modules are named
// beside each test. What a plan would only warn about is explained in docs/standards.md.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { people, startDemo, until } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';

globalThis.crypto ??= webcrypto;  // Node 18 has it, but not as a global; the package looks for it when it is loaded
const jose = await import('jose');

const redirect = 'https://suite.example.org/test/callback';
const bye = 'https://suite.example.org/test/post_logout_redirect';
const secondRedirect = 'https://suite.example.org/other/callback';
const everyScope = 'openid profile email phone offline_access';
let demo;
let server;  // the discovery document
let keys;
let initial;
let client;

async function chancery(...args) {
  const { status, out, err } = await demo.chancery(args);
  assert.equal(status, 0, err);
  return out;
}

async function register(more = {}, token = initial) {
  const answer = await fetch(server.registration_endpoint, {
    method: 'POST', headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ redirect_uris: [redirect], client_name: 'Suite', grant_types: ['authorization_code', 'refresh_token'],
      post_logout_redirect_uris: [bye], response_types: ['code'], contacts: ['suite@example.org'], ...more }),
  });
  return { status: answer.status, body: await answer.json() };
}

async function makeClient(more = {}) {
  const { status, body } = await register(more);
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/** What the suite's own server got: { path, form, type }. */
const received = [];
let suite;  // listens for logout tokens and publishes keys
let published = {};

before(async () => {
  suite = http.createServer((request, answer) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part) => { text += part; });
    request.once('end', () => {
      if (request.method === 'GET') {
        answer.setHeader('content-type', 'application/json');
        answer.end(JSON.stringify(published));
        return;
      }
      received.push({ path: request.url, type: request.headers['content-type'], form: new URLSearchParams(text) });
      answer.end();
    });
  });
  await new Promise((resolve) => { suite.listen(0, '127.0.0.1', resolve); });
  process.env.CHANCERY_REMOTE_LOOPBACK_HTTP = `localhost:${suite.address().port}`;
  demo = await startDemo();
  await chancery('account', 'set', people.anna.login, '--locale', 'pl');
  server = await (await fetch(`${demo.issuer}/.well-known/openid-configuration`)).json();
  keys = jose.createRemoteJWKSet(new URL(server.jwks_uri));
  initial = JSON.parse(await chancery('token', 'create', 'initial', '--name', 'suite', '--uses', '0', '--json')).token;
  client = await makeClient();
});
after(async () => {
  await demo?.stop();
  suite?.close();
});

const isBack = (url) => url.startsWith('https://suite.example.org/');

/** The answer that a page brings to the client: by its redirect, or by its form (form_post). undefined: it is a page for the person. */
function readAnswer(page) {
  if (page.location) return { by: 'query', to: page.location, ...Object.fromEntries(new URL(page.location).searchParams) };
  const form = /<form\b[^>]*\baction="(https:\/\/suite\.example\.org\/[^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(page.text);
  if (!form) return undefined;
  assert.match(form[0], /method="post"/i);
  const fields = [...form[2].matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([input]) => [/name="([^"]*)"/.exec(input)[1],
    /value="([^"]*)"/.exec(input)[1].replaceAll('&amp;', '&').replaceAll('&quot;', '"')]);
  return { by: 'form_post', to: form[1], ...Object.fromEntries(fields) };
}

const asksLogin = (page) => !page.location && page.text.includes('name="password"');
const asksConsent = (page) => !page.location && page.text.includes('action="/login/consent"');

function requestOf(who, more) {
  const fields = { client_id: who.client_id, redirect_uri: redirect, response_type: 'code', scope: 'openid', state: 'state-of-it', nonce: 'nonce-of-it', ...more };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Opens the authorization endpoint; gives the first page that does not redirect further. */
function begin(browser, who, more = {}) {
  return browser.open(`${server.authorization_endpoint}?${new URLSearchParams(requestOf(who, more))}`, isBack);
}

/** Logs in and agrees if the page asks; gives the answer to the client. */
async function goOn(browser, page, person = people.anna) {
  let now = page;
  if (asksLogin(now)) now = await browser.logIn(now, person, 'user', isBack);
  if (asksConsent(now)) now = await browser.submit(now, '/login/consent', { answer: 'yes' }, isBack);
  const answer = readAnswer(now);
  assert.ok(answer, `no answer came, but ${now.url} (${now.status}):\n${now.text}`);
  return answer;
}

async function ask(browser, who, more = {}) {
  const answer = await goOn(browser, await begin(browser, who, more));
  assert.equal(answer.error, undefined, JSON.stringify(answer));
  assert.equal(answer.state, 'state-of-it');
  assert.equal(answer.iss, demo.issuer);
  return answer;
}

async function callToken(who, fields) {
  const isPost = who.token_endpoint_auth_method === 'client_secret_post';
  const headers = isPost ? {} : { authorization: `Basic ${Buffer.from(`${who.client_id}:${who.client_secret}`).toString('base64')}` };
  const credentials = isPost ? { client_id: who.client_id, client_secret: who.client_secret } : {};
  const answer = await fetch(server.token_endpoint, { method: 'POST', headers, body: new URLSearchParams({ ...fields, ...credentials }) });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

const redeem = (who, code, more = {}) => callToken(who, { grant_type: 'authorization_code', code, redirect_uri: redirect, ...more });

/** The tokens of an answer, examined as the suite examines all of them. */
async function getTokens(who, answer, more = {}) {
  const { status, headers, body } = await redeem(who, answer.code, more);
  assert.equal(status, 200, JSON.stringify(body));
  assert.match(headers.get('cache-control'), /no-store/);
  assert.match(headers.get('content-type'), /^application\/json/);
  assert.equal(body.token_type, 'Bearer');
  assert.ok(body.expires_in > 0);
  const { payload, protectedHeader } = await jose.jwtVerify(body.id_token, keys, { issuer: demo.issuer, audience: who.client_id });
  assert.equal(protectedHeader.alg, who.id_token_signed_response_alg);
  assert.ok(protectedHeader.kid);
  assert.equal(payload.aud, who.client_id);
  assert.ok(payload.sub.length > 0 && payload.sub.length <= 255);
  assert.ok(payload.exp > payload.iat && Math.abs(payload.iat - Date.now() / 1000) < 300);
  assert.ok(payload.auth_time <= payload.iat);
  assert.equal(payload.at_hash, Buffer.from(await webcrypto.subtle.digest('SHA-256', Buffer.from(body.access_token))).subarray(0, 16).toString('base64url'));
  return { ...body, claims: payload };
}

async function logIn(who, more = {}, browser = new HttpBrowser()) {
  return { browser, ...await getTokens(who, await ask(browser, who, more)) };
}

/** `how`: the three ways in which the suite shows an access token. */
async function userinfo(token, how = 'get') {
  const headers = { authorization: `Bearer ${token}` };
  const ways = { get: { headers }, 'post-header': { method: 'POST', headers }, 'post-body': { method: 'POST', body: new URLSearchParams({ access_token: token }) } };
  const answer = await fetch(server.userinfo_endpoint, ways[how]);
  return { status: answer.status, headers: answer.headers, body: answer.status === 200 ? await answer.json() : undefined };
}

// oidcc-discovery-endpoint-verification, oidcc-discovery-issuer-not-matching-config, oidcc-server-jwks
test('config: discovery tells all that a client needs, and its keys are public ones with names of their own', async () => {
  assert.equal(server.issuer, demo.issuer);
  for (const name of ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri', 'registration_endpoint', 'end_session_endpoint']) {
    assert.ok(server[name].startsWith(`${demo.issuer}/`), name);
    assert.ok(!server[name].includes('#'));
  }
  assert.ok(server.scopes_supported.includes('openid'));
  assert.deepEqual(server.response_types_supported, ['code']);
  assert.ok(server.id_token_signing_alg_values_supported.includes('RS256'));
  assert.ok(!server.id_token_signing_alg_values_supported.includes('none'));
  assert.ok(server.subject_types_supported.includes('public'));
  for (const claim of ['sub', 'iss', 'auth_time', 'acr', 'name', 'email', 'phone_number']) assert.ok(server.claims_supported.includes(claim), claim);
  assert.equal(server.claims_parameter_supported, true);
  // "If omitted, the default value is true": a server without it says so.
  assert.equal(server.request_uri_parameter_supported, false);
  assert.equal(server.request_parameter_supported, false);
  assert.equal(server.backchannel_logout_supported, true);
  assert.equal(server.backchannel_logout_session_supported, true);
  assert.equal(server.check_session_iframe, undefined);
  assert.equal(server.frontchannel_logout_supported, undefined);
  const answer = await fetch(server.jwks_uri);
  assert.match(answer.headers.get('content-type'), /^application\/(jwk-set\+)?json/);
  const set = await answer.json();
  assert.equal(new Set(set.keys.map((key) => key.kid)).size, set.keys.length);
  for (const key of set.keys) {
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) assert.equal(key[secret], undefined);
    assert.equal(key.use, 'sig');
    assert.ok(['RS256', 'ES256'].includes(key.alg));
    if (key.kty === 'RSA') assert.ok(Buffer.from(key.n, 'base64url').length >= 256);
  }
});

for (const mode of ['query', 'form_post']) {
  describe(`response_mode ${mode}`, () => {
    const wish = mode === 'query' ? {} : { response_mode: mode };
    const enter = async (who, more = {}, browser = new HttpBrowser()) => {
      const answer = await ask(browser, who, { ...wish, ...more });
      assert.equal(answer.by, mode);
      return { browser, ...await getTokens(who, answer) };
    };

    // oidcc-server, oidcc-userinfo-get, -post-header, -post-body
    test('a code gives tokens and userinfo, in the header and in the body', async () => {
      const tokens = await enter(client);
      assert.equal(tokens.claims.nonce, 'nonce-of-it');
      for (const how of ['get', 'post-header', 'post-body']) {
        const { status, headers, body } = await userinfo(tokens.access_token, how);
        assert.equal(status, 200, how);
        assert.match(headers.get('content-type'), /^application\/json/);
        assert.equal(body.sub, tokens.claims.sub);
      }
    });

    // oidcc-response-type-missing
    test('without a response_type the client is told, or the person', async () => {
      const answer = readAnswer(await begin(new HttpBrowser(), client, { ...wish, response_type: undefined }));
      assert.equal(answer.error, 'invalid_request');
      assert.equal(answer.state, 'state-of-it');
    });

    // oidcc-ensure-request-without-nonce-succeeds-for-code-flow
    test('a request without a nonce gets an ID token without one', async () => {
      assert.equal((await enter(client, { nonce: undefined })).claims.nonce, undefined);
    });

    // oidcc-scope-profile, -email, -phone, -all, oidcc-ensure-other-scope-order-succeeds
    test('scopes give their claims at userinfo, in any order, and the ID token is not larger for them', async () => {
      const wanted = { profile: ['name', 'given_name', 'family_name', 'preferred_username', 'locale'], email: ['email', 'email_verified'], phone: ['phone_number', 'phone_number_verified'] };
      for (const scope of ['openid profile', 'openid email', 'openid phone', 'openid profile email phone', 'email openid', 'phone email profile openid']) {
        const tokens = await enter(client, { scope });
        const { body } = await userinfo(tokens.access_token);
        for (const [name, claims] of Object.entries(wanted)) {
          for (const claim of claims) assert.equal(claim in body, scope.includes(name), `${scope}: ${claim}`);
        }
        if (scope.includes('profile') && server.claims_supported.includes('updated_at')) assert.ok(Number.isInteger(body.updated_at));
        assert.equal(typeof (body.email_verified ?? true), 'boolean');
        assert.equal(tokens.claims.name, undefined, 'a scope is for userinfo when a code gives an access token');
        assert.equal(tokens.claims.context, undefined);
      }
    });

    // oidcc-scope-address is skipped by the suite, because discovery does not have the scope.
    test('a scope that discovery does not have is ignored', async () => {
      assert.ok(!server.scopes_supported.includes('address'));
      const tokens = await enter(client, { scope: 'openid address unheard-of' });
      assert.equal(tokens.scope ?? 'openid', 'openid');
    });

    // oidcc-display-page, -popup, oidcc-ui-locales, oidcc-claims-locales, oidcc-login-hint,
    // oidcc-ensure-request-with-unknown-parameter-succeeds
    test('parameters that help people, and unknown ones, never make a request fail', async () => {
      for (const more of [{ display: 'page' }, { display: 'popup' }, { display: 'touch' }, { ui_locales: 'se' }, { ui_locales: 'fr-CA fr en' }, { claims_locales: 'se' },
        { login_hint: `buffy@${new URL(demo.issuer).host}` }, { extra: 'foobar' }]) {
        const tokens = await enter(client, more);
        assert.ok(tokens.id_token, JSON.stringify(more));
      }
    });

    // oidcc-prompt-login
    test('prompt=login asks again, and the ID token says when', async () => {
      const first = await enter(client);
      await until('the clock has gone on', () => Math.floor(Date.now() / 1000) > first.claims.auth_time);
      const page = await begin(first.browser, client, { ...wish, prompt: 'login' });
      assert.ok(asksLogin(page), page.text);
      const second = await getTokens(client, await goOn(first.browser, page));
      assert.ok(second.claims.auth_time > first.claims.auth_time);
      assert.equal(second.claims.sub, first.claims.sub);
    });

    // oidcc-prompt-none-not-logged-in
    test('prompt=none without a session tells the client and shows no page', async () => {
      const answer = readAnswer(await begin(new HttpBrowser(), client, { ...wish, prompt: 'none' }));
      assert.equal(answer.error, 'login_required');
      assert.equal(answer.by, mode);
      assert.equal(answer.state, 'state-of-it');
    });

    // oidcc-prompt-none-logged-in, oidcc-id-token-hint
    test('prompt=none with a session gives tokens of the same login, also with its ID token as a hint', async () => {
      const first = await enter(client);
      for (const more of [{}, { id_token_hint: first.id_token }]) {
        const second = await getTokens(client, readAnswer(await begin(first.browser, client, { ...wish, prompt: 'none', ...more })));
        assert.equal(second.claims.sub, first.claims.sub);
        assert.equal(second.claims.auth_time, first.claims.auth_time);
      }
      const other = await enter(client, {}, new HttpBrowser());
      const jan = new HttpBrowser();
      await getTokens(client, await goOn(jan, await begin(jan, client, wish), people.jan));
      const answer = readAnswer(await begin(jan, client, { ...wish, prompt: 'none', id_token_hint: other.id_token }));
      assert.equal(answer.error, 'login_required', 'another person is logged in than the hint names');
    });

    // oidcc-max-age-1, oidcc-max-age-10000
    test('max_age is kept: an older login is asked for again, a younger one is not', async () => {
      const first = await enter(client);
      const young = await getTokens(client, readAnswer(await begin(first.browser, client, { ...wish, max_age: '10000' })));
      assert.equal(young.claims.auth_time, first.claims.auth_time);
      await until('the login is older than a second', () => Date.now() / 1000 > first.claims.auth_time + 2);
      const page = await begin(first.browser, client, { ...wish, max_age: '1' });
      assert.ok(asksLogin(page), page.text);
      const second = await getTokens(client, await goOn(first.browser, page));
      assert.ok(second.claims.auth_time > first.claims.auth_time);
    });

    // oidcc-ensure-request-with-acr-values-succeeds
    test('acr_values of discovery are answered with one of them', async () => {
      for (const values of [server.acr_values_supported[0], server.acr_values_supported.join(' '), 'urn:example:unknown']) {
        const { claims } = await enter(client, { acr_values: values }, new HttpBrowser());
        assert.ok(server.acr_values_supported.includes(claims.acr));
      }
    });

    // oidcc-codereuse, oidcc-codereuse-30seconds
    test('a code counts once, and its replay ends the access token', async () => {
      const browser = new HttpBrowser();
      const answer = await ask(browser, client, wish);
      const tokens = await getTokens(client, answer);
      const again = await redeem(client, answer.code);
      assert.deepEqual([again.status, again.body.error], [400, 'invalid_grant']);
      const refused = await userinfo(tokens.access_token);
      assert.equal(refused.status, 401);
      assert.match(refused.headers.get('www-authenticate'), /^Bearer .*error="invalid_token"/);
    });

    // oidcc-ensure-registered-redirect-uri, oidcc-ensure-redirect-uri-in-authorization-request, oidcc-redirect-uri-query-mismatch,
    // -query-added
    test('an address that is missing, not registered, or differs in its query is never redirected to', async () => {
      const withQuery = await makeClient({ redirect_uris: [`${redirect}?foo=bar`] });
      for (const [who, uri] of [[client, undefined], [client, secondRedirect], [client, `${redirect}?foo=bar`], [client, `${redirect}/`], [withQuery, redirect], [withQuery, `${redirect}?foo=baz`],
        [withQuery, `${redirect}?foo=bar&bar=foo`]]) {
        const page = await begin(new HttpBrowser(), who, { ...wish, redirect_uri: uri });
        assert.equal(page.status, 400, String(uri));
        assert.equal(readAnswer(page), undefined);
        assert.ok(!asksLogin(page));
      }
    });

    // oidcc-redirect-uri-query-OK
    test('a registered query stays in the address of the answer', async () => {
      const uri = `${redirect}?foo=bar`;
      const who = await makeClient({ redirect_uris: [uri] });
      const answer = await ask(new HttpBrowser(), who, { ...wish, redirect_uri: uri });
      assert.equal(new URL(answer.to).searchParams.get('foo'), 'bar');
      await getTokens(who, answer, { redirect_uri: uri });
    });

    // oidcc-ensure-post-request-succeeds
    test('the authorization endpoint takes a POST', async () => {
      const browser = new HttpBrowser();
      const page = await browser.follow(await browser.send(server.authorization_endpoint, { form: requestOf(client, wish), headers: { origin: 'https://suite.example.org' } }), isBack);
      const tokens = await getTokens(client, await goOn(browser, page));
      assert.equal(tokens.claims.nonce, 'nonce-of-it');
    });

    // oidcc-server-client-secret-post
    test('a client proves itself in the body, if it is registered for that, and by Basic no more', async () => {
      const who = await makeClient({ token_endpoint_auth_method: 'client_secret_post' });
      await enter(who);
      const answer = await ask(new HttpBrowser(), who, wish);
      const refused = await redeem({ ...who, token_endpoint_auth_method: 'client_secret_basic' }, answer.code);
      assert.deepEqual([refused.status, refused.body.error], [401, 'invalid_client']);
    });

    // oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported, oidcc-ensure-request-object-with-redirect-uri,
    // oidcc-request-uri-unsigned
    test('request objects are refused by the name of the standard', async () => {
      const object = new jose.UnsecuredJWT({ ...requestOf(client, {}), scope: 'openid email' }).encode();
      const byValue = readAnswer(await begin(new HttpBrowser(), client, { ...wish, request: object }));
      assert.equal(byValue.error, 'request_not_supported');
      const byReference = readAnswer(await begin(new HttpBrowser(), client, { ...wish, request_uri: 'https://suite.example.org/request.jwt' }));
      assert.equal(byReference.error, 'request_uri_not_supported');
    });

    // oidcc-claims-essential
    test('a claim that the request names is given, and nothing else of its scope', async () => {
      const claims = JSON.stringify({ userinfo: { name: { essential: true } }, id_token: { auth_time: { essential: true } } });
      const tokens = await enter(client, { claims });
      const { body } = await userinfo(tokens.access_token);
      assert.equal(body.name, people.anna.name);
      assert.equal(body.given_name, undefined);
      assert.ok(tokens.claims.auth_time);
    });

    // oidcc-refresh-token
    test('a refresh token gives an ID token of the same login, to its own client alone', async () => {
      const tokens = await enter(client, { scope: 'openid offline_access', prompt: 'consent' });
      const { status, body } = await callToken(client, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
      assert.equal(status, 200, JSON.stringify(body));
      assert.ok(body.access_token !== tokens.access_token);
      const { payload } = await jose.jwtVerify(body.id_token, keys, { issuer: demo.issuer, audience: client.client_id });
      for (const claim of ['iss', 'sub', 'aud', 'auth_time', 'azp']) assert.deepEqual(payload[claim], tokens.claims[claim], claim);
      assert.ok(payload.iat >= tokens.claims.iat);
      const stranger = await makeClient();
      const refused = await callToken(stranger, { grant_type: 'refresh_token', refresh_token: body.refresh_token });
      assert.deepEqual([refused.status, refused.body.error], [400, 'invalid_grant']);
      assert.equal((await callToken(client, { grant_type: 'refresh_token', refresh_token: body.refresh_token })).status, 200);
    });

    // oidcc-ensure-request-with-valid-pkce-succeeds
    test('a client that need not use PKCE may use it, and then it is judged', async () => {
      const verifier = 'a-verifier-of-more-than-forty-three-characters-0123456789';
      const challenge = Buffer.from(await webcrypto.subtle.digest('SHA-256', Buffer.from(verifier))).toString('base64url');
      const browser = new HttpBrowser();
      const more = { ...wish, code_challenge: challenge, code_challenge_method: 'S256' };
      await getTokens(client, await ask(browser, client, more), { code_verifier: verifier });
      const refused = await redeem(client, (await ask(browser, client, more)).code);
      assert.deepEqual([refused.status, refused.body.error], [400, 'invalid_grant']);
    });
  });
}

describe('dynamic', () => {
  // oidcc-registration-*: what is asked for is in the answer
  test('a registration tells what was registered, and a client without an initial access token is refused', async () => {
    const wish = { logo_uri: 'https://suite.example.org/logo.png', policy_uri: 'https://suite.example.org/policy', tos_uri: 'https://suite.example.org/tos', client_uri: 'https://suite.example.org/' };
    const body = await makeClient(wish);
    for (const [name, value] of Object.entries(wish)) assert.equal(body[name], value);
    assert.ok(body.client_secret.length >= 32);
    assert.equal(body.client_secret_expires_at, 0);
    assert.ok(Math.abs(body.client_id_issued_at - Date.now() / 1000) < 300);
    assert.deepEqual(body.redirect_uris, [redirect]);
    assert.deepEqual(body.contacts, ['suite@example.org']);
    assert.ok(body.registration_client_uri.startsWith(`${demo.issuer}/`));
    const read = await (await fetch(body.registration_client_uri, { headers: { authorization: `Bearer ${body.registration_access_token}` } })).json();
    assert.equal(read.client_id, body.client_id);
    // oidcc-registration-logo-uri, -policy-uri, -tos-uri: a person sees them before agreeing.
    const browser = new HttpBrowser();
    const login = await begin(browser, body);
    for (const name of ['client_uri', 'policy_uri', 'tos_uri']) assert.ok(login.text.includes(`href="${wish[name]}"`), name);
    const question = await browser.logIn(login, people.jan, 'user', isBack);
    assert.ok(asksConsent(question));
    for (const name of ['client_uri', 'policy_uri', 'tos_uri']) assert.ok(question.text.includes(`href="${wish[name]}"`), name);
    for (const page of [login, question]) assert.ok(!page.text.includes(wish.logo_uri));
    const refused = await register({}, '');
    assert.equal(refused.status, 401);
    assert.equal(refused.body.error, 'invalid_token');
  });

  // oidcc-redirect-uri-regfrag
  test('a redirect URI with a fragment is not registered', async () => {
    const { status, body } = await register({ redirect_uris: [`${redirect}#foobar`] });
    assert.deepEqual([status, body.error], [400, 'invalid_redirect_uri']);
  });

  // oidcc-registration-sector-bad: an address that does not give the redirect URIs
  test('a sector identifier that does not name the redirect URIs is refused', async () => {
    for (const uri of [`http://localhost:${suite.address().port}/sector`, 'https://localhost:1/sector']) {
      const { status, body } = await register({ sector_identifier_uri: uri, subject_type: 'pairwise' });
      assert.deepEqual([status, body.error], [400, 'invalid_client_metadata'], uri);
    }
  });

  // oidcc-idtoken-signature-rs256, oidcc-idtoken-unsigned, oidcc-userinfo-rs256
  test('ID tokens are signed with what the client registered, and what the server cannot is refused by name', async () => {
    const es = await makeClient({ id_token_signed_response_alg: 'ES256' });
    assert.equal(jose.decodeProtectedHeader((await logIn(es)).id_token).alg, 'ES256');
    const plain = await makeClient();
    assert.equal(plain.id_token_signed_response_alg, 'RS256');
    assert.equal(jose.decodeProtectedHeader((await logIn(plain)).id_token).alg, 'RS256');
    for (const more of [{ id_token_signed_response_alg: 'none' }, { id_token_signed_response_alg: 'HS256' }, { userinfo_signed_response_alg: 'none' },
      { id_token_encrypted_response_alg: 'RSA-OAEP' }, { response_types: ['id_token'], grant_types: ['implicit'] }]) {
      const { status, body } = await register(more);
      assert.deepEqual([status, body.error], [400, 'invalid_client_metadata'], JSON.stringify(more));
    }
  });

  // oidcc-userinfo-rs256
  test('userinfo is signed for a client that registered so, names it as the audience, and is no ID token', async () => {
    const keys = jose.createRemoteJWKSet(new URL(server.jwks_uri));
    for (const alg of ['RS256', 'ES256']) {
      assert.ok(server.userinfo_signing_alg_values_supported.includes(alg));
      const client = await makeClient({ userinfo_signed_response_alg: alg });
      assert.equal(client.userinfo_signed_response_alg, alg);
      const tokens = await logIn(client);
      const answer = await fetch(server.userinfo_endpoint, { headers: { authorization: `Bearer ${tokens.access_token}` } });
      assert.equal(answer.headers.get('content-type'), 'application/jwt');
      const text = await answer.text();
      const { payload, protectedHeader } = await jose.jwtVerify(text, keys, { issuer: demo.issuer, audience: client.client_id });
      assert.equal(protectedHeader.alg, alg);
      assert.equal(payload.sub, jose.decodeJwt(tokens.id_token).sub);
      assert.equal(payload.exp, undefined);
      const refused = await fetch(server.userinfo_endpoint, { headers: { authorization: `Bearer ${text}` } });
      assert.equal(refused.status, 401);
    }
  });

  test('a software statement is refused by name, because nobody is approved to make one', async () => {
    for (const [software_statement, error] of [['e30.e30.x', 'unapproved_software_statement'], ['x', 'invalid_software_statement']]) {
      const { status, body } = await register({ software_statement });
      assert.deepEqual([status, body.error], [400, error]);
    }
  });

  // oidcc-registration-jwks-uri, oidcc-refresh-token-rp-key-rotation
  test('a client signs with keys that it publishes, and with its next key after it has published that', async () => {
    const pair = async (kid, alg = 'RS256') => {
      const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
      return { kid, alg, privateKey, jwk: { ...await jose.exportJWK(publicKey), kid, alg, use: 'sig' } };
    };
    const assertion = ({ kid, alg, privateKey }, id) => new jose.SignJWT({ jti: webcrypto.randomUUID() }).setProtectedHeader({ alg, kid })
      .setIssuer(id).setSubject(id).setAudience(demo.issuer).setIssuedAt().setExpirationTime('1m').sign(privateKey);
    const redeemBy = async (key, id, code) => {
      const answer = await fetch(server.token_endpoint, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirect,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: await assertion(key, id) }) });
      return { status: answer.status, body: await answer.json() };
    };
    const first = await pair('first');
    const next = await pair('next', 'PS256');
    const stranger = await pair('first');
    published = { keys: [first.jwk] };
    const who = await makeClient({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: `http://localhost:${suite.address().port}/jwks` });
    assert.equal(who.client_secret, undefined);
    const browser = new HttpBrowser();
    const { code } = await ask(browser, who);
    assert.equal((await redeemBy(stranger, who.client_id, code)).body.error, 'invalid_client');
    const good = await redeemBy(first, who.client_id, code);
    assert.equal(good.status, 200, JSON.stringify(good.body));
    published = { keys: [next.jwk] };
    await until('the next key counts', async () => {
      const answer = await redeemBy(next, who.client_id, (await ask(browser, who)).code);
      if (answer.status !== 200) assert.equal(answer.body.error, 'invalid_client');
      return answer.status === 200;
    });
  });
});

describe('logout', () => {
  const out = async (browser, more) => {
    const fields = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
    return browser.open(`${server.end_session_endpoint}?${new URLSearchParams(fields)}`, isBack);
  };
  const isOver = async (browser) => readAnswer(await begin(browser, client, { prompt: 'none' })).error === 'login_required';
  const changed = (token) => {
    const [head, claims, signature] = token.split('.');
    return [head, claims, `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`].join('.');
  };

  // oidcc-rp-initiated-logout, -no-state
  for (const [name, state] of [['with', 'a state & more'], ['without', undefined]]) {
    test(`a logout with the ID token ends the session and leads back, ${name} a state`, async () => {
      const { browser, id_token } = await logIn(client);
      const page = await out(browser, { id_token_hint: id_token, post_logout_redirect_uri: bye, state });
      const back = new URL(page.location);
      assert.equal(`${back.origin}${back.pathname}`, bye);
      assert.equal(back.searchParams.get('state'), state ?? null);
      assert.ok(await isOver(browser));
    });
  }

  // -no-params, -no-post-logout-redirect-uri, -no-id-token-hint, -only-state, -modified-id-token-hint, -bad-id-token-hint
  test('without a valid ID token the person is asked, and stays at this server', async () => {
    const { id_token: valid } = await logIn(client);
    for (const more of [{}, { state: 'only' }, { post_logout_redirect_uri: bye, state: 'x' }, { id_token_hint: changed(valid), post_logout_redirect_uri: bye, state: 'x' },
      { id_token_hint: 'bad', post_logout_redirect_uri: bye, state: 'x' }, { client_id: client.client_id, post_logout_redirect_uri: bye, state: 'x' }]) {
      const { browser } = await logIn(client);
      const page = await out(browser, more);
      assert.equal(page.location, null, JSON.stringify(more));
      assert.equal(page.status, 200);
      assert.ok(!await isOver(browser), 'nothing has ended before the answer');
      const done = await browser.submit(page, '/logout', {}, isBack);
      assert.equal(done.location, null, JSON.stringify(more));
      assert.ok(done.url.startsWith(demo.issuer));
      assert.ok(await isOver(browser));
    }
  });

  test('a logout with the ID token alone ends the session and stays at this server', async () => {
    const { browser, id_token } = await logIn(client);
    const page = await out(browser, { id_token_hint: id_token });
    assert.equal(page.location, null);
    assert.equal(page.status, 200);
    assert.ok(await isOver(browser));
  });

  // -bad-post-logout-redirect-uri, -query-added-to-post-logout-redirect-uri
  test('an address that is not registered is never redirected to after a logout', async () => {
    const { browser, id_token } = await logIn(client);
    for (const uri of ['https://suite.example.org/elsewhere', `${bye}?foo=bar`]) {
      const page = await out(browser, { id_token_hint: id_token, post_logout_redirect_uri: uri, state: 'x' });
      assert.equal(page.location, null);
      assert.equal(page.status, 400);
    }
  });

  // oidcc-backchannel-rp-initiated-logout
  test('each application with a back channel is told by a logout token that is signed as its ID tokens', async () => {
    const to = `http://localhost:${suite.address().port}`;
    const one = await makeClient({ backchannel_logout_uri: `${to}/one`, backchannel_logout_session_required: true });
    const two = await makeClient({ backchannel_logout_uri: `${to}/two`, id_token_signed_response_alg: 'ES256' });
    const first = await logIn(one);
    const second = await logIn(two, {}, first.browser);
    const page = await out(first.browser, { id_token_hint: first.id_token, post_logout_redirect_uri: bye });
    assert.equal(page.location, bye);
    await until('both are told', () => received.length >= 2);
    for (const [path, who, tokens] of [['/one', one, first], ['/two', two, second]]) {
      const { type, form } = received.find((call) => call.path === path);
      assert.match(type, /^application\/x-www-form-urlencoded/);
      assert.deepEqual([...form.keys()], ['logout_token']);
      const { payload, protectedHeader } = await jose.jwtVerify(form.get('logout_token'), keys, { issuer: demo.issuer, audience: who.client_id, typ: 'logout+jwt' });
      assert.equal(protectedHeader.alg, who.id_token_signed_response_alg);
      assert.equal(payload.sub, tokens.claims.sub);
      assert.equal(payload.sid, tokens.claims.sid);
      assert.deepEqual(payload.events, { 'http://schemas.openid.net/event/backchannel-logout': {} });
      assert.ok(payload.jti && payload.iat && payload.exp > payload.iat && payload.exp <= payload.iat + 120);
      assert.equal(payload.nonce, undefined);
    }
    assert.equal(received.length, 2, 'an application that did not log in is told nothing');
  });
});
