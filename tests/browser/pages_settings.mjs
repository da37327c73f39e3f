// The pages on which administrators set things up: groups, contexts, roles, organisations, policies.
import { logIn } from './browser.mjs';

export async function visitSettingsPages({ demo, open, see, round, admin }) {
  const { issuer } = demo;
  const page = await open();
  await page.goto(`${issuer}/admin/groups`);
  await logIn(page, admin);
  await page.waitForURL(`${issuer}/admin/groups`);
  await visitGroups({ page, issuer, see, round });
  await page.context().close();
}

async function visitGroups({ page, issuer, see, round }) {
  await see(page, 'groups.none', `${issuer}/admin/groups?text=nothing.is.called.so`);
  await see(page, 'groups.flawed', `${issuer}/admin/groups?next=a&previous=b`);
  await page.goto(`${issuer}/admin/groups`);
  await page.locator('#name').fill(`Pielęgniarki oddziału ${round}`);
  await page.locator('form[action="/admin/groups/new"] button[type=submit]').click();
  await page.waitForURL(`${issuer}/admin/groups/*`);
  await see(page, 'group.created');
  await page.locator('#login').fill('jan.nowak');
  await page.locator('form[action$="/add"] button[type=submit]').click();
  await page.waitForURL('**?done=add');
  await see(page, 'group');
  await page.locator('form[action$="/remove"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'group.question_remove');
  await page.getByRole('alert').locator('a').click();
  await page.locator('form[action$="/delete"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'group.question_delete');
  await page.getByRole('alert').locator('a').click();
  await page.locator('#name').fill('all');
  await page.locator('form[action$="/rename"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'group.flawed');
  await see(page, 'groups', `${issuer}/admin/groups`);
}
