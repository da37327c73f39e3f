// A relying party that behaves as the OpenID Foundation's suite does, for conformance*.mjs: it registers itself, sends what
// the suite's modules send, and examines every answer as the suite examines all of them.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import http from 'node:http';
import { people, startDemo } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';

globalThis.crypto ??= webcrypto;  // Node 18 has it, but not as a global; the package looks for it when it is loaded
export const jose = await import('jose');

export const redirect = 'https://suite.example.org/test/callback';
export const secondRedirect = 'https://suite.example.org/other/callback';
export const bye = 'https://suite.example.org/test/post_logout_redirect';
export const isBack = (url) => url.startsWith('https://suite.example.org/');
export const asksLogin = (page) => !page.location && page.text.includes('name="password"');
export const asksConsent = (page) => !page.location && page.text.includes('action="/login/consent"');

const everyGrant = ['authorization_code', 'refresh_token'];
// What an ID token may hold that nobody asked for.
const ownClaims = ['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'azp', 'at_hash', 'c_hash', 'nbf', 'jti', 'sid', 's_hash'];
const year = 365 * 24 * 60 * 60;

/** Shannon's entropy of a text in bits, as the suite estimates whether a value can be guessed. */
function entropyOf(text) {
  const counts = new Map();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - count * Math.log2(count / text.length), 0);
}

function assertSecret(text, name) {
  assert.match(text, /^[\x20-\x7E]+$/, name);  // RFC 6749 appendix A
  assert.ok(text.length >= 16 && entropyOf(text) > 96, `${name} could be guessed`);
}

/** RFC 6749 §4.1.2.1 and §5.2: the characters of an error and of its description. */
function assertError(fields) {
  assert.match(fields.error, /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);
  if (fields.error_description !== undefined) assert.match(fields.error_description, /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);
  assert.equal(fields.error_uri, undefined);
}

const unescape = (text) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** The answer that a page brings to the client: by its redirect, or by its form (form_post). undefined: it is a page for the person. */
export function readAnswer(page) {
  if (page.location) return { by: 'query', to: page.location, ...Object.fromEntries(new URL(page.location).searchParams) };
  const form = /<form\b[^>]*\baction="(https:\/\/suite\.example\.org\/[^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(page.text);
  if (!form) return undefined;
  assert.match(form[0], /method="post"/i);
  const to = unescape(form[1]);
  const fields = [...form[2].matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([input]) => [/name="([^"]*)"/.exec(input)[1], unescape(/value="([^"]*)"/.exec(input)[1])]);
  for (const name of ['code', 'error']) assert.ok(!new URL(to).searchParams.has(name), 'an answer by form has nothing in its address');
  return { by: 'form_post', to, ...Object.fromEntries(fields) };
}

/** The refusal of an authorization request, examined as the suite examines all of them. */
export function readRefusal(page, issuer) {
  const answer = readAnswer(page);
  assert.ok(answer?.error, `no refusal came, but ${page.url} (${page.status}):\n${page.text}`);
  const { by, to, ...fields } = answer;
  assertError(fields);
  for (const name of Object.keys(fields)) {
    assert.ok(['error', 'error_description', 'state', 'iss'].includes(name) || new URL(to).searchParams.has(name), `${name} is none of a refusal`);
  }
  assert.equal(fields.code, undefined);
  assert.equal(fields.iss, issuer);
  return answer;
}

/** A key of a client: { kid, alg, privateKey, jwk }. Without `kid` it has none, as most keys of the suite. */
export async function makeKey(kid = undefined, alg = 'RS256') {
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...await jose.exportJWK(publicKey), ...(kid ? { kid } : {}), alg, use: 'sig' } };
}

class Suite {
  constructor() {
    this.received = [];  // what its own server got: { path, type, form }
    this.published = {};  // what its own server publishes at every address
  }

