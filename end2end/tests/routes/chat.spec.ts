/** What a chat can do beside answering: be stopped, narrowed, renamed, deleted; and be used without scripts. */
import { expect, type Person, test } from '../../fixtures.js';
import { Program } from '../../fixtures/program.js';

const box = ({ page }: Person) => page.getByLabel('Message', { exact: true });
const log = ({ page }: Person) => page.getByRole('log');

async function say(person: Person, message: string): Promise<void> {
  await box(person).fill(message);
  await person.page.getByRole('button', { name: 'Send' }).click();
}

const LENGTHS = '```sh\necho "a=${#A_KEY} b=${#B_KEY}"\n```';

test.describe('with scripts', () => {
  test('what is under way is stopped, and the message box is free again', async ({ person }) => {
    await person.signUp();
    await person.open('/chat');
    await say(person, '```sh\necho begun; sleep 600\n```');
    await expect(log(person)).toContainText('begun');
    await expect(log(person)).toContainText('Running…');
    await person.page.getByRole('button', { name: 'Stop' }).click();
    await expect(log(person)).toContainText('You stopped it.');
    await expect(person.page.getByText('The agent is at work…')).toBeHidden();
    await expect(box(person)).toHaveValue('');
    await say(person, '```sh\necho next\n```');
    await expect(log(person)).toContainText('next');
  });

  test('a chat gives its runs the names that are chosen for it, and none other', async ({ person, strongroom }) => {
    await person.signUp();
    const program = await Program.of(strongroom);
    await program.store('A_KEY', '12345678');
    await program.store('B_KEY', '1234567890');
    await person.open('/chat');
    await say(person, LENGTHS);
    await expect(log(person)).toContainText('a=8 b=10');
    await person.page.getByRole('link', { name: 'all secrets, network on' }).click();
    await person.page.getByLabel('Gets these only:').check();
    await person.page.getByLabel('B_KEY').check();
    await person.page.getByLabel('Can reach the internet').uncheck();
    await person.page.getByLabel('Title').fill('Lengths');
    await person.page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(person.page.getByText('1 secret, no network')).toBeVisible();
    await expect(person.page.getByRole('heading', { name: 'Lengths' })).toBeVisible();
    await say(person, LENGTHS);
    await expect(log(person)).toContainText('a=0 b=10');
  });

  test('markup in a message, in code and in what that prints is text', async ({ person }) => {
    const markup = '<img src=x id=made onerror="document.title=1">';
    await person.signUp();
    await person.open('/chat');
    await say(person, `${markup}\n\n\`\`\`sh\necho '${markup}'\n\`\`\``);
    await expect(log(person).getByLabel('Output')).toHaveText(markup);
    await person.page.reload();
    await expect(log(person).getByText(markup)).toHaveCount(4);
    await expect(person.page.locator('#made')).toHaveCount(0);
  });

  test('a value that is typed into a message is taken out once it is stored', async ({ person, strongroom }) => {
    await person.signUp();
    await person.open('/chat');
    await say(person, 'my key is hunter2-hunter2-hunter2');
    await expect(log(person)).toContainText('hunter2-hunter2-hunter2');
    const program = await Program.of(strongroom);
    await program.store('TYPED_KEY', 'hunter2-hunter2-hunter2');
    await person.page.reload();
    await expect(log(person)).toContainText('my key is [TYPED_KEY]');
    await expect(log(person)).toContainText('The value of TYPED_KEY stood in this message');
    expect(await person.page.content()).not.toContain('hunter2-hunter2-hunter2');
  });

  test('a deleted secret is said to be no longer available, and a deleted chat is gone', async ({ person, strongroom }) => {
    await person.signUp();
    const program = await Program.of(strongroom);
    await program.store('A_KEY', '12345678');
    await person.open('/chat');
    await say(person, LENGTHS);
    await expect(log(person)).toContainText('a=8');
    const address = new URL(person.page.url()).pathname;
    await program.call('DELETE', '/api/v1/secrets/A_KEY');
    await person.open(address);
    await expect(log(person)).toContainText('A_KEY (no longer available)');
    await person.page.getByRole('link', { name: 'all secrets, network on' }).click();
    await person.page.getByText('Delete this chat…').click();
    await person.page.getByRole('button', { name: 'Delete chat' }).click();
    await person.expectNotice('The chat is deleted.');
    await person.open(address);
    await expect(person.page.getByText('There is no such chat')).toBeVisible();
  });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('a message is sent and answered', async ({ person }) => {
    await person.signUp();
    await person.open('/chat');
    await say(person, '```sh\necho plain\n```');
    await expect(async () => {
      await person.page.reload();
      await expect(log(person)).toContainText('That is what it printed.');
    }).toPass();
    await expect(log(person)).toContainText('plain');
  });

  test('what a chat is called and gives is set on a page of its own', async ({ person }) => {
    await person.signUp();
    await person.open('/chat');
    await say(person, 'hello');
    await person.page.getByRole('link', { name: 'all secrets, network on' }).click();
    await person.page.getByLabel('Title').fill(' ');
    await person.page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(person.page.getByRole('dialog')).toContainText('title');
    await person.page.getByLabel('Title').fill('Plain');
    await person.page.getByLabel('Can reach the internet').uncheck();
    await person.page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(person.page.getByRole('heading', { name: 'Plain' })).toBeVisible();
    await expect(person.page.getByRole('link', { name: 'all secrets, no network' })).toBeVisible();
  });
});
