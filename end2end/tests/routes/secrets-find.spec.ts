/** Finding a secret among many: search and order. */
import { EVERY_WAY, expect, type Person, Program, type Strongroom, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';

const SECRETS = [
  { name: 'GITHUB_TOKEN', value: 'a value', description: 'Read-only key for pull requests' },
  { name: 'GITLAB_TOKEN', value: 'a value', description: 'Deploys the website' },
  { name: 'OPENAI_API_KEY', value: 'a value', description: 'Übersetzungen' },
  { name: 'POSTGRES_PASSWORD', value: 'a value', description: '' },
  { name: 'STRIPE_SECRET', value: 'a value', description: 'Test payments' },
  { name: 'X_BEARER_TOKEN', value: 'a value', description: 'Read-only key for search on X' },
];
const NAMES = SECRETS.map(({ name }) => name);

/** What is typed, and what is found. */
const SEARCHES: [what: string, typed: string, found: string[]][] = [
  ['a part of a name', 'GIT', ['GITHUB_TOKEN', 'GITLAB_TOKEN']],
  ['a name in small letters', 'stripe_secret', ['STRIPE_SECRET']],
  ['a word of a description', 'deploys', ['GITLAB_TOKEN']],
  ['a letter beyond ASCII, in the other case', 'üBER', ['OPENAI_API_KEY']],
  ['several words of name and description, in any order', '  read-only  token ', ['GITHUB_TOKEN', 'X_BEARER_TOKEN']],
  ['more words than any secret has', 'github deploys', []],
];

for (const { title, use } of EVERY_WAY) {
  test.describe(title, () => {
    test.use(use);

    test('names and descriptions are searched, and it is said how many are found', async ({ person, strongroom }) => {
      await openWith(person, strongroom, SECRETS);
      await expectShown(person, NAMES);
      await expect(said(person)).toBeEmpty();
      for (const [what, typed, found] of SEARCHES) {
        await test.step(what, async () => {
          await search(person, typed);
          await expectShown(person, found);
          const words = found.length === 0 ? 'Nothing is called or described like that.' : `${found.length} of 6`;
          await expect(said(person)).toHaveText(words);
          await expect(field(person)).toHaveValue(typed);
        });
      }
      await test.step('nothing', async () => {
        await search(person, '');
        await expectShown(person, NAMES);
        await expect(said(person)).toBeEmpty();
      });
    });
  });
}

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('the list is ordered by name, by age and by use', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      for (const name of ['C_KEY', 'A_KEY', 'F_KEY', 'B_KEY', 'E_KEY', 'D_KEY']) {
        await program.store(name, 'a value');
      }
      for (const name of ['E_KEY', 'B_KEY']) {
        const opened = await program.call('POST', '/api/v1/sandboxes', { names: [name] });
        const { token } = (await opened.json()) as { token: string };
        expect((await program.fetchEnvironment(token)).status).toBe(200);
      }
      await person.open('/secrets');
      const byName = ['A_KEY', 'B_KEY', 'C_KEY', 'D_KEY', 'E_KEY', 'F_KEY'];
      await expectShown(person, byName);
      await order(person, 'Newest first');
      await expectShown(person, ['D_KEY', 'E_KEY', 'B_KEY', 'F_KEY', 'A_KEY', 'C_KEY']);
      await order(person, 'Last used first');
      await expectShown(person, ['B_KEY', 'E_KEY', 'A_KEY', 'C_KEY', 'D_KEY', 'F_KEY']);
      await order(person, 'By name');
      await expectShown(person, byName);
    });

    test('search and order go together', async ({ person, strongroom }) => {
      await openWith(person, strongroom, SECRETS);
      await (await Program.of(strongroom)).store('MY_GITHUB_KEY', 'a value');
      await person.open('/secrets');
      await search(person, 'github');
      await expectShown(person, ['GITHUB_TOKEN', 'MY_GITHUB_KEY']);
      await order(person, 'Newest first');
      await expectShown(person, ['MY_GITHUB_KEY', 'GITHUB_TOKEN']);
      await expect(field(person)).toHaveValue('github');
      await search(person, 'stripe');
      await expectShown(person, ['STRIPE_SECRET']);
      await expect(orders(person)).toHaveValue('newest');
    });

    test('an address can hold a search', async ({ person, strongroom }) => {
      await openWith(person, strongroom, SECRETS);
      await person.open('/secrets?q=Read-only+x&order=newest');
      await expectShown(person, ['X_BEARER_TOKEN']);
      await expect(field(person)).toHaveValue('Read-only x');
      await expect(orders(person)).toHaveValue('newest');
      await person.open('/secrets?q=%3Cb%3E%22&order=nonsense');
      await expectShown(person, []);
      await expect(field(person)).toHaveValue('<b>"');
      await expect(orders(person)).toHaveValue('name');
    });

    test('five secrets are seen at a glance, six can be searched', async ({ person, strongroom }) => {
      await openWith(person, strongroom, SECRETS.slice(1));
      await expectShown(person, NAMES.slice(1));
      await expect(bar(person)).toBeHidden();
      await person.addSecret({ name: 'GITHUB_TOKEN', value: 'a value' });
      await expectShown(person, NAMES);
      await expect(bar(person)).toBeVisible();
    });
  });
}

