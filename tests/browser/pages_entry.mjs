// The pages before the login, those of the demonstration's applications among them.
import assert from 'node:assert/strict';
import { people, run, until } from '../harness/demo.mjs';
import { fillLogin, logIn } from './browser.mjs';

const temporaryPassword = /[A-Z][a-z]{2}[2-9](-[A-Z][a-z]{2}[2-9]){3,}/;

async function waitForText(demo, to, pattern) {
  return until(`a message to ${to}: ${pattern}`, async () => {
    const inbox = await (await fetch(`${demo.portal}/inbox.json`)).json();
    return inbox.find((one) => one.to.includes(to) && pattern.test(one.text))?.text.match(pattern)[0];
  });
}

/** A form whose token the server does not accept any more. */
export async function spoilToken(page, form) {
  await page.locator(`form[action="${form}"] input[name=csrf]`).first().evaluate((field) => { field.value = 'stale'; });
}

/** What the browser is going to ask. */
async function visitCertificate({ demo, open, see }) {
  const page = await open();
  await page.goto(`${demo.issuer}/login`);
  await page.locator('a[href^="/login/certificate"]').click();
  await see(page, 'login_certificate');
  await page.locator('details.fold > summary').click();
  await see(page, 'login_certificate.hints');
  // As a browser comes back that has none.
  const attempt = new URL(page.url()).searchParams.get('attempt');
  await page.goto(`${demo.issuer}/login/certificate/return?attempt=${attempt}&certificate=`);
  await page.locator('#login-failed').waitFor();
  await see(page, 'login_certificate_failed');
}

/** The second step of a person who must use it. */
async function visitSecondStep({ demo, open, see, round }) {
  const page = await open();
  await page.goto(`${demo.issuer}/login`);
  await fillLogin(page, people.piotr);
  await page.waitForURL(`${demo.issuer}/login/factor**`);
  await see(page, 'factor');
  await page.locator('#code').fill('000000');
  await page.locator('form[action="/login/factor"] button.wide').click();
  await page.locator('#factor-wrong').waitFor();
  await see(page, 'factor.wrong');
  const code = await waitForText(demo, '+48600100203', /\b\d{6}\b/);
  await page.locator('input[name=remember_first]').check();
  await page.locator('#code').fill(code);
  await page.locator('form[action="/login/factor"] button.wide').click();
  await page.waitForURL(`${demo.issuer}/account`);
  await page.goto(`${demo.issuer}/logout`);
  await page.locator('form[action="/logout"] button[type=submit]').first().click();
  await page.waitForURL(`${demo.issuer}/logout/done`);
  await see(page, 'remembered', `${demo.issuer}/login`);

  // Somebody in that group without a number.
  const nobody = { login: `without.${round}`, password: 'Walnut-Bridge-2027' };
  const made = [
    await demo.chancery(['account', 'create', nobody.login, '--given-name', 'Nina', '--family-name', 'Sz.', '--email', `${nobody.login}@clinic.example`,
      '--verified', '--no-must-change', '--context', 'user', '--password-stdin'], `${nobody.password}\n`),
    await demo.chancery(['group', 'add', 'second-factor', nobody.login]),
  ];
  for (const { status, err } of made) assert.equal(status, 0, err);
  const other = await open();
  await other.goto(`${demo.issuer}/login`);
  await fillLogin(other, nobody);
  await other.getByRole('alert').waitFor();
  await see(other, 'factor_none');

  // The same person where the rule lets a factor be set up.
  const lets = (methods) => demo.chancery(['policy', 'second-factor', 'set', `enrol_methods=${methods}`]);
  assert.equal((await lets('totp passkey')).status, 0);
  const newcomer = await open();
  await newcomer.goto(`${demo.issuer}/login`);
  await fillLogin(newcomer, nobody);
  await newcomer.waitForURL(`${demo.issuer}/login/enrol**`);
  await see(newcomer, 'enrol');
  await see(newcomer, 'enrol.passkey', `${demo.issuer}/login/enrol?method=passkey`);
  await newcomer.goto(`${demo.issuer}/login/enrol?method=totp`);
  await newcomer.locator('details.snippet summary').click();
  await see(newcomer, 'enrol.app');
  const secret = await newcomer.locator('details.snippet code').textContent();
  await newcomer.locator('#code').fill('000000');
  await newcomer.locator('form[action="/login/enrol/app"] button[type=submit]').click();
  await newcomer.locator('#wrong-code').waitFor();
  await see(newcomer, 'enrol.wrong');
  const { status, out, err } = await run('oathtool', ['--totp', '--base32', secret.replaceAll(' ', '')]);
  assert.equal(status, 0, err);
  await newcomer.locator('#code').fill(out.trim());
  await newcomer.locator('form[action="/login/enrol/app"] button[type=submit]').click();
  await newcomer.locator('ol.recovery').waitFor();
  await see(newcomer, 'enrol_done');
  assert.equal((await lets('')).status, 0);
}

