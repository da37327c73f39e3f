// What the OpenID Foundation's plans for providers ask: config, basic and form post, request by request, with clients that
// register themselves as the suite does (oidc_suite.mjs). The suite's own modules are named beside each test. What a plan
// would skip, fail or warn about is explained in docs/standards.md.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import https from 'node:https';
import { after, before, describe, test } from 'node:test';
import { people, startDemo, until } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';
import { asksConsent, asksLogin, isBack, jose, readAnswer, readRefusal, redirect, secondRedirect, startSuite } from './oidc_suite.mjs';

let suite;
let server;  // the discovery document
let client;

before(async () => {
  suite = await startSuite();
  server = suite.server;
  client = await suite.makeWholeClient();
});
after(async () => { await suite?.stop(); });

// oidcc-discovery-endpoint-verification, oidcc-rp-initiated-logout-discovery-endpoint-verification,
// oidcc-backchannel-logout-discovery-endpoint-verification, and what every module asks of the keys
test('config: discovery tells all that a client needs, and its keys are public ones with names of their own', async () => {
  const document = await fetch(`${suite.issuer}/.well-known/openid-configuration`);
  assert.equal(document.status, 200);
  assert.match(document.headers.get('content-type'), /^application\/json(;|$)/);
  assert.equal(server.issuer, suite.issuer);
  for (const name of ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri', 'registration_endpoint', 'end_session_endpoint']) {
    assert.ok(server[name].startsWith(`${suite.issuer}/`), name);
    assert.ok(!server[name].includes('#'));
  }
  assert.ok(server.scopes_supported.includes('openid'));
  for (const scope of server.scopes_supported) assert.match(scope, /^[\x21\x23-\x5B\x5D-\x7E]+$/);
  for (const language of server.ui_locales_supported) assert.equal(Intl.getCanonicalLocales(language)[0], language);
  assert.deepEqual(server.response_types_supported, ['code']);
  assert.ok(server.grant_types_supported.includes('authorization_code'));
  for (const method of ['client_secret_basic', 'client_secret_post', 'private_key_jwt']) assert.ok(server.token_endpoint_auth_methods_supported.includes(method));
  assert.deepEqual(server.code_challenge_methods_supported, ['S256']);
  assert.ok(server.id_token_signing_alg_values_supported.includes('RS256'));
  assert.ok(!server.id_token_signing_alg_values_supported.includes('none'));
  assert.ok(server.subject_types_supported.includes('public'));
  for (const claim of ['sub', 'iss', 'auth_time', 'acr', 'name', 'email', 'phone_number']) assert.ok(server.claims_supported.includes(claim), claim);
  assert.equal(server.claims_parameter_supported, true);
  // "If omitted, the default value is true": a server without it says so.
  assert.equal(server.request_uri_parameter_supported, false);
  assert.equal(server.request_parameter_supported, false);
  assert.equal(server.request_object_signing_alg_values_supported, undefined);
  assert.equal(server.backchannel_logout_supported, true);
  assert.equal(server.backchannel_logout_session_supported, true);
  assert.equal(server.check_session_iframe, undefined);
  assert.equal(server.frontchannel_logout_supported, undefined);
  const answer = await fetch(server.jwks_uri);
  assert.match(answer.headers.get('content-type'), /^application\/(jwk-set\+)?json/);
  const set = await answer.json();
  assert.equal(new Set(set.keys.map((key) => key.kid)).size, set.keys.length);
  for (const key of set.keys) {
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) assert.equal(key[secret], undefined);
    assert.ok(key.kid.trim());
    assert.equal(key.use, 'sig');
    assert.ok(['RS256', 'ES256'].includes(key.alg));
    for (const member of key.kty === 'RSA' ? ['n', 'e'] : ['x', 'y']) assert.match(key[member], /^[A-Za-z0-9_-]+$/);
    if (key.kty === 'RSA') assert.ok(Buffer.from(key.n, 'base64url').length >= 256);
    await jose.importJWK(key);
  }
});