test('Escape empties the search', async ({ person, strongroom }) => {
  await openWith(person, strongroom, SECRETS);
  await search(person, 'stripe');
  await expectShown(person, ['STRIPE_SECRET']);
  await field(person).press('Escape');
  await expectShown(person, NAMES);
  await expect(field(person)).toHaveValue('');
  await expect(field(person)).toBeFocused();
  await expect(said(person)).toBeEmpty();
});

test('Enter in the search does not load the page anew', async ({ person, strongroom }) => {
  await openWith(person, strongroom, SECRETS);
  await search(person, 'stripe');
  await field(person).press('Enter');
  await search(person, 'git');
  await expectShown(person, ['GITHUB_TOKEN', 'GITLAB_TOKEN']);
  await expect(person.page).toHaveURL('/secrets');
});

test('a dialog that is opened and closed leaves the search and the order as they were', async ({ person, strongroom }) => {
  await openWith(person, strongroom, SECRETS);
  await search(person, 'git');
  await order(person, 'Last used first');
  const expectKept = async (found: string[]): Promise<void> => {
    await expectShown(person, found);
    await expect(field(person)).toHaveValue('git');
    await expect(orders(person)).toHaveValue('used');
  };

  await test.step('called off', async () => {
    await person.startAdding();
    await person.page.keyboard.press('Escape');
    await expect(person.dialog('Add a secret')).toBeHidden();
    await expectKept(['GITHUB_TOKEN', 'GITLAB_TOKEN']);
  });

  await test.step('with a change to what was found', async () => {
    const dialog = await person.startEditing('GITLAB_TOKEN');
    await dialog.getByLabel('Description').fill('Deploys the shop');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(person.card('GITLAB_TOKEN')).toContainText('Deploys the shop');
    await expectKept(['GITHUB_TOKEN', 'GITLAB_TOKEN']);
  });

  await test.step('with a new secret that is not looked for', async () => {
    await person.startAdding();
    await person.fillSecret({ name: 'A_KEY', value: 'a value' });
    await person.dialog('Add a secret').getByRole('button', { name: 'Save secret' }).click();
    await person.expectNotice('A_KEY is saved.');
    await expect(said(person)).toHaveText('2 of 7');
    await expectKept(['GITHUB_TOKEN', 'GITLAB_TOKEN']);
  });

  await test.step('with what was found deleted', async () => {
    await (await person.startDeleting('GITHUB_TOKEN')).getByRole('button', { name: 'Delete GITHUB_TOKEN' }).click();
    await expect(said(person)).toHaveText('1 of 6');
    await expectKept(['GITLAB_TOKEN']);
  });
});

/** Signs up, stores the secrets over HTTP, and opens the page that lists them. */
async function openWith(person: Person, strongroom: Strongroom, secrets: { name: string; value: string }[]): Promise<void> {
  await person.signUp();
  await (await Program.of(strongroom)).storeAll(secrets);
  await person.open('/secrets');
}

function bar(person: Person) {
  return person.page.getByRole('search');
}

function field(person: Person) {
  return bar(person).getByRole('searchbox', { name: 'Search your secrets' });
}

function orders(person: Person) {
  return bar(person).getByRole('combobox', { name: 'Order' });
}

/** Where it is said how many are found. */
function said(person: Person) {
  return bar(person).getByRole('status');
}

async function search(person: Person, text: string): Promise<void> {
  await field(person).fill(text);
  await show(person);
}

async function order(person: Person, label: string): Promise<void> {
  await orders(person).selectOption({ label });
  await show(person);
}

/** Without scripts, both are a form. */
async function show(person: Person): Promise<void> {
  const button = bar(person).getByRole('button', { name: 'Show' });
  if (person.scripts) {
    await expect(button).toBeHidden();
  } else {
    await button.click();
  }
}

/** Exactly these cards are seen, in this order. */
async function expectShown(person: Person, names: string[]): Promise<void> {
  const list = person.page.getByRole('list', { name: 'Your secrets' });
  await expect(list.getByRole('heading', { level: 2 })).toHaveText(names);
}
