/**
 * The whole way of a secret: a stranger opens the address, signs up, stores X_BEARER_TOKEN on a page, and a Python script
 * and a Node script started by `strongroom run` read it from their environment.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { EVERY_WAY, expect, type Person, type Strongroom, test } from '../../fixtures.js';

const SECRET = {
  name: 'X_BEARER_TOKEN',
  value: 'AAAAAAAAAAAAAAAAAAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX',
  description: 'X/Twitter API Bearer Token for search and mentions',
};

const PYTHON = `import os

bearer_token = os.environ["X_BEARER_TOKEN"]
print(f"Authorization: Bearer {bearer_token}")
`;

const NODE = `const bearerToken = process.env.X_BEARER_TOKEN;
console.log(\`Authorization: Bearer \${bearerToken}\`);
`;

for (const { title, use } of EVERY_WAY) {
  test.describe(title, () => {
    test.use(use);

    test('a stranger signs up, stores a token, and scripts read it from their environment', async ({
      person,
      strongroom,
    }) => {
      await person.signUp();
      await test.step('the empty page teaches', async () => {
        const empty = person.page.locator('main');
        await expect(empty).toContainText('No secrets yet');
        await expect(empty).toContainText('os.environ["X_BEARER_TOKEN"]');
        await expect(empty).toContainText('process.env.X_BEARER_TOKEN');
      });
      await storeTheToken(person);
      await theCardHidesTheValue(person);
      const token = await person.makeToken('laptop', ['sandboxes:write']);
      await scriptsReadTheValue(strongroom, token);
      await test.step('the card says that it was used, and by which sandbox', async () => {
        await person.open('/secrets');
        await expect(person.card(SECRET.name)).toContainText(/Last used.* by \S/);
      });
    });
  });
}

async function storeTheToken(person: Person): Promise<void> {
  await test.step('the token is typed in small letters and with blanks', async () => {
    await person.startAdding();
    const dialog = person.dialog('Add a secret');
    const name = dialog.getByLabel('Name', { exact: true });
    await name.pressSequentially('x bearer token');
    if (person.scripts) {
      await expect(name).toHaveValue(SECRET.name);
    }
    await dialog.getByLabel('Value', { exact: true }).fill(SECRET.value);
    await dialog.getByLabel('Description').fill(SECRET.description);
    await dialog.getByRole('button', { name: 'Save secret' }).click();
    await person.expectNotice(`${SECRET.name} is saved.`);
  });
}

async function theCardHidesTheValue(person: Person): Promise<void> {
  await test.step('the card shows eight dots', async () => {
    const card = person.card(SECRET.name);
    await expect(card).toBeVisible();
    await expect(card).toContainText(SECRET.description);
    await expect(card.getByText('••••••••', { exact: true })).toBeVisible();
    await expect(card).toContainText('Created');
    await expect(card.locator('time').first()).toHaveAttribute('datetime', new RegExp(`^${new Date().toISOString().slice(0, 10)}`));
    await expect(card).toContainText(/Last used\s*never/);
    expect(await person.page.content()).not.toContain(SECRET.value);
    await expect(person.page).toHaveURL('/secrets');
  });
}

async function scriptsReadTheValue(strongroom: Strongroom, token: string): Promise<void> {
  await test.step('scripts read the value', async () => {
    await writeFile(join(strongroom.dataDir, 'script.py'), PYTHON);
    await writeFile(join(strongroom.dataDir, 'script.js'), NODE);
    for (const command of [
      ['python3', 'script.py'],
      ['node', 'script.js'],
    ]) {
      for (const [redacting, seen] of [
        [[], `[${SECRET.name}]`],
        [['--no-redact'], SECRET.value],
      ] as const) {
        const { code, stdout, stderr } = await strongroom.cli(['run', ...redacting, '--', ...command], {
          env: { STRONGROOM_TOKEN: token },
        });
        expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `Authorization: Bearer ${seen}\n`, stderr: '' });
      }
    }
  });
}
