// A developer's application is registered from a template, what the page shows is pasted, and a person logs in with it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findFreePort, people, until } from '../harness/demo.mjs';
import { keepPicture, logIn, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((started) => { ({ demo, browser } = started); });

async function openAsAdmin(language, where) {
  const page = await openWindow(browser, language, { viewport: { width: 1280, height: 900 } });
  await page.goto(`${demo.issuer}${where}`);
  await logIn(page, people.admin);
  await page.waitForURL(`${demo.issuer}${where}`);
  return page;
}

/** Runs what was pasted as a program of its own, until `work` has ended. The packages are those of the interop tests. */
async function withProgram(source, secret, address, work) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'chancery-pasted-'));
  await symlink(fileURLToPath(new URL('../interop/node_modules', import.meta.url)), path.join(folder, 'node_modules'));
  // Node 18 has the object, but not as a global.
  const first = "import { webcrypto } from 'node:crypto';\nglobalThis.crypto ??= webcrypto;\nawait import('./pasted.mjs');\n";
  await writeFile(path.join(folder, 'first.mjs'), first);
  await writeFile(path.join(folder, 'pasted.mjs'), source);
  const program = spawn(process.execPath, ['first.mjs'], { cwd: folder, env: { ...process.env, CLIENT_SECRET: secret }, stdio: 'inherit' });
  try {
    await until('the pasted program listens', async () => {
      if (program.exitCode !== null) throw new Error('the pasted program ended');
      return fetch(address, { redirect: 'manual' }).then(() => true, () => false);
    });
    await work();
  } finally {
    program.kill();
    await rm(folder, { recursive: true });
  }
}

async function logInAt(application, words) {
  const page = await openWindow(browser, 'en');
  await page.goto(application);
  await page.waitForURL((url) => url.pathname === '/login');
  assert.match(await page.locator('.panel').innerText(), /Test kitchen/);
  await logIn(page, people.jan);
  await page.getByText(words).waitFor();
  await page.context().close();
}

test("a developer's application is registered from a template and logs in, and its secret is changed without an outage", async () => {
  const port = await findFreePort();
  const application = `http://127.0.0.1:${port}/`;
  const page = await openAsAdmin('en', '/admin/new-application');
  await page.locator('input[name=kind][value=web]').check();
  await page.locator('#name').fill('Test kitchen');
  await page.locator('#redirect_uris').fill(`${application}callback`);
  await page.getByRole('button', { name: 'Register' }).click();
  const secret = await page.locator('#client-secret').innerText();
  assert.equal(secret.length, 43);
  await page.getByText('Node.js: openid-client 6').click();
  const source = await page.locator('details[open] pre').innerText();
  await keepPicture(page, 'application.made');
  await withProgram(source, secret, application, () => logInAt(application, /Logged in: /));

  await page.getByRole('link', { name: 'To the application' }).click();
  await page.locator('#old_hours').selectOption('24');
  await page.getByRole('button', { name: 'New secret' }).click();
  const next = await page.locator('#client-secret').innerText();
  assert.notEqual(next, secret);
  await withProgram(source, secret, application, () => logInAt(application, /Logged in: /));
  await withProgram(source, next, application, () => logInAt(application, /Logged in: /));

  await page.getByRole('link', { name: 'To the application' }).click();
  await page.getByRole('button', { name: /End the old secret/ }).click();
  await page.getByRole('alert').locator('select').selectOption('other');
  await page.getByRole('alert').getByRole('button', { name: 'End the old secret' }).click();
  await page.getByRole('status').filter({ hasText: 'has ended' }).waitFor();
  await withProgram(source, secret, application, () => logInAt(application, 'The login did not work.'));
  await withProgram(source, next, application, () => logInAt(application, /Logged in: /));
  await page.reload();
  assert.doesNotMatch(await page.locator('main').innerText(), /never used/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

/** A server of static files: a page that loads what was pasted, and the package that it needs. */
async function serveInBrowser(read) {
  const modules = new URL('../interop/node_modules/', import.meta.url);
  const imports = { 'oidc-client-ts': '/modules/oidc-client-ts/dist/esm/oidc-client-ts.js', 'jwt-decode': '/modules/jwt-decode/build/esm/index.js' };
  const page = `<!doctype html><html lang="en"><title>Pantry</title><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script><body><script type="module" src="/pasted.mjs"></script></body></html>`;
  const server = http.createServer(async (request, answer) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    const module = Object.values(imports).find((one) => one === pathname);
    const isScript = pathname === '/pasted.mjs' || module !== undefined;
    answer.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    answer.end(module ? await readFile(new URL(module.slice('/modules/'.length), modules)) : isScript ? read() : page);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return server;
}

test('a single-page application is shown an example of the browser alone, which logs in without a secret', async () => {
  let source = '';
  const server = await serveInBrowser(() => source);
  const application = `http://127.0.0.1:${server.address().port}/`;
  const page = await openAsAdmin('en', '/admin/new-application');
  await page.locator('input[name=kind][value=spa]').check();
  await page.locator('#name').fill('Test pantry');
  await page.locator('#redirect_uris').fill(application);
  await page.getByRole('button', { name: 'Register' }).click();
  await page.locator('details.snippet').first().waitFor();
  assert.deepEqual(await page.locator('details.snippet summary').allTextContents(), ['Browser: oidc-client-ts']);
  assert.equal(await page.locator('#client-secret').count(), 0);
  await page.locator('details.snippet summary').click();
  source = await page.locator('details[open] pre').innerText();
  await page.context().close();

  const person = await openWindow(browser, 'en');
  await person.goto(application);
  await person.waitForURL((url) => url.pathname === '/login');
  await logIn(person, people.jan);
  await person.locator('button[name=answer][value=yes]').click();
  await person.getByText(/Logged in: /).waitFor();
  assert.equal(person.url(), application);
  assert.deepEqual(person.complaints, []);
  await person.context().close();
  server.closeAllConnections?.();
  server.close();
});

for (const [language, words] of [['en', /The login works/], ['de', /Die Anmeldung funktioniert/], ['pl', /Logowanie działa/]]) {
  test(`a test login shows what an application is told, and no token (${language})`, async () => {
    const page = await openAsAdmin(language, '/admin/applications/demo-portal');
    await page.locator('#client_secret').fill('demo-portal-secret');
    await page.locator('form[action$="/try"] button[type=submit]').click();
    await page.waitForURL(`${demo.issuer}/admin/test-login**`);
    const shown = await page.locator('main').innerText();
    assert.match(shown, words);
    assert.match(shown, /preferred_username\s+admin/);
    assert.doesNotMatch(shown, /eyJ/);
    await page.context().close();
  });
}
