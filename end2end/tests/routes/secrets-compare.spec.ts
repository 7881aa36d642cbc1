/** “Is it this key?”: a pasted value is compared with the stored one, and nothing is changed by it. */
import { EVERY_WAY, expect, type Person, Program, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';
import { findTraces } from '../../fixtures/traces.js';

const NAME = 'DEPLOY_KEY';
const RIGHT = 'canary-4be1-the-right-one';
const WRONG = 'canary-77c0-the-wrong-one';
const YES = 'Yes, it is the stored value.';
const NO = 'No, the stored value is another one.';

/** With scripts nothing leaves the form that was typed there; that is the one place where the value may be. */
const IN_THE_FIELD = ['DOM: content of textarea value (as it is)'];

interface Activity {
  kind: string;
  names: string[];
  detail: string | null;
}

for (const { title, use } of EVERY_WAY) {
  test.describe(title, () => {
    test.use(use);

    test('a key is compared: no, then yes, and nothing is changed', async ({ person, strongroom }) => {
      const dialog = await startComparing(person);
      await dialog.getByLabel('Description').fill('Words that are not saved yet');
      for (const [value, answer] of [
        [WRONG, NO],
        [RIGHT, YES],
      ] as const) {
        await compare(person, value);
        await expect(answerOf(person)).toHaveText(answer);
        await expect(dialog.getByLabel('Description'), 'what was typed stays').toHaveValue('Words that are not saved yet');
        await expect(person.page).toHaveURL(`/secrets/${NAME}/edit`);
      }
      await dialog.getByRole('link', { name: 'Cancel' }).click();
      await expect(person.card(NAME)).toContainText('Old words');
      await expect(person.card(NAME)).not.toContainText('Changed');
      expect(await (await Program.of(strongroom)).environment()).toEqual({ [NAME]: RIGHT });
    });
  });
}

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('a compared value is nowhere afterwards, right or wrong', async ({ person, observer }) => {
      const dialog = await startComparing(person);
      for (const [value, answer] of [
        [WRONG, NO],
        [RIGHT, YES],
      ] as const) {
        await compare(person, value);
        await expect(answerOf(person)).toHaveText(answer);
        expect(await findTraces(person.page, observer, value)).toEqual(person.scripts ? IN_THE_FIELD : []);
      }
      await dialog.getByRole('link', { name: 'Cancel' }).click();
      await expect(dialog).toBeHidden();
      await person.page.goBack();
      await person.settle();
      for (const value of [WRONG, RIGHT]) {
        expect(await findTraces(person.page, observer, value)).toEqual([]);
      }
    });

    test('each comparison is on record, with its answer and without the value', async ({ person, strongroom }) => {
      await startComparing(person);
      await compare(person, WRONG);
      await expect(answerOf(person)).toHaveText(NO);
      await compare(person, RIGHT);
      await expect(answerOf(person)).toHaveText(YES);
      const answer = await (await Program.of(strongroom)).call('GET', '/api/v1/activity');
      expect(answer.status).toBe(200);
      const text = await answer.text();
      const { items } = JSON.parse(text) as { items: Activity[] };
      const compared = items.filter(({ kind }) => kind === 'secret.compared');
      expect(compared.map(({ names, detail }) => ({ names, detail }))).toEqual([
        { names: [NAME], detail: 'the same value' },
        { names: [NAME], detail: 'another value' },
      ]);
      expect(text).not.toContain('canary');
    });

    test('a key of several lines is compared as it is stored', async ({ person }) => {
      const key = '-----BEGIN PRIVATE KEY-----\nZmFrZQ==\n-----END PRIVATE KEY-----\n';
      await startComparing(person, key);
      await compare(person, key);
      await expect(answerOf(person)).toHaveText(YES);
      await compare(person, key.trimEnd());
      await expect(answerOf(person)).toHaveText(NO);
    });

    test('without a key there is nothing to compare', async ({ person }) => {
      await startComparing(person);
      await compare(person, '');
      await expect(answerOf(person)).toHaveText('Paste the key that you want to compare.');
    });

    test('after a comparison, an empty value keeps the stored one', async ({ person, strongroom }) => {
      const dialog = await startComparing(person);
      await compare(person, WRONG);
      await expect(answerOf(person)).toHaveText(NO);
      await dialog.getByLabel('New value').fill('');
      await dialog.getByLabel('Description').fill('New words');
      await dialog.getByRole('button', { name: 'Save changes' }).click();
      await person.expectNotice('Its value is the same as before');
      await expect(person.card(NAME)).toContainText('New words');
      expect(await (await Program.of(strongroom)).environment()).toEqual({ [NAME]: RIGHT });
    });

    test('Enter in the description saves, and does not compare', async ({ person, strongroom }) => {
      const dialog = await startComparing(person);
      await dialog.getByLabel('New value').fill('a new value');
      await dialog.getByLabel('Description').fill('New words');
      await dialog.getByLabel('Description').press('Enter');
      await person.expectNotice(`${NAME} is changed`);
      expect(await (await Program.of(strongroom)).environment()).toEqual({ [NAME]: 'a new value' });
    });

    test('a secret that is gone cannot be compared with, and it is said', async ({ person, strongroom }) => {
      await startComparing(person);
      await (await Program.of(strongroom)).call('DELETE', `/api/v1/secrets/${NAME}`);
      await compare(person, RIGHT);
      await expect(person.dialog('Edit secret')).toContainText(/no longer exists|no secret of that name/);
    });

    test('guessing is slowed down', async ({ person, strongroom }) => {
      await startComparing(person);
      const cookie = (await person.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
      for (let guess = 0; guess < 10; guess += 1) {
        const answer = await fetch(`${strongroom.url}/api/ui/compare-secret`, {
          method: 'POST',
          headers: { cookie, accept: 'application/json' },
          body: new URLSearchParams({ name: NAME, value: `guess ${guess}` }),
        });
        expect(await answer.text()).toContain(NO);
      }
      await compare(person, RIGHT);
      await expect(answerOf(person)).toContainText('Too many attempts. Try again in');
    });
  });
}

test('an answer is taken back when another key is typed', async ({ person }) => {
  const dialog = await startComparing(person);
  await compare(person, RIGHT);
  await expect(answerOf(person)).toHaveText(YES);
  await dialog.getByLabel('New value').fill(WRONG);
  await expect(answerOf(person)).not.toContainText('Yes');
  await compare(person, '');
  await expect(answerOf(person)).toContainText('Paste the key');
  await dialog.getByLabel('New value').fill(WRONG);
  await expect(answerOf(person)).not.toContainText('Paste the key that you want to compare.');
});

test('comparing happens in the page', async ({ person }) => {
  await startComparing(person);
  await person.page.evaluate(() => Object.assign(window, { marked: true }));
  await compare(person, WRONG);
  await expect(answerOf(person)).toHaveText(NO);
  expect(await person.page.evaluate(() => 'marked' in window)).toBe(true);
});

/** Signs up, stores one secret, and opens the dialog behind its pencil. */
async function startComparing(person: Person, value = RIGHT) {
  await person.signUp();
  await person.addSecret({ name: NAME, value, description: 'Old words' });
  return person.startEditing(NAME);
}

/** Types a key into the field of the new value, and asks. */
async function compare(person: Person, value: string): Promise<void> {
  const dialog = person.dialog('Edit secret');
  await dialog.getByLabel('New value').fill(value);
  await dialog.getByRole('button', { name: 'Is it this key?' }).click();
}

/** Where the answer stands, beside the button. What the paste doctor says comes before it. */
function answerOf(person: Person) {
  return person.dialog('Edit secret').getByRole('status').last();
}
