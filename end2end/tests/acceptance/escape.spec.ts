/** Escape closes a dialog, and asks before it throws away what was typed. */
import type { Locator, Page } from '@playwright/test';

import { EVERY_WAY, expect, type Person, Program, test } from '../../fixtures.js';

const NAME = 'DEPLOY_KEY';

/** What opens each dialog of the Secrets page, its title, and the label of what has the focus in it. */
const DIALOGS: [opener: string, title: string, focused: string][] = [
  ['Add secret', 'Add a secret', 'Name'],
  ['Import', 'Import a .env file', 'Content of the file'],
  [`Use ${NAME}`, 'Use it in code', 'Close'],
  [`Edit ${NAME}`, 'Edit secret', 'New value'],
  [`Delete ${NAME}`, 'Delete secret', 'Close'],
];

/** Dialogs and a label in each, to type at. */
const FORMS: [opener: string, title: string, label: string, text: string][] = [
  ['Add secret', 'Add a secret', 'Name', 'MY_KEY'],
  ['Add secret', 'Add a secret', 'Value', 'typed with care'],
  ['Add secret', 'Add a secret', 'Description (optional)', 'typed with care'],
  ['Import', 'Import a .env file', 'Content of the file', 'A_KEY=typed with care'],
  [`Edit ${NAME}`, 'Edit secret', 'New value', 'typed with care'],
  [`Edit ${NAME}`, 'Edit secret', 'Description (optional)', 'Old words, and more'],
];

for (const { title, use } of EVERY_WAY.filter(({ use }) => use.javaScriptEnabled === true)) {
  test.describe(title, () => {
    test.use(use);

    test('the focus goes into each dialog, and back to what opened it', async ({ person }) => {
      await openPage(person);
      for (const [opener, title, focused] of DIALOGS) {
        await test.step(title, async () => {
          const dialog = await openDialog(person, opener, title);
          await expect(person.page.locator(':focus')).toHaveAccessibleName(focused);
          await expect(dialog.locator(':focus')).toHaveCount(1);
          await person.page.keyboard.press('Escape');
          await expect(dialog, 'nothing was typed').toBeHidden();
          await expect(person.page).toHaveURL('/secrets');
          await expect(link(person, opener)).toBeFocused();
        });
      }
    });

    for (const [opener, title, label, text] of FORMS) {
      test(`${title}: what was typed as “${label}” is kept, or thrown away when asked to`, async ({
        person,
        strongroom,
      }) => {
        await openPage(person);
        const dialog = await openDialog(person, opener, title);
        const field = dialog.getByLabel(label, { exact: true });
        await field.fill(text);
        await person.page.keyboard.press('Escape');
        const question = questionIn(dialog);
        await expect(question).toBeVisible();
        await expect(question.getByRole('button', { name: 'Keep editing' })).toBeFocused();
        await expect(question.getByRole('button', { name: 'Keep editing' })).toBeInViewport();

        await test.step('Keep editing returns to typing', async () => {
          await person.page.keyboard.press('Enter');
          await expect(question).toBeHidden();
          await expect(field).toHaveValue(text);
          await expect(field).toBeFocused();
          await person.page.keyboard.type('_2');
          await expect(field).toHaveValue(/_2/);
        });

        await test.step('Throw away closes', async () => {
          await person.page.keyboard.press('Escape');
          await question.getByRole('button', { name: 'Throw away' }).click();
          await expect(dialog).toBeHidden();
          await expect(person.page).toHaveURL('/secrets');
          await expect(link(person, opener)).toBeFocused();
        });

        await test.step('and it is gone', async () => {
          const again = await openDialog(person, opener, title);
          await expect(again.getByLabel(label, { exact: true })).not.toHaveValue(/_2|typed|MY_KEY|and more/);
          await expect(questionIn(again)).toBeHidden();
          expect(await (await Program.of(strongroom)).environment()).toEqual({ [NAME]: 'old value' });
        });
      });
    }
  });
}

