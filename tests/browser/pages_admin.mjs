// The pages of administrators, with something on each: a locked account, a deleted one, a notice that is not delivered.
import { createHash } from 'node:crypto';
import { people, until } from '../harness/demo.mjs';
import { HttpBrowser } from '../harness/http_browser.mjs';
import { logIn, searchAccounts } from './browser.mjs';

/** A relying party whose server is away: its notice of the logout waits in the outbox. */
async function leaveNoticeBehind({ demo, open, round }) {
  const clientId = `away-${round}`;
  const { status, err } = await demo.chancery(['client', 'create', clientId, '--public', '--name', 'Apteka szpitalna', '--redirect-uri',
    `${demo.portal}/no-such-page`, '--backchannel-logout-uri', 'https://away.invalid/backchannel-logout']);
  if (status !== 0) throw new Error(err);
  const page = await open();
  const query = new URLSearchParams({
    client_id: clientId, redirect_uri: `${demo.portal}/no-such-page`, response_type: 'code', scope: 'openid',
    code_challenge: createHash('sha256').update('x'.repeat(43)).digest('base64url'), code_challenge_method: 'S256',
  });
  await page.goto(`${demo.issuer}/oauth2/authorize?${query}`);
  await logIn(page, people.anna, 'user');
  await page.locator('button[name=answer][value=yes]').click();
  await page.waitForURL(`${demo.portal}/no-such-page**`);
  const code = new URL(page.url()).searchParams.get('code');
  await fetch(`${demo.issuer}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'authorization_code', code, client_id: clientId, redirect_uri: `${demo.portal}/no-such-page`, code_verifier: 'x'.repeat(43) }),
  });
  await page.goto(`${demo.issuer}/logout`);
  await page.locator('form[action="/logout"] button[type=submit]').first().click();
  await page.waitForURL(`${demo.issuer}/logout/done`);
  await page.context().close();
}

/** Five failures, directly before the lock is needed, because a lock ends after some time. */
async function lock({ demo, forgetful }) {
  for (let tries = 0; tries < 5; tries += 1) {
    const browser = new HttpBrowser();
    const page = await browser.open(`${demo.issuer}/login`);
    await browser.submit(page, '/login/password', { login: forgetful.login, password: 'not-this-one-1' });
  }
}

/** Ends the sessions of two accounts that have none, and of the own one, which is spared. */
async function changeSeveral({ demo, see, round }, page) {
  const { issuer } = demo;
  await page.goto(`${issuer}/admin/accounts`);
  await page.locator('button[value=ticked]').click();
  await see(page, 'admin_bulk.none');
  for (const text of [`locked.${round}`, 'anna.kowalska']) {
    await searchAccounts(page, issuer, text);
    await page.locator('input[type=checkbox][name^="account."]').first().check();
    await page.locator(text === 'anna.kowalska' ? 'button[value=ticked]' : 'button[value=found]').click();
    await see(page, 'admin_bulk');
    await page.locator('select[name=act]').selectOption('sessions');
    await page.locator('main form button[type=submit]').click();
    await see(page, text === 'anna.kowalska' ? 'admin_bulk.spared' : 'admin_bulk.preview');
    if (text !== 'anna.kowalska') {
      await page.locator('main form button[type=submit]').click();
      await page.locator('select[name=reason]').selectOption('asked');
      await page.locator('main form button[type=submit]').click();
      await page.waitForURL(`${issuer}/admin/accounts/bulk/*`);
      // The page reads itself again until the run has ended.
      await page.locator('a[href$="/results"]').waitFor();
      await see(page, 'admin_bulk_run');
      await see(page, 'admin_bulk_runs', `${issuer}/admin/accounts/bulk`);
    }
  }
}

export async function visitAdminPages(tour) {
  const { demo, open, see } = tour;
  const { issuer } = demo;
  await leaveNoticeBehind(tour);
  const page = await open();
  const openFirst = async (query) => {
    if (query.text) await searchAccounts(page, issuer, query.text);
    else await page.goto(`${issuer}/admin/accounts?state=${query.state}`);
    await page.locator('tbody a').first().click();
    await page.waitForURL(`${issuer}/admin/accounts/*`);
  };

  // A person with two contexts is asked to choose one, and may change it later.
  await page.goto(`${demo.portal}/login`);
  await logIn(page, people.anna);
  await page.waitForURL(`${issuer}/login/context**`);
  await see(page, 'context');
  await page.locator('button[name=context][value=administrator]').click();
  await page.waitForURL(`${demo.portal}/`);
  await see(page, 'account_home.administrator', `${issuer}/account`);
  await see(page, 'context.again', `${issuer}/login/context`);
  await openFirst({ text: 'admin' });
  await see(page, 'admin_account.above');
  await page.goto(`${issuer}/logout`);
  await page.locator('form[action="/logout"] button[type=submit]').first().click();
  await page.waitForURL(`${issuer}/logout/done`);

  await page.goto(`${issuer}/login`);
  await logIn(page, tour.admin);
  await page.waitForURL((url) => url.pathname.startsWith('/account'));
  await see(page, 'leave.refused', `${issuer}/account/delete`);
  await see(page, 'admin_home', `${issuer}/admin`);
  await page.locator('.chart summary').first().click();
  await see(page, 'admin_home.table');
  await see(page, 'admin_audit', `${issuer}/admin/audit`);
  await page.locator('summary').last().click();
  await see(page, 'admin_audit.details');
  await see(page, 'admin_audit.none', `${issuer}/admin/audit?from=2001-01-01&to=2001-01-02`);
  const reported = await fetch(`${issuer}/api/v1/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Basic ${btoa('demo-portal:demo-portal-secret')}` },
    body: JSON.stringify({ type: 'record.read', outcome: 'success', actor: people.anna.login, subject: 'Zuzanna Sz.', object: 'record 4711' }),
  });
  if (reported.status !== 201) throw new Error(`an event was answered by ${reported.status}`);
  await see(page, 'admin_audit.reported', `${issuer}/admin/audit?source=reported`);
  await see(page, 'audit_check', `${issuer}/admin/audit/check`);
  await page.locator('form[action="/admin/audit/check"] button').click();
  await page.waitForURL(`${issuer}/admin/audit/check`);
  await until('the check is over', async () => {
    await page.goto(`${issuer}/admin/audit/check`);
    return await page.locator('form[action="/admin/audit/check"] button').count() === 1;
  });
  await see(page, 'audit_check.intact');
  await see(page, 'admin_audit.flawed', `${issuer}/admin/audit?from=yesterday`);
  await see(page, 'admin_accounts', `${issuer}/admin/accounts`);
  await searchAccounts(page, issuer, 'nobody.is.called.so');
  await see(page, 'admin_accounts.none');
  await changeSeveral(tour, page);
  await see(page, 'admin_accounts.flawed', `${issuer}/admin/accounts?next=x`);
  await see(page, 'admin_account_new', `${issuer}/admin/accounts/new`);
  await page.locator('form[action="/admin/accounts/new"] button[type=submit]').last().click();
  await page.getByRole('alert').waitFor();
  await see(page, 'admin_account_new.refused');
  await see(page, 'admin_account_new.organisation', `${issuer}/admin/accounts/new?sort=legal_person`);
  await openFirst({ text: 'jan' });
  await see(page, 'admin_account_edit', `${page.url()}/edit`);
  await openFirst({ text: 'jan' });
  await see(page, 'act_for', `${page.url()}/act`);
  await page.locator('#act-reason').selectOption('asked');
  await page.locator('form[action$="/act"] button[type=submit]').click();
  await page.waitForURL(`${issuer}/account`);
  await see(page, 'account_home.acting');
  await see(page, 'own_data.acting', `${issuer}/account/data`);
  await see(page, 'welcome.acting', issuer);
  await see(page, 'error.acting', `${issuer}/oauth2/authorize?${new URLSearchParams({
    client_id: 'demo-portal', redirect_uri: `${demo.portal}/callback`, response_type: 'code', scope: 'openid',
    code_challenge: createHash('sha256').update('x'.repeat(43)).digest('base64url'), code_challenge_method: 'S256',
  })}`);
  await see(page, 'error_inside.acting', `${issuer}/account/security`);
  await page.locator('form[action="/account/return"] button').click();
  await page.waitForURL(`${issuer}/admin/accounts/*`);
  await see(page, 'admin_audit.acting', `${issuer}/admin/audit?type=act_for`);
  await openFirst({ text: 'anna' });
  await see(page, 'admin_account');
  await page.locator('details:has(#new_password) > summary').click();
  await page.locator('#new_password').fill('Walnut-Bridge-2027');
  await page.locator('#new_password_repeat').fill('Walnut-Bridge-2028');
  await page.locator('#password-reason').selectOption('other');
  await page.locator('form[action$="/password"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'admin_account.refused');
  await lock(tour);
  await openFirst({ state: 'locked' });
  await see(page, 'admin_account.locked');
  await page.locator('form[action$="/unlock"] button[type=submit]').click();
  await page.getByRole('alert').locator('select').waitFor();
  await see(page, 'admin_account.question');
  await page.getByRole('alert').locator('select').selectOption('mistake');
  await page.getByRole('alert').getByRole('button').click();
  await page.getByRole('status').waitFor();
  await see(page, 'admin_account.done');
  await openFirst({ state: 'deleted' });
  await see(page, 'admin_account.deleted');
  await openFirst({ text: 'admin' });
  await see(page, 'admin_account.own');
  await until('the notice was tried', async () => {
    await page.goto(`${issuer}/admin/outbox`);
    return (await page.locator('button[name=action]').count()) > 0;
  });
  await see(page, 'admin_outbox');
  await see(page, 'admin_outbox.gone', `${issuer}/admin/outbox?gone=1`);
  await see(page, 'admin_outbox.none', `${issuer}/admin/outbox?state=dropped`);
  await page.context().close();
}
