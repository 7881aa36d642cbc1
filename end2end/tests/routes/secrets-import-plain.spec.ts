/** Importing a difficult `.env` file without scripts: one post, all or nothing. */
import { EVERY_WAY, expect, test } from '../../fixtures.js';
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

for (const { title, use } of EVERY_WAY.filter(({ use }) => use.javaScriptEnabled === false)) {
  test.describe(title, () => {
    test.use(use);

    test('one post imports all or nothing, and what is stored is kept unless it is to be replaced', async ({
      person,
      strongroom,
      observer,
    }) => {
      const program = await startImporting(person, strongroom);
      const post = async (): Promise<void> => {
        await fileField(person).fill(FILE);
        await importDialog(person).getByRole('button', { name: 'Import', exact: true }).click();
      };

      await test.step('lines that cannot be stored refuse the file, and are named', async () => {
        await importDialog(person).getByRole('radio', { name: 'Replace it' }).check();
        await post();
        for (const said of [
          'Line 13: This name is reserved',
          'Line 14: The name begins with a digit',
          'Line 15: The value is empty',
          'Line 16: There is no “=”',
          'Line 17: It becomes A_B, as line 18 does',
        ]) {
          await expect(importDialog(person).getByRole('alert')).toContainText(said);
        }
        await expect(importDialog(person).getByRole('radio', { name: 'Replace it' }), 'the choice stays').toBeChecked();
        await expect(fileField(person), 'the file does not').toHaveValue('');
        expect(await findTraces(person.page, observer, CANARY)).toEqual([]);
        expect(await program.environment()).toEqual(STORED);
      });

      await test.step('left out, they hinder nothing', async () => {
        await importDialog(person).getByLabel('Keep what is stored').check();
        await importDialog(person).getByLabel('Leave out lines that cannot be imported').check();
        await post();
        await person.expectNotice('Imported: 6 new, 0 replaced, 2 left as they are.');
        expect(await program.environment()).toEqual({ ...NEW, ...STORED });
        expect(await findTraces(person.page, observer, CANARY)).toEqual([]);
      });

      await test.step('what is stored is replaced', async () => {
        await openImport(person);
        await importDialog(person).getByRole('radio', { name: 'Replace it' }).check();
        await importDialog(person).getByLabel('Leave out lines that cannot be imported').check();
        await post();
        await person.expectNotice('Imported: 0 new, 8 replaced.');
        expect(await program.environment()).toEqual({ ...NEW, ...REPLACED });
        expect(await findTraces(person.page, observer, CANARY)).toEqual([]);
      });
    });
  });
}
