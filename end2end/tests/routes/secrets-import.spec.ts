/** Importing a difficult `.env` file: what would change is seen line by line before anything is saved. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, type Person, Program, type Strongroom, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';
import { CLIPBOARD, paste } from '../../fixtures/clipboard.js';
import {
  CANARY,
  FILE,
  fileField,
  importDialog,
  NEW,
  openImport,
  REPLACED,
  startImporting,
  STORED,
} from '../../fixtures/importing.js';
import { findTraces } from '../../fixtures/traces.js';

/** A line of the file, and what its row says of it. */
const ROWS: [line: number, ...said: string[]][] = [
  [2, 'SEARCH_API_KEY', 'New'],
  [3, 'my-key.prod becomes MY_KEY_PROD', 'New'],
  [4, 'PASSWORD', 'New'],
  [5, 'PEM_KEY', 'New'],
  [9, 'ESCAPED', 'New'],
  [12, 'TWICE', 'New Line 11 sets it too, and does not count.'],
  [13, 'PATH', 'This name is reserved: programs find commands'],
  [14, '2FA_CODE', 'begins with a digit'],
  [15, 'EMPTY', 'The value is empty'],
  [16, 'There is no “=”'],
  [17, 'a-b', 'It becomes A_B, as line 18 does'],
  [18, 'A_B', 'It becomes A_B, as line 17 does'],
  [19, 'STORED_SAME', 'The same value is stored'],
  [20, 'STORED_OTHER', 'Another value is stored, and kept'],
];

