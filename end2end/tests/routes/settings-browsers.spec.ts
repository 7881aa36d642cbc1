/** What is live on the Settings page: browsers that are signed in, and sandboxes. */
import { expect, Program, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('another browser is listed, and can be signed out', async ({ person, visitor }) => {
      await person.signUp();
      const elsewhere = await visitor({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' });
      await elsewhere.open('/sign-in');
      await elsewhere.signIn();
      await elsewhere.expectPage('Secrets');

      await person.open('/settings');
      const browsers = person.section('Browsers');
      await expect(browsers.getByRole('listitem')).toHaveCount(2);
      const here = browsers.getByRole('listitem').filter({ hasText: 'This browser' });
      await expect(here).toContainText('Chrome on Linux');
      await expect(here.getByRole('button')).toHaveCount(0);
      const other = browsers.getByRole('listitem').filter({ hasText: 'Firefox on Linux' });
      await expect(other).toContainText('127.0.0.1');
      await other.getByRole('button', { name: 'Sign out' }).click();
      await person.expectNotice('That browser is signed out.');
      await expect(browsers.getByRole('listitem')).toHaveCount(1);

      await elsewhere.open('/secrets');
      await elsewhere.expectPage('Sign in');
      await person.open('/secrets');
      await person.expectPage('Secrets');
    });

    test('a live sandbox is listed, and gets nothing once it is revoked', async ({ person, strongroom }) => {
      await person.signUp();
      await person.addSecret({ name: 'A_KEY', value: 'a value' });
      await person.open('/settings');
      const sandboxes = person.section('Live sandboxes');
      await expect(sandboxes).toContainText('None is live.');

      const program = await Program.of(strongroom);
      const { token } = await program.openSandbox('nightly report');
      await person.reload();
      const row = sandboxes.getByRole('listitem').filter({ hasText: 'nightly report' });
      await expect(row).toContainText('Can get all of your secrets');
      await expect(row).toContainText('Nothing fetched');
      expect((await program.fetchEnvironment(token)).status).toBe(200);
      await person.reload();
      await expect(row).toContainText('Last fetch');

      await row.getByText('Revoke').first().click();
      await expect(row).toContainText('What it has fetched stays in its memory until it ends.');
      await row.getByRole('button', { name: 'Revoke sandbox' }).click();
      await person.expectNotice('The sandbox gets nothing any more.');
      await expect(sandboxes).toContainText('None is live.');
      expect((await program.fetchEnvironment(token)).status).toBe(401);
    });
  });
}
