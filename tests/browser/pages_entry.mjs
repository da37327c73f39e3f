// The pages before the login, those of the demonstration's applications among them.
import assert from 'node:assert/strict';
import { people, until } from '../harness/demo.mjs';
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
    await demo.chancery(['group', 'add', 'two-steps', nobody.login]),
  ];
  for (const { status, err } of made) assert.equal(status, 0, err);
  const other = await open();
  await other.goto(`${demo.issuer}/login`);
  await fillLogin(other, nobody);
  await other.getByRole('alert').waitFor();
  await see(other, 'factor_none');
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
  await page.goto(`${demo.issuer}/login`);
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
  await page.waitForURL((url) => url.pathname === '/account');
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

  // Five failures: nothing says that the account is locked now.
  for (let tries = 0; tries < 5; tries += 1) {
    await page.goto(`${demo.issuer}/login`);
    await fillLogin(page, { ...locked, password: 'not-this-one-1' });
    await page.getByRole('alert').waitFor();
  }
  await see(page, 'login.failed');
  await page.context().close();
}

export async function visitEntryPages(tour) {
  const { demo, open, see, locked } = tour;
  const page = await open();
  await see(page, 'welcome', demo.issuer);
  await see(page, 'policy', `${demo.issuer}/policy`);
  await see(page, 'help_topics', `${demo.issuer}/help`);
  for (const topic of ['login', 'reset', 'data', 'sessions']) await see(page, `help.${topic}`, `${demo.issuer}/help/${topic}`);
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
  await visitSecondStep(tour);
  await visitForgottenPassword(tour);
  await visitFailures(tour);
}