// The members of RFC 8414, OpenID Connect Discovery and the registry of IANA that stand in the suite's own schema, of those
// that this server has; and their types. Another one would be a warning.
test('config: every member of discovery is a registered one and has the type of its registration', () => {
  const members = { string: /^(issuer|jwks_uri|.*_endpoint)$/, array: /_supported$/, boolean: /^(authorization_response_iss_parameter|backchannel_logout|backchannel_logout_session|claims_parameter|request_parameter|request_uri_parameter)_supported$/ };
  const known = ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'registration_endpoint', 'userinfo_endpoint', 'end_session_endpoint',
    'revocation_endpoint', 'introspection_endpoint', 'device_authorization_endpoint', 'pushed_authorization_request_endpoint', 'scopes_supported',
    'response_types_supported', 'response_modes_supported', 'grant_types_supported', 'token_endpoint_auth_methods_supported',
    'token_endpoint_auth_signing_alg_values_supported', 'revocation_endpoint_auth_methods_supported', 'revocation_endpoint_auth_signing_alg_values_supported',
    'introspection_endpoint_auth_methods_supported', 'introspection_endpoint_auth_signing_alg_values_supported', 'code_challenge_methods_supported',
    'subject_types_supported', 'id_token_signing_alg_values_supported', 'userinfo_signing_alg_values_supported', 'prompt_values_supported',
    'acr_values_supported', 'claims_supported', 'ui_locales_supported', 'claims_parameter_supported', 'request_parameter_supported',
    'request_uri_parameter_supported', 'backchannel_logout_supported', 'backchannel_logout_session_supported', 'authorization_response_iss_parameter_supported'];
  for (const [name, value] of Object.entries(server)) {
    assert.ok(known.includes(name), name);
    const type = Array.isArray(value) ? 'array' : typeof value;
    assert.match(name, members[type], `${name} is ${type}`);
    assert.equal(type === 'array', members.array.test(name) && !members.boolean.test(name), name);
    if (type === 'array') assert.ok(value.length > 0 && value.every((one) => typeof one === 'string'), `${name}: one without values is left out`);
  }
});

// CheckDiscEndpointAllEndpointsAreHttps, VerifyClientManagementCredentials: with TLS, as a provider that is examined has it
test('config: with TLS the issuer is where its document is, and every endpoint is https', async () => {
  const demo = await startDemo({ args: ['--https'] });
  try {
    const ca = await readFile(demo.authority);
    const load = (url) => new Promise((resolve, reject) => {
      https.get(url, { ca }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => { text += part; }).once('end', () => resolve(JSON.parse(text)));
      }).once('error', reject);
    });
    const document = await load(`${demo.issuer}/.well-known/openid-configuration`);
    assert.equal(document.issuer, demo.issuer);
    for (const [name, value] of Object.entries(document)) {
      if (/_endpoint$|_uri$/.test(name)) assert.ok(value.startsWith(`${demo.issuer}/`) && value.startsWith('https://'), `${name}: ${value}`);
    }
    assert.ok((await load(document.jwks_uri)).keys.length > 0);
  } finally {
    await demo.stop();
  }
});

