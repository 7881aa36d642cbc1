/** API tokens on the Settings page. */
import { expect, PASSWORD, Program, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('a token is shown once, and is gone after a reload', async ({ person, strongroom }) => {
      await person.signUp();
      const token = await person.makeToken('laptop', ['sandboxes:write']);
      expect(token).toMatch(/^sr_pat_/);
      expect(await new Program(strongroom, token).environment()).toEqual({});

      await person.reload();
      await expect(person.dialog('New API token')).toBeVisible();
      expect(await person.page.content()).not.toContain(token);
      await person.open('/settings');
      expect(await person.page.content()).not.toContain(token);
      const row = person.section('API tokens').getByRole('listitem').filter({ hasText: 'laptop' });
      await expect(row.first()).toContainText('can read every value through a sandbox');
      await expect(row.first()).toContainText(token.slice(-4));
      await expect(row.first()).toContainText('Last used');
    });

    test('done with the token, one is back at the list with it', async ({ person }) => {
      await person.signUp();
      const token = await person.makeToken('laptop', ['sandboxes:write']);
      await person.dialog('New API token').getByRole('link', { name: 'Done' }).click();
      await expect(person.dialog('New API token')).toBeHidden();
      await expect(person.section('API tokens')).toContainText('laptop');
      expect(await person.page.content()).not.toContain(token);
    });

    test('what an agent needs is ticked to begin with and takes no password', async ({ person, strongroom }) => {
      await person.signUp();
      await person.open('/settings/tokens/new');
      const dialog = person.dialog('New API token');
      await expect(dialog.getByRole('checkbox', { checked: true })).toHaveCount(2);
      await expect(dialog.getByLabel('Your password')).toBeHidden();
      await dialog.getByLabel('Name', { exact: true }).fill('agent');
      await dialog.getByRole('button', { name: 'Make token' }).click();
      const token = await dialog.locator('#new-token').innerText();
      const agent = new Program(strongroom, token);
      expect((await agent.call('GET', '/api/v1/secrets')).status).toBe(200);
      expect((await agent.call('POST', '/api/v1/sandboxes', {})).status).toBe(403);
      expect((await agent.call('POST', '/api/v1/secrets', { name: 'A', value: 'b' })).status).toBe(403);
    });

    test('a token that reaches values takes the password, and the form keeps what was chosen', async ({ person }) => {
      await person.signUp();
      await person.open('/settings/tokens/new');
      const dialog = person.dialog('New API token');
      await dialog.getByLabel('Name', { exact: true }).fill('ci');
      await dialog.getByRole('checkbox', { name: /^secrets:read/ }).uncheck();
      await dialog.getByRole('checkbox', { name: /^secrets:write/ }).check();
      await dialog.getByLabel('Works for').selectOption('One year');
      await dialog.getByRole('button', { name: 'Make token' }).click();
      await expect(person.errorOf('password')).toContainText('Type your password');
      await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('ci');
      await expect(dialog.getByRole('checkbox', { name: /^secrets:read/ })).not.toBeChecked();
      await expect(dialog.getByRole('checkbox', { name: /^secrets:write/ })).toBeChecked();
      await expect(dialog.getByLabel('Works for')).toHaveValue('365');

      await dialog.getByLabel('Your password').fill('not the password');
      await dialog.getByRole('button', { name: 'Make token' }).click();
      await expect(person.errorOf('password')).toContainText('That is not your password');
      await dialog.getByLabel('Your password').fill(PASSWORD);
      await dialog.getByRole('button', { name: 'Make token' }).click();
      await expect(dialog.locator('#new-token')).toHaveText(/^sr_pat_/);
    });

    test('a token without a name or a scope is not made', async ({ person }) => {
      await person.signUp();
      await person.open('/settings/tokens/new');
      const dialog = person.dialog('New API token');
      await dialog.getByRole('checkbox', { name: /^secrets:read/ }).uncheck();
      await dialog.getByRole('checkbox', { name: /^requests:write/ }).uncheck();
      await dialog.getByRole('button', { name: 'Make token' }).click();
      await expect(person.errorOf('label')).toContainText('Name the token');
      await expect(person.errorOf('scopes')).toContainText('Choose at least one scope');
      await person.open('/settings');
      await expect(person.section('API tokens')).toContainText('No tokens yet.');
    });

    test('a revoked token stops working at once', async ({ person, strongroom }) => {
      await person.signUp();
      const token = await person.makeToken('laptop', ['sandboxes:write']);
      const program = new Program(strongroom, token);
      const sandbox = await program.openSandbox();
      await person.open('/settings');
      const tokens = person.section('API tokens');
      await tokens.getByText('Revoke', { exact: false }).first().click();
      await expect(tokens).toContainText('Whatever uses it stops working at once.');
      await tokens.getByRole('button', { name: 'Revoke token' }).click();
      await person.expectNotice('The token is revoked.');
      await expect(tokens).not.toContainText('laptop');
      expect((await program.call('GET', '/api/v1/secrets')).status).toBe(401);
      expect((await program.fetchEnvironment(sandbox.token)).status).toBe(401);

      const { code, stderr } = await strongroom.cli(['run', '--', 'true'], { env: { STRONGROOM_TOKEN: token } });
      expect(code).toBe(125);
      expect(stderr).toContain('revoked');
      expect(stderr).not.toContain(token);
    });
  });
}
