// Debian's Apache with libapache2-mod-auth-openidc protects a page; the login goes through the server.
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Child, findFreePort, makeFolder, people, startDemo } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';

const secret = 'secret-of-the-apache-of-this-test';
let demo;
let apache;
let folder;
let site;

function configuration(port) {
  const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_openidc', 'headers', 'dir', 'mime'];
  return `
ServerRoot ${folder}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${folder}/apache.pid
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/error.log
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
TypesConfig /etc/mime.types
User www-data
Group www-data
DocumentRoot ${folder}/pages
OIDCProviderMetadataURL ${demo.issuer}/.well-known/openid-configuration
OIDCClientID apache
OIDCClientSecret ${secret}
OIDCRedirectURI ${site}/protected/answer
OIDCCryptoPassphrase passphrase-of-the-apache-of-this-test
OIDCPKCEMethod S256
OIDCScope "openid profile"
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCRemoteUserClaim preferred_username
<Directory ${folder}/pages>
  Require all granted
</Directory>
<Location /protected>
  AuthType openid-connect
  Require valid-user
  Header set X-Remote-User "expr=%{REMOTE_USER}"
  Header set X-Claim-Name "%{OIDC_CLAIM_name}e"
  Header set X-Claim-Acr "%{OIDC_CLAIM_acr}e"
</Location>
`;
}

before(async () => {
  demo = await startDemo();
  folder = await makeFolder('apache');
  await chmod(folder, 0o755);  // Apache's workers read it as www-data
  await mkdir(path.join(folder, 'pages', 'protected'), { recursive: true });
  await writeFile(path.join(folder, 'pages', 'index.html'), 'open');
  await writeFile(path.join(folder, 'pages', 'protected', 'index.html'), 'protected');
  const port = await findFreePort();
  site = `http://localhost:${port}`;
  await writeFile(path.join(folder, 'apache.conf'), configuration(port));
  const { status, err } = await demo.chancery(['client', 'create', 'apache', '--name', 'Apache', '--secret-stdin',
    '--redirect-uri', `${site}/protected/answer`, '--post-logout-redirect-uri', `${site}/`, '--scope', 'openid', '--scope', 'profile'],
  `${secret}\n`);
  assert.equal(status, 0, err);
  apache = new Child('/usr/sbin/apache2', ['-f', path.join(folder, 'apache.conf'), '-DFOREGROUND']);
  await apache.waitFor('Apache answers', async () => {
    try {
      return (await fetch(`${site}/`)).status === 200;
    } catch {
      return false;
    }
  });
});
after(async () => {
  await apache?.stop();
  await demo?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('the page is open to whoever logged in, and tells who it is', async () => {
  const browser = new HttpBrowser('pl');
  const form = await browser.open(`${site}/protected/`);
  const begun = await readFile(path.join(folder, 'error.log'), 'utf8');
  assert.ok(form.url.startsWith(demo.issuer), `${form.url}: ${form.status}\n${form.text}\n${begun}`);
  const page = await browser.logIn(form, people.anna, 'user');
  const log = await readFile(path.join(folder, 'error.log'), 'utf8');
  assert.equal(page.status, 200, `${page.url}\n${page.text}\n${log}`);
  assert.equal(page.text, 'protected');
  assert.equal(page.headers.get('x-claim-name'), people.anna.name);
  assert.equal(page.headers.get('x-claim-acr'), 'urn:chancery:acr:1');
  assert.match(page.headers.get('x-remote-user'), /^anna\.kowalska/);

  const out = await browser.open(`${site}/protected/answer?logout=${encodeURIComponent(`${site}/`)}`);
  assert.equal(out.url, `${site}/`);
  assert.equal(out.text, 'open');
  const again = await browser.open(`${site}/protected/`);
  assert.match(again.text, /name="password"/, 'the session at the server is over as well');
});

test('an answer that this browser did not ask for opens nothing', async () => {
  const page = await new HttpBrowser().open(`${site}/protected/answer?code=stolen&state=foreign`);
  assert.notEqual(page.text, 'protected');
  assert.ok(page.status >= 400 || page.url.startsWith(demo.issuer));
});
