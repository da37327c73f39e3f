// The pages of a person who is logged in: an employee with two contexts, and a recipient, who only looks.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { run } from '../harness/demo.mjs';
import { TokenClient } from '../harness/token_client.mjs';
import { logIn } from './browser.mjs';
import { spoilToken, visitVerification } from './pages_entry.mjs';

async function submit(page, form, leadsTo = undefined) {
  await page.locator(`form[action="${form}"] button[type=submit]`).first().click();
  if (leadsTo) await page.waitForURL(leadsTo);
}

/** A new certificate. */
async function makeCertificate({ demo, round }) {
  const file = path.join(demo.folder, `certificate-${round}.pem`);
  const { status, err } = await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
    '-keyout', '/dev/null', '-out', file, '-days', '30', '-subj', `/C=PL/O=Clinic/CN=Katarzyna ${round}`]);
  if (status !== 0) throw new Error(err);
  return readFile(file, 'utf8');
}

async function visitOwnData(tour, page) {
  const { demo, see, round } = tour;
  const data = `${demo.issuer}/account/data`;
  const change = async (field, value) => {
    await page.locator(`#row-${field} summary`).click();
    await page.locator(`#${field}`).fill(value);
    await page.locator(`#row-${field} form[action="/account/data"] button[type=submit]`).click();
  };
  await see(page, 'own_data', data);
  await change('phone', '12');
  await page.getByRole('alert').waitFor();
  await see(page, 'own_data.flawed');
  await page.locator('#row-phone form[action="/account/data"] a').click();
  await page.locator('#row-phone summary').waitFor();
  await change('email', `new.address.${round}@a-clinic-with-a-long-name.example`);
  await page.waitForURL(`${data}?said=sent&field=email`);
  await see(page, 'own_data.unverified');
  const code = page.locator('input[name=code]');
  if (!(await code.evaluate((field) => field === document.activeElement))) throw new Error('the field of the code has no focus');
  await code.fill('000 000');
  await page.locator('button[name=action][value=confirm]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'own_data.wrong_code');
  await see(page, 'own_data.identifiers', `${data}?change=epuap_profile`);
  await page.locator('details.fold > summary').last().click();
  await page.locator('#pem').locator('xpath=..').locator('summary').click();
  await page.locator('#pem').fill(await makeCertificate(tour));
  await submit(page, '/account/data/certificate', `${data}?said=added`);
  await see(page, 'own_data.certificate');
  await see(page, 'data_download', `${data}/download`);
}

async function visitPassword(tour, page) {
  const { demo, see, nurse } = tour;
  const security = `${demo.issuer}/account/security`;
  const change = async (old, password, repeat) => {
    await page.locator('#old_password').fill(old);
    await page.locator('#new_password').fill(password);
    await page.locator('#new_password_repeat').fill(repeat);
    await submit(page, '/account/security');
  };
  await see(page, 'policy.own', `${demo.issuer}/policy`);
  await see(page, 'security', security);
  await see(page, 'security.gone', `${security}?gone=1`);
  // Only the server knows that it was used before; what the page can judge is not sent.
  await change(nurse.password, nurse.password, nurse.password);
  await page.getByRole('alert').waitFor();
  await see(page, 'security.refused');
  const next = 'Harbour-Meadow-2026';
  await change(nurse.password, next, next);
  await page.locator('form[action="/account/security/confirm"]').waitFor();
  await see(page, 'security_confirm');
  await submit(page, '/account/security/confirm', `${security}/changed`);
  nurse.password = next;
  await see(page, 'security_done');
}

/** Second factors, with an app whose codes come from oathtool. */
async function visitFactors({ demo, see }, page) {
  const list = `${demo.issuer}/account/factors`;
  await see(page, 'factors', list);
  await see(page, 'factors.refused', `${list}?refused=gone`);
  await see(page, 'factor_passkey', `${list}/passkey`);
  await see(page, 'factor_app', `${list}/app`);
  await page.locator('#code').fill('000000');
  await submit(page, '/account/factors/app');
  await page.getByRole('alert').waitFor();
  await see(page, 'factor_app.refused');
  await page.locator('details.snippet summary').click();
  const secret = (await page.locator('details.snippet code').textContent()).replaceAll(' ', '');
  const { status, out, err } = await run('oathtool', ['--totp', '--base32', secret]);
  if (status !== 0) throw new Error(err);
  await page.locator('#code').fill(out.trim());
  await submit(page, '/account/factors/app', `${list}?done=added`);
  await see(page, 'factors.added');
  await submit(page, '/account/factors/recovery');
  await page.locator('ol.recovery').waitFor();
  await see(page, 'recovery');
  await see(page, 'factors.question', `${list}?confirm=recovery`);
  await see(page, 'confirm.ways', `${demo.issuer}/account/confirm?next=/account/factors`);
}

async function visitSubAccounts({ demo, see, round }, page) {
  const address = `${demo.issuer}/account/sub-accounts`;
  await see(page, 'sub_accounts', address);
  await page.locator('#login').fill(`deputy.${round}`);
  await page.locator('#given_name').fill('Barbara');
  await page.locator('#email').fill('no address');
  await submit(page, '/account/sub-accounts');
  await page.getByRole('alert').waitFor();
  await see(page, 'sub_accounts.flawed');
  await page.locator('#email').fill(`deputy.${round}@clinic.example`);
  await submit(page, '/account/sub-accounts', `${address}?created=1`);
  await see(page, 'sub_accounts.created');
  const one = await page.locator('main a[href^="/account/sub-accounts/"]').first().getAttribute('href');
  await see(page, 'sub_account', `${demo.issuer}${one}`);
}

/** A key with a PIN; then two documents are signed, one of them broken, and two more are not. */
async function visitSigning({ demo, see, nurse }, page) {
  const address = `${demo.issuer}/account/sign`;
  await see(page, 'sign.none', address);
  const pin = '274831';
  const { status, err } = await demo.chancery(['credential', 'create', '--account', nurse.login, '--label', 'Katarzyna Brzęczyszczykiewicz, Unterschrift',
    '--activation', 'pin', '--pin-stdin', '--issue'], `${pin}\n`);
  if (status !== 0) throw new Error(err);
  const choose = async (files, form) => {
    await page.goto(address);
    await page.locator('#document').setInputFiles(files.map(([name, text]) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) })));
    if (form) await page.locator('#form').selectOption(form);
    await submit(page, '/account/sign');
  };
  const confirm = async (typed) => {
    await page.locator('#pin').fill(typed);
    await page.locator('form[action$="/confirm"] button[type=submit]').click();
  };
  await see(page, 'sign', address);
  await choose([]);
  await page.getByRole('alert').waitFor();
  await see(page, 'sign.refused');
  await choose([['a-letter-to-the-national-health-fund-about-the-second-quarter.xml', '<letter/>'], ['broken.xml', '<letter']], 'xades_enveloped');
  await page.waitForURL(`${address}/*`);
  await see(page, 'sign_job');
  await confirm('999999');
  await page.getByRole('alert').waitFor();
  await see(page, 'sign_job.wrong_pin');
  await confirm(pin);
  await page.locator('a[download]').waitFor();
  await see(page, 'sign_job.done');
  await choose([['letter.txt', 'a letter']]);
  await page.waitForURL(`${address}/*`);
  await page.locator('form[action$="/cancel"] button[type=submit]').click();
  await page.locator('.notice[role=status]').waitFor();
  await see(page, 'sign_job.cancelled');
  await see(page, 'sign_job.gone', `${address}/01900000-0000-7000-8000-000000000000`);
  await see(page, 'sign.used', address);
}

