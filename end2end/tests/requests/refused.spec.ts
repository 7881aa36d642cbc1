/** What the page of a request refuses: nothing that was typed is lost, and nothing is half-saved. */
import { expect, Program, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';
import { ask, outcomes, RequestPage, standing } from '../../fixtures/requests.js';
import { findTraces } from '../../fixtures/traces.js';

const TOO_LONG = 'd'.repeat(501);

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('an answer without a value is refused at its field, and the others keep what they hold', async ({
      person,
      strongroom,
    }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      const request = await ask(program, ['A_KEY', 'B_KEY', 'C_KEY']);
      const page = await RequestPage.open(person, request);
      await page.value('A_KEY').fill('typed first');
      await page.description('A_KEY').fill('Words of mine');
      await page.skipBox('C_KEY').check();
      await page.save();

      await expect(await page.errorOf(page.value('B_KEY'))).toContainText(/./);
      await expect(page.description('A_KEY')).toHaveValue('Words of mine');
      await expect(await page.errorOf(page.value('A_KEY'))).toHaveText('');
      expect((await standing(program, request.id)).status).toBe('pending');
      expect(await program.names()).toEqual([]);
      if (person.scripts) {
        await expect(page.value('A_KEY')).toHaveValue('typed first');
        await expect(page.skipBox('C_KEY')).toBeChecked();
      } else {
        // A page that is loaded anew has no values in it, by design; the form says what to do by its empty field.
        await expect(page.value('A_KEY')).toHaveValue('');
        await page.value('A_KEY').fill('typed first');
        await page.skipBox('C_KEY').check();
      }
      await page.value('B_KEY').fill('typed second');
      await page.save();
      await expect(page.lines).toHaveCount(3);
      expect(await program.environment()).toEqual({ A_KEY: 'typed first', B_KEY: 'typed second' });
    });

    test('a description that is too long is refused, with the value still in its field', async ({
      person,
      strongroom,
      observer,
    }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      const page = await RequestPage.open(person, await ask(program, ['A_KEY']));
      await page.value('A_KEY').fill('typed-and-kept');
      await page.description('A_KEY').fill(TOO_LONG);
      await page.save();
      await expect(await page.errorOf(page.description('A_KEY'))).toContainText('501');
      await expect(page.description('A_KEY')).toHaveValue(TOO_LONG);
      const left = await findTraces(person.page, observer, 'typed-and-kept');
      expect(left).toEqual(person.scripts ? ['DOM: content of textarea answers[0][value] (as it is)'] : []);
      if (!person.scripts) {
        await page.value('A_KEY').fill('typed-and-kept');
      }
      await page.description('A_KEY').fill('Short');
      await page.save();
      await expect(page.lines).toContainText('A_KEY saved');
      expect(await program.environment()).toEqual({ A_KEY: 'typed-and-kept' });
    });

    test('a name that has come to exist meanwhile is not overwritten unasked', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      const request = await ask(program, ['A_KEY']);
      const page = await RequestPage.open(person, request);
      await page.value('A_KEY').fill('from the field');
      await program.store('A_KEY', 'from elsewhere');
      await page.save();
      // What is shown now is what is stored now, and why.
      await page.secret('A_KEY').getByRole('radio', { name: 'Replace it' }).check();
      await expect(page.main).toContainText('A_KEY has come to exist meanwhile');
      expect(await program.environment()).toEqual({ A_KEY: 'from elsewhere' });
      if (person.scripts) {
        await expect(page.value('A_KEY'), 'what was typed is not lost').toHaveValue('from the field');
      }
      await page.value('A_KEY').fill('from the field');
      await page.save();
      await expect(page.lines).toContainText('A_KEY saved');
      expect(await program.environment()).toEqual({ A_KEY: 'from the field' });
    });

    test('a secret that changed since the page was opened is not replaced unseen', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      await program.store('A_KEY', 'first');
      const request = await ask(program, ['A_KEY']);
      const page = await RequestPage.open(person, request);
      await page.secret('A_KEY').getByRole('radio', { name: 'Replace it' }).check();
      await page.value('A_KEY').fill('from the field');
      await program.change('A_KEY', { value: 'second' });
      await page.save();
      await expect(page.main.getByRole('alert').filter({ hasText: /changed/i })).toBeVisible();
      expect(await program.environment()).toEqual({ A_KEY: 'second' });
      expect(outcomes(await standing(program, request.id))).toEqual({ A_KEY: null });
    });

    test('what is to be kept and was deleted meanwhile is said, and nothing is answered', async ({
      person,
      strongroom,
    }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      await program.store('A_KEY', 'a value');
      const request = await ask(program, ['A_KEY']);
      const page = await RequestPage.open(person, request);
      await program.call('DELETE', '/api/v1/secrets/A_KEY');
      await page.save();
      await expect(page.main).toContainText('A_KEY is no longer stored, so there is nothing to keep.');
      expect((await standing(program, request.id)).status).toBe('pending');
    });
  });
}