test.describe('with scripts', () => {
  test.use(CLIPBOARD);

  for (const [how, give] of [
    ['pasted', (person: Person) => paste(fileField(person), FILE)],
    ['chosen', (person: Person) => choose(person, Buffer.from(FILE))],
    ['dropped', drop],
  ] as const) {
    test(`a file that is ${how} is seen line by line, and imported as it was decided`, async ({
      person,
      strongroom,
      observer,
    }) => {
      const program = await startImporting(person, strongroom);
      await give(person, strongroom);
      for (const [line, ...said] of ROWS) {
        for (const words of said) {
          await expect(row(person, line)).toContainText(words);
        }
      }
      await expect(importDialog(person).getByRole('row')).toHaveCount(1 + ROWS.length);
      await expectSummary(person, '6 new, 0 replaced, 8 left out.');
      expect(await findTraces(person.page, observer, CANARY), 'only in the field, so far').toEqual([
        'DOM: content of textarea file (as it is)',
      ]);

      await test.step('one line is left out, one value is replaced', async () => {
        await choice(person, 'PASSWORD').uncheck();
        await expect(row(person, 4)).toContainText('Left out');
        await choice(person, 'STORED_OTHER').check();
        await expect(row(person, 20)).toContainText('Replaces the stored value');
        await expectSummary(person, '5 new, 1 replaced, 8 left out.');
        expect(await program.environment(), 'nothing is saved yet').toEqual(STORED);
      });

      await importDialog(person).getByRole('button', { name: 'Import', exact: true }).click();
      await person.expectNotice('Imported: 5 new, 1 replaced, 2 left as they are.');
      await expect(importDialog(person)).toBeHidden();
      await expect(person.card('MY_KEY_PROD')).toBeVisible();
      const { PASSWORD: _, ...others } = NEW;
      expect(await program.environment()).toEqual({ ...others, ...REPLACED });
      expect(await findTraces(person.page, observer, CANARY)).toEqual([]);
    });
  }

  test('all that is stored is kept, or all that differs is replaced, by one click', async ({ person, strongroom }) => {
    const program = await startImporting(person, strongroom);
    await paste(fileField(person), FILE);
    await expect(row(person, 19)).toContainText('The same value is stored');
    const replaceAll = importDialog(person).getByRole('button', { name: 'replace all that differ' });
    await replaceAll.click();
    await expect(choice(person, 'STORED_OTHER')).toBeChecked();
    await expect(choice(person, 'STORED_SAME')).not.toBeChecked();
    await expectSummary(person, '6 new, 1 replaced, 7 left out.');
    await importDialog(person).getByRole('button', { name: 'keep all' }).click();
    await expect(choice(person, 'STORED_OTHER')).not.toBeChecked();
    await expectSummary(person, '6 new, 0 replaced, 8 left out.');
    await choice(person, 'STORED_SAME').check();
    await expect(row(person, 19)).toContainText('Stored again, the same value');
    await replaceAll.click();
    await importDialog(person).getByRole('button', { name: 'Import', exact: true }).click();
    await person.expectNotice('Imported: 6 new, 1 replaced, 1 left as they are.');
    expect(await program.environment()).toEqual({ ...NEW, ...REPLACED });
  });

  test('typing on in a file asks no more of the server than it may be asked', async ({ person, strongroom }) => {
    await startImporting(person, strongroom);
    await paste(fileField(person), 'STORED_OTHER=new value\n');
    await expect(row(person, 1)).toContainText('Another value is stored, and kept');
    await fileField(person).pressSequentially('ANOTHER_KEY=0123456789');
    await expect(row(person, 2)).toContainText('ANOTHER_KEY');
    await expect(row(person, 1)).toContainText('Another value is stored, and kept');
    await expect(importDialog(person)).not.toContainText('Too many attempts');
  });

  test('a file that is no UTF-8 text, or far too long, is refused', async ({ person, strongroom }) => {
    const program = await startImporting(person, strongroom);
    for (const [content, said] of [
      [Buffer.from([0x41, 0x3d, 0xe9, 0x0a]), 'That file is not UTF-8 text.'],
      [Buffer.alloc(2_097_153, 'A'), 'That file is longer than 2 MiB'],
    ] as const) {
      await choose(person, content);
      await expect(importDialog(person).getByText(said)).toBeVisible();
      await expect(fileField(person)).toHaveValue('');
      await expect(importDialog(person).getByRole('row')).toHaveCount(0);
    }
    await choose(person, Buffer.from('A_KEY=é\n'));
    await expect(row(person, 1)).toContainText('A_KEY');
    await expect(importDialog(person).getByText('That file is')).toBeHidden();
    await importDialog(person).getByRole('button', { name: 'Import', exact: true }).click();
    await person.expectNotice('Imported: 1 new, 0 replaced.');
    expect(await program.environment()).toEqual({ ...STORED, A_KEY: 'é' });
  });
});

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('two hundred names go in at once', async ({ person, strongroom }) => {
      await person.signUp();
      const keys = Array.from({ length: 200 }, (_, n): [string, string] => [`KEY_${n}`, `value '${n}' # é`]);
      await openImport(person);
      await fileField(person).fill(keys.map(([name, value]) => `${name}="${value}"\n`).join(''));
      if (person.scripts) {
        await expectSummary(person, '200 new, 0 replaced, 0 left out.');
      }
      await importDialog(person).getByRole('button', { name: 'Import', exact: true }).click();
      await person.expectNotice('Imported: 200 new, 0 replaced.');
      await expect(person.card('KEY_199')).toBeVisible();
      expect(await (await Program.of(strongroom)).environment()).toEqual(Object.fromEntries(keys));
    });

    test('where there is nothing to import, it is said', async ({ person, strongroom }) => {
      const program = await startImporting(person, strongroom);
      for (const [file, said] of [
        ['', 'There is no NAME=value line to import'],
        ['STORED_OTHER=new value\n', 'every name of the file is left as it is'],
        ['# a comment\n', 'There is no NAME=value line to import'],
      ] as const) {
        await fileField(person).fill(file);
        await importDialog(person).getByRole('button', { name: 'Import', exact: true }).click();
        await expect(importDialog(person).getByRole('alert').getByText(said)).toBeVisible();
      }
      expect(await program.environment()).toEqual(STORED);
    });
  });
}

/** The line of the preview about that line of the file. */
function row(person: Person, line: number) {
  const number = person.page.getByRole('cell', { name: String(line), exact: true });
  return importDialog(person).getByRole('row').filter({ has: number });
}

function choice(person: Person, name: string) {
  return importDialog(person).getByRole('checkbox', { name: `Import ${name}`, exact: true });
}

async function expectSummary(person: Person, text: string): Promise<void> {
  await expect(importDialog(person).getByRole('status')).toHaveText(text);
}

async function choose(person: Person, content: Buffer): Promise<void> {
  const file = { name: '.env', mimeType: 'application/octet-stream', buffer: content };
  await importDialog(person).getByLabel('Choose a file…').setInputFiles(file);
}

/** Drops a file as a mouse does: the browser itself decides whether the page takes it. */
async function drop(person: Person, strongroom: Strongroom): Promise<void> {
  const path = join(strongroom.dataDir, 'dropped.env');
  await writeFile(path, FILE);
  const box = await fileField(person).boundingBox();
  expect(box).not.toBeNull();
  const { x, y } = { x: (box?.x ?? 0) + 40, y: (box?.y ?? 0) + 20 };
  const debug = await person.page.context().newCDPSession(person.page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await debug.send('Input.dispatchDragEvent', { type, x, y, data: { items: [], files: [path], dragOperationsMask: 1 } });
  }
  await debug.detach();
}