/** The own keys: the list, a refusal, a new key, and what is asked before it is revoked. */
async function visitOwnKeys({ demo, see }, page) {
  const address = `${demo.issuer}/account/sign/keys`;
  await see(page, 'sign_keys', address);
  await page.locator('#label').fill('Katarzyna Brzęczyszczykiewicz, Unterschrift im Archiv');
  await page.locator('#pin').fill('274831');
  await submit(page, '/account/sign/keys/new');
  await page.getByRole('alert').waitFor();
  await see(page, 'sign_keys.refused');
  await page.locator('#pin').fill('274831');
  await page.locator('#pin-repeat').fill('274831');
  await submit(page, '/account/sign/keys/new');
  await page.waitForURL(`${address}/*?done=made`);
  await see(page, 'signature_credential.own');
  await page.locator('form[action$="/delete"] button[type=submit]').click();
  await page.locator('form[action$="/delete"] input[name=confirmed]').waitFor({ state: 'attached' });
  await see(page, 'signature_credential.own_question');
}

async function visitTokens({ demo, see }, page) {
  const address = `${demo.issuer}/account/tokens`;
  await see(page, 'tokens', address);
  await page.locator('#name').fill('The archive in the basement');
  await submit(page, '/account/tokens/new');
  await page.getByRole('alert').waitFor();
  await see(page, 'tokens.refused');
  await page.locator('input[name=scope_sign]').check();
  await submit(page, '/account/tokens/new');
  await page.locator('#token-secret').waitFor();
  await see(page, 'tokens.made');
  await page.goto(address);
  await submit(page, '/account/tokens/revoke', `${address}?done=revoked`);
  await see(page, 'tokens.revoked');
}

