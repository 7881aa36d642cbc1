/** Platforms on the Settings page: the owner's alone. */
import { expect, PASSWORD, type Person, type Strongroom, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';
import { ActivityPage } from '../../fixtures/activity.js';

const ORIGINS = 'https://chat.example http://chat.localhost:4000';
const PAGE = 'https://chat.example/requests/{id}';

/** Fills and sends the form of a new platform. */
async function add(person: Person, name: string, origins = ORIGINS, password = PASSWORD): Promise<void> {
  const dialog = person.dialog('New platform');
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Shows the field at').fill(origins);
  await dialog.getByLabel('Its own page for a request').fill(PAGE);
  await dialog.getByLabel('Users at most').fill('25');
  await dialog.getByLabel('Your password').fill(password);
  await dialog.getByRole('button', { name: 'Add platform' }).click();
}

/** What the API says to a platform's key: 201 as long as it is the platform's. */
async function statusOf(strongroom: Strongroom, key: string): Promise<number> {
  const answer = await fetch(`${strongroom.address}/api/v1/requests`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'strongroom-user': 'ada', 'content-type': 'application/json' },
    body: JSON.stringify({ secrets: [{ name: 'A_KEY' }], user_label: 'ada@example.com' }),
  });
  return answer.status;
}

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('the owner adds one, and its key is shown this once', async ({ person, strongroom }) => {
      await person.signUp();
      await person.open('/settings');
      const platforms = person.section('Platforms');
      await expect(platforms).toContainText('No platforms yet.');
      await platforms.getByRole('link', { name: 'New platform' }).click();
      await add(person, 'Acme Chat');
      const dialog = person.dialog('New platform');
      await expect(dialog).toContainText('it is shown this once');
      const key = await dialog.locator('#new-token').innerText();
      expect(key).toMatch(/^sr_plt_/);
      expect(await statusOf(strongroom, key)).toBe(201);

      await dialog.getByRole('link', { name: 'Done' }).click();
      await expect(dialog).toBeHidden();
      const row = platforms.getByRole('listitem').filter({ hasText: 'Acme Chat' });
      await expect(row).toContainText('of 25 users');
      await expect(row).toContainText('https://chat.example, http://chat.localhost:4000');
      await expect(row).toContainText(PAGE);
      await expect(row).toContainText(key.slice(-4));
      expect(await person.page.content()).not.toContain(key);
      await person.open('/settings/platforms/new');
      expect(await person.page.content()).not.toContain(key);
      await expect((await ActivityPage.at(person)).of('platform.added')).toContainText('Acme Chat');
    });

    test('a new key takes the place of the old one at once', async ({ person, strongroom }) => {
      await person.signUp();
      await person.open('/settings/platforms/new');
      await add(person, 'Acme Chat');
      const old = await person.dialog('New platform').locator('#new-token').innerText();
      await person.dialog('New platform').getByRole('link', { name: 'Done' }).click();
      await person.section('Platforms').getByRole('link', { name: 'Replace its key…' }).click();
      const dialog = person.dialog("Replace a platform's key");
      await expect(dialog.getByLabel('Platform', { exact: true })).toHaveValue('Acme Chat');
      await dialog.getByLabel('Your password').fill('not the password');
      await dialog.getByRole('button', { name: 'Replace key' }).click();
      await expect(person.errorOf('password')).toContainText('That is not your password');
      expect(await statusOf(strongroom, old)).toBe(201);
      await dialog.getByLabel('Your password').fill(PASSWORD);
      await dialog.getByRole('button', { name: 'Replace key' }).click();
      const key = await dialog.locator('#new-token').innerText();
      expect(key).toMatch(/^sr_plt_/);
      expect(key).not.toBe(old);
      expect(await statusOf(strongroom, old)).toBe(401);
      expect(await statusOf(strongroom, key)).toBe(201);
      await dialog.getByRole('link', { name: 'Done' }).click();
      await expect(person.section('Platforms')).toContainText('Key replaced');
    });

    test('the key that is replaced is that of the platform whose row was chosen', async ({ person, strongroom }) => {
      await person.signUp();
      for (const name of ['Acme Chat', 'Zebra Chat']) {
        const command = ['platform', 'add', name, '--origin', 'https://chat.example'];
        expect((await strongroom.operator(command)).code).toBe(0);
      }
      await person.open('/settings');
      const row = person.section('Platforms').getByRole('listitem').filter({ hasText: 'Zebra Chat' });
      await row.getByRole('link', { name: 'Replace its key…' }).click();
      const dialog = person.dialog("Replace a platform's key");
      await expect(dialog.getByLabel('Platform', { exact: true })).toHaveValue('Zebra Chat');
    });

    test('one that is removed goes with its users, and its key is worth nothing', async ({ person, strongroom }) => {
      await person.signUp();
      await person.open('/settings/platforms/new');
      await add(person, 'Acme Chat');
      const key = await person.dialog('New platform').locator('#new-token').innerText();
      expect(await statusOf(strongroom, key)).toBe(201);
      await person.open('/settings');
      const platforms = person.section('Platforms');
      await expect(platforms).toContainText('1 of 25 users');
      await platforms.locator('summary').filter({ hasText: 'Remove' }).click();
      await expect(platforms).toContainText('All of its users and their secrets are deleted, for good.');
      await platforms.getByRole('button', { name: 'Remove platform' }).click();
      if (person.scripts) {
        await expect(platforms.getByLabel('Your password')).toHaveAccessibleDescription(/Type your password/);
      } else {
        await person.expectNotice('Type your password');
        await platforms.locator('summary').filter({ hasText: 'Remove' }).click();
      }
      expect(await statusOf(strongroom, key)).toBe(201);
      await platforms.getByLabel('Your password').fill(PASSWORD);
      await platforms.getByRole('button', { name: 'Remove platform' }).click();
      await person.expectNotice('Acme Chat is removed');
      await expect(platforms).toContainText('No platforms yet.');
      expect(await statusOf(strongroom, key)).toBe(401);
    });

    test('what is wrong with one is said at its field, and the form keeps the rest', async ({ person }) => {
      await person.signUp();
      await person.open('/settings/platforms/new');
      const dialog = person.dialog('New platform');
      await add(person, 'Acme Chat', 'https://chat.example/path', 'not the password');
      await expect(person.errorOf('origins')).toContainText('An origin is a scheme and a host');
      await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('Acme Chat');
      await expect(dialog.getByLabel('Its own page for a request')).toHaveValue(PAGE);
      await add(person, 'Acme Chat', ORIGINS, 'not the password');
      await expect(person.errorOf('password')).toContainText('That is not your password');
      await add(person, 'Acme Chat');
      await dialog.getByRole('link', { name: 'Done' }).click();
      await person.section('Platforms').getByRole('link', { name: 'New platform' }).click();
      await add(person, 'ACME chat');
      await expect(person.errorOf('name')).toContainText(/./);
      await expect(dialog.locator('#new-token')).toHaveCount(0);
    });

    test('a member sees none of it', async ({ person, visitor, strongroom }) => {
      await person.signUp();
      const command = ['platform', 'add', 'Acme Chat', '--origin', 'https://chat.example'];
      expect((await strongroom.operator(command)).code).toBe(0);
      await strongroom.operator(['user', 'add', 'kim', '--password-stdin'], { input: PASSWORD });
      const kim = await visitor();
      await kim.open('/sign-in');
      await kim.signIn('kim');
      await kim.expectPage('Secrets');
      await kim.open('/settings');
      await expect(kim.section('API tokens')).toBeVisible();
      await expect(kim.section('Platforms')).toHaveCount(0);
      expect(await kim.page.content()).not.toContain('Acme');
      await kim.open('/settings/platforms/rotate');
      expect(await kim.page.content()).not.toContain('Acme');
      await kim.open('/settings/platforms/new');
      await add(kim, 'My Chat');
      await expect(kim.page.locator('#new-token')).toHaveCount(0);
      const { stdout } = await strongroom.operator(['platform', 'list']);
      expect(stdout).not.toContain('My Chat');
    });
  });
}
