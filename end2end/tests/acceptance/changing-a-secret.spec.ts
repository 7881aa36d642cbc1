/** Editing and deleting, checked where it counts: in the environment of a sandbox. */
import { expect, Program, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';

const NAME = 'DEPLOY_KEY';
const PEM = [
  '-----BEGIN PRIVATE KEY-----',
  'MC4CAQAwBQYDK2VwBCIEIGx1bWVuIGVzdCB1bWJyYSBkZWksIHNhaWQgaGU=',
  '-----END PRIVATE KEY-----',
  '',
].join('\n');

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('an empty value keeps the current one, and the form says so', async ({ person, strongroom }) => {
      await person.signUp();
      await person.addSecret({ name: NAME, value: 'first value', description: 'Old words' });
      const dialog = await person.startEditing(NAME);
      await expect(dialog.getByLabel('New value')).toHaveValue('');
      await expect(dialog).toContainText('Leave it empty to keep the current value');
      await expect(dialog.getByLabel('Description')).toHaveValue('Old words');
      await dialog.getByLabel('Description').fill('New words');
      await dialog.getByRole('button', { name: 'Save changes' }).click();
      await person.expectNotice('Its value is the same as before');
      await expect(person.card(NAME)).toContainText('New words');
      await expect(person.card(NAME)).not.toContainText('Old words');
      expect(await (await Program.of(strongroom)).environment()).toEqual({ [NAME]: 'first value' });
    });

    test('a new value takes the place of the old one at the next fetch', async ({ person, strongroom }) => {
      await person.signUp();
      await person.addSecret({ name: NAME, value: 'first value', description: 'Words' });
      const program = await Program.of(strongroom);
      const { token } = await program.openSandbox();
      const dialog = await person.startEditing(NAME);
      await dialog.getByLabel('New value').fill('second value');
      await dialog.getByRole('button', { name: 'Save changes' }).click();
      await person.expectNotice(`${NAME} is changed`);
      await expect(person.card(NAME)).toContainText('Words');
      await expect(person.card(NAME)).toContainText('Changed');
      expect(await (await program.fetchEnvironment(token)).json()).toEqual({ [NAME]: 'second value' });
    });

    test('a key of several lines arrives exactly, with LF, when added and when replaced', async ({
      person,
      strongroom,
    }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      await person.addSecret({ name: NAME, value: PEM });
      expect(await program.environment()).toEqual({ [NAME]: PEM });
      const dialog = await person.startEditing(NAME);
      await dialog.getByLabel('New value').fill(`  ${PEM}\n\t`);
      await dialog.getByRole('button', { name: 'Save changes' }).click();
      await person.expectNotice(`${NAME} is changed`);
      expect(await program.environment()).toEqual({ [NAME]: `  ${PEM}\n\t` });
    });

    test('what was changed elsewhere in the meantime is not overwritten, and the form says so', async ({
      person,
      strongroom,
    }) => {
      await person.signUp();
      await person.addSecret({ name: NAME, value: 'first value' });
      const program = await Program.of(strongroom);
      const dialog = await person.startEditing(NAME);
      await program.change(NAME, { value: 'value from elsewhere', description: 'Words from elsewhere' });
      await dialog.getByLabel('New value').fill('value from here');
      await dialog.getByRole('button', { name: 'Save changes' }).click();
      await expect(dialog.getByRole('alert')).toContainText('changed elsewhere');
      expect(await program.environment()).toEqual({ [NAME]: 'value from elsewhere' });

      await test.step('looked at again, it can be changed', async () => {
        await dialog.getByRole('link', { name: 'Cancel' }).click();
        await expect(person.card(NAME)).toContainText('Words from elsewhere');
        const again = await person.startEditing(NAME);
        await expect(again.getByLabel('Description')).toHaveValue('Words from elsewhere');
        await again.getByLabel('New value').fill('value from here');
        await again.getByRole('button', { name: 'Save changes' }).click();
        await person.expectNotice(`${NAME} is changed`);
        expect(await program.environment()).toEqual({ [NAME]: 'value from here' });
      });
    });

    test('deleting names the secret and who loses it, and can be called off', async ({ person, strongroom }) => {
      await person.signUp();
      await person.addSecret({ name: NAME, value: 'first value' });
      await person.addSecret({ name: 'OTHER_KEY', value: 'other value' });
      const program = await Program.of(strongroom);
      await program.openSandbox('nightly report');
      await person.open('/secrets');

      const dialog = await person.startDeleting(NAME);
      await expect(dialog).toContainText(`Delete ${NAME} and its value for good?`);
      await expect(dialog).toContainText('Every chat, agent and program');
      await expect(dialog).toContainText('One live sandbox can get it now: nightly report');
      await dialog.getByRole('link', { name: 'Cancel' }).click();
      await expect(dialog).toBeHidden();
      await expect(person.card(NAME)).toBeVisible();

      await (await person.startDeleting(NAME)).getByRole('button', { name: `Delete ${NAME}` }).click();
      await person.expectNotice(`${NAME} is deleted.`);
      await expect(person.card(NAME)).toBeHidden();
      await expect(person.card('OTHER_KEY')).toBeVisible();
      expect(await program.environment()).toEqual({ OTHER_KEY: 'other value' });
    });

    test('a secret that is gone is said to be gone', async ({ person, strongroom }) => {
      await person.signUp();
      await person.addSecret({ name: NAME, value: 'first value' });
      const program = await Program.of(strongroom);
      const dialog = await person.startEditing(NAME);
      await program.call('DELETE', `/api/v1/secrets/${NAME}`);
      await dialog.getByLabel('New value').fill('too late');
      await dialog.getByRole('button', { name: 'Save changes' }).click();
      await expect(dialog).toContainText(/no longer exists|no secret of that name/);
      await person.open(`/secrets/${NAME}/delete`);
      await expect(person.dialog('Delete secret')).toContainText('You have no secret of that name');
      expect(await program.names()).toEqual([]);
    });
  });
}
