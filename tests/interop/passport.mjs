// npm passport with passport-openidconnect: a widely used library without PKCE, which sends its secret in the form. It
// is why PKCE can be left out for a confidential client.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRequire } from 'node:module';
import { people, startDemo } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';

const require = createRequire(import.meta.url);
const passport = require('passport');
const OpenIDConnectStrategy = require('passport-openidconnect');

const redirect = 'http://127.0.0.1:9191/passport';
const isBack = (url) => url.startsWith(redirect);
let demo;
let secret;
before(async () => {
  demo = await startDemo();
  const made = await demo.chancery(['client', 'create', 'passport', '--redirect-uri', redirect, '--scope', 'openid', '--scope',
    'profile', '--no-pkce', '--json']);
  assert.equal(made.status, 0, made.err);
  secret = JSON.parse(made.out).client_secret;
});
after(async () => { await demo?.stop(); });

function makePassport() {
  const one = new passport.Passport();
  one.use(new OpenIDConnectStrategy({
    issuer: demo.issuer, authorizationURL: `${demo.issuer}/oauth2/authorize`, tokenURL: `${demo.issuer}/oauth2/token`,
    userInfoURL: `${demo.issuer}/oauth2/userinfo`, clientID: 'passport', clientSecret: secret, callbackURL: redirect,
    scope: ['profile'], skipUserProfile: false,
  }, (issuer, profile, done) => done(null, { issuer, ...profile })));
  return one;
}

/** What the middleware does with a request: { redirect } or { user }, or it fails. */
function authenticate(one, session, url) {
  return new Promise((resolve, reject) => {
    const query = Object.fromEntries(new URL(url, redirect).searchParams);
    const request = { query, session, url, headers: {}, connection: {}, logIn: (user, options, done) => done() };
    const response = {
      setHeader(name, value) { if (name.toLowerCase() === 'location') resolve({ redirect: value }); },
      end() { reject(new Error(`the answer has the status ${response.statusCode}`)); },
    };
    one.authenticate('openidconnect', { session: false }, (error, user) => {
      if (error) reject(error);
      else if (user) resolve({ user });
      else reject(new Error('it was refused'));
    })(request, response, reject);
  });
}

test('passport logs a person in and reads who it is', async () => {
  const one = makePassport();
  const session = {};
  const { redirect: url } = await authenticate(one, session, '/login');
  const browser = new HttpBrowser();
  const back = await browser.logIn(await browser.open(url, isBack), people.anna, 'user', isBack);
  const { user } = await authenticate(one, session, back.location);
  assert.equal(user.issuer, demo.issuer);
  assert.equal(user.displayName, people.anna.name);
  assert.equal(user.username, people.anna.login);
});

test('passport refuses an answer that another browser brings', async () => {
  const one = makePassport();
  const { redirect: url } = await authenticate(one, {}, '/login');
  const browser = new HttpBrowser();
  const back = await browser.logIn(await browser.open(url, isBack), people.jan, 'user', isBack);
  await assert.rejects(authenticate(one, {}, back.location));
});