async function visitForgottenPassword({ demo, open, see, nurse }) {
  const page = await open();
  await see(page, 'reset', `${demo.issuer}/reset`);
  await page.locator('input[name=login]').fill(nurse.login);
  await page.locator('form[action="/reset"] button[type=submit]').click();
  await page.waitForURL(`${demo.issuer}/reset/sent**`);
  await see(page, 'reset_sent');
  const link = await waitForText(demo, nurse.phone, /http\S+reset\/confirm\?token=\w+/);
  await see(page, 'reset_confirm', link);
  await page.locator('form[action="/reset/confirm"] button[type=submit]').click();
  await page.waitForURL(`${demo.issuer}/reset/done**`);
  await see(page, 'reset_done');
  await see(page, 'reset_over', link);

  const temporary = await waitForText(demo, nurse.phone, temporaryPassword);
  await page.goto(`${demo.issuer}/account/activity`);
  await fillLogin(page, { login: nurse.login, password: temporary });
  await page.waitForURL(`${demo.issuer}/login/change**`);
  await page.locator('#new_password').fill(nurse.login);
  await page.locator('#password-rules li[data-state=unmet]').first().waitFor();
  await see(page, 'login_change');
  assert.equal(await page.locator('main input[type=password]').count(), 2, 'the login has just proven the old password');
  const change = async (password, repeat) => {
    await page.locator('#new_password').fill(password);
    await page.locator('#new_password_repeat').fill(repeat);
    await page.locator('form[action="/login/change"] button[type=submit]').click();
  };
  // Only the server knows that it was used before; what the page can judge is not sent.
  await change(temporary, temporary);
  await page.getByRole('alert').waitFor();
  await see(page, 'login_change.refused');
  nurse.password = 'Granite-Sparrow-2026';
  await change(nurse.password, nurse.password);
  await page.waitForURL((url) => url.pathname === '/account/activity');
  await page.context().close();
}

/** Somebody whom no message reaches is told by a page that the password was changed. */
async function visitChangedPassword({ demo, open, see, round }) {
  const ward = { login: `ward.${round}`, password: 'Initial-Amber-77' };
  const { status, err } = await demo.chancery(['account', 'create', ward.login, '--given-name', 'Station', '--family-name', 'Brzęczyszczykiewicz', '--context', 'user',
    '--email', `${ward.login}@clinic.example`, '--password-stdin'], `${ward.password}\n`);
  assert.equal(status, 0, err);
  const freed = await demo.chancery(['account', 'free', ward.login, 'email']);
  assert.equal(freed.status, 0, freed.err);
  const page = await open();
  await page.goto(`${demo.issuer}/account/activity`);
  await fillLogin(page, ward);
  await page.waitForURL(`${demo.issuer}/login/change**`);
  for (const field of ['new_password', 'new_password_repeat']) await page.locator(`#${field}`).fill('Granite-Sparrow-2026');
  await page.locator('form[action="/login/change"] button[type=submit]').click();
  await page.waitForURL(`${demo.issuer}/login/changed**`);
  await see(page, 'login_changed');
  await page.locator('main .actions a.button').click();
  await page.waitForURL((url) => url.pathname === '/account/activity');
  await page.context().close();
}

async function visitFailures({ demo, open, see, locked }) {
  const page = await open();
  for (const path of ['/no-such-page', '/policy/check']) {
    await see(page, `error.${path === '/policy/check' ? '405' : '404'}`, `${demo.issuer}${path}`);
  }
  await see(page, 'error.400', `${demo.issuer}/oauth2/authorize?client_id=nobody`);

  await page.goto(`${demo.issuer}/login`);
  await spoilToken(page, '/login/password');
  await fillLogin(page, locked);
  await page.locator('.reference').waitFor();
  await see(page, 'error.stale_form');

  await page.goto(`${demo.issuer}/login`);
  await page.context().clearCookies();
  await fillLogin(page, locked);
  await page.getByRole('alert').waitFor();
  await see(page, 'login_expired');

  // A passkey of nobody.
  await page.goto(`${demo.issuer}/login`);
  await page.locator('form[action="/login/passkey"]').evaluate((form) => form.submit());
  await page.getByRole('alert').waitFor();
  await see(page, 'login.passkey_failed');

  // Five failures: nothing says that the account is locked now.
  for (let tries = 0; tries < 5; tries += 1) {
    await page.goto(`${demo.issuer}/login`);
    await fillLogin(page, { ...locked, password: 'not-this-one-1' });
    await page.getByRole('alert').waitFor();
  }
  await see(page, 'login.failed');
  await page.context().close();
}

