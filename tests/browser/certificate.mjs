// The login by certificate in a real browser: a listener of its own asks for it, and the page goes on (S4.4).
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { people, run } from '../harness/demo.mjs';
import { keepPicture, languages, logIn, openWindow, useDemo } from './browser.mjs';

let demo;
let browser;
useDemo((made) => ({ demo, browser } = made));

const words = {
  en: { choice: /Choose a context/, failed: 'Login failed' },
  de: { choice: /Kontext auswählen/, failed: 'Anmeldung fehlgeschlagen' },
  pl: { choice: /Wybór kontekstu/, failed: 'Logowanie nie powiodło się' },
};

const origin = () => `https://localhost:${Number(new URL(demo.issuer).port) + 864}`;

/** A window of a browser that has a certificate; `file`: PKCS#12; undefined = it has none. */
async function openWith(language, file, options = {}) {
  const clientCertificates = file ? [{ origin: origin(), pfxPath: file, passphrase: 'demo' }] : undefined;
  return openWindow(browser, language, { ignoreHTTPSErrors: true, clientCertificates, ...options });
}

const annas = () => path.join(demo.folder, 'demo-anna.p12');

/** One that no authority of the demonstration has signed. */
async function makeStranger() {
  const base = path.join(demo.folder, 'stranger');
  const steps = [
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${base}.key`, '-out', `${base}.pem`,
      '-days', '30', '-subj', '/CN=Anna Kowalska', '-addext', 'extendedKeyUsage=clientAuth'],
    ['pkcs12', '-export', '-inkey', `${base}.key`, '-in', `${base}.pem`, '-out', `${base}.p12`, '-passout', 'pass:demo'],
  ];
  for (const step of steps) {
    const { status, err } = await run('openssl', step);
    assert.equal(status, 0, err);
  }
  return `${base}.p12`;
}

async function chooseCertificate(page) {
  await page.goto(`${demo.issuer}/login`);
  await page.locator('a[href^="/login/certificate"]').click();
  await page.locator(`a[href^="${origin()}"]`).click();
}

describe('login by certificate', () => {
  for (const language of Object.keys(languages)) {
    it(`the certificate leads to the choice of the context, without a password (${language})`, async () => {
      const page = await openWith(language, annas());
      await page.goto(`${demo.issuer}/login`);
      await page.locator('a[href^="/login/certificate"]').click();
      await keepPicture(page, `login-certificate-${language}`);
      await page.locator(`a[href^="${origin()}"]`).click();
      await page.waitForURL(`${demo.issuer}/login/context**`);
      assert.match(await page.locator('h1').innerText(), words[language].choice);
      await page.locator('form[action="/login/context"] button').first().click();
      await page.waitForURL(`${demo.issuer}/account`);
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });

    it(`a browser without a certificate, and one that nobody trusts, see the page of a failed login (${language})`, async () => {
      for (const file of [undefined, await makeStranger()]) {
        const page = await openWith(language, file);
        await chooseCertificate(page);
        await page.locator('#login-failed').waitFor();
        assert.equal(await page.locator('h1').innerText(), words[language].failed);
        await page.locator('a[href^="/login/certificate"]').waitFor();
        await page.locator('a[href^="/login/password"]').waitFor();
        if (file === undefined) await keepPicture(page, `login-certificate-failed-${language}`);
        await page.context().close();
      }
    });
  }

  it('without a script one button more leads on', async () => {
    const page = await openWith('en', annas(), { javaScriptEnabled: false });
    await chooseCertificate(page);
    await page.waitForURL(`${demo.issuer}/login/certificate/return**`);
    await keepPicture(page, 'certificate-return');
    await page.locator('form[action="/login/certificate"] button').click();
    await page.waitForURL(`${demo.issuer}/login/context**`);
    await page.context().close();
  });

  it('an application that asked for the login gets its person', async () => {
    const page = await openWith('en', annas());
    await page.goto(`${demo.portal}/login`);
    await page.waitForURL(`${demo.issuer}/login**`);
    await page.locator('a[href^="/login/certificate"]').click();
    await page.locator(`a[href^="${origin()}"]`).click();
    await page.waitForURL(`${demo.issuer}/login/context**`);
    await page.locator('form[action="/login/context"] button').first().click();
    await page.waitForURL(`${demo.portal}/**`);
    assert.match(await page.locator('main').innerText(), /Anna/);
    await page.context().close();
  });

  it('a person adds a certificate by showing it, and confirms with it that it is she', async () => {
    const login = 'with.card';
    const person = { login, password: 'Copper-Meadow-Lantern-7' };
    const made = await demo.chancery(['account', 'create', login, '--given-name', 'Ewa', '--family-name', 'Lis',
      '--email', `${login}@clinic.example`, '--no-must-change', '--password-stdin'], `${person.password}\n`);
    assert.equal(made.status, 0, made.err);
    const page = await openWith('en', await makeStranger());
    await page.goto(`${demo.issuer}/account/data?change=certificate`);
    await logIn(page, person);
    await page.locator(`a[href^="${origin()}"]`).click();
    await page.waitForURL(`${demo.issuer}/account/data/certificate/presented**`);
    assert.match(await page.locator('main').innerText(), /CN=Anna Kowalska/);
    await keepPicture(page, 'certificate-presented');
    await page.locator('form[action="/account/data/certificate/presented"] button').click();
    await page.waitForURL(`${demo.issuer}/account/data?said=added`);
    await page.goto(`${demo.issuer}/account/confirm?next=/account/security`);
    await keepPicture(page, 'confirm-certificate');
    // Nobody trusts its authority, so that it proves nothing.
    await page.locator(`a[href^="${origin()}"]`).click();
    await page.getByRole('alert').waitFor();
    assert.equal(new URL(page.url()).pathname, '/account/confirm');
    await page.context().close();
  });

  it('Anna confirms with her certificate that it is she', async () => {
    const page = await openWith('en', annas());
    await page.goto(`${demo.issuer}/account`);
    await logIn(page, people.anna);
    await page.locator('form[action="/login/context"] button').first().click();
    await page.waitForURL(`${demo.issuer}/account`);
    await page.goto(`${demo.issuer}/account/confirm?next=/account/security`);
    await page.locator(`a[href^="${origin()}"]`).click();
    await page.waitForURL(`${demo.issuer}/account/security`);
    await page.context().close();
  });

  it('the card of a trusted issuer names its person by the PESEL in it, and nobody else', async () => {
    const at = (name) => path.join(demo.folder, name);
    await writeFile(at('card.ext'), 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n');
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const makeCard = async (name, pesel) => {
      for (const step of [
        ['req', '-new', ...newKey, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), '-subj', `/C=PL/CN=Maria Lis/serialNumber=PNOPL-${pesel}`],
        ['x509', '-req', '-in', at(`${name}.csr`), '-CA', at('issuer.pem'), '-CAkey', at('issuer.key'), '-CAcreateserial', '-days', '30',
          '-extfile', at('card.ext'), '-out', at(`${name}.pem`)],
        ['pkcs12', '-export', '-inkey', at(`${name}.key`), '-in', at(`${name}.pem`), '-out', at(`${name}.p12`), '-passout', 'pass:demo']]) {
        const { status, err } = await run('openssl', step);
        assert.equal(status, 0, err);
      }
      return at(`${name}.p12`);
    };
    const { status, err } = await run('openssl', ['req', '-x509', ...newKey, '-keyout', at('issuer.key'), '-out', at('issuer.pem'), '-days', '30',
      '-subj', '/C=PL/O=Qualified/CN=Issuer of cards', '-addext', 'keyUsage=critical,keyCertSign,cRLSign']);
    assert.equal(status, 0, err);
    const made = [
      await demo.chancery(['account', 'create', 'maria.lis', '--given-name', 'Maria', '--family-name', 'Lis', '--email', 'maria.lis@clinic.example',
        '--pesel', '44051401359', '--context', 'user', '--no-must-change', '--password-stdin'], 'Copper-Meadow-Lantern-7\n'),
      await demo.chancery(['authority', 'trust', 'add', '--file', at('issuer.pem'), '--asks', 'none', '--amr', 'sc', '--matching', 'subject_serial']),
    ];
    for (const one of made) assert.equal(one.status, 0, one.err);

    const page = await openWith('pl', await makeCard('maria', '44051401359'));
    await chooseCertificate(page);
    await page.waitForURL(`${demo.issuer}/account`);
    assert.match(await page.locator('header').innerText(), /Maria Lis/);
    await page.context().close();
    const stranger = await openWith('pl', await makeCard('other', '02070803628'));
    await chooseCertificate(stranger);
    await stranger.locator('#login-failed').waitFor();
    await stranger.context().close();
  });

  it('nobody is asked for a certificate at the ordinary ports', async () => {
    const ask = async (port) => (await run('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost'], '')).out;
    const base = Number(new URL(demo.issuer).port) - 80;
    assert.match(await ask(base + 443), /No client certificate CA names sent/);
    assert.doesNotMatch(await ask(base + 443), /Client Certificate Types|Requested Signature Algorithms/);
    assert.match(await ask(base + 944), /Requested Signature Algorithms/);
  });
});
