// The pages of registered applications: list, short form, secret, one application in its states, a test login.
import { logIn } from './browser.mjs';

/** Tokens with which applications register themselves. The page is logged in as an administrator. */
async function visitRegistrationTokens({ issuer, see, round }, page) {
  const list = `${issuer}/admin/registration-tokens`;
  await see(page, 'registration_tokens.before', list);
  await page.locator('#name').fill(`Kuchnia ${round}`);
  await page.locator('form[action$="/new"] button[type=submit]').click();
  await page.locator('#token-secret').waitFor();
  await see(page, 'registration_tokens.made');
  await page.goto(list);
  await page.locator('form[action$="/revoke"] button[type=submit]').first().click();
  await page.getByRole('alert').waitFor();
  await see(page, 'registration_tokens.question');
  await page.getByRole('alert').locator('button[type=submit]').click();
  await page.waitForURL(`${list}?done=revoke`);
  await see(page, 'registration_tokens');
}

export async function visitApplicationPages({ demo, open, see, round, admin }) {
  const { issuer } = demo;
  const page = await open();
  await page.goto(`${issuer}/admin/applications`);
  await logIn(page, admin);
  await page.waitForURL(`${issuer}/admin/applications`);
  await see(page, 'admin_clients');
  await see(page, 'admin_clients.none', `${issuer}/admin/applications?text=nothing.is.called.so`);
  await see(page, 'admin_clients.flawed', `${issuer}/admin/applications?next=a&previous=b`);
  await see(page, 'admin_client_new', `${issuer}/admin/new-application`);
  await page.locator('input[name=kind][value=web]').check();
  await page.locator('#redirect_uris').fill('http://elsewhere.example/');
  await page.locator('form[action="/admin/new-application"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'admin_client_new.flawed');
  const id = `kitchen-${round}`;
  await page.locator('#name').fill('Kuchnia szpitalna');
  await page.locator('#client_id').fill(id);
  await page.locator('#redirect_uris').fill('http://127.0.0.1:9191/callback');
  await page.locator('form[action="/admin/new-application"] button[type=submit]').click();
  await page.locator('#client-secret').waitFor();
  await page.locator('details.snippet summary').first().click();
  await see(page, 'admin_client_secret');
  await see(page, 'admin_client', `${issuer}/admin/applications/${id}`);
  const protocol = page.locator('main details.field > summary');
  await protocol.click();
  await see(page, 'admin_client.protocol');
  await page.locator('#redirect_uris').fill('http://elsewhere.example/');
  await page.locator('#jwks_uri').fill('http://elsewhere.example/keys');
  await page.locator('form[action$="/change"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  if (!await page.locator('#jwks_uri').isVisible()) throw new Error('a section with a mistake is closed');
  await see(page, 'admin_client.flawed');
  await page.goto(`${issuer}/admin/applications/${id}`);
  const { status, err } = await demo.chancery(['client', 'set', id, '--name', 'Hospital kitchen', '--launch-uri', `${demo.portal}/`]);
  if (status !== 0) throw new Error(err);
  await page.locator('#description').fill('Menus of the week');
  await page.locator('form[action$="/change"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'admin_client.conflict');
  await page.goto(`${issuer}/admin/applications/${id}`);
  await page.locator('form[action$="/secret"] button[type=submit]').click();
  await page.locator('#client-secret').waitFor();
  await see(page, 'admin_client.two_secrets', `${issuer}/admin/applications/${id}`);
  await page.locator('form[action$="/delete"] button[type=submit]').click();
  await page.getByRole('alert').locator('select').waitFor();
  await see(page, 'admin_client.question');
  await page.goto(`${issuer}/admin/applications/demo-spa`);
  await page.locator('form[action$="/try"] button[type=submit]').click();
  await page.waitForURL(`${issuer}/admin/test-login**`);
  await see(page, 'admin_test_login');
  await see(page, 'admin_test_login.gone', `${issuer}/admin/test-login`);
  await visitRegistrationTokens({ issuer, see, round }, page);
  await page.context().close();
}
