/** Using a secret in code: the lines that read it, and copying them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { EVERY_WAY, expect, type Person, type Strongroom, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';
import { CLIPBOARD, copied } from '../../fixtures/clipboard.js';

const NAME = 'X_BEARER_TOKEN';
const VALUE = `it's "a" value; with $HOME`;

/** Where a line is for, and the line. */
const LINES = {
  Python: `os.environ["${NAME}"]`,
  'Node.js': `process.env.${NAME}`,
  Shell: `"$${NAME}"`,
  'Run a program with it': `strongroom run --only ${NAME} -- python3 agent.py`,
};

for (const { title, use } of EVERY_WAY) {
  test.describe(title, () => {
    test.use(use);

    test('the lines that read a secret are at hand', async ({ person }) => {
      await person.signUp();
      await person.addSecret({ name: NAME, value: VALUE });
      const dialog = await openLines(person);
      await expect(person.page).toHaveURL(`/secrets/${NAME}/use`);
      await expect(dialog).toContainText('it is an environment variable');
      await expect(dialog.getByRole('term')).toHaveText(Object.keys(LINES));
      for (const line of Object.values(LINES)) {
        await expect(dialog.getByText(line, { exact: true })).toBeVisible();
      }
      await expect(dialog.getByRole('link', { name: 'See its activity' })).toHaveAttribute('href', `/activity?name=${NAME}`);
      await dialog.getByRole('link', { name: 'Done' }).click();
      await expect(dialog).toBeHidden();
      await expect(person.page).toHaveURL('/secrets');
    });
  });
}

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('a secret that is gone is said to be gone', async ({ person }) => {
      await person.signUp();
      await person.open('/secrets/NOT_THERE/use');
      const dialog = person.dialog('Use it in code');
      await expect(dialog).toContainText('You have no secret of that name');
      await dialog.getByRole('link', { name: 'Back to your secrets' }).click();
      await person.expectPage('Secrets');
    });
  });
}

test('the lines are right: programs that hold them find the value', async ({ person, strongroom }) => {
  await person.signUp();
  await person.addSecret({ name: NAME, value: VALUE });
  const dialog = await openLines(person);
  const shown = (line: string): Promise<string> => dialog.getByText(line, { exact: true }).innerText();
  const token = await sandboxToken(strongroom);
  const run = async (args: string[]): Promise<void> => {
    const { code, stderr } = await strongroom.cli(['run', ...args], { env: { STRONGROOM_TOKEN: token } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  };
  // Each ends with an error unless what it reads is the value, which it is told as its argument.
  const python = `import os, sys\nsys.exit(${await shown(LINES.Python)} != sys.argv[1])`;
  await run(['--', 'python3', '-c', python, VALUE]);
  const node = `process.exitCode = ${await shown(LINES['Node.js'])} === process.argv[1] ? 0 : 1`;
  await run(['--', 'node', '-e', node, VALUE]);
  await run(['--', 'sh', '-c', `test ${await shown(LINES.Shell)} = "$1"`, 'sh', VALUE]);

  await test.step('the command that runs a program', async () => {
    await writeFile(join(strongroom.dataDir, 'agent.py'), `import os\nos.environ["${NAME}"]\n`);
    const [program, command, ...args] = (await shown(LINES['Run a program with it'])).split(' ');
    expect([program, command]).toEqual(['strongroom', 'run']);
    await run(args);
  });
});

test.describe('with scripts, where the clipboard may be used', () => {
  test.use(CLIPBOARD);

  test('the name is copied from the card', async ({ person }) => {
    await person.signUp();
    await person.addSecret({ name: NAME, value: VALUE });
    await person.addSecret({ name: 'OTHER_KEY', value: VALUE });
    await person.card(NAME).getByRole('button', { name: `Copy ${NAME}` }).click();
    await person.expectNotice(`Copied ${NAME}.`);
    expect(await copied(person.page)).toBe(NAME);
  });

  test('each line is copied exactly, and its button says so', async ({ person }) => {
    await person.signUp();
    await person.addSecret({ name: NAME, value: VALUE });
    const dialog = await openLines(person);
    for (const [where, line] of Object.entries(LINES)) {
      await dialog.getByRole('button', { name: `Copy ${where}` }).click();
      await expect(dialog.getByRole('button', { name: `Copied ${where}` })).toBeVisible();
      expect(await copied(person.page)).toBe(line);
    }
  });

  test('a browser that refuses to copy is not taken for one that did', async ({ person }) => {
    await person.signUp();
    await person.addSecret({ name: NAME, value: VALUE });
    await person.page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException('refused', 'NotAllowedError'));
    });
    await person.card(NAME).getByRole('button', { name: `Copy ${NAME}` }).click();
    await person.expectNotice('Your browser did not let it be copied');
    const dialog = await openLines(person);
    await dialog.getByRole('button', { name: 'Copy Shell' }).click();
    await expect(dialog.getByRole('button', { name: 'Select it and copy by hand Shell' })).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Copied' })).toHaveCount(0);
  });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('there is no button that would do nothing', async ({ person }) => {
    await person.signUp();
    await person.addSecret({ name: NAME, value: VALUE });
    for (const path of ['', '/new', '/import', `/${NAME}/use`, `/${NAME}/edit`, `/${NAME}/delete`]) {
      await person.open(`/secrets${path}`);
      // Browsers send forms and open menus by themselves.
      await expect(person.page.locator('button:not([type="submit"], [popovertarget]):visible'), path).toHaveCount(0);
      await expect(person.page.locator('input[type="file"]:visible'), path).toHaveCount(0);
    }
  });
});

async function openLines(person: Person) {
  await person.page.getByRole('link', { name: `Use ${NAME}`, exact: true }).click();
  const dialog = person.dialog('Use it in code');
  await expect(dialog).toContainText(NAME);
  return dialog;
}

/** A token that may open sandboxes, made by the operator. */
async function sandboxToken(strongroom: Strongroom): Promise<string> {
  const made = await strongroom.operator(['token', 'create', '--user', 'owner', '--scopes', 'sandboxes:write']);
  expect(made.code, made.stderr).toBe(0);
  return made.stdout.trim();
}
