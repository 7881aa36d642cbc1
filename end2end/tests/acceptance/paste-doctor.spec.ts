/** The paste doctor: what was copied along is pointed out, mended by one click, and brought back by another. */
import { expect, type Person, Program, test } from '../../fixtures.js';
import { CLIPBOARD, paste } from '../../fixtures/clipboard.js';
import { findTraces } from '../../fixtures/traces.js';

/** A part of every value here: nothing that is said may hold it. */
const FAKE = 'fake0secret';
const pem = (lineBreak: string): string =>
  ['-----BEGIN PRIVATE KEY-----', FAKE, '-----END PRIVATE KEY-----', ''].join(lineBreak);

/** Fixes that say more than fits into a line below. */
const ONLY_VALUE = 'Keep only the value, without the name';
const NO_HEADER = 'Remove “Authorization: Bearer” from the beginning';

/** What is pasted, what is found, the fix, what that leaves of the value, and what it writes into an empty name field. */
const CASES: [title: string, pasted: string, finding: string, fix: string, left: string, name?: string][] = [
  ['a line break', `${FAKE}\n`, 'trailing_newline', 'Remove the line break at the end', FAKE],
  ['line breaks', `${FAKE}\nb\n\n\n`, 'trailing_newline', 'Keep only one line break at the end', `${FAKE}\nb\n`],
  ['blanks', `  ${FAKE}\t `, 'outer_blanks', 'Remove the blanks around it', FAKE],
  ['quotes', `“${FAKE}”`, 'wrapping_quotes', 'Remove the quotes around it', FAKE],
  ['no width', 'fake0\u200bsec\u200dret\u2060', 'invisible', 'Remove the invisible characters', FAKE],
  ['a name', `SEARCH_API_KEY=${FAKE}`, 'assignment', ONLY_VALUE, FAKE, 'SEARCH_API_KEY'],
  ['export', `export search_key='${FAKE}'`, 'assignment', ONLY_VALUE, FAKE, 'SEARCH_KEY'],
  ['Bearer', `Bearer ${FAKE}`, 'bearer_prefix', 'Remove “Bearer” from the beginning', FAKE],
  ['a header', `Authorization: Bearer ${FAKE}`, 'bearer_prefix', NO_HEADER, FAKE],
  ['a key in one line', pem('\\n'), 'literal_newlines', 'Turn each “\\n” into a line break', pem('\n')],
];

/** Values that are as they should be, under the name MY_KEY. */
const SOUND = [
  FAKE,
  'correct horse battery staple',
  'it\'s "quoted" in \'parts\'',
  `{"key": "${pem('\\n')}"}`,
  pem('\n'),
  `first line\n  ${FAKE}\n`,
  'postgres://user:pa=ss@host/db?sslmode=require&A_KEY=1',
  'host=localhost port=5432 dbname=x password=fake',
  'Zm9vYmFyZm9vYmFyCg==',
  'Bearer of bad news',
  'C:\\new\\name',
  '👨\u200d👩\u200d👧 family',
];

test.use(CLIPBOARD);

for (const [title, pasted, finding, fix, left, name = ''] of CASES) {
  test(`${title}: pointed out, taken away when asked to, and brought back`, async ({ person, strongroom }) => {
    await person.signUp();
    await person.startAdding();
    const { dialog, value, nameField, findings } = parts(person);
    await paste(value, pasted);

    await test.step('nothing is changed yet', async () => {
      await expect(findings).toHaveCount(1);
      await expect(findings).toHaveAttribute('data-finding', finding);
      await expect(value).toHaveValue(pasted);
      await expect(nameField).toHaveValue('');
      await expectNothingTold(person);
    });

    await test.step('the fix changes what it says', async () => {
      await findings.getByRole('button', { name: fix }).click();
      await expect(value).toHaveValue(left);
      await expect(nameField).toHaveValue(name);
      await expect(value).toBeFocused();
      await expect(findings).toHaveCount(0);
      await expect(dialog).toContainText(new RegExp(`\\b${Buffer.byteLength(left)} bytes`));
      await expectNothingTold(person);
    });

    await test.step('Undo brings back what was pasted', async () => {
      await dialog.getByRole('button', { name: 'Undo' }).click();
      await expect(value).toHaveValue(pasted);
      await expect(nameField).toHaveValue('');
      await expect(findings).toHaveAttribute('data-finding', finding);
      await expect(dialog.getByRole('button', { name: 'Undo' })).toBeHidden();
    });

    await test.step('mended again, it is stored so', async () => {
      await findings.getByRole('button', { name: fix }).click();
      await expect(value).toHaveValue(left);
      if (name === '') {
        await nameField.fill('MY_KEY');
      }
      await dialog.getByRole('button', { name: 'Save secret' }).click();
      await person.expectNotice('is saved.');
      expect(await (await Program.of(strongroom)).environment()).toEqual({ [name || 'MY_KEY']: left });
    });
  });
}

