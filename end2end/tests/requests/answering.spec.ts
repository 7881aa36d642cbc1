/** The page of a request, `/r/{id}`: a person gives an agent what it asks for, or does not. */
import { expect, Program, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';
import { agent, ask, outcomes, RequestPage, standing } from '../../fixtures/requests.js';
import { findTraces } from '../../fixtures/traces.js';

const NAME = 'X_BEARER_TOKEN';
const VALUE = `kp2-"7f3a'<b>&/+=%é\\$ zq81-9d04`;
const WANTED = {
  name: NAME,
  description: 'X/Twitter API Bearer Token for search and mentions',
  obtain_url: 'https://developer.x.com/en/portal',
};
const WHY = { reason: 'To search X for mentions of your product.\nOnce a day.', requested_by: 'Research agent' };

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('the page says who asks, for what, why, and where it will be kept', async ({ person, strongroom }) => {
      await person.signUp();
      const request = await ask(await agent(strongroom, 'laptop'), [WANTED], WHY);
      expect(request.url).toBe(`${strongroom.url}/r/${request.id}`);

      const page = await RequestPage.open(person, request);
      const { main } = page;
      await expect(main).toContainText('API token laptop asks you for a secret.');
      await expect(main).toContainText('They call themselves “Research agent”, which is not checked.');
      await expect(main.getByRole('blockquote')).toHaveText(WHY.reason);
      await expect(main).toContainText('Saved to your account owner.');
      await expect(main).toContainText('Can be answered until');
      await expect(page.secret(NAME).getByRole('heading')).toHaveText(NAME);
      const where = page.secret(NAME).getByRole('link', { name: 'developer.x.com' });
      await expect(where).toHaveAttribute('href', WANTED.obtain_url);
      await expect(where).toHaveAttribute('rel', /noopener/);
      await expect(page.value(NAME)).toHaveValue('');
      await expect(page.value(NAME)).toHaveCSS('-webkit-text-security', 'disc');
      await expect(page.description(NAME)).toHaveValue(WANTED.description);
      await expect(main.getByRole('checkbox', { name: 'Skip this one' })).toHaveCount(0);
    });

    test('what is saved reaches the sandbox, and is nowhere in the browser', async ({ person, strongroom, observer }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      const request = await ask(program, [WANTED], WHY);
      const waiting = standing(program, request.id, 60);
      const page = await RequestPage.open(person, request);
      await page.value(NAME).fill(VALUE);
      await page.description(NAME).fill('For the nightly report');
      await page.save();

      await expect(page.lines).toHaveText(`${NAME} saved · available to this agent as an environment variable`);
      await page.expectNoForm();
      expect(await findTraces(person.page, observer, VALUE), 'after saving').toEqual([]);
      const seen = await waiting;
      expect(seen.status).toBe('stored');
      expect(outcomes(seen)).toEqual({ [NAME]: 'stored' });
      expect(JSON.stringify(seen)).not.toContain('kp2-');
      expect(await program.environment()).toEqual({ [NAME]: VALUE });

      await person.reload();
      await expect(page.lines).toHaveCount(1);
      await page.main.getByRole('link', { name: 'Go to your secrets' }).click();
      await person.expectPage('Secrets');
      await expect(person.card(NAME)).toContainText('For the nightly report');
      await person.page.goBack();
      await person.settle();
      await page.expectNoForm();
      expect(await findTraces(person.page, observer, VALUE), 'after Back').toEqual([]);
      expect(strongroom.log()).not.toContain('kp2-');
    });

    test('who skips gives nothing, whatever was typed', async ({ person, strongroom, observer }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      const request = await ask(program, ['A_KEY', 'B_KEY']);
      const page = await RequestPage.open(person, request);
      await page.value('A_KEY').fill('typed-and-not-given');
      await page.skip();
      await expect(page.ending).toContainText('You skipped this request. Nothing was stored.');
      await page.expectNoForm();
      const seen = await standing(program, request.id);
      expect(seen.status).toBe('skipped');
      expect(outcomes(seen)).toEqual({ A_KEY: 'skipped', B_KEY: 'skipped' });
      expect(await program.names()).toEqual([]);
      expect(await findTraces(person.page, observer, 'typed-and-not-given')).toEqual([]);
    });

    test('of several secrets, each is given, kept, replaced or skipped by itself', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      await program.store('KEPT', 'kept value', 'Its owner’s words');
      await program.store('REPLACED', 'old value', 'Its owner’s words');
      const names = ['GIVEN', 'KEPT', 'REPLACED', 'SKIPPED'];
      const request = await ask(program, names.map((name) => ({ name, description: 'The agent’s words' })));
      const page = await RequestPage.open(person, request);
      await expect(page.main).toContainText('asks you for these secrets.');

      await page.value('GIVEN').fill('two lines\nof a value');
      const choice = page.secret('KEPT').getByRole('group', { name: /^You have it already, changed/ });
      await expect(choice.getByRole('radio', { name: /^Keep what is stored/ })).toBeChecked();
      await expect(page.value('KEPT')).toBeHidden();
      await page.secret('REPLACED').getByRole('radio', { name: 'Replace it' }).check();
      await expect(page.description('REPLACED')).toHaveValue('Its owner’s words');
      await page.value('REPLACED').fill('new value');
      await page.skipBox('SKIPPED').check();
      await expect(page.value('SKIPPED')).toBeHidden();
      await page.save();

      const more = ' · available to this agent as an environment variable';
      await expect(page.lines).toHaveText([
        `GIVEN saved${more}`,
        `KEPT kept as it is${more}`,
        `REPLACED saved${more}`,
        'SKIPPED skipped',
      ]);
      const seen = await standing(program, request.id);
      expect(seen.status).toBe('stored');
      expect(outcomes(seen)).toEqual({ GIVEN: 'stored', KEPT: 'kept', REPLACED: 'stored', SKIPPED: 'skipped' });
      expect(await program.environment()).toEqual({
        GIVEN: 'two lines\nof a value',
        KEPT: 'kept value',
        REPLACED: 'new value',
      });
    });

    test('Enter in a description saves, and does not skip', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      const page = await RequestPage.open(person, await ask(program, ['A_KEY']));
      await page.value('A_KEY').fill('a value');
      await page.description('A_KEY').press('Enter');
      await expect(page.lines).toContainText('A_KEY saved');
      expect(await program.environment()).toEqual({ A_KEY: 'a value' });
    });
  });
}
