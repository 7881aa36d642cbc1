/** What the form of a new secret refuses: told at the field, nothing saved, nothing typed lost but the value. */
import { expect, type Person, Program, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';

const DESCRIPTION = 'Read-only key for search';

/** What is typed as the name, and a part of what is said. */
const BAD_NAMES: [why: string, typed: string, said: string][] = [
  ['is empty', '', 'Type a name'],
  ['begins with a digit', '2FA_KEY', 'begins with a digit'],
  ['has a sign that no shell takes', 'A$KEY', '“$” at position 2'],
  ['has a letter that only looks like one of ours', 'АPI_KEY', 'U+0410'],
  ['has 129 characters', 'A'.repeat(129), '129 characters, and 128 is the most'],
  ['is reserved', 'PATH', 'reserved: programs find commands'],
  ['is reserved with all that begin like it', 'ld_preload', 'reserved'],
  ['is one of Strongroom’s own', 'STRONGROOM_TOKEN', 'reserved: Strongroom keeps its own settings'],
];

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    for (const [why, typed, said] of BAD_NAMES) {
      test(`a name that ${why} is refused at its field`, async ({ person, strongroom }) => {
        await person.signUp();
        await person.startAdding();
        await person.fillSecret({ name: typed, value: 'a value', description: DESCRIPTION });
        if (person.scripts && typed !== '') {
          await expect(person.errorOf('name'), 'at once, before saving').toContainText(said);
        }
        await save(person);
        await expect(person.errorOf('name')).toContainText(said);
        await expectKept(person, 'name');
        if (!person.scripts) {
          await expect(person.dialog('Add a secret').getByLabel('Name', { exact: true })).toHaveValue(typed);
        }
        expect(await (await Program.of(strongroom)).names()).toEqual([]);
      });
    }

    test('a value that is empty or too long is refused at its field', async ({ person, strongroom }) => {
      await person.signUp();
      await person.startAdding();
      for (const [value, said] of [
        ['', 'empty'],
        ['x'.repeat(65_537), '65537'],
        ['é'.repeat(32_769), '65538'],
      ] as const) {
        await person.fillSecret({ name: 'A_KEY', value, description: DESCRIPTION });
        await save(person);
        await expect(person.errorOf('value')).toContainText(said);
        await expectKept(person, 'value');
      }
      expect(await (await Program.of(strongroom)).names()).toEqual([]);
    });

    test('the longest value, name and description are taken', async ({ person, strongroom }) => {
      await person.signUp();
      const name = 'A'.repeat(128);
      const value = 'é'.repeat(32_768);
      await person.addSecret({ name, value, description: 'd'.repeat(500) });
      expect(await (await Program.of(strongroom)).environment()).toEqual({ [name]: value });
    });

    test('a description that is too long or hides something is refused at its field', async ({ person, strongroom }) => {
      await person.signUp();
      await person.startAdding();
      for (const [description, said] of [
        ['d'.repeat(501), '501 characters, and 500 is the most'],
        ['For the search\u202eno', 'U+202E'],
      ] as const) {
        await person.fillSecret({ name: 'A_KEY', value: 'a value', description });
        await save(person);
        await expect(person.errorOf('description')).toContainText(said);
        await expect(person.dialog('Add a secret').getByLabel('Description')).toHaveValue(description);
      }
      expect(await (await Program.of(strongroom)).names()).toEqual([]);
    });

    test('everything that is wrong is told at once', async ({ person }) => {
      await person.signUp();
      await person.startAdding();
      await person.fillSecret({ name: '1', value: '', description: 'd'.repeat(501) });
      await save(person);
      for (const field of ['name', 'value', 'description']) {
        await expect(person.errorOf(field)).not.toBeEmpty();
        await expect(person.page.locator(`#${field}`)).toHaveAttribute('aria-invalid', 'true');
        await expect(person.page.locator(`#${field}-hint`)).toBeHidden();
      }
    });

    test('a name that is taken is refused, and what it had stays', async ({ person, strongroom }) => {
      await person.signUp();
      await person.addSecret({ name: 'A_KEY', value: 'first value' });
      await person.startAdding();
      await person.fillSecret({ name: 'a-key', value: 'second value', description: DESCRIPTION });
      if (person.scripts) {
        await expect(person.errorOf('name'), 'before saving').toContainText('You already have a secret named A_KEY');
      }
      await save(person);
      await expect(person.errorOf('name')).toContainText('You already have a secret named A_KEY');
      await expectKept(person, 'name');
      expect(await (await Program.of(strongroom)).environment()).toEqual({ A_KEY: 'first value' });
    });

    test('a refused form is saved once it is put right', async ({ person, strongroom }) => {
      await person.signUp();
      await person.startAdding();
      await person.fillSecret({ name: 'PATH', value: 'a value', description: DESCRIPTION });
      await save(person);
      await expect(person.errorOf('name')).toContainText('reserved');
      const dialog = person.dialog('Add a secret');
      await dialog.getByLabel('Name', { exact: true }).fill('SEARCH_KEY');
      await dialog.getByLabel('Value', { exact: true }).fill('a value');
      await save(person);
      await person.expectNotice('SEARCH_KEY is saved.');
      await expect(person.card('SEARCH_KEY')).toContainText(DESCRIPTION);
      expect(await (await Program.of(strongroom)).environment()).toEqual({ SEARCH_KEY: 'a value' });
    });

    test('what would not fit into one environment is refused, with the total', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      const full = Array.from({ length: 15 }, (_, n) => ({ name: `BIG_${n}`, value: 'x'.repeat(65_536) }));
      await program.storeAll(full);
      await person.open('/secrets/new');
      await person.fillSecret({ name: 'TOO_MUCH', value: 'x'.repeat(65_536) });
      await save(person);
      await expect(person.errorOf('value')).toContainText(/would take \d+ bytes; an environment holds at most 1048576/);
      expect(await program.names()).toHaveLength(15);
    });

    test.describe('where an account holds one secret at most', () => {
      test.use({ settings: { STRONGROOM_MAX_SECRETS: '1' } });

      test('a second one is refused, and the form says why', async ({ person, strongroom }) => {
        await person.signUp();
        await person.addSecret({ name: 'A_KEY', value: 'a value' });
        await person.startAdding();
        await person.fillSecret({ name: 'B_KEY', value: 'a value' });
        await save(person);
        await expect(person.dialog('Add a secret').getByRole('alert')).toContainText('at most 1 secret');
        expect(await (await Program.of(strongroom)).names()).toEqual(['A_KEY']);
      });
    });
  });
}

async function save(person: Person): Promise<void> {
  await person.dialog('Add a secret').getByRole('button', { name: 'Save secret' }).click();
}

/** The description is there again, the value is not (with scripts the form was never left), the cursor where it helps. */
async function expectKept(person: Person, wrong: 'name' | 'value'): Promise<void> {
  const dialog = person.dialog('Add a secret');
  await expect(dialog.getByLabel('Description')).toHaveValue(DESCRIPTION);
  if (person.scripts) {
    await expect(dialog.locator(`#${wrong}`)).toBeFocused();
  } else {
    await expect(dialog.getByLabel('Value', { exact: true })).toHaveValue('');
    expect(await person.page.content()).not.toContain('a value');
  }
  await expect(person.page).toHaveURL('/secrets/new');
}