test('values that are as they should be are left alone', async ({ person }) => {
  await person.signUp();
  await person.startAdding();
  const { dialog, value, nameField, findings } = parts(person);
  await nameField.fill('MY_KEY');
  for (const sound of SOUND) {
    await test.step(sound, async () => {
      await paste(value, sound);
      await expect(value).toHaveValue(sound);
      await expect(dialog).toContainText(new RegExp(`\\b${Buffer.byteLength(sound)} bytes`));
      await value.press('Tab');
      await expect(value).not.toBeFocused();
      await expect(findings).toHaveCount(0);
    });
  }
  await paste(value, `'${FAKE}'`);
  await expect(findings, 'the doctor is awake').toHaveCount(1);
});

test('several findings come in the order in which they are mended', async ({ person }) => {
  await person.signUp();
  await person.startAdding();
  const { value, nameField, findings } = parts(person);
  await paste(value, `\u200bexport MY_KEY="${FAKE}" \n`);
  const codes = (): Promise<(string | null)[]> =>
    findings.evaluateAll((all) => all.map((one) => one.getAttribute('data-finding')));
  await expect.poll(codes).toEqual(['assignment', 'invisible', 'outer_blanks']);
  await findings.getByRole('button', { name: 'Remove the invisible characters' }).click();
  await expect.poll(codes).toEqual(['assignment', 'outer_blanks']);
  await findings.getByRole('button', { name: 'Keep only the value' }).click();
  await expect.poll(codes).toEqual([]);
  await expect(value).toHaveValue(FAKE);
  await expect(nameField).toHaveValue('MY_KEY');
});

test('a name that stands already is not replaced by the one of the line', async ({ person }) => {
  await person.signUp();
  await person.startAdding();
  const { value, nameField, findings } = parts(person);
  await nameField.fill('MY_NAME');
  await paste(value, `SEARCH_API_KEY=${FAKE}`);
  await findings.getByRole('button', { name: 'Keep only the value' }).click();
  await expect(value).toHaveValue(FAKE);
  await expect(nameField).toHaveValue('MY_NAME');
});

test('a new value is looked at in the dialog that edits, too', async ({ person, strongroom }) => {
  await person.signUp();
  await person.addSecret({ name: 'DEPLOY_KEY', value: 'old value' });
  const dialog = await person.startEditing('DEPLOY_KEY');
  await paste(dialog.getByLabel('New value'), `DEPLOY_KEY="${FAKE}"`);
  await dialog.getByRole('button', { name: 'Keep only the value, without the name' }).click();
  await expect(dialog.getByLabel('New value')).toHaveValue(FAKE);
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await person.expectNotice('DEPLOY_KEY is changed');
  expect(await (await Program.of(strongroom)).environment()).toEqual({ DEPLOY_KEY: FAKE });
});

test('the key of another service is noticed, as long as the name says otherwise, and can be saved', async ({
  person,
  strongroom,
}) => {
  const key = ['sk', 'ant', 'api03', FAKE.repeat(5)].join('-');
  await person.signUp();
  await person.startAdding();
  const { dialog, value, nameField, findings } = parts(person);
  await paste(value, key);
  await nameField.fill('STRIPE_SECRET');
  await expect(findings).toHaveAttribute('data-finding', 'other_service');
  await expect(findings).toContainText('This looks like a key of Anthropic, but the name says Stripe.');
  await expect(findings.getByRole('button')).toHaveCount(0);
  await expectNothingTold(person);
  await nameField.fill('ANTHROPIC_API_KEY');
  await expect(findings).toHaveCount(0);
  await nameField.fill('STRIPE_SECRET');
  await expect(findings).toHaveCount(1);
  await dialog.getByRole('button', { name: 'Save secret' }).click();
  await person.expectNotice('STRIPE_SECRET is saved.');
  expect(await (await Program.of(strongroom)).environment()).toEqual({ STRIPE_SECRET: key });
});

