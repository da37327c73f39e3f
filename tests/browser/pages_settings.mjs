// The pages on which administrators set things up: groups, contexts, roles, organisations, policies, short messages.
import assert from 'node:assert/strict';
import { logIn } from './browser.mjs';

export async function visitSettingsPages({ demo, open, see, round, admin }) {
  const { issuer } = demo;
  const page = await open();
  await page.goto(`${issuer}/admin/groups`);
  await logIn(page, admin);
  await page.waitForURL(`${issuer}/admin/groups`);
  await visitGroups({ page, issuer, see, round });
  await visitRoles({ page, issuer, see, round, demo });
  await visitResources({ page, issuer, see, round });
  await visitContexts({ page, issuer, see, round, demo });
  await visitOrganisations({ page, issuer, see, round, demo });
  await visitPolicies({ page, issuer, see, round, demo });
  await visitSystems({ page, issuer, see, round, demo });
  await visitConnector({ open, see, demo, admin });
  await visitShortMessages({ page, issuer, see, round, demo });
  await see(page, 'leave.last', `${issuer}/account/delete`);
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

async function visitRoles({ page, issuer, see, round, demo }) {
  const name = `Rejestracja ${round}`;
  await see(page, 'roles', `${issuer}/admin/roles`);
  await see(page, 'role_new', `${issuer}/admin/roles/new`);
  await page.locator('form[action="/admin/roles/new"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'role_new.flawed');
  await page.locator('#name').fill(name);
  await page.locator('input[name="permission:read_accounts"]').check();
  await page.locator('form[action="/admin/roles/new"] button[type=submit]').click();
  await page.waitForURL('**?done=create');
  await see(page, 'role.created');
  const address = page.url().split('?')[0];
  await page.locator('input[name="permission:read_audit"]').check();
  await page.locator('form[action$="/change"] button[type=submit]').last().click();
  await page.getByRole('alert').waitFor();
  await see(page, 'role.preview');
  await page.goto(address);
  await setByCommand(demo, ['role', 'set', `rejestracja-${round}`.replaceAll('.', '-'), '--name', 'Reception']);
  await page.locator('form[action$="/change"] button[type=submit]').last().click();
  await page.getByRole('alert').waitFor();
  await see(page, 'role.conflict');
  await page.goto(address);
  await page.locator('form[action$="/delete"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'role.question');
  await see(page, 'roles.own', `${issuer}/admin/roles`);
}

async function visitResources({ page, issuer, see, round }) {
  const isNew = 'form[action="/admin/resources/new"] button[type=submit]';
  await see(page, 'resources', `${issuer}/admin/resources`);
  await see(page, 'resource_new', `${issuer}/admin/resources/new`);
  await page.locator(isNew).click();
  await page.getByRole('alert').waitFor();
  await see(page, 'resource_new.flawed');
  await page.locator('#identifier').fill(`https://wyniki-${round}.example.org/`);
  await page.locator('#name').fill(`Wyniki badań ${round}`);
  await page.locator(isNew).click();
  await page.waitForURL('**?done=create');
  await see(page, 'resource.created');
  const address = page.url().split('?')[0];
  const save = 'form[action$="/item"] button[type=submit]';
  await see(page, 'resource_item.new', `${address}/item?kind=scope`);
  await page.locator(save).click();
  await page.getByRole('alert').waitFor();
  await see(page, 'resource_item.flawed');
  await page.locator('#name').fill('wyniki:odczyt');
  await page.locator('#title').fill('Read results of examinations');
  await page.locator('input[name="who"][value="some"]').check();
  await page.locator('input[name="kind:employee"]').check();
  await page.locator('input[name="context:user"]').check();
  await page.locator(save).click();
  await page.waitForURL('**?done=item');
  await page.goto(`${address}/item?kind=permission`);
  await page.locator('#name').fill('wyniki.poprawianie');
  await page.locator('#scope').selectOption('wyniki:odczyt');
  await page.locator(save).click();
  await page.waitForURL('**?done=item');
  await see(page, 'resource_item.role', `${address}/item?kind=role`);
  await page.locator('#name').fill('kierownik-laboratorium');
  await page.locator('input[name="who"][value="all"]').check();
  await page.locator('input[name="permission:wyniki.poprawianie"]').check();
  await page.locator(save).click();
  await page.waitForURL('**?done=item');
  await see(page, 'resource.filled');
  await see(page, 'resource_item', `${address}/item?kind=role&name=kierownik-laboratorium`);
  await page.locator('form[action$="/remove"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'resource.question_remove');
  await page.goto(address);
  await page.locator('form[action$="/delete"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'resource.question_delete');
}

async function visitContexts({ page, issuer, see, round, demo }) {
  await see(page, 'contexts', `${issuer}/admin/contexts`);
  await see(page, 'context_new', `${issuer}/admin/contexts/new`);
  await page.locator('#networks').fill('everywhere');
  await page.locator('form[action="/admin/contexts/new"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'context_new.flawed');
  await page.locator('#name').fill(`Rejestracja pacjentów ${round}`);
  await page.locator('#networks').fill('10.0.0.0/8\n127.0.0.0/8');
  await page.locator('form[action="/admin/contexts/new"] button[type=submit]').click();
  await page.waitForURL('**?done=create');
  await see(page, 'context_settings.created');
  const address = page.url().split('?')[0];
  await page.locator('#role').selectOption('support');
  await page.locator('#networks').fill('192.0.2.0/24');
  await page.locator('form[action$="/change"] button[type=submit]').last().click();
  await page.getByRole('alert').waitFor();
  await see(page, 'context_settings.preview');
  await page.goto(address);
  await setByCommand(demo, ['context', 'set', `rejestracja-pacjentow-${round}`.replaceAll('.', '-'), '--name', 'Reception']);
  await page.locator('form[action$="/change"] button[type=submit]').last().click();
  await page.getByRole('alert').waitFor();
  await see(page, 'context_settings.conflict');
  await page.goto(address);
  await page.locator('form[action$="/delete"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'context_settings.question');
}

async function visitOrganisations({ page, issuer, see, round, demo }) {
  await see(page, 'tenant_new', `${issuer}/admin/tenants/new`);
  await page.locator('form[action="/admin/tenants/new"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'tenant_new.flawed');
  await page.locator('#name').fill(`Przychodnia nad Wisłą ${round}`);
  await page.locator('form[action="/admin/tenants/new"] button[type=submit]').click();
  await page.waitForURL('**?done=create');
  await see(page, 'tenant.created');
  const address = page.url().split('?')[0];
  await page.locator('#accent').fill('#ffcc00');
  await page.locator('form[action$="/change"] button[type=submit]').last().click();
  await page.getByRole('alert').waitFor();
  await see(page, 'tenant.preview');
  await page.goto(address);
  await page.locator('#accent').fill('yellow');
  await page.locator('form[action$="/change"] button[type=submit]').last().click();
  await page.getByRole('alert').waitFor();
  await see(page, 'tenant.flawed');
  await page.goto(address);
  await page.locator('#logo_svg').setInputFiles({
    name: 'logo.svg',
    mimeType: 'image/svg+xml',
    buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#0b5cad"/></svg>'),
  });
  await page.locator('form[action$="/logo"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'tenant.new_logo');
  await page.locator('.notice form[action$="/logo"] button[type=submit]').click();
  await page.waitForURL('**?done=logo');
  await see(page, 'tenant.logo');
  await page.locator('form[action$="/remove-logo"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'tenant.question');
  await page.goto(address);
  const key = await page.locator('main .facts code').first().innerText();
  await setByCommand(demo, ['tenant', 'set', key, '--name', 'Clinic by the river']);
  await page.locator('form[action$="/change"] button[type=submit]').last().click();
  await page.getByRole('alert').waitFor();
  await see(page, 'tenant.conflict');
  await setByCommand(demo, ['tenant', 'create', `${key}-u`, '--parent', key, '--name', 'Rejestracja']);
  await see(page, 'tenant.left', address);
  await page.locator('.card.danger a').click();
  await page.locator('form[action$="/delete"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'tenant.delete_question');
  await page.getByRole('alert').locator('button[type=submit]').click();
  await page.waitForURL('**?done=delete');
  await see(page, 'tenants.deleted');
  await see(page, 'tenants', `${issuer}/admin/tenants`);
}

async function visitPolicies({ page, issuer, see, round, demo }) {
  const name = `oddziały ${round}`;
  await page.goto(`${issuer}/admin/policies`);
  await page.locator('#name').fill(name);
  await page.locator('form[action="/admin/policies/new"] button[type=submit]').click();
  await page.waitForURL('**?done=create');
  await see(page, 'policy_settings.created');
  const address = page.url().split('?')[0];
  await page.locator('#min_length').fill('7');
  await page.locator('form[action$="/change"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'policy_settings.flawed');
  await page.goto(address);
  await page.locator('#min_length').fill('20');
  await page.locator('#max_age').fill('60');
  await page.locator('form[action$="/change"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'policy_settings.preview');
  await page.goto(address);
  await page.locator('#place').selectOption({ index: 1 });
  await page.locator('form[action$="/bind"] button[type=submit]').click();
  await page.getByRole('alert').locator('button').click();
  await page.waitForURL('**?done=bind');
  await see(page, 'policy_settings.bound');
  await setByCommand(demo, ['policy', 'set', name, 'min_length=18']);
  await page.locator('#min_length').fill('20');
  await page.locator('form[action$="/change"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'policy_settings.conflict');
  await page.goto(address);
  await page.locator('form[action$="/unbind"] button[type=submit]').click();
  await page.getByRole('alert').locator('button').click();
  await page.waitForURL('**?done=unbind');
  await see(page, 'policies', `${issuer}/admin/policies`);
  await see(page, 'second_factor', `${issuer}/admin/second-factor`);
  await page.locator('input[name=who][value=everybody]').check();
  await page.locator('input[name=internal], textarea[name=internal]').fill('10.0.0.0/33');
  await page.locator('main form.form button.button[type=submit]').last().click();
  await page.getByRole('alert').waitFor();
  await see(page, 'second_factor.flaw');
  await page.locator('textarea[name=internal]').fill('');
  await page.locator('main form.form button.button[type=submit]').last().click();
  await page.getByRole('alert').waitFor();
  await see(page, 'second_factor.preview');
}

/** The connector's start page, at an address of its own. */
async function visitConnector({ open, see, demo, admin }) {
  const page = await open();
  await page.goto(`https://127.0.0.1:${demo.base + 943}/administration/start.htm`);
  await see(page, 'login.connector');
  await page.locator('input[name=login]').fill(admin.login);
  await page.locator('input[name=password]').fill(admin.password);
  await page.locator('form[action="/administration/login/password"] button[type=submit]').click();
  await page.waitForURL('**/administration/start.htm');
  await see(page, 'connector_start');
  await page.context().close();
}

/** Keys that sign: the list, a refusal, a new seal, and what is asked before it is revoked. */
async function visitSignatures(page, issuer, see) {
  const address = `${issuer}/admin/signatures`;
  await see(page, 'timestamps', `${address}/timestamps`);
  await see(page, 'signatures', address);
  await page.locator('#label').fill('Seal of the archive');
  await page.locator('#account').fill('nobody.at.all');
  await page.locator('form[action$="/new"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'signatures.refused');
  await page.locator('#owner').selectOption('seal');
  await page.locator('#activation').selectOption('none');
  await page.locator('input[name=issue]').check();
  await page.locator('form[action$="/new"] button[type=submit]').click();
  await page.waitForURL(`${address}/*?done=made`);
  await see(page, 'signature_credential');
  await page.locator('form[action$="/revoke"] button[type=submit]').click();
  await page.locator('form[action$="/revoke"] input[name=why]').waitFor({ state: 'attached' });
  await see(page, 'signature_credential.question');
}

async function visitSystems({ page, issuer, see, demo }) {
  const address = `${issuer}/admin/systems`;
  await see(page, 'trust', `${issuer}/admin/trust`);
  await visitSignatures(page, issuer, see);
  await see(page, 'systems', address);
  await page.locator('input[name=is_mandatory][value=on]').check();
  await page.locator('form[action$="/settings"] button[type=submit]').click();
  await page.locator('form.card input[name=sure]').waitFor({ state: 'attached' });
  await see(page, 'connector_question');
  await page.locator('form.card button[type=submit]').click();
  await page.locator('#waits').waitFor();
  await see(page, 'systems.waits');
  await page.locator('form[action$="/undo"] button').click();
  await page.waitForURL('**?done=undone');
  await page.goto(address);
  await page.locator('main details summary').first().click();
  await page.locator('#id').fill('../x');
  await page.locator('form[action$="/new"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'systems.flawed');
  await page.locator('#id').fill('Z1');
  await page.locator('form[action$="/new"] button[type=submit]').click();
  await page.waitForURL('**/system?id=Z1**');
  await see(page, 'system');
  await page.locator('input[name=make]').check();
  await page.locator('form[action$="/password"] button[type=submit]').click();
  await page.locator('.notice code').waitFor();
  await see(page, 'system.password');
  await see(page, 'system_certificate', `${issuer}/admin/systems/certificate`);
  await page.locator('#id').fill('Z1');
  await page.locator('form.card button[type=submit]').click();
  await page.locator('main a[download]').waitFor();
  await see(page, 'system_made');
  await page.goto(address);
  await page.locator('a[href^="/admin/systems/revoke"]').first().click();
  await see(page, 'system_revoke');

  const turn = (state) => demo.chancery(['tenant', 'feature', 'set', 'client_systems', state]);
  assert.equal((await turn('off')).status, 0);
  await see(page, 'feature_off', address);
  assert.equal((await turn('on')).status, 0);
}

async function visitShortMessages({ page, issuer, see }) {
  const address = `${issuer}/admin/sms`;
  await see(page, 'sms', address);
  await page.locator('main details summary').first().click();
  await page.locator('form[action$="/gateway"] input[name=sender]').fill('1abc');
  await page.locator('form[action$="/gateway"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'sms.flawed');
  await page.goto(address);
  await page.locator('#window').fill('61');
  await page.locator('form[action$="/limits"] button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await see(page, 'sms.limits');
  await page.goto(address);
  await page.locator('#phone').fill('+49 172 34567890');
  await page.locator('form[action$="/test"] button[type=submit]').click();
  await page.waitForURL('**?done=test**');
  await see(page, 'sms.sent');
}

async function setByCommand(demo, words) {
  const { status, err } = await demo.chancery(words);
  if (status !== 0) throw new Error(err);
}