  async start() {
    this.own = http.createServer((request, answer) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part) => { text += part; });
      request.once('end', () => {
        if (request.method === 'GET') {
          answer.setHeader('content-type', 'application/json');
          answer.end(JSON.stringify(this.published));
          return;
        }
        this.received.push({ path: request.url, type: request.headers['content-type'], form: new URLSearchParams(text) });
        answer.end();
      });
    });
    await new Promise((resolve) => { this.own.listen(0, '127.0.0.1', resolve); });
    this.ownUrl = `http://localhost:${this.own.address().port}`;
    process.env.CHANCERY_REMOTE_LOOPBACK_HTTP = `localhost:${this.own.address().port}`;
    this.demo = await startDemo();
    this.issuer = this.demo.issuer;
    await this.chancery('account', 'set', people.anna.login, '--locale', 'pl');
    this.server = await (await fetch(`${this.issuer}/.well-known/openid-configuration`)).json();
    this.keys = jose.createRemoteJWKSet(new URL(this.server.jwks_uri), { cooldownDuration: 0 });  // a key may have been rotated just now
    this.initial = JSON.parse(await this.chancery('token', 'create', 'initial', '--name', 'suite', '--uses', '0', '--json')).token;
    this.key = await makeKey();
    return this;
  }

  async stop() {
    await this.demo?.stop();
    this.own?.close();
  }

  async chancery(...args) {
    const { status, out, err } = await this.demo.chancery(args);
    assert.equal(status, 0, err);
    return out;
  }

  /** A registration as the suite sends it: also a client that proves itself by a secret publishes a key. */
  async register(more = {}, token = this.initial) {
    const wish = { client_name: 'Suite', grant_types: ['authorization_code'], jwks: { keys: [this.key.jwk] }, token_endpoint_auth_method: 'client_secret_basic',
      response_types: ['code'], redirect_uris: [redirect], contacts: ['suite@example.org'], ...more };
    const answer = await fetch(this.server.registration_endpoint, { method: 'POST', body: JSON.stringify(wish),
      headers: { accept: 'application/json', 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) } });
    assert.match(answer.headers.get('content-type'), /^application\/json/);
    return { status: answer.status, body: await answer.json() };
  }

  async makeClient(more = {}) {
    const { status, body } = await this.register(more);
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(body.error, undefined);
    assert.ok(body.client_id && body.registration_access_token);
    assert.ok(body.registration_client_uri.startsWith(`${this.issuer}/`));
    assert.equal('client_secret_expires_at' in body, 'client_secret' in body);
    return body;
  }

  /** A client that may also get refresh tokens and lead people back after a logout. */
  makeWholeClient(more = {}) {
    return this.makeClient({ grant_types: everyGrant, post_logout_redirect_uris: [bye], ...more });
  }

  requestOf(who, more) {
    const fields = { client_id: who.client_id, redirect_uri: redirect, response_type: 'code', scope: 'openid', state: 'state-of-it', nonce: 'nonce-of-it', ...more };
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  }

  /** Opens the authorization endpoint; gives the first page that does not redirect further. */
  begin(browser, who, more = {}) {
    return browser.open(`${this.server.authorization_endpoint}?${new URLSearchParams(this.requestOf(who, more))}`, isBack);
  }

  /** Logs in and agrees if the page asks; gives the answer to the client. */
  async goOn(browser, page, person = people.anna) {
    let now = page;
    if (asksLogin(now)) now = await browser.logIn(now, person, 'user', isBack);
    if (asksConsent(now)) now = await browser.submit(now, '/login/consent', { answer: 'yes' }, isBack);
    const answer = readAnswer(now);
    assert.ok(answer, `no answer came, but ${now.url} (${now.status}):\n${now.text}`);
    return answer;
  }

  async ask(browser, who, more = {}) {
    const answer = await this.goOn(browser, await this.begin(browser, who, more));
    assert.equal(answer.error, undefined, JSON.stringify(answer));
    assert.equal(answer.state, 'state' in more ? more.state : 'state-of-it');
    assert.equal(answer.iss, this.issuer);
    assertSecret(answer.code, 'the code');
    return answer;
  }

  /** A client assertion as the suite makes it, but for the issuer: `key` is of makeKey. */
  assertion(who, key = this.key, audience = this.issuer) {
    return new jose.SignJWT({ jti: webcrypto.randomUUID() }).setProtectedHeader({ alg: key.alg, ...(key.kid ? { kid: key.kid } : {}) })
      .setIssuer(who.client_id).setSubject(who.client_id).setAudience(audience).setIssuedAt().setNotBefore('0s').setExpirationTime('60s').sign(key.privateKey);
  }

  async callToken(who, fields, { key = this.key, audience = this.issuer } = {}) {
    const form = { ...fields };
    const headers = { accept: 'application/json' };
    if (who.token_endpoint_auth_method === 'private_key_jwt') {
      form.client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
      form.client_assertion = await this.assertion(who, key, audience);
    } else if (who.token_endpoint_auth_method === 'client_secret_post') {
      Object.assign(form, { client_id: who.client_id, client_secret: who.client_secret });
    } else {
      headers.authorization = `Basic ${Buffer.from(`${encodeURIComponent(who.client_id)}:${encodeURIComponent(who.client_secret)}`).toString('base64')}`;
    }
    const answer = await fetch(this.server.token_endpoint, { method: 'POST', headers, body: new URLSearchParams(form) });
    const body = await answer.json();
    assert.match(answer.headers.get('content-type'), /^application\/json(;|$)/);
    assert.match(answer.headers.get('cache-control'), /(^|,)\s*no-store\s*(,|$)/);
    assert.equal(answer.headers.get('pragma'), 'no-cache');  // RFC 6749 §5.1
    if (answer.status !== 200) assertError(body);
    return { status: answer.status, headers: answer.headers, body };
  }

  redeem(who, code, more = {}, how = {}) {
    return this.callToken(who, { grant_type: 'authorization_code', code, redirect_uri: redirect, ...more }, how);
  }

  /** What the suite examines in every ID token; `nonce`: null where there is none; `asked`: the claims that were asked for. */
  async readIdToken(who, token, { nonce = 'nonce-of-it', asked = [] } = {}) {
    const { payload, protectedHeader } = await jose.jwtVerify(token, this.keys, { issuer: this.issuer, audience: who.client_id });
    assert.equal(protectedHeader.alg, who.id_token_signed_response_alg);
    assert.ok(protectedHeader.kid);
    const now = Date.now() / 1000;
    assert.equal(payload.aud, who.client_id);
    assert.match(payload.sub, /^[\x20-\x7E]{1,255}$/);
    assert.ok(payload.exp > payload.iat && payload.exp < now + 50 * year && Math.abs(payload.iat - now) < 300);
    assert.ok(Number.isInteger(payload.auth_time) && payload.auth_time <= payload.iat && payload.auth_time > now - year);
    assert.ok(this.server.acr_values_supported.includes(payload.acr));
    assert.equal(payload.nonce ?? null, nonce);
    for (const claim of Object.keys(payload)) assert.ok([...ownClaims, ...asked].includes(claim), `nobody asked for ${claim}`);
    return payload;
  }

  /** The tokens of an answer, examined as the suite examines all of them. */
  async readTokens(who, { status, body }, { nonce = 'nonce-of-it', asked = [] } = {}) {
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body.token_type, 'Bearer');
    assert.ok(Number.isInteger(body.expires_in) && body.expires_in > 0 && body.expires_in <= year);
    assertSecret(body.access_token, 'the access token');
    if (body.refresh_token !== undefined) assertSecret(body.refresh_token, 'the refresh token');
    const claims = await this.readIdToken(who, body.id_token, { nonce, asked });
    assert.equal(claims.at_hash, Buffer.from(await webcrypto.subtle.digest('SHA-256', Buffer.from(body.access_token))).subarray(0, 16).toString('base64url'));
    return { ...body, claims };
  }

  async getTokens(who, answer, more = {}, { how = {}, ...expected } = {}) {
    return this.readTokens(who, await this.redeem(who, answer.code, more, how), expected);
  }

  async logIn(who, more = {}, browser = new HttpBrowser()) {
    return { browser, ...await this.getTokens(who, await this.ask(browser, who, more)) };
  }

  /** The tokens of a refresh, compared with those of the login as OpenID Connect Core §12.2 demands. */
  async refresh(who, before, how = {}, fields = {}) {
    const tokens = await this.readTokens(who, await this.callToken(who, { grant_type: 'refresh_token', refresh_token: before.refresh_token, ...fields }, how),
      { nonce: null });
    assert.notEqual(tokens.access_token, before.access_token);
    for (const claim of ['iss', 'sub', 'aud', 'auth_time', 'azp']) assert.deepEqual(tokens.claims[claim], before.claims[claim], claim);
    assert.ok(tokens.claims.iat >= before.claims.iat);
    return tokens;
  }

  /** `how`: the three ways in which the suite shows an access token. */
  async userinfo(token, how = 'get') {
    const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const ways = { get: { headers }, 'post-header': { method: 'POST', headers: { ...headers, ...form } }, 'post-body': { method: 'POST', body: new URLSearchParams({ access_token: token }) } };
    const answer = await fetch(this.server.userinfo_endpoint, ways[how]);
    const body = answer.status === 200 ? await answer.json() : undefined;
    for (const [name, value] of Object.entries(body ?? {})) {
      if (!this.server.claims_supported.includes(name) || name === 'context') continue;  // the suite passes over claims of others
      const type = { email_verified: 'boolean', phone_number_verified: 'boolean', updated_at: 'number' }[name] ?? 'string';
      assert.equal(typeof value, type, name);
      if (type === 'string') assert.ok(value.trim() && value.toLowerCase() !== 'null', name);
    }
    if (body?.updated_at) assert.ok(body.updated_at > Date.UTC(1990) / 1000 && body.updated_at < Date.now() / 1000 + 300);
    return { status: answer.status, headers: answer.headers, body };
  }
}

export const startSuite = () => new Suite().start();