function authorization(demo, more) {
  const query = new URLSearchParams({
    client_id: 'demo-portal', redirect_uri: `${demo.portal}/callback`, response_type: 'code', scope: 'openid', state: 'x',
    code_challenge: createHash('sha256').update('x'.repeat(43)).digest('base64url'), code_challenge_method: 'S256', ...more,
  });
  return `${demo.issuer}/oauth2/authorize?${query}`;
}

/** The warning before the automatic logout: only the browser's clock runs on, and the browser has no network meanwhile. */
async function visitWarning({ demo, open, see, nurse }) {
  const page = await open();
  await page.clock.install();
  await page.goto(`${demo.issuer}/account`);
  await logIn(page, nurse);
  await page.waitForURL(`${demo.issuer}/account`);
  await page.route('**/account/session', (route) => route.abort());
  const left = Number(await page.locator('#clock').getAttribute('data-left'));
  await page.clock.fastForward(1000 * (left - 90));
  await page.locator('dialog[open]').waitFor();
  await page.clock.resume();
  await see(page, 'account_home.warning');
  await page.context().close();
}

/** An application that nobody was asked about, and that may act while the person is away. */
async function visitOffline({ demo, see, round }, page) {
  const server = http.createServer((request, answer) => { answer.end('Back at the archive'); });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const redirect = `http://127.0.0.1:${server.address().port}/callback`;
  const id = `archive-${round}`.replaceAll('.', '-');
  const { status, out, err } = await demo.chancery(['client', 'create', id, '--name', 'Night archive of the hospital', '--redirect-uri', redirect,
    '--scope', 'openid', '--scope', 'profile', '--scope', 'offline_access', '--grant', 'authorization_code', '--grant', 'refresh_token', '--json']);
  if (status !== 0) throw new Error(err);
  const app = new TokenClient(id, JSON.parse(out).client_secret, redirect);
  const { fields, verifier } = app.begin('openid profile offline_access');
  await page.goto(`${demo.issuer}/oauth2/authorize?${new URLSearchParams(fields)}`);
  const redeemed = await app.redeem(demo.issuer, { code: new URL(page.url()).searchParams.get('code'), verifier });
  app.close();
  server.closeAllConnections?.();
  server.close();
  if (redeemed.status !== 200) throw new Error(JSON.stringify(redeemed));
  await see(page, 'applications.offline', `${demo.issuer}/account/applications`);
}

