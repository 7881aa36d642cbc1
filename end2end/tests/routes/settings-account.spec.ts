/** The account on the Settings page: its password, and its end. */
import { expect, PASSWORD, Program, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';

const NEW_PASSWORD = 'copper kettle under the stairs';

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('the password is changed, and every other browser is signed out', async ({ person, visitor }) => {
      await person.signUp();
      const elsewhere = await visitor();
      await elsewhere.open('/sign-in');
      await elsewhere.signIn();
      await elsewhere.expectPage('Secrets');

      await person.open('/settings');
      await person.page.getByText('Change password', { exact: true }).first().click();
      await person.page.getByLabel('Current password').fill(PASSWORD);
      await person.page.getByLabel('New password').fill(NEW_PASSWORD);
      await person.page.getByRole('button', { name: 'Change password' }).click();
      await person.expectNotice('Your password is changed. Every other browser was signed out.');

      await elsewhere.open('/secrets');
      await elsewhere.expectPage('Sign in');
      await elsewhere.signIn();
      await expect(elsewhere.page.getByRole('alert')).toContainText('password is wrong');
      await elsewhere.signIn('owner', NEW_PASSWORD);
      await elsewhere.expectPage('Secrets');
      await person.open('/secrets');
      await person.expectPage('Secrets');
    });

    test('a wrong current password and a weak new one are told at their fields', async ({ person }) => {
      await person.signUp();
      await person.open('/settings');
      const form = person.section('Account');
      const change = async (current: string, next: string): Promise<void> => {
        const summary = form.getByText('Change password', { exact: true }).first();
        if (!(await form.getByLabel('Current password').isVisible())) {
          await summary.click();
        }
        await form.getByLabel('Current password').fill(current);
        await form.getByLabel('New password').fill(next);
        await form.getByRole('button', { name: 'Change password' }).click();
      };
      await change('not the password', NEW_PASSWORD);
      await expect(person.errorOf('current_password')).toContainText('That is not your password');
      await expect(form.getByLabel('Current password')).toBeVisible();
      await change(PASSWORD, 'short');
      await expect(person.errorOf('new_password')).toContainText('12');
      await change(PASSWORD, 'password2026!');
      await expect(person.errorOf('new_password')).not.toBeEmpty();
      await change('', NEW_PASSWORD);
      await expect(person.errorOf('current_password')).toContainText('Type the password that you have now');

      await person.open('/secrets');
      await person.signOut();
      await person.signIn();
      await person.expectPage('Secrets');
    });

    test('deleting the account asks for the password, and leaves nothing that works', async ({
      person,
      strongroom,
      visitor,
    }) => {
      await person.signUp();
      await person.addSecret({ name: 'A_KEY', value: 'a value' });
      const program = await Program.of(strongroom);
      const sandbox = await program.openSandbox();
      const elsewhere = await visitor();
      await elsewhere.open('/sign-in');
      await elsewhere.signIn();
      await elsewhere.expectPage('Secrets');

      await person.open('/settings');
      await person.page.getByRole('link', { name: 'Delete account' }).click();
      const dialog = person.dialog('Delete your account');
      await expect(dialog).toContainText('nobody can undo it');
      await expect(dialog).toContainText('keep the values that they have fetched');
      await dialog.getByRole('button', { name: 'Delete my account' }).click();
      await expect(person.errorOf('password')).toContainText('Type your password');
      await dialog.getByLabel('Your password').fill('not the password');
      await dialog.getByRole('button', { name: 'Delete my account' }).click();
      await expect(person.errorOf('password')).toContainText('That is not your password');
      expect((await program.fetchEnvironment(sandbox.token)).status).toBe(200);

      await dialog.getByLabel('Your password').fill(PASSWORD);
      await dialog.getByRole('button', { name: 'Delete my account' }).click();
      await person.expectPage('Sign in');
      expect((await program.fetchEnvironment(sandbox.token)).status).toBe(401);
      expect((await program.call('GET', '/api/v1/secrets')).status).toBe(401);
      await elsewhere.open('/secrets');
      await elsewhere.expectPage('Sign in');
      await person.settle();
      await person.signIn();
      await expect(person.page.getByRole('alert')).toContainText('password is wrong');
    });
  });
}