test('Escape pressed twice keeps what was typed, and so does every other time', async ({ person }) => {
  await openPage(person);
  const dialog = await openDialog(person, 'Add secret', 'Add a secret');
  const value = dialog.getByLabel('Value', { exact: true });
  await value.fill('typed with care');
  for (let twice = 0; twice < 5; twice += 1) {
    await person.page.keyboard.press('Escape');
    await expect(questionIn(dialog)).toBeVisible();
    await person.page.keyboard.press('Escape');
    await expect(questionIn(dialog)).toBeHidden();
    await expect(value).toHaveValue('typed with care');
    await expect(value).toBeFocused();
  }
});

for (const name of ['Cancel', 'Close']) {
  test(`${name} does not ask`, async ({ person }) => {
    await openPage(person);
    for (const [opener, title, label, text] of FORMS) {
      const dialog = await openDialog(person, opener, title);
      await dialog.getByLabel(label, { exact: true }).fill(text);
      await dialog.getByRole('link', { name, exact: true }).click();
      await expect(dialog).toBeHidden();
      await expect(link(person, opener)).toBeFocused();
    }
  });
}

test('what was typed and taken back is not asked about', async ({ person }) => {
  await openPage(person);
  for (const [opener, title, label, text] of FORMS) {
    await test.step(`${title}: ${label}`, async () => {
      const dialog = await openDialog(person, opener, title);
      const field = dialog.getByLabel(label, { exact: true });
      const before = await field.inputValue();
      await field.fill(text);
      await field.fill(before);
      await person.page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    });
  }
});

test('revealing a value and looking at the conventions is not typing', async ({ person }) => {
  await openPage(person);
  const dialog = await openDialog(person, 'Add secret', 'Add a secret');
  await dialog.getByLabel('Show the value while typing').press('Space');
  await expect(dialog.getByLabel('Show the value while typing')).toBeChecked();
  await dialog.getByText('How to name it').click();
  await expect(dialog.getByRole('region', { name: 'Naming conventions' })).toBeVisible();
  await person.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a refused form asks, a saved one does not', async ({ person }) => {
  await openPage(person);
  const dialog = await openDialog(person, 'Add secret', 'Add a secret');
  await person.fillSecret({ name: 'PATH', value: 'typed with care' });
  await dialog.getByRole('button', { name: 'Save secret' }).click();
  await expect(person.errorOf('name')).toContainText('reserved');
  await person.page.keyboard.press('Escape');
  await questionIn(dialog).getByRole('button', { name: 'Keep editing' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('MY_KEY');
  await dialog.getByRole('button', { name: 'Save secret' }).click();
  await person.expectNotice('MY_KEY is saved.');
  await expect(dialog).toBeHidden();
});

test('Escape asks in the dialogs of the Settings page, too', async ({ person }) => {
  await openPage(person);
  await person.open('/settings');
  const dialog = await openDialog(person, 'New token', 'New API token');
  await dialog.getByLabel('Name', { exact: true }).fill('laptop');
  await person.page.keyboard.press('Escape');
  await questionIn(dialog).getByRole('button', { name: 'Throw away' }).click();
  await expect(dialog).toBeHidden();
  await expect(person.page).toHaveURL('/settings');
  await expect(link(person, 'New token')).toBeFocused();
});

/** The Secrets page of somebody who has one secret. */
async function openPage(person: Person): Promise<void> {
  await person.signUp();
  await person.addSecret({ name: NAME, value: 'old value', description: 'Old words' });
}

async function openDialog(person: Person, opener: string, title: string): Promise<Locator> {
  await link(person, opener).click();
  const dialog = person.dialog(title);
  await expect(dialog).toBeVisible();
  await expect(dialog.locator(':focus'), 'the focus is in the dialog').toHaveCount(1);
  return dialog;
}

function link({ page }: { page: Page }, name: string): Locator {
  return page.getByRole('link', { name, exact: true });
}

function questionIn(dialog: Locator): Locator {
  return dialog.getByRole('alertdialog', { name: 'Throw away what you typed?' });
}
