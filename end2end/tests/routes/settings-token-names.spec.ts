/** A token limited to names: the sandboxes that it opens get these and no more. */
import { expect, PASSWORD, type Person, Program, type Sandbox, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';

const SECRETS = ['A_KEY', 'B_KEY', 'C_KEY'].map((name) => ({ name, value: `value of ${name}` }));

/** What is typed among the names, and a part of what is said. */
const BAD_NAMES: [why: string, typed: string, said: string][] = [
  ['one is reserved', 'A_KEY PATH', 'reserved: programs find commands'],
  ['one begins with a digit', '2FA_KEY, A_KEY', 'begins with a digit'],
  ['one has a sign that no shell takes', 'A_KEY B$KEY', '“$” at position 2'],
];

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('the names are asked for once the token may open sandboxes', async ({ person }) => {
      await person.signUp();
      const dialog = await startToken(person, 'laptop');
      await expect(dialog.getByLabel('Only these secrets')).toBeHidden();
      await dialog.getByRole('checkbox', { name: /^secrets:write/ }).check();
      await expect(dialog.getByLabel('Only these secrets')).toBeHidden();
      const sandboxes = dialog.getByRole('checkbox', { name: /^sandboxes:write/ });
      await sandboxes.check();
      await expect(dialog.getByLabel('Only these secrets')).toBeVisible();
      await expect(dialog.getByLabel('Only these secrets')).toHaveAccessibleDescription(/Empty: all of your secrets/);
      await sandboxes.uncheck();
      await expect(dialog.getByLabel('Only these secrets')).toBeHidden();
    });

    for (const [why, typed, said] of BAD_NAMES) {
      test(`a list of names of which ${why} is refused under the field, and kept`, async ({ person, strongroom }) => {
        await person.signUp();
        await (await Program.of(strongroom)).storeAll(SECRETS);
        const dialog = await startToken(person, 'laptop', typed);
        await make(person);
        await expect(person.errorOf('names')).toContainText(said);
        const names = dialog.getByLabel('Only these secrets');
        await expect(names).toHaveAttribute('aria-invalid', 'true');
        await expect(names).toHaveValue(typed);
        await expect(dialog.getByRole('checkbox', { name: /^sandboxes:write/ })).toBeChecked();

        await names.fill('A_KEY');
        await make(person);
        await expect(dialog.locator('#new-token')).toHaveText(/^sr_pat_/);
      });
    }

    test('the sandboxes of such a token get these secrets, and its row says which', async ({ person, strongroom }) => {
      await person.signUp();
      await (await Program.of(strongroom)).storeAll(SECRETS);
      // As people type: in small letters, with commas, one twice, one that comes later.
      const token = await makeToken(person, 'mentions', 'c_key, A_KEY  a-key,LATER_KEY');
      await person.dialog('New API token').getByRole('link', { name: 'Done' }).click();
      const row = person.section('API tokens').getByRole('listitem').filter({ hasText: 'mentions' }).first();
      await expect(row).toContainText('Its sandboxes get only A_KEY, C_KEY, LATER_KEY');

      const program = new Program(strongroom, token);
      const sandbox = await program.openSandbox('mentions bot');
      await expectHeld(program, sandbox, ['A_KEY', 'C_KEY']);
      await test.step('a secret of the list that is added later is there at the next fetch', async () => {
        await (await Program.of(strongroom)).store('LATER_KEY', 'value of LATER_KEY');
        await expectHeld(program, sandbox, ['A_KEY', 'C_KEY', 'LATER_KEY']);
      });
      await test.step('a sandbox cannot be opened for more, nor ask for more', async () => {
        const wider = await program.call('POST', '/api/v1/sandboxes', { names: ['A_KEY', 'B_KEY'] });
        expect(wider.status).toBe(403);
        expect((await program.fetchEnvironment(sandbox.token, '?require=B_KEY')).status).toBe(403);
      });
      await test.step('the list of live sandboxes says it too', async () => {
        await person.open('/settings');
        await expect(person.section('Live sandboxes')).toContainText('Can get A_KEY, C_KEY, LATER_KEY');
      });
    });

    test('a token without names opens sandboxes for all secrets', async ({ person, strongroom }) => {
      await person.signUp();
      await (await Program.of(strongroom)).storeAll(SECRETS);
      const token = await makeToken(person, 'laptop', ' , ');
      await person.dialog('New API token').getByRole('link', { name: 'Done' }).click();
      const tokens = person.section('API tokens');
      await expect(tokens).toContainText('laptop');
      await expect(tokens).not.toContainText('Its sandboxes get only');
      const program = new Program(strongroom, token);
      await expectHeld(program, await program.openSandbox(), ['A_KEY', 'B_KEY', 'C_KEY']);
    });
  });
}

/** Fills the form of a new token; with names, it may open sandboxes. */
async function startToken(person: Person, label: string, names?: string) {
  await person.open('/settings/tokens/new');
  const dialog = person.dialog('New API token');
  await dialog.getByLabel('Name', { exact: true }).fill(label);
  if (names !== undefined) {
    await dialog.getByRole('checkbox', { name: /^sandboxes:write/ }).check();
    await dialog.getByLabel('Only these secrets').fill(names);
  }
  return dialog;
}

async function make(person: Person): Promise<void> {
  const dialog = person.dialog('New API token');
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Make token' }).click();
}

/** Makes one that may open sandboxes, and gives what is shown this once. */
async function makeToken(person: Person, label: string, names: string): Promise<string> {
  const dialog = await startToken(person, label, names);
  await make(person);
  await expect(dialog).toContainText('it is shown this once');
  return dialog.locator('#new-token').innerText();
}

async function expectHeld(program: Program, sandbox: Sandbox, names: string[]): Promise<void> {
  const answer = await program.fetchEnvironment(sandbox.token);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual(Object.fromEntries(names.map((name) => [name, `value of ${name}`])));
}
