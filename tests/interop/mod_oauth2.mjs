// Debian's Apache with libapache2-mod-oauth2 as a resource server: it verifies access tokens by the published keys, or
// asks the introspection endpoint.
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Child, findFreePort, makeFolder, startDemo } from '../harness/demo.mjs';

const results = 'https://results.example.org/';
let demo;
let apache;
let folder;
let site;
const secrets = {};

function configuration(port) {
  const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'oauth2', 'headers', 'dir', 'mime'];
  const introspection = `introspect.auth=client_secret_basic&client_id=results-api&client_secret=${secrets['results-api']}`;
  const page = `
  AuthType oauth2
  Require oauth2_claim aud:${results}
  Header set X-Client "%{OAUTH2_CLAIM_client_id}e"
  Header set X-Permissions "%{OAUTH2_CLAIM_permissions}e"`;
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
<Directory ${folder}/pages>
  Require all granted
</Directory>
<Location /verified>${page}
  OAuth2TokenVerify jwks_uri ${demo.issuer}/oauth2/jwks jwks_uri.ssl_verify=false&verify.iat.slack_before=600
</Location>
<Location /asked>${page}
  OAuth2TokenVerify introspect ${demo.issuer}/oauth2/introspect introspect.ssl_verify=false&${introspection}
</Location>
`;
}

async function chancery(...args) {
  const { status, out, err } = await demo.chancery(args);
  assert.equal(status, 0, err);
  return out;
}

async function create(clientId, ...more) {
  secrets[clientId] = JSON.parse(await chancery('client', 'create', clientId, ...more, '--json')).client_secret;
}

before(async () => {
  demo = await startDemo();
  await create('results-api', '--kind', 'resource');
  await create('robot', '--kind', 'machine', '--scope', 'results:read');
  await create('stranger', '--kind', 'machine', '--scope', 'other:read');
  await chancery('resource', 'create', results, '--name', 'Results', '--client', 'results-api');
  await chancery('resource', 'item', 'set', results, 'scope', 'results:read', '--for', 'client:robot');
  await chancery('resource', 'item', 'set', results, 'permission', 'results.see_all', '--scope', 'results:read', '--for', 'client:robot');
  await chancery('resource', 'create', 'urn:example:other', '--name', 'Other');
  await chancery('resource', 'item', 'set', 'urn:example:other', 'scope', 'other:read', '--for', 'all');
  folder = await makeFolder('apache');
  await chmod(folder, 0o755);  // Apache's workers read it as www-data
  for (const name of ['verified', 'asked']) {
    await mkdir(path.join(folder, 'pages', name), { recursive: true });
    await writeFile(path.join(folder, 'pages', name, 'index.html'), name);
  }
  await writeFile(path.join(folder, 'pages', 'index.html'), 'open');
  const port = await findFreePort();
  site = `http://localhost:${port}`;
  await writeFile(path.join(folder, 'apache.conf'), configuration(port));
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

async function getToken(clientId) {
  const answer = await fetch(`${demo.issuer}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secrets[clientId]}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const body = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(body));
  return body.access_token;
}

async function open(where, token) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const answer = await fetch(`${site}/${where}/`, { headers });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

for (const [where, how] of [['verified', 'verifies the signature'], ['asked', 'asks the introspection endpoint']]) {
  test(`Apache ${how} and lets the client in that has the right`, async () => {
    const page = await open(where, await getToken('robot'));
    assert.equal(page.status, 200, `${page.text}\n${await readFile(path.join(folder, 'error.log'), 'utf8')}`);
    assert.equal(page.text, where);
    assert.equal(page.headers.get('x-client'), 'robot');
    assert.match(page.headers.get('x-permissions'), /results\.see_all/);
  });

  test(`Apache ${how} and refuses tokens for others, changed ones and none`, async () => {
    const token = await getToken('robot');
    const changed = token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA');
    for (const bad of [await getToken('stranger'), changed, 'x', undefined]) {
      assert.equal((await open(where, bad)).status, 401);
    }
  });
}
