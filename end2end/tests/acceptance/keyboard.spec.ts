/** Everything by keyboard alone: no test here touches the mouse. */
import { expect, type Page } from '@playwright/test';

import { type Person, test } from '../../fixtures.js';

const NAME = 'X_BEARER_TOKEN';

test('a secret is added, edited and deleted without a mouse', async ({ person }) => {
  await person.signUp();
  const { keyboard } = person.page;

  await test.step('add', async () => {
    await tabTo(person.page, 'Add secret');
    await keyboard.press('Enter');
    await expect(focused(person), 'the cursor stands in the first field').toHaveAttribute('name', 'name');
    await keyboard.type('x bearer token');
    await tabTo(person.page, 'Value');
    await keyboard.type('a value');
    await tabTo(person.page, 'Description (optional)');
    await keyboard.type('For search on X');
    await keyboard.press('Enter');
    await person.expectNotice(`${NAME} is saved.`);
    await expect(person.card(NAME)).toContainText('For search on X');
    await expect(focused(person), 'focus is back where the dialog was opened').toHaveText('Add secret');
  });

  await test.step('edit', async () => {
    await tabTo(person.page, `Edit ${NAME}`);
    await keyboard.press('Enter');
    await expect(focused(person)).toHaveAttribute('name', 'value');
    await tabTo(person.page, 'Description (optional)');
    await keyboard.press('Control+A');
    await keyboard.type('For posts on X');
    await tabTo(person.page, 'Save changes');
    await keyboard.press('Enter');
    await person.expectNotice('Its value is the same as before');
    await expect(person.card(NAME)).toContainText('For posts on X');
  });

  await test.step('delete', async () => {
    await tabTo(person.page, `Delete ${NAME}`);
    await keyboard.press('Enter');
    await expect(person.dialog('Delete secret')).toBeVisible();
    await tabTo(person.page, `Delete ${NAME}`);
    await keyboard.press('Enter');
    await person.expectNotice(`${NAME} is deleted.`);
    await expect(person.card(NAME)).toBeHidden();
    await expect(focused(person), 'what opened the dialog is gone, so the heading has the focus').toHaveText('Secrets');
  });
});

test('Escape closes a dialog and gives the focus back to what opened it', async ({ person }) => {
  await person.signUp();
  await person.addSecret({ name: NAME, value: 'a value' });
  for (const [opener, title, path] of [
    ['Add secret', 'Add a secret', '/secrets/new'],
    [`Edit ${NAME}`, 'Edit secret', `/secrets/${NAME}/edit`],
    [`Delete ${NAME}`, 'Delete secret', `/secrets/${NAME}/delete`],
  ] as const) {
    await tabTo(person.page, opener);
    await person.page.keyboard.press('Enter');
    await expect(person.dialog(title)).toBeVisible();
    await expect(person.page).toHaveURL(path);
    await person.page.keyboard.press('Escape');
    await expect(person.dialog(title)).toBeHidden();
    await expect(person.page).toHaveURL('/secrets');
    await expect(focused(person)).toHaveAccessibleName(opener);
  }
});

test('the focus stays inside a dialog', async ({ person }) => {
  await person.signUp();
  await person.startAdding();
  const dialog = person.dialog('Add a secret');
  await expect(dialog.getByLabel('Name', { exact: true })).toBeFocused();
  for (const key of ['Tab', 'Shift+Tab']) {
    for (let presses = 0; presses < 20; presses += 1) {
      await person.page.keyboard.press(key);
      const outside = await person.page.evaluate(() => {
        const active = document.activeElement;
        // Between the last and the first element stands the browser itself, which the page sees as its body.
        return active !== document.body && active?.closest('dialog') === null ? active.outerHTML : '';
      });
      expect(outside).toBe('');
    }
  }
});

test('the value is revealed and hidden again from the keyboard', async ({ person }) => {
  await person.signUp();
  await person.startAdding();
  const value = person.dialog('Add a secret').getByLabel('Value', { exact: true });
  await value.fill('a value');
  await expect(value).toHaveCSS('-webkit-text-security', 'disc');
  await value.press('Shift+Tab');
  await expect(focused(person)).toHaveAccessibleName('Show the value while typing');
  await person.page.keyboard.press('Space');
  await expect(value).toHaveCSS('-webkit-text-security', 'none');
  await person.page.keyboard.press('Space');
  await expect(value).toHaveCSS('-webkit-text-security', 'disc');
});

test('the first Tab offers to skip to the content', async ({ person }) => {
  await person.signUp();
  for (const path of ['/secrets', '/settings']) {
    await person.open(path);
    await person.page.keyboard.press('Tab');
    const skip = person.page.getByRole('link', { name: 'Skip to the content' });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await person.page.keyboard.press('Enter');
    await expect(person.page.getByRole('main')).toBeFocused();
  }
});

test('the account menu opens, signs out and closes from the keyboard', async ({ person }) => {
  await person.signUp();
  await tabTo(person.page, 'Account: owner');
  await person.page.keyboard.press('Enter');
  await expect(person.page.getByText('Signed in as owner')).toBeVisible();
  await person.page.keyboard.press('Escape');
  await expect(person.page.getByText('Signed in as owner')).toBeHidden();
  await person.page.keyboard.press('Enter');
  await tabTo(person.page, 'Sign out');
  await person.page.keyboard.press('Enter');
  await person.expectPage('Sign in');
});

test('everything that takes the focus shows it', async ({ person }) => {
  await person.signUp();
  await person.addSecret({ name: NAME, value: 'a value' });
  for (const path of ['/secrets', '/secrets/new', '/settings']) {
    await person.open(path);
    const seen = new Set<string>();
    for (let presses = 0; presses < 30; presses += 1) {
      await person.page.keyboard.press('Tab');
      const { what, visible } = await person.page.evaluate(focusIsVisible);
      if (seen.has(what)) {
        break;
      }
      seen.add(what);
      expect(visible, what).toBe(true);
    }
    expect(seen.size).toBeGreaterThan(4);
  }
});

function focused(person: Person) {
  return person.page.locator(':focus');
}

/** Presses Tab until the element of that accessible name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    const focus = page.locator(':focus');
    if ((await focus.count()) === 1 && (await focus.ariaSnapshot()).includes(`"${name}"`)) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`“${name}” cannot be reached by Tab`);
}

/** Runs in the page: whether the focused element, or the label that stands for it, has an outline. */
function focusIsVisible(): { what: string; visible: boolean } {
  const active = document.activeElement;
  if (active === null || active === document.body) {
    return { what: 'the browser itself', visible: true };
  }
  const shown = [active, active.nextElementSibling].filter((element) => element !== null);
  const outlined = shown.some((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
  });
  return { what: active.outerHTML.slice(0, 150), visible: outlined };
}
