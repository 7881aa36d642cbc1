/**
 * The story that Strongroom was conceived from, "Secret Key Management", in the order in which it tells it: the Secrets
 * page, adding, the card, using it in a sandbox, editing, deleting. What each step refuses is tested elsewhere.
 */
import type { Locator } from '@playwright/test';

import { EVERY_WAY, expect, type Person, Program, test } from '../../fixtures.js';

const SECRET = {
  name: 'X_BEARER_TOKEN',
  value: 'AAAAAAAAAAAAAAAAAAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX',
  description: 'X/Twitter API Bearer Token for search and mentions',
};

for (const { title, use } of EVERY_WAY) {
  test.describe(title, () => {
    test.use(use);

    test('a secret is added, used, edited and deleted as the guide says', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      const { token } = await program.openSandbox('mentions');
      const held = async (): Promise<unknown> => (await program.fetchEnvironment(token)).json();

      await openTheSecretsPage(person);
      const before = Date.now();
      await addTheSecret(person);
      await theCardShowsIt(person, before);
      await test.step('a sandbox reads it from its environment', async () => {
        expect(await held()).toEqual({ [SECRET.name]: SECRET.value });
      });

      await editTheDescription(person);
      expect(await held(), 'an empty value keeps the current one').toEqual({ [SECRET.name]: SECRET.value });
      await editTheValue(person);
      expect(await held(), 'the next fetch has the new one').toEqual({ [SECRET.name]: 'another value' });

      await deleteIt(person);
      expect(await held(), 'it is gone from the next fetch on').toEqual({});
    });
  });
}

async function openTheSecretsPage(person: Person): Promise<void> {
  await test.step('Secrets is in the sidebar', async () => {
    await person.open('/settings');
    const sidebar = person.page.getByRole('navigation', { name: 'Main' });
    await sidebar.getByRole('link', { name: 'Secrets', exact: true }).click();
    await person.expectPage('Secrets');
  });
  await test.step('and in the account menu', async () => {
    await person.open('/settings');
    await person.page.getByRole('button', { name: /^Account:/ }).click();
    const menu = person.page.locator('#account-menu');
    await menu.getByRole('link', { name: 'Secrets', exact: true }).click();
    await person.expectPage('Secrets');
    await expect(menu).toBeHidden();
  });
}

async function addTheSecret(person: Person): Promise<void> {
  await test.step('Add secret takes a name, a value that is hidden until the eye is pressed, and a description', async () => {
    await person.startAdding();
    await person.fillSecret(SECRET);
    const value = person.dialog('Add a secret').getByLabel('Value', { exact: true });
    await expect(value).toHaveCSS('-webkit-text-security', 'disc');
    await person.page.locator('label[for="value-reveal"]').click();
    await expect(value).toHaveCSS('-webkit-text-security', 'none');
    await person.dialog('Add a secret').getByRole('button', { name: 'Save secret' }).click();
    await person.expectNotice(`${SECRET.name} is saved.`);
  });
}

async function theCardShowsIt(person: Person, before: number): Promise<void> {
  await test.step('the card shows the name, the description, eight dots and the date', async () => {
    const card = person.card(SECRET.name);
    await expect(card).toContainText(SECRET.description);
    await expect(card.getByText('••••••••', { exact: true })).toBeVisible();
    await expect(card).toContainText('Created');
    const created = Date.parse((await card.locator('time').first().getAttribute('datetime')) ?? '');
    expect(created).toBeGreaterThanOrEqual(before);
    expect(created).toBeLessThanOrEqual(Date.now());
    expect(await person.page.content()).not.toContain(SECRET.value);
  });
}

async function editTheDescription(person: Person): Promise<void> {
  await test.step('the pencil opens the description; a value left blank stays', async () => {
    const dialog = await startEditing(person);
    await expect(dialog.getByLabel('New value')).toHaveValue('');
    await dialog.getByLabel('Description').fill('For search on X');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await person.expectNotice('Its value is the same as before');
    await expect(person.card(SECRET.name)).toContainText('For search on X');
  });
}

async function editTheValue(person: Person): Promise<void> {
  await test.step('the pencil takes a new value, without asking for the current one', async () => {
    const dialog = await startEditing(person);
    await dialog.getByLabel('New value').fill('another value');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await person.expectNotice(`${SECRET.name} is changed`);
    expect(await person.page.content()).not.toContain('another value');
  });
}

async function startEditing(person: Person): Promise<Locator> {
  await person.open('/secrets');
  return person.startEditing(SECRET.name);
}

async function deleteIt(person: Person): Promise<void> {
  await test.step('the trash asks once more, and deletes', async () => {
    await person.open('/secrets');
    const dialog = await person.startDeleting(SECRET.name);
    await expect(dialog).toContainText('One live sandbox can get it now: mentions');
    await dialog.getByRole('button', { name: `Delete ${SECRET.name}` }).click();
    await person.expectNotice(`${SECRET.name} is deleted.`);
    await expect(person.card(SECRET.name)).toBeHidden();
    await expect(person.page.getByRole('main')).toContainText('No secrets yet');
  });
}
