// What the OpenID Foundation's plans for providers ask: dynamic, RP-initiated and back-channel logout; see conformance.mjs.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { people, run, until } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';
import { asksConsent, bye, isBack, jose, makeKey, readRefusal, redirect, startSuite } from './oidc_suite.mjs';

let suite;
let server;  // the discovery document
let client;

before(async () => {
  suite = await startSuite();
  server = suite.server;
  client = await suite.makeWholeClient();
});
after(async () => { await suite?.stop(); });

describe('dynamic', () => {
  // oidcc-registration-*: what is asked for is in the answer
  test('a registration tells what was registered, and a client without an initial access token is refused', async () => {
    const wish = { logo_uri: 'https://suite.example.org/logo.png', policy_uri: 'https://suite.example.org/policy', tos_uri: 'https://suite.example.org/tos', client_uri: 'https://suite.example.org/' };
    const body = await suite.makeWholeClient({ ...wish, backchannel_logout_uri: 'https://suite.example.org/bc', backchannel_logout_session_required: true });
    for (const [name, value] of Object.entries(wish)) assert.equal(body[name], value);
    assert.ok(body.client_secret.length >= 32);
    assert.equal(body.client_secret_expires_at, 0);
    assert.ok(Math.abs(body.client_id_issued_at - Date.now() / 1000) < 300);
    assert.deepEqual(body.redirect_uris, [redirect]);
    assert.deepEqual(body.post_logout_redirect_uris, [bye]);
    assert.deepEqual(body.contacts, ['suite@example.org']);
    assert.deepEqual(body.jwks.keys, [suite.key.jwk]);
    assert.equal(body.client_name, 'Suite');
    assert.deepEqual([body.backchannel_logout_uri, body.backchannel_logout_session_required], ['https://suite.example.org/bc', true]);
    assert.deepEqual([body.grant_types, body.response_types, body.token_endpoint_auth_method], [['authorization_code', 'refresh_token'], ['code'], 'client_secret_basic']);
    const read = await (await fetch(body.registration_client_uri, { headers: { authorization: `Bearer ${body.registration_access_token}` } })).json();
    assert.equal(read.client_id, body.client_id);
    // oidcc-registration-policy-uri, -tos-uri: a person sees them before agreeing. oidcc-registration-logo-uri: decision 71.
    const browser = new HttpBrowser();
    const login = await suite.begin(browser, body);
    for (const name of ['client_uri', 'policy_uri', 'tos_uri']) assert.ok(login.text.includes(`href="${wish[name]}"`), name);
    const question = await browser.logIn(login, people.jan, 'user', isBack);
    assert.ok(asksConsent(question));
    for (const name of ['client_uri', 'policy_uri', 'tos_uri']) assert.ok(question.text.includes(`href="${wish[name]}"`), name);
    for (const page of [login, question]) assert.ok(!page.text.includes(wish.logo_uri));
    const refused = await suite.register({}, '');
    assert.equal(refused.status, 401);
    assert.equal(refused.body.error, 'invalid_token');
  });

  // UnregisterDynamicallyRegisteredClient, which ends each of the suite's modules
  test('a client that was unregistered gets nothing more', async () => {
    const who = await suite.makeClient();
    const { code } = await suite.ask(new HttpBrowser(), who);
    const headers = { accept: 'application/json', authorization: `Bearer ${who.registration_access_token}` };
    assert.equal((await fetch(who.registration_client_uri, { method: 'DELETE', headers })).status, 204);
    const { status, body } = await suite.redeem(who, code);
    assert.deepEqual([status, body.error], [401, 'invalid_client']);
    assert.equal((await fetch(who.registration_client_uri, { headers })).status, 401);
  });

  // oidcc-redirect-uri-regfrag
  test('a redirect URI with a fragment is not registered', async () => {
    const { status, body } = await suite.register({ redirect_uris: [`${redirect}#foobar`] });
    assert.deepEqual([status, body.error], [400, 'invalid_redirect_uri']);
  });

  // oidcc-registration-sector-bad: an address that does not give the redirect URIs. oidcc-registration-sector-uri needs one
  // with TLS; tests/flow/registration has it.
  test('a sector identifier that does not name the redirect URIs is refused', async () => {
    assert.ok(server.subject_types_supported.includes('pairwise'));
    suite.published = ['https://elsewhere.example.org/callback'];
    for (const uri of [`${suite.ownUrl}/sector`, 'https://localhost:1/sector']) {
      const { status, body } = await suite.register({ sector_identifier_uri: uri, subject_type: 'pairwise' });
      assert.deepEqual([status, body.error], [400, 'invalid_client_metadata'], uri);
    }
  });

  // oidcc-idtoken-rs256, oidcc-idtoken-unsigned
  test('ID tokens are signed with what the client registered, and what the server cannot is refused by name', async () => {
    for (const [wish, alg] of [[{}, 'RS256'], [{ id_token_signed_response_alg: 'RS256' }, 'RS256'], [{ id_token_signed_response_alg: 'ES256' }, 'ES256']]) {
      const who = await suite.makeClient({ ...wish, token_endpoint_auth_method: 'private_key_jwt' });
      assert.equal(who.id_token_signed_response_alg, alg);
      assert.equal(jose.decodeProtectedHeader((await suite.logIn(who)).id_token).alg, alg);
    }
    for (const more of [{ id_token_signed_response_alg: 'none' }, { id_token_signed_response_alg: 'HS256' }, { userinfo_signed_response_alg: 'none' },
      { id_token_encrypted_response_alg: 'RSA-OAEP' }, { response_types: ['id_token'], grant_types: ['implicit'] }]) {
      const { status, body } = await suite.register(more);
      assert.deepEqual([status, body.error], [400, 'invalid_client_metadata'], JSON.stringify(more));
    }
  });

  // oidcc-userinfo-rs256
  test('userinfo is signed for a client that registered so, names it as the audience, and is no ID token', async () => {
    for (const alg of ['RS256', 'ES256']) {
      assert.ok(server.userinfo_signing_alg_values_supported.includes(alg));
      const who = await suite.makeClient({ userinfo_signed_response_alg: alg, token_endpoint_auth_method: 'private_key_jwt' });
      assert.equal(who.userinfo_signed_response_alg, alg);
      const tokens = await suite.logIn(who);
      const answer = await fetch(server.userinfo_endpoint, { headers: { accept: 'application/json', authorization: `Bearer ${tokens.access_token}` } });
      assert.equal(answer.headers.get('content-type'), 'application/jwt');
      const text = await answer.text();
      const { payload, protectedHeader } = await jose.jwtVerify(text, suite.keys, { issuer: suite.issuer, audience: who.client_id });
      assert.equal(protectedHeader.alg, alg);
      assert.ok(protectedHeader.kid);
      assert.equal(payload.sub, tokens.claims.sub);
      assert.deepEqual([payload.exp, payload.nonce], [undefined, undefined]);
      const refused = await fetch(server.userinfo_endpoint, { headers: { authorization: `Bearer ${text}` } });
      assert.equal(refused.status, 401);
    }
  });

  test('a software statement is refused by name, because nobody is approved to make one', async () => {
    for (const [software_statement, error] of [['e30.e30.x', 'unapproved_software_statement'], ['x', 'invalid_software_statement']]) {
      const { status, body } = await suite.register({ software_statement });
      assert.deepEqual([status, body.error], [400, error]);
    }
  });

  // oidcc-server with private_key_jwt (keys of the suite have no kid), oidcc-ensure-client-assertion-with-iss-aud-succeeds,
  // and why the modules with an assertion for the token endpoint fail
  test('a client assertion counts for the issuer, and for nothing else', async () => {
    const who = await suite.makeClient({ token_endpoint_auth_method: 'private_key_jwt' });
    const browser = new HttpBrowser();
    const answer = await suite.ask(browser, who);
    for (const audience of [server.token_endpoint, `${suite.issuer}/`, [suite.issuer], [suite.issuer, server.token_endpoint]]) {
      const { status, body } = await suite.redeem(who, answer.code, {}, { audience });
      assert.deepEqual([status, body.error], [401, 'invalid_client'], JSON.stringify(audience));
    }
    await suite.getTokens(who, answer);
  });

  // oidcc-registration-jwks-uri, oidcc-refresh-token-rp-key-rotation
  test('a client signs with keys that it publishes, and with its next key after it has published that', async () => {
    const first = await makeKey('first');
    const next = await makeKey('next', 'PS256');
    const stranger = await makeKey('first');
    suite.published = { keys: [first.jwk] };
    const who = await suite.makeWholeClient({ token_endpoint_auth_method: 'private_key_jwt', jwks: undefined, jwks_uri: `${suite.ownUrl}/jwks` });
    assert.equal(who.client_secret, undefined);
    const answer = await suite.ask(new HttpBrowser(), who, { scope: 'openid offline_access', prompt: 'consent' });
    assert.equal((await suite.redeem(who, answer.code, {}, { key: stranger })).body.error, 'invalid_client');
    const tokens = await suite.getTokens(who, answer, {}, { how: { key: first } });
    suite.published = { keys: [next.jwk] };
    await until('the next key counts', async () => {
      const { status, body } = await suite.callToken(who, { grant_type: 'refresh_token', refresh_token: 'x' }, { key: next });
      assert.ok(status >= 400);
      return body.error !== 'invalid_client';
    });
    const refreshed = await suite.refresh(who, tokens, { key: next }, { scope: 'openid offline_access' });
    assert.equal((await suite.userinfo(refreshed.access_token)).status, 200);
    assert.equal((await suite.callToken(who, { grant_type: 'refresh_token', refresh_token: refreshed.refresh_token }, { key: first })).body.error, 'invalid_client');
  });

  // oidcc-server-rotate-keys
  test('a rotation publishes a new signing key, and keeps the old one', async () => {
    const load = async () => (await (await fetch(server.jwks_uri)).json()).keys;
    const material = ({ kid, n, x }) => `${kid} ${n ?? x}`;
    const [, data] = /^data_dir = "(.*)"$/m.exec(await readFile(suite.demo.configuration, 'utf8'));
    for (const alg of ['RS256', 'ES256']) {
      const before = (await load()).map(material);
      // The next key is made when it is asked for, and signs two minutes after that, when every node has published it. Here
      // nobody waits for it.
      await until('the next key signs', async () => {
        const aged = await run('python3', ['-c', 'import sqlite3, sys; file = sqlite3.connect(sys.argv[1]); file.execute("UPDATE signing_key SET created_at = created_at - 180000"); file.commit()',
          path.join(data, 'chancery.db')]);
        assert.equal(aged.status, 0, aged.err);
        return (await suite.demo.chancery(['key', 'rotate', alg])).status === 0;
      });
      const after = await until('the new key is published', async () => {
        const keys = await load();
        return keys.length > before.length && keys;
      });
      assert.equal(new Set(after.map((key) => key.kid)).size, after.length);
      for (const key of before) assert.ok(after.map(material).includes(key), 'the old keys are still there');
      assert.ok(after.some((key) => key.use === 'sig' && key.alg === alg && !before.includes(material(key))));
    }
    await suite.logIn(client);
  });
});