for (const mode of ['query', 'form_post']) {
  describe(`response_mode ${mode}`, () => {
    const wish = mode === 'query' ? {} : { response_mode: mode };
    const open = (browser, more = {}) => suite.begin(browser, client, { ...wish, ...more });
    const refuse = async (more, browser = new HttpBrowser()) => {
      const answer = readRefusal(await open(browser, more), suite.issuer);
      assert.equal(answer.by, mode);
      return answer;
    };
    const enter = async (more = {}, { browser = new HttpBrowser(), who = client, ...expected } = {}) => {
      const answer = await suite.ask(browser, who, { ...wish, ...more });
      assert.equal(answer.by, mode);
      return { browser, ...await suite.getTokens(who, answer, {}, expected) };
    };

    // oidcc-server, oidcc-userinfo-get, -post-header, -post-body, oidcc-idtoken-signature
    test('a code gives tokens and userinfo, in the header and in the body', async () => {
      const tokens = await enter();
      assert.equal(jose.decodeProtectedHeader(tokens.id_token).alg, 'RS256');
      for (const how of ['get', 'post-header', 'post-body']) {
        const { status, headers, body } = await suite.userinfo(tokens.access_token, how);
        assert.equal(status, 200, how);
        assert.match(headers.get('content-type'), /^application\/json/);
        assert.equal(body.sub, tokens.claims.sub);
      }
    });

    // oidcc-response-type-missing
    test('without a response_type the client is told, or the person', async () => {
      const answer = await refuse({ response_type: undefined });
      assert.equal(answer.error, 'invalid_request');
      assert.equal(answer.state, 'state-of-it');
    });

    // oidcc-ensure-request-without-nonce-succeeds-for-code-flow
    test('a request without a nonce gets an ID token without one', async () => {
      await enter({ nonce: undefined }, { nonce: null });
    });

    // CreateRandomStateValue, CreateRandomNonceValue: up to 128 characters, among them those of a JWT
    test('state and nonce come back as they were sent, in success and in refusal', async () => {
      const state = `${'Ab0'.repeat(41)}-._~!`;
      const nonce = `${'Cd1'.repeat(13)}-._~`;
      await enter({ state, nonce }, { nonce });
      assert.equal((await refuse({ state, prompt: 'none' })).state, state);
      assert.equal((await refuse({ state: undefined, prompt: 'none' })).state, undefined);
    });

    // oidcc-scope-profile, -email, -phone, -all, oidcc-alternate-happy-flow (formerly oidcc-ensure-other-scope-order-succeeds)
    test('scopes give their claims at userinfo, in any order, and the ID token is not larger for them', async () => {
      const wanted = { profile: ['name', 'given_name', 'family_name', 'preferred_username', 'locale'], email: ['email', 'email_verified'], phone: ['phone_number', 'phone_number_verified'] };
      for (const scope of ['openid profile', 'openid email', 'openid phone', 'openid profile email phone', 'email openid', 'phone email profile openid']) {
        const tokens = await enter({ scope });
        const { body } = await suite.userinfo(tokens.access_token);
        assert.equal(body.sub, tokens.claims.sub);
        for (const [name, claims] of Object.entries(wanted)) {
          for (const claim of claims) assert.equal(claim in body, scope.includes(name), `${scope}: ${claim}`);
        }
        if (scope.includes('profile') && server.claims_supported.includes('updated_at')) assert.ok(Number.isInteger(body.updated_at));
      }
    });

    // oidcc-alternate-happy-flow: the parameters from z to a
    test('the order of the parameters makes no difference', async () => {
      const browser = new HttpBrowser();
      const fields = Object.entries(suite.requestOf(client, { ...wish, scope: 'email openid' })).sort().reverse();
      const answer = await suite.goOn(browser, await browser.open(`${server.authorization_endpoint}?${new URLSearchParams(fields)}`, isBack));
      await suite.getTokens(client, answer);
    });

    // oidcc-scope-address is skipped by the suite, because discovery does not have the scope.
    test('a scope that discovery does not have is ignored', async () => {
      assert.ok(!server.scopes_supported.includes('address'));
      const tokens = await enter({ scope: 'openid address unheard-of' });
      assert.equal(tokens.scope ?? 'openid', 'openid');
    });

    // oidcc-display-page, -popup, oidcc-ui-locales, oidcc-claims-locales, oidcc-login-hint,
    // oidcc-ensure-request-with-unknown-parameter-succeeds
    test('parameters that help people, and unknown ones, never make a request fail', async () => {
      for (const more of [{ display: 'page' }, { display: 'popup' }, { display: 'touch' }, { ui_locales: 'se' }, { ui_locales: 'fr-CA fr en' }, { claims_locales: 'se' },
        { login_hint: `buffy@${new URL(suite.issuer).host}` }, { extra: 'foobar' }]) {
        const tokens = await enter(more);
        assert.ok(tokens.id_token, JSON.stringify(more));
      }
    });

    // oidcc-prompt-login
    test('prompt=login asks again, and the ID token says when', async () => {
      const first = await enter();
      await until('the clock has gone on', () => Math.floor(Date.now() / 1000) > first.claims.auth_time);
      const page = await open(first.browser, { prompt: 'login' });
      assert.ok(asksLogin(page), page.text);
      const second = await suite.getTokens(client, await suite.goOn(first.browser, page));
      assert.ok(second.claims.auth_time > first.claims.auth_time);
      assert.equal(second.claims.sub, first.claims.sub);
    });

    // oidcc-prompt-none-not-logged-in
    test('prompt=none without a session tells the client and shows no page', async () => {
      const answer = await refuse({ prompt: 'none' });
      assert.equal(answer.error, 'login_required');
      assert.equal(answer.state, 'state-of-it');
    });

    // oidcc-prompt-none-logged-in, oidcc-id-token-hint
    test('prompt=none with a session gives tokens of the same login, also with its ID token as a hint', async () => {
      const first = await enter();
      for (const more of [{}, { id_token_hint: first.id_token }]) {
        const second = await suite.getTokens(client, readAnswer(await open(first.browser, { prompt: 'none', ...more })));
        assert.equal(second.claims.sub, first.claims.sub);
        assert.equal(second.claims.auth_time, first.claims.auth_time);
      }
      const other = await enter();
      const jan = new HttpBrowser();
      await suite.getTokens(client, await suite.goOn(jan, await open(jan), people.jan));
      const answer = await refuse({ prompt: 'none', id_token_hint: other.id_token }, jan);
      assert.equal(answer.error, 'login_required', 'another person is logged in than the hint names');
    });

    // oidcc-max-age-1, oidcc-max-age-10000
    test('max_age is kept: an older login is asked for again, a younger one is not', async () => {
      const first = await enter({ max_age: '15000' });
      const young = await suite.getTokens(client, readAnswer(await open(first.browser, { max_age: '10000' })));
      assert.equal(young.claims.auth_time, first.claims.auth_time);
      assert.equal(young.claims.sub, first.claims.sub);
      await until('the login is older than a second', () => Date.now() / 1000 > first.claims.auth_time + 2);
      const page = await open(first.browser, { max_age: '1' });
      assert.ok(asksLogin(page), page.text);
      const second = await suite.getTokens(client, await suite.goOn(first.browser, page));
      assert.ok(second.claims.auth_time > first.claims.auth_time);
    });

    // oidcc-ensure-request-with-acr-values-succeeds
    test('acr_values of discovery are answered with one of them', async () => {
      for (const values of [server.acr_values_supported[0], server.acr_values_supported.join(' '), 'urn:example:unknown', '1 2']) {
        const { claims } = await enter({ acr_values: values });
        assert.ok(server.acr_values_supported.includes(claims.acr));
      }
    });

    // oidcc-codereuse, oidcc-codereuse-30seconds
    test('a code counts once, and its replay ends the access token', async () => {
      const browser = new HttpBrowser();
      const answer = await suite.ask(browser, client, wish);
      const tokens = await suite.getTokens(client, answer);
      const again = await suite.redeem(client, answer.code);
      assert.deepEqual([again.status, again.body.error], [400, 'invalid_grant']);
      const refused = await suite.userinfo(tokens.access_token);
      assert.equal(refused.status, 401);
      assert.match(refused.headers.get('www-authenticate'), /^Bearer .*error="invalid_token"/);
    });

    // oidcc-ensure-registered-redirect-uri, oidcc-ensure-redirect-uri-in-authorization-request, oidcc-redirect-uri-query-mismatch,
    // -query-added
    test('an address that is missing, not registered, or differs in its query is never redirected to', async () => {
      const withQuery = await suite.makeClient({ redirect_uris: [`${redirect}?foo=bar`] });
      const withTwo = await suite.makeClient({ redirect_uris: [redirect, secondRedirect] });
      for (const [who, uri] of [[client, undefined], [withTwo, undefined], [client, secondRedirect], [client, `${redirect}?foo=bar`], [client, `${redirect}/`], [client, `${redirect}/0aB1`],
        [withQuery, redirect], [withQuery, `${redirect}?foo=baz`], [withQuery, `${redirect}?foo=bar&bar=foo`]]) {
        const page = await suite.begin(new HttpBrowser(), who, { ...wish, redirect_uri: uri });
        assert.equal(page.status, 400, String(uri));
        assert.equal(readAnswer(page), undefined);
        assert.ok(!asksLogin(page));
      }
    });

    // oidcc-redirect-uri-query-OK
    test('a registered query stays in the address of the answer', async () => {
      const uri = `${redirect}?foo=bar`;
      const who = await suite.makeClient({ redirect_uris: [uri] });
      const answer = await suite.ask(new HttpBrowser(), who, { ...wish, redirect_uri: uri });
      assert.equal(new URL(answer.to).searchParams.get('foo'), 'bar');
      await suite.getTokens(who, answer, { redirect_uri: uri });
    });

    // oidcc-ensure-post-request-succeeds
    test('the authorization endpoint takes a POST', async () => {
      const browser = new HttpBrowser();
      const page = await browser.follow(await browser.send(server.authorization_endpoint, { form: suite.requestOf(client, wish), headers: { origin: 'https://suite.example.org' } }), isBack);
      await suite.getTokens(client, await suite.goOn(browser, page));
    });

    // oidcc-server-client-secret-post
    test('a client proves itself in the body, if it is registered for that, and by Basic no more', async () => {
      const who = await suite.makeClient({ token_endpoint_auth_method: 'client_secret_post' });
      await enter({}, { who });
      const answer = await suite.ask(new HttpBrowser(), who, wish);
      const refused = await suite.redeem({ ...who, token_endpoint_auth_method: 'client_secret_basic' }, answer.code);
      assert.deepEqual([refused.status, refused.body.error], [401, 'invalid_client']);
    });

    // oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported,
    // oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported. The suite puts beside the object only what it
    // must, so that the mode and the state are in the object alone.
    test('a request object is refused by the name of the standard, where the client asked for its answers', async () => {
      const who = await suite.makeClient({ request_uris: ['https://suite.example.org/request.jwt#tls_Ab0'], request_object_signing_alg: 'none' });
      const beside = { state: undefined, nonce: undefined };
      const asked = suite.requestOf(who, wish);
      const { privateKey } = await jose.generateKeyPair('RS256');
      for (const object of [new jose.UnsecuredJWT(asked).encode(), await new jose.SignJWT(asked).setProtectedHeader({ alg: 'RS256' }).sign(privateKey)]) {
        const byValue = readRefusal(await suite.begin(new HttpBrowser(), who, { ...beside, request: object }), suite.issuer);
        assert.deepEqual([byValue.by, byValue.error, byValue.state], [mode, 'request_not_supported', 'state-of-it']);
      }
      for (const object of ['x', 'a.b.c', 'e30', '...']) {
        const unreadable = readRefusal(await suite.begin(new HttpBrowser(), who, { ...wish, ...beside, request: object }), suite.issuer);
        assert.deepEqual([unreadable.by, unreadable.error, unreadable.state], [mode, 'request_not_supported', undefined]);
      }
      // Nothing is fetched, so that the mode is that of the request itself.
      const byReference = readRefusal(await suite.begin(new HttpBrowser(), who, { ...wish, ...beside, request_uri: 'https://suite.example.org/request.jwt#tls_Ab0' }), suite.issuer);
      assert.deepEqual([byReference.by, byReference.error], [mode, 'request_uri_not_supported']);
    });

    // oidcc-ensure-request-object-with-redirect-uri
    test('an address in a request object does not make up for a wrong one beside it', async () => {
      const object = new jose.UnsecuredJWT(suite.requestOf(client, wish)).encode();
      const page = await open(new HttpBrowser(), { redirect_uri: `${redirect}_invalid`, request: object });
      assert.equal(page.status, 400);
      assert.equal(readAnswer(page), undefined);
    });

    // oidcc-claims-essential
    test('a claim that the request names is given, and nothing else of its scope', async () => {
      const claims = JSON.stringify({ userinfo: { name: { essential: true } }, id_token: { auth_time: { essential: true } } });
      const tokens = await enter({ claims });
      const { body } = await suite.userinfo(tokens.access_token);
      assert.equal(body.name, people.anna.name);
      assert.equal(body.given_name, undefined);
      const inToken = await enter({ claims: JSON.stringify({ id_token: { name: { essential: true } } }) }, { asked: ['name'] });
      assert.equal(inToken.claims.name, people.anna.name);
    });

    // oidcc-refresh-token
    test('a refresh token gives an ID token of the same login, to its own client alone', async () => {
      const scope = 'openid offline_access';
      const second = await suite.makeWholeClient();
      for (const [who, fields] of [[client, { scope }], [second, {}]]) {
        const browser = new HttpBrowser();
        let page = await suite.begin(browser, who, { ...wish, scope, prompt: 'consent' });
        page = await browser.logIn(page, people.anna, 'user', isBack);
        assert.ok(asksConsent(page), 'prompt=consent asks');
        const tokens = await suite.getTokens(who, await suite.goOn(browser, page));
        const now = await suite.refresh(who, tokens, {}, fields);
        assert.equal((await suite.userinfo(now.access_token)).status, 200);
        const stranger = who === client ? second : client;
        const refused = await suite.callToken(stranger, { grant_type: 'refresh_token', refresh_token: now.refresh_token, scope });
        assert.deepEqual([refused.status, refused.body.error], [400, 'invalid_grant']);
        await suite.refresh(who, { ...tokens, refresh_token: now.refresh_token }, {}, fields);
      }
    });

    // oidcc-ensure-request-with-valid-pkce-succeeds
    test('a client that need not use PKCE may use it, and then it is judged', async () => {
      const verifier = `a-verifier.of_all~characters-0123456789${'Xy'.repeat(40)}`;
      const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(verifier))).toString('base64url');
      const browser = new HttpBrowser();
      const more = { ...wish, code_challenge: challenge, code_challenge_method: 'S256' };
      await suite.getTokens(client, await suite.ask(browser, client, more), { code_verifier: verifier });
      const refused = await suite.redeem(client, (await suite.ask(browser, client, more)).code);
      assert.deepEqual([refused.status, refused.body.error], [400, 'invalid_grant']);
    });
  });
}