export async function visitAccountPages(tour) {
  const { demo, open, see, nurse } = tour;
  const { status, err } = await demo.chancery(['account', 'unlock', nurse.login]);
  if (status !== 0) throw new Error(err);
  const page = await open();
  const { issuer } = demo;
  await page.goto(`${issuer}/account`);
  await logIn(page, nurse);
  await page.waitForURL((url) => url.pathname !== '/login/password');
  await see(page, 'account_home', `${issuer}/account`);
  await see(page, 'welcome.inside', issuer);
  await visitOwnData(tour, page);
  await visitSubAccounts(tour, page);
  await visitPassword(tour, page);
  await visitFactors(tour, page);
  await visitVerification(page, tour, '_inside');
  await visitSigning(tour, page);
  await visitOwnKeys(tour, page);
  await visitTokens(tour, page);
  await see(page, 'applications', `${issuer}/account/applications`);
  await visitOffline(tour, page);
  await see(page, 'consent', authorization(demo, { prompt: 'consent', scope: 'openid profile email' }));
  await page.locator('button[name=answer][value=yes]').click();
  await page.waitForURL((url) => url.origin !== issuer);
  await see(page, 'applications.consents', `${issuer}/account/applications`);
  // The page that sends itself away stays if its script does not come.
  await page.route('**/form_post*', (route) => route.abort());
  await see(page, 'form_post', authorization(demo, { response_mode: 'form_post' }));
  await page.unroute('**/form_post*');
  await see(page, 'activity', `${issuer}/account/activity`);
  await see(page, 'choose_account', authorization(demo, { prompt: 'select_account' }));

  const other = await open();
  await other.goto(`${issuer}/account`);
  await logIn(other, nurse);
  await other.waitForURL(`${issuer}/account`);
  await see(page, 'sessions', `${issuer}/account/sessions`);
  await page.locator('table summary').first().click();
  await page.locator('input[name=name]').first().fill('Ward 3, the computer on the left desk');
  await see(page, 'sessions.naming');
  await submit(page, '/account/sessions/name');
  await page.locator('.notice[role=status]').waitFor();
  await see(page, 'sessions.named');
  await submit(page, '/account/sessions/end-others');
  await page.locator('.notice[role=status]').waitFor();
  await see(page, 'sessions.ended');
  await other.context().close();

  await see(page, 'confirm', `${issuer}/account/confirm?next=/account/data`);
  await page.locator('#password').fill('not-this-one-1');
  await submit(page, '/account/confirm');
  await page.getByRole('alert').waitFor();
  await see(page, 'confirm.failed');
  await see(page, 'expiring', `${issuer}/account/expiring?next=/account/data`);
  await see(page, 'error_inside.403', `${issuer}/admin/audit`);
  await page.goto(`${issuer}/account/suspend`);
  await spoilToken(page, '/account/suspend');
  await submit(page, '/account/suspend');
  await see(page, 'error_inside.stale_form');
  await see(page, 'logout', `${issuer}/logout`);
  await submit(page, '/logout', `${issuer}/logout/done`);
  await see(page, 'logged_out.by_person');
  await page.context().close();

  const recipient = await open();
  await recipient.goto(`${issuer}/account`);
  await logIn(recipient, tour.recipient);
  await recipient.waitForURL(`${issuer}/account`);
  await see(recipient, 'account_home.recipient');
  await see(recipient, 'own_data.recipient', `${issuer}/account/data`);
  await recipient.context().close();
  await visitWarning(tour);
}

export async function visitLeaving({ demo, open, see, nurse }) {
  const page = await open();
  await page.goto(`${demo.issuer}/account`);
  await logIn(page, nurse);
  await page.waitForURL(`${demo.issuer}/account`);
  await see(page, 'leave.suspend', `${demo.issuer}/account/suspend`);
  await see(page, 'leave.delete', `${demo.issuer}/account/delete`);
  await submit(page, '/account/delete');
  await page.locator('h1').waitFor();
  await see(page, 'left');
  await page.context().close();
}