/** A device asks for access, and a person says no. */
async function visitDevice({ demo, open, see, round, recipient }) {
  const id = `screen-${round}`;
  const { status, err } = await demo.chancery(['client', 'create', id, '--kind', 'native', '--name', 'Ekran oddziału',
    '--grant', 'urn:ietf:params:oauth:grant-type:device_code']);
  assert.equal(status, 0, err);
  const body = new URLSearchParams({ client_id: id, scope: 'openid' });
  const begun = await (await fetch(`${demo.issuer}/oauth2/device_authorization`, { method: 'POST', body })).json();
  const page = await open();
  await see(page, 'device', `${demo.issuer}/device`);
  await page.goto(`${demo.issuer}/device/confirm?user_code=BCDF-GHJK`);
  await logIn(page, recipient);
  await page.locator('.notice.error').waitFor();
  await see(page, 'device.unknown');
  await see(page, 'device_question', `${demo.issuer}/device/confirm?user_code=${begun.user_code}`);
  await page.locator('button[name=answer][value=no]').click();
  await page.waitForURL(`${demo.issuer}/device/done`);
  await see(page, 'device_done');
  await see(page, 'device_done.allowed', `${demo.issuer}/device/done?allowed=1`);
  await page.context().close();
}

/** Signatures are verified without a login: a form, a refusal and an answer. */
export async function visitVerification(page, { demo, see }, inside = '') {
  const send = async (name, buffer) => {
    await page.goto(`${demo.issuer}/verify`);
    await page.locator('#document').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(buffer) });
    await page.locator('form[action="/verify"] button[type=submit]').click();
  };
  await page.goto(`${demo.issuer}/verify`);
  await see(page, `verify${inside}`);
  await page.locator('form[action="/verify"] details.fold > summary').click();
  await see(page, `verify${inside}.more`);
  await send('letter.txt', 'a letter');
  await page.locator('.notice.error').waitFor();
  await see(page, `verify${inside}.refused`);
  await send('letter.xml', '<letter/>');
  await page.waitForURL(`${demo.issuer}/verify/report/**`);
  await see(page, `verify_report${inside}`);
  await page.goto(`${page.url()}/print`);
  await see(page, `verify_report${inside}.printed`);
  await page.goto(`${demo.issuer}/verify/report/${'A'.repeat(43)}`);
  await see(page, `verify_report${inside}.gone`);
}

export async function visitEntryPages(tour) {
  const { demo, open, see, locked } = tour;
  const page = await open();
  await see(page, 'welcome', demo.issuer);
  await see(page, 'policy', `${demo.issuer}/policy`);
  await see(page, 'help_topics', `${demo.issuer}/help`);
  for (const topic of ['login', 'reset', 'data', 'sessions', 'applications', 'clients', 'signatures']) await see(page, `help.${topic}`, `${demo.issuer}/help/${topic}`);
  await visitVerification(page, tour);
  await visitCertificate(tour);
  await see(page, 'logged_out', `${demo.issuer}/logout/done`);
  await see(page, 'logged_out.by_time', `${demo.issuer}/logout/expired`);
  await see(page, 'demo.portal', demo.portal);
  await see(page, 'demo.laboratory', demo.laboratory);
  await see(page, 'demo.inbox', `${demo.portal}/inbox`);
  await see(page, 'demo.not_found', `${demo.portal}/no-such-page`);
  await see(page, 'demo.failed', `${demo.portal}/callback?state=x`);
  await see(page, 'login', `${demo.portal}/login`);
  await page.locator('input[name=password]').fill(locked.password);
  await page.locator('.reveal').click();
  await see(page, 'login.password_shown', undefined);
  await page.goto(`${demo.issuer}/login/password`);
  await see(page, 'login.by_password');
  await page.goto(`${demo.portal}/login`);
  await logIn(page, tour.recipient);
  await page.waitForURL(`${demo.portal}/`);
  await see(page, 'demo.portal_inside');
  await page.goto(`${demo.laboratory}/login`);
  await page.waitForURL(`${demo.laboratory}/`);
  await see(page, 'demo.laboratory_inside');
  await page.context().close();
  await visitDevice(tour);
  await visitSecondStep(tour);
  await visitForgottenPassword(tour);
  await visitChangedPassword(tour);
  await visitFailures(tour);
}
