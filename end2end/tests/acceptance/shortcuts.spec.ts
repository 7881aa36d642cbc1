/** Keys that work anywhere: `/` searches, `n` adds, `?` lists the keys, Escape closes. */
import { expect, type Person, Program, type Strongroom, test } from '../../fixtures.js';

const NAMES = ['A_KEY', 'B_KEY', 'C_KEY', 'D_KEY', 'E_KEY', 'F_KEY'];

test('/ goes to the search, and is not typed there', async ({ person, strongroom }) => {
  await openPage(person, strongroom);
  await person.page.keyboard.press('/');
  await expect(searchField(person)).toBeFocused();
  await expect(searchField(person)).toHaveValue('');
  await person.page.keyboard.type('b_');
  await expect(person.card('B_KEY')).toBeVisible();
  await expect(person.card('A_KEY')).toBeHidden();
});

test('/ does nothing where there is nothing to search', async ({ person }) => {
  await person.signUp();
  await person.addSecret({ name: 'A_KEY', value: 'a value' });
  await person.page.keyboard.press('/');
  await person.page.keyboard.press('?');
  await expect(list(person)).toBeVisible();
  await expect(searchField(person)).toHaveCount(0);
});

test('n adds a secret, from every page, and is not typed into the name', async ({ person, strongroom }) => {
  await openPage(person, strongroom);
  for (const path of ['/secrets', '/activity', '/settings']) {
    await person.open(path);
    await person.page.keyboard.press('n');
    const dialog = person.dialog('Add a secret');
    await expect(dialog.getByLabel('Name', { exact: true })).toBeFocused();
    await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('');
    await expect(person.page).toHaveURL('/secrets/new');
    await person.page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(person.page).toHaveURL('/secrets');
    await expect(person.page.locator(':focus'), 'no link opened it, so the heading has the focus').toHaveText('Secrets');
  }
});

test('? lists the keys, and Escape closes the list', async ({ person, strongroom }) => {
  await openPage(person, strongroom);
  const settings = person.page.getByRole('navigation').getByRole('link', { name: 'Settings' });
  await settings.focus();
  await person.page.keyboard.press('?');
  await expect(list(person)).toBeVisible();
  await expect(list(person).getByRole('term')).toHaveText(['/', 'n', '?', 'Esc']);
  await expect(list(person).getByRole('definition')).toHaveText([
    'Search your secrets',
    'Add a secret',
    'Show this list',
    'Close what is open',
  ]);
  await expect(list(person).locator(':focus')).toHaveCount(1);
  await person.page.keyboard.press('Escape');
  await expect(list(person)).toBeHidden();
  await expect(settings, 'the focus is where it was').toBeFocused();

  await person.page.keyboard.press('?');
  await list(person).getByRole('button', { name: 'Close' }).click();
  await expect(list(person)).toBeHidden();
  await expect(person.page).toHaveURL('/secrets');
});

test('keys are letters where somebody is typing', async ({ person, strongroom }) => {
  await openPage(person, strongroom);
  await test.step('in the search', async () => {
    await searchField(person).focus();
    await person.page.keyboard.type('n?/');
    await expect(searchField(person)).toHaveValue('n?/');
    await expectNothingOpened(person);
    await person.page.keyboard.press('Escape');
    await expect(searchField(person)).toHaveValue('');
  });
  await test.step('in a choice', async () => {
    const order = person.page.getByRole('combobox', { name: 'Order' });
    await order.focus();
    await person.page.keyboard.type('n');
    await expect(order).toHaveValue('newest');
    await expectNothingOpened(person);
  });
  await test.step('in a dialog', async () => {
    await person.startAdding();
    const value = person.dialog('Add a secret').getByLabel('Value', { exact: true });
    await value.focus();
    await person.page.keyboard.type('n?/');
    await expect(value).toHaveValue('n?/');
    await expect(person.page).toHaveURL('/secrets/new');
    await expect(list(person)).toBeHidden();
  });
});

test('keys do nothing over an open dialog, menu or list', async ({ person, strongroom }) => {
  await openPage(person, strongroom);
  const pressAll = async (): Promise<void> => {
    for (const key of ['n', '?', '/']) {
      await person.page.keyboard.press(key);
    }
  };
  await test.step('a dialog', async () => {
    await person.page.getByRole('link', { name: 'Use A_KEY', exact: true }).click();
    const dialog = person.dialog('Use it in code');
    await expect(dialog).toContainText('A_KEY');
    await pressAll();
    await expect(list(person)).toBeHidden();
    await expect(person.page).toHaveURL('/secrets/A_KEY/use');
    await person.page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expectNothingOpened(person);
  });
  await test.step('the menu', async () => {
    await openMenu(person);
    await pressAll();
    await expect(person.page.getByText('Signed in as owner')).toBeVisible();
    await person.page.keyboard.press('Escape');
    await expect(person.page.getByText('Signed in as owner')).toBeHidden();
    await expectNothingOpened(person);
  });
  await test.step('the list itself', async () => {
    await person.page.keyboard.press('?');
    await expect(list(person)).toBeVisible();
    await pressAll();
    await person.page.keyboard.press('Escape');
    await expectNothingOpened(person);
  });
});

test('keys of the browser are left to it', async ({ person, strongroom }) => {
  await openPage(person, strongroom);
  for (const key of ['Control+/', 'Alt+n', 'Meta+n']) {
    await person.page.keyboard.press(key);
  }
  await expect(searchField(person)).not.toBeFocused();
  await expectNothingOpened(person);
});

test('the list is in the account menu, where one finds it without knowing the key', async ({ person, strongroom }) => {
  await openPage(person, strongroom);
  await openMenu(person);
  await person.page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await expect(list(person)).toBeVisible();
  await expect(person.page.getByText('Signed in as owner')).toBeHidden();
  await person.page.keyboard.press('Escape');
  await expect(list(person)).toBeHidden();
  await expect(person.page.getByRole('button', { name: /^Account:/ })).toBeFocused();
});

test('before one is signed in there are no keys', async ({ person }) => {
  await person.signUp();
  await person.signOut();
  // From the field, which may have the focus, to the page.
  await person.page.getByRole('heading', { level: 1 }).click();
  for (const key of ['n', '?']) {
    await person.page.keyboard.press(key);
  }
  await expect(list(person)).toHaveCount(0);
  await person.signIn();
  await person.expectPage('Secrets');
  await expect(person.page).toHaveURL('/secrets');
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('nothing speaks of keys that do nothing', async ({ person, strongroom }) => {
    await openPage(person, strongroom);
    await openMenu(person);
    await expect(person.page.getByText('Keyboard shortcuts').filter({ visible: true })).toHaveCount(0);
  });
});

/** The Secrets page with enough on it to be searched. */
async function openPage(person: Person, strongroom: Strongroom): Promise<void> {
  await person.signUp();
  await (await Program.of(strongroom)).storeAll(NAMES.map((name) => ({ name, value: 'a value' })));
  await person.open('/secrets');
}

async function openMenu(person: Person): Promise<void> {
  await person.page.getByRole('button', { name: /^Account:/ }).click();
  await expect(person.page.getByText('Signed in as owner')).toBeVisible();
}

function list(person: Person) {
  return person.dialog('Keyboard shortcuts');
}

function searchField(person: Person) {
  return person.page.getByRole('searchbox', { name: 'Search your secrets' });
}

/** The page stands as it was. Had something opened over it after all, no test could go on with what it does next. */
async function expectNothingOpened(person: Person): Promise<void> {
  await expect(person.page.getByRole('dialog')).toHaveCount(0);
  await expect(person.page).toHaveURL('/secrets');
}
