/** A credential in the message box is noticed before it is sent, and goes into the secure field by one press. */
import { expect, type Person, test } from '../../fixtures.js';

// Of the form that X documents, and nobody's.
const VALUE = `${'A'.repeat(21)}MLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI%3DEUifiRBkKG5E2XzMDjRfl76ZC9Ub0wnz4XsNiRVBChTYbJcE3F`;
const NAME = 'X_BEARER_TOKEN';

const box = ({ page }: Person) => page.getByLabel('Message', { exact: true });
const log = ({ page }: Person) => page.getByRole('log');
const alarm = ({ page }: Person) => page.getByRole('alert').filter({ hasText: 'This looks like' });

/** Every request with the value in it. */
function requestsWithValue({ page }: Person): string[] {
  const all: string[] = [];
  page.on('request', (request) => {
    const text = `${request.url()} ${request.postData() ?? ''}`;
    if (text.includes(VALUE) || decodeURIComponent(text.replaceAll('+', ' ')).includes(VALUE)) {
      all.push(new URL(request.url()).pathname);
    }
  });
  return all;
}

test('one press moves it into the secure field, and leaves its name in the message', async ({ person }) => {
  await person.signUp();
  await person.open('/chat');
  const sent = requestsWithValue(person);
  await box(person).fill(`Here is it: ${VALUE}`);
  await expect(alarm(person)).toContainText('This looks like a key of X.');

  await test.step('it is not sent by accident', async () => {
    await box(person).press('Enter');
    await expect(person.page.getByRole('button', { name: `Store it as ${NAME}` })).toBeFocused();
    expect(sent).toEqual([]);
  });

  await test.step('it moves', async () => {
    await person.page.keyboard.press('Enter');
    await expect(box(person)).toHaveValue(`Here is it: ${NAME}`);
    await expect(alarm(person)).toBeHidden();
    await expect(person.page.getByLabel('Name', { exact: true })).toHaveValue(NAME);
    await expect(person.page.getByLabel('Value', { exact: true })).toHaveValue(VALUE);
    await expect(person.page.getByLabel('Value', { exact: true })).toBeFocused();
    expect(sent).toEqual([]);
  });

  await test.step('it is stored, and the message is sent without it', async () => {
    await person.page.getByRole('button', { name: 'Save secret' }).click();
    await expect(person.page.getByText('Store it, instead of sending it')).toBeHidden();
    expect(sent).toHaveLength(1);
    await box(person).fill(`\`\`\`sh\necho "length \${#${NAME}}"\n\`\`\``);
    await box(person).press('Enter');
    await expect(log(person)).toContainText(`length ${VALUE.length}`);
    expect(sent).toHaveLength(1);
    expect(await person.page.content()).not.toContain(VALUE);
  });
});

test('another name than the one offered stands in the message too', async ({ person }) => {
  await person.signUp();
  await person.open('/chat');
  await box(person).fill(`export TOKEN=${VALUE} and search`);
  await person.page.getByRole('button', { name: 'Store it as' }).click();
  await person.page.getByLabel('Name', { exact: true }).fill('MY_X_TOKEN');
  await person.page.getByRole('button', { name: 'Save secret' }).click();
  await expect(box(person)).toHaveValue('export TOKEN=MY_X_TOKEN and search');
});

test('what is no secret is said once, and is sent', async ({ person }) => {
  await person.signUp();
  await person.open('/chat');
  await box(person).fill(`look at ${VALUE}`);
  await person.page.getByRole('button', { name: 'It is no secret' }).click();
  await expect(alarm(person)).toBeHidden();
  await expect(box(person)).toBeFocused();
  await box(person).fill(`look at ${VALUE} please`);
  await expect(alarm(person)).toBeHidden();
  await box(person).press('Enter');
  await expect(log(person)).toContainText('please');
  // The message box is another one now.
  await expect(person.page).toHaveURL(/\/chat\/[0-9a-f-]+$/);
  await box(person).fill(`and at ${VALUE} once more`);
  await box(person).press('Enter');
  await expect(log(person)).toContainText('once more');
});

test('a message that speaks of keys and holds none is sent', async ({ person }) => {
  await person.signUp();
  await person.open('/chat');
  await box(person).fill('Search X for recent mentions using my X_BEARER_TOKEN secret');
  await expect(alarm(person)).toBeHidden();
  await box(person).press('Enter');
  await expect(log(person)).toContainText('Search X for recent mentions');
});
