/** With scripts, the page is taken over by the WASM client: what is done in it does not load it anew. */
import { expect, PASSWORD, type Person, Program, test } from '../../fixtures.js';

test('adding, editing and deleting a secret happen in the page', async ({ person }) => {
  await person.signUp();
  await person.open('/secrets');
  await mark(person);
  await person.addSecret({ name: 'A_KEY', value: 'a value' });
  const dialog = await person.startEditing('A_KEY');
  await dialog.getByLabel('Description').fill('Words');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(person.card('A_KEY')).toContainText('Words');
  await (await person.startDeleting('A_KEY')).getByRole('button', { name: 'Delete A_KEY' }).click();
  await person.expectNotice('A_KEY is deleted.');
  await expectMarked(person);
});

test('a refused form and the way between pages happen in the page', async ({ person }) => {
  await person.signUp();
  await person.open('/secrets');
  await mark(person);
  await person.startAdding();
  await person.fillSecret({ name: 'PATH', value: '' });
  await person.dialog('Add a secret').getByRole('button', { name: 'Save secret' }).click();
  await expect(person.errorOf('value')).not.toBeEmpty();
  await person.dialog('Add a secret').getByRole('link', { name: 'Close' }).click();
  await person.page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click();
  await person.expectPage('Settings');
  await person.page.goBack();
  await person.expectPage('Secrets');
  await expectMarked(person);
});

test('the settings are changed in the page', async ({ person, strongroom }) => {
  await person.signUp();
  await (await Program.of(strongroom)).openSandbox('nightly report');
  await person.open('/settings');
  await mark(person);
  await person.page.getByRole('link', { name: 'New token' }).click();
  const dialog = person.dialog('New API token');
  await dialog.getByLabel('Name', { exact: true }).fill('laptop');
  await dialog.getByRole('button', { name: 'Make token' }).click();
  await expect(dialog.locator('#new-token')).toBeVisible();
  await dialog.getByRole('link', { name: 'Done' }).click();
  const row = person.section('Live sandboxes').getByRole('listitem').filter({ hasText: 'nightly report' });
  await row.getByText('Revoke').first().click();
  await row.getByRole('button', { name: 'Revoke sandbox' }).click();
  await expect(person.section('Live sandboxes')).toContainText('None is live.');
  await expectMarked(person);
});

test('signing up and signing in happen in the page, signing out leaves it', async ({ person, strongroom }) => {
  await person.open('/sign-up');
  await mark(person);
  await person.page.getByLabel('Setup code').fill(strongroom.setupCode ?? '');
  await person.page.getByLabel('Login name').fill('owner');
  await person.page.getByLabel('Password').fill(PASSWORD);
  await person.page.getByRole('button', { name: 'Make account' }).click();
  await person.expectPage('Secrets');
  await expectMarked(person);
  await person.signOut();
  expect(await marked(person), 'nothing of the account stays in memory').toBe(false);
  await mark(person);
  await person.signIn();
  await person.expectPage('Secrets');
  await expectMarked(person);
});

async function mark(person: Person): Promise<void> {
  await person.page.evaluate(() => Object.assign(window, { marked: true }));
}

async function marked(person: Person): Promise<boolean> {
  return person.page.evaluate(() => 'marked' in window);
}

async function expectMarked(person: Person): Promise<void> {
  expect(await marked(person), 'the page was not loaded anew').toBe(true);
}
