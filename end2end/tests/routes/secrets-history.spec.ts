/** Earlier values: listed, put back without being shown, forgotten. */
import { expect, Program, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';

const NAME = 'DEPLOY_KEY';

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('an earlier value is put back without being shown, and then they are forgotten', async ({
      person,
      strongroom,
    }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      await program.store(NAME, 'the first of them');
      await program.change(NAME, { value: 'the second of them' });
      await person.open('/secrets');
      // The only link in the card that says when: of the change.
      await person.card(NAME).locator(`a[href="/secrets/${NAME}/history"]`).click();
      const dialog = person.page.getByRole('dialog');
      await expect(dialog).toContainText('Value 2, in force');
      await expect(dialog).toContainText('by token made by the operator');
      await dialog.getByRole('listitem').filter({ hasText: 'Value 1' }).getByRole('button').click();
      await person.expectNotice(`The earlier value of ${NAME} is in force`);
      expect(await program.environment()).toEqual({ [NAME]: 'the first of them' });

      await person.open(`/secrets/${NAME}/history`);
      await expect(dialog).toContainText('Value 3, in force');
      expect(await person.page.content()).not.toContain('of them');
      await dialog.getByText('Forget earlier values').click();
      await dialog.getByRole('button', { name: 'Forget them' }).click();
      await person.expectNotice(`The earlier values of ${NAME} are forgotten`);
      await person.open(`/secrets/${NAME}/history`);
      await expect(dialog).toContainText('There is no earlier value.');
      expect(await program.environment()).toEqual({ [NAME]: 'the first of them' });
    });
  });
}
