/** Making an account, as far as the server's operator lets one. */
import { expect, PASSWORD, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('the first account takes the setup code', async ({ person, strongroom }) => {
      await person.open('/sign-up');
      await person.page.getByLabel('Setup code').fill('AAAA-AAAA-AAAA');
      await person.page.getByLabel('Login name').fill('owner');
      await person.page.getByLabel('Password').fill(PASSWORD);
      await person.page.getByRole('button', { name: 'Make account' }).click();
      await expect(person.errorOf('setup_code')).toContainText('That is not the setup code');
      await expect(person.page.getByLabel('Login name')).toHaveValue('owner');

      // As it is copied: in small letters, with blanks around it.
      await person.page.getByLabel('Setup code').fill(`  ${strongroom.setupCode?.toLowerCase() ?? ''} `);
      await person.page.getByLabel('Password').fill(PASSWORD);
      await person.page.getByRole('button', { name: 'Make account' }).click();
      await person.expectPage('Secrets');
    });

    test('a password that is short, common or the name is refused at its field', async ({ person, strongroom }) => {
      await person.open('/sign-up');
      for (const [login, password, words] of [
        ['owner', 'short', '12'],
        ['owner', 'password1234', 'Many people use this password'],
        ['a rather long name', 'a rather long name', 'name'],
      ] as const) {
        await person.page.getByLabel('Setup code').fill(strongroom.setupCode ?? '');
        await person.page.getByLabel('Login name').fill(login);
        await person.page.getByLabel('Password').fill(password);
        await person.page.getByRole('button', { name: 'Make account' }).click();
        await expect(person.errorOf('password')).toContainText(words);
      }
      await person.page.getByLabel('Setup code').fill(strongroom.setupCode ?? '');
      await person.page.getByLabel('Login name').fill('   ');
      await person.page.getByLabel('Password').fill(PASSWORD);
      await person.page.getByRole('button', { name: 'Make account' }).click();
      await expect(person.errorOf('login')).not.toBeEmpty();
    });

    test('after the first account the door is closed, and says whom to ask', async ({ person, visitor }) => {
      await person.signUp();
      const stranger = await visitor();
      await stranger.open('/');
      await stranger.expectPage('Sign in');
      await expect(stranger.page.getByRole('main')).toContainText('Whoever runs this server can help you');
      await stranger.open('/sign-up');
      await expect(stranger.page.getByRole('main')).toContainText('Sign-up is closed here');
      await expect(stranger.page.getByRole('button')).toHaveCount(0);
    });

    test.describe('where the operator closed it', () => {
      test.use({ settings: { STRONGROOM_SIGNUP: 'closed' } });

      test('nobody can sign up, and who was added by the operator signs in', async ({ person, strongroom }) => {
        expect(strongroom.setupCode).toBeUndefined();
        const added = await strongroom.operator(['user', 'add', 'Kim', '--password-stdin'], { input: PASSWORD });
        expect(added.code, added.stderr).toBe(0);
        await person.open('/sign-up');
        await expect(person.page.getByRole('main')).toContainText('Sign-up is closed here');
        await person.page.getByRole('link', { name: 'Sign in' }).click();
        await person.expectPage('Sign in');
        await person.signIn('kim');
        await person.expectPage('Secrets');
      });
    });

    test.describe('where the operator opened it', () => {
      test.use({ settings: { STRONGROOM_SIGNUP: 'open' } });

      test('after the owner, anybody can sign up, each sees their own, and a name is given once', async ({ person, visitor }) => {
        const signUp = async (someone: typeof person, login: string): Promise<void> => {
          await someone.open('/sign-in');
          await someone.page.getByRole('link', { name: 'Sign up' }).click();
          await someone.page.getByLabel('Login name').fill(login);
          await someone.page.getByLabel('Password').fill(PASSWORD);
          await someone.page.getByRole('button', { name: 'Make account' }).click();
        };
        // The first account owns the server: it needs the setup code here too.
        await person.signUp('first');
        await person.addSecret({ name: 'A_KEY', value: 'a value' });

        const other = await visitor();
        await signUp(other, 'FIRST');
        await expect(other.errorOf('login')).toContainText('An account with that name exists');
        await signUp(other, 'second');
        await other.expectPage('Secrets');
        await expect(other.page.getByRole('main')).toContainText('No secrets yet');
        await other.open('/secrets/A_KEY/edit');
        await expect(other.dialog('Edit secret')).toContainText('You have no secret of that name');
      });
    });
  });
}