test('a whole file is carried to the import, and nowhere else', async ({ person, strongroom, observer }) => {
  const file = `# for the search\nA_KEY=${FAKE}-1\nexport B_KEY='${FAKE}-2'\n`;
  await person.signUp();
  await person.startAdding();
  const { value, findings } = parts(person);
  await paste(value, file);
  await expect(findings).toHaveAttribute('data-finding', 'whole_file');
  await expect(findings.getByRole('button')).toHaveCount(0);
  await expect(value).toHaveValue(file);
  await findings.getByRole('link', { name: 'Import it as a file' }).click();

  const dialog = person.dialog('Import a .env file');
  await expect(dialog.getByLabel('Content of the file')).toHaveValue(file);
  await expect(dialog.getByRole('checkbox', { name: 'Import A_KEY' })).toBeChecked();
  await expect(dialog.getByRole('checkbox', { name: 'Import B_KEY' })).toBeChecked();
  await expect(person.page).toHaveURL('/secrets/import');
  expect(await findTraces(person.page, observer, FAKE)).toEqual(['DOM: content of textarea file (as it is)']);
  const program = await Program.of(strongroom);
  expect(await program.names(), 'nothing is saved yet').toEqual([]);

  await test.step('it is handed over once', async () => {
    await dialog.getByRole('link', { name: 'Cancel' }).click();
    await expect(dialog).toBeHidden();
    await person.page.getByRole('link', { name: 'Import', exact: true }).click();
    await expect(dialog.getByLabel('Content of the file')).toHaveValue('');
  });
});

test('a value that is typed key by key is left alone, and Undo ends with the next key', async ({ person }) => {
  await person.signUp();
  await person.startAdding();
  const { dialog, value, findings } = parts(person);
  await value.pressSequentially('"typed" ');
  await expect(dialog).toContainText('8 bytes');
  await expect(findings).toHaveCount(0);
  await value.press('Tab');
  await expect(findings).toHaveCount(0);
  await dialog.getByLabel('Name', { exact: true }).pressSequentially('MY_KEY');
  await expect(findings, 'a name changes nothing about that').toHaveCount(0);
  await paste(value, '"typed"');
  await findings.getByRole('button', { name: 'Remove the quotes around it' }).click();
  await expect(value).toHaveValue('typed');
  await expect(dialog.getByRole('button', { name: 'Undo' })).toBeVisible();
  await value.pressSequentially('!');
  await expect(dialog.getByRole('button', { name: 'Undo' }), 'there is more to lose now').toBeHidden();
});

test('a finding is no hindrance: Save, pressed at once, stores what was typed', async ({ person, strongroom }) => {
  await person.signUp();
  await person.startAdding();
  const { dialog, value, nameField } = parts(person);
  await nameField.fill('MY_KEY');
  await value.pressSequentially(`"${FAKE}" `);
  // The field is left by the very click, which must not miss because of what appears then.
  await dialog.getByRole('button', { name: 'Save secret' }).click();
  await person.expectNotice('MY_KEY is saved.');
  expect(await (await Program.of(strongroom)).environment()).toEqual({ MY_KEY: `"${FAKE}" ` });
});

/** The form of a new secret, as these tests use it. */
function parts(person: Person) {
  const dialog = person.dialog('Add a secret');
  return {
    dialog,
    value: dialog.getByLabel('Value', { exact: true }),
    nameField: dialog.getByLabel('Name', { exact: true }),
    findings: dialog.locator('[data-finding]'),
  };
}

/** What is said to screen readers, and so everything that was found, holds nothing of the value. */
async function expectNothingTold(person: Person): Promise<void> {
  const told = (await person.page.getByRole('status').allTextContents()).join('\n');
  expect(told).not.toContain('fake0');
}