describe('logout', () => {
  const out = async (browser, more) => {
    const fields = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
    return browser.open(`${server.end_session_endpoint}?${new URLSearchParams(fields)}`, isBack);
  };
  const isOver = async (browser) => {
    const page = await suite.begin(browser, client, { prompt: 'none' });
    return !new URL(page.location).searchParams.has('code') && readRefusal(page, suite.issuer).error === 'login_required';
  };
  const changed = (token) => {
    const [head, claims, signature] = token.split('.');
    return [head, claims, `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`].join('.');
  };
  const unsigned = (token) => [Buffer.from('{"alg": "none"}').toString('base64url'), token.split('.')[1], ''].join('.');

  // oidcc-rp-initiated-logout, -no-state; CreateRandomEndSessionState: every character of RFC 6749 appendix A
  for (const [name, state] of [['with', `a state & more ${Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')}`], ['without', undefined]]) {
    test(`a logout with the ID token ends the session and leads back, ${name} a state`, async () => {
      const { browser, id_token } = await suite.logIn(client);
      const page = await out(browser, { id_token_hint: id_token, post_logout_redirect_uri: bye, state });
      const back = new URL(page.location);
      assert.equal(`${back.origin}${back.pathname}`, bye);
      assert.equal(back.searchParams.get('state'), state ?? null);
      assert.deepEqual([...back.searchParams.keys()], state ? ['state'] : []);
      assert.ok(await isOver(browser));
    });
  }

  // -no-params, -no-id-token-hint, -only-state, -modified-id-token-hint, -bad-id-token-hint
  test('without a valid ID token the person is asked, and stays at this server', async () => {
    const { id_token: valid } = await suite.logIn(client);
    // As the suite makes it: the client's own key, issuer and audience the wrong way round.
    const own = await new jose.SignJWT({ nonce: 'flibble' }).setProtectedHeader({ alg: 'RS256' }).setIssuer(client.client_id).setSubject('SubjectID').setAudience(suite.issuer)
      .setIssuedAt().setExpirationTime('5m').sign(suite.key.privateKey);
    const secret = await new jose.SignJWT({ ...jose.decodeJwt(valid) }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(client.client_secret));
    for (const more of [{}, { state: 'only' }, { post_logout_redirect_uri: bye, state: 'x' }, { id_token_hint: changed(valid), post_logout_redirect_uri: bye, state: 'x' },
      { id_token_hint: unsigned(valid), post_logout_redirect_uri: bye, state: 'x' }, { id_token_hint: own, post_logout_redirect_uri: bye, state: 'x' },
      { id_token_hint: secret, post_logout_redirect_uri: bye, state: 'x' }, { id_token_hint: 'bad', post_logout_redirect_uri: bye, state: 'x' },
      { client_id: client.client_id, post_logout_redirect_uri: bye, state: 'x' }]) {
      const { browser } = await suite.logIn(client);
      const page = await out(browser, more);
      assert.equal(page.location, null, JSON.stringify(more));
      assert.equal(page.status, 200);
      assert.ok(!await isOver(browser), 'nothing has ended before the answer');
      const done = await browser.submit(page, '/logout', {}, isBack);
      assert.equal(done.location, null, JSON.stringify(more));
      assert.ok(done.url.startsWith(suite.issuer));
      assert.ok(await isOver(browser));
    }
  });

  // -no-post-logout-redirect-uri
  test('a logout with the ID token alone ends the session and stays at this server', async () => {
    const { browser, id_token } = await suite.logIn(client);
    const page = await out(browser, { id_token_hint: id_token, state: 'x' });
    assert.equal(page.location, null);
    assert.equal(page.status, 200);
    assert.ok(await isOver(browser));
  });

  // -bad-post-logout-redirect-uri, -query-added-to-post-logout-redirect-uri
  test('an address that is not registered is never redirected to after a logout', async () => {
    const { browser, id_token } = await suite.logIn(client);
    for (const uri of ['https://suite.example.org/elsewhere', `${bye}?foo=bar`]) {
      const page = await out(browser, { id_token_hint: id_token, post_logout_redirect_uri: uri, state: 'x' });
      assert.equal(page.location, null);
      assert.equal(page.status, 400);
    }
  });

  // oidcc-backchannel-rp-initiated-logout
  test('each application with a back channel is told by a logout token that is signed as its ID tokens', async () => {
    const one = await suite.makeWholeClient({ backchannel_logout_uri: `${suite.ownUrl}/one`, backchannel_logout_session_required: true });
    const two = await suite.makeWholeClient({ backchannel_logout_uri: `${suite.ownUrl}/two`, id_token_signed_response_alg: 'ES256' });
    const first = await suite.logIn(one);
    const second = await suite.logIn(two, {}, first.browser);
    const state = 'Z'.repeat(90);
    const page = await out(first.browser, { id_token_hint: first.id_token, post_logout_redirect_uri: bye, state });
    assert.equal(page.location, `${bye}?state=${state}`);
    await until('both are told', () => suite.received.length >= 2);
    for (const [path, who, tokens] of [['/one', one, first], ['/two', two, second]]) {
      const { type, form } = suite.received.find((call) => call.path === path);
      assert.match(type, /^application\/x-www-form-urlencoded/);
      assert.deepEqual([...form.keys()], ['logout_token']);
      const { payload, protectedHeader } = await jose.jwtVerify(form.get('logout_token'), suite.keys, { issuer: suite.issuer, audience: who.client_id, typ: 'logout+jwt' });
      assert.equal(protectedHeader.alg, who.id_token_signed_response_alg);
      assert.equal(payload.sub, tokens.claims.sub);
      assert.equal(payload.sid, tokens.claims.sid);
      assert.deepEqual(payload.events, { 'http://schemas.openid.net/event/backchannel-logout': {} });
      assert.ok(payload.jti && payload.iat && payload.exp > payload.iat && payload.exp <= payload.iat + 120);
      assert.ok(Math.abs(payload.iat - Date.now() / 1000) < 300);
      assert.equal(payload.nonce, undefined);
    }
    assert.ok(await isOver(first.browser));
    assert.equal(suite.received.length, 2, 'an application that did not log in is told nothing');
  });
});
