// Every page that a person can see, one after the other, in one window.
import { people } from '../harness/demo.mjs';
import { fillLogin, logIn } from './browser.mjs';

/** Calls `look(name)` on each page. The window must be new. */
export async function visitEveryPage(page, demo, look) {
  const see = async (name, url) => {
    if (url) await page.goto(url);
    await look(name);
  };
  await see('welcome', demo.issuer);
  await see('reset', `${demo.issuer}/reset`);
  await see('portal', demo.portal);
  await see('laboratory', demo.laboratory);
  await see('inbox', `${demo.portal}/inbox`);
  await see('not-found', `${demo.issuer}/no-such-page`);
  await see('portal-not-found', `${demo.portal}/no-such-page`);
  await see('portal-failed', `${demo.portal}/callback?state=x`);

  await see('login', `${demo.portal}/login`);
  await fillLogin(page, { login: 'nobody.here', password: 'something-else-1' });
  await page.getByRole('alert').waitFor();
  await see('login-failed');
  await page.locator('main a.button').first().click();
  await fillLogin(page, people.anna);
  await page.waitForURL(`${demo.issuer}/login/context**`);
  await see('context');
  await page.locator('button[name=context][value=administrator]').click();
  await page.waitForURL(`${demo.portal}/`);
  await see('portal-inside');
  await page.goto(`${demo.laboratory}/login`);
  await page.waitForURL(`${demo.laboratory}/`);
  await see('laboratory-inside');
  await see('account', `${demo.issuer}/account`);
  await see('own-data', `${demo.issuer}/account/data`);
  await page.locator('#email').fill('no address');
  await page.locator('form[action="/account/data"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see('own-data-flawed');
  await see('sub-accounts', `${demo.issuer}/account/sub-accounts`);
  await see('confirm', `${demo.issuer}/account/confirm?next=/account/data`);
  await see('outbox', `${demo.issuer}/admin/outbox`);
  await see('applications', `${demo.issuer}/account/applications`);
  await see('activity', `${demo.issuer}/account/activity`);
  await see('sessions', `${demo.issuer}/account/sessions`);
  await see('suspend', `${demo.issuer}/account/suspend`);
  await see('suspend-really', `${demo.issuer}/account/suspend?step=confirm`);
  await see('delete', `${demo.issuer}/account/delete`);
  await see('logout', `${demo.issuer}/logout`);
  await page.locator('form[action="/logout"] button[type=submit]').first().click();
  await page.waitForURL(`${demo.issuer}/logout/done`);
  await see('logged-out');

  await page.goto(`${demo.issuer}/login`);
  await logIn(page, people.admin);
  await page.waitForURL((url) => url.pathname.startsWith('/account'));
  await see('audit', `${demo.issuer}/admin/audit`);
  await see('accounts', `${demo.issuer}/admin/accounts?text=anna`);
  await page.locator('tbody a').first().click();
  await page.waitForURL(`${demo.issuer}/admin/accounts/*`);
  await see('one-account');
}
