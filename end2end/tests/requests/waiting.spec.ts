/** Requests that wait are shown on the Secrets page; they and what became of them stand in Activity. */
import { expect, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';
import { ActivityPage } from '../../fixtures/activity.js';
import { agent, ask, RequestPage } from '../../fixtures/requests.js';

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('the Secrets page lists what waits, the oldest first, and leads to it', async ({ person, strongroom }) => {
      await person.signUp();
      const waiting = person.page.getByRole('region', { name: 'Waiting for you' });
      await expect(waiting).toHaveCount(0);
      const program = await agent(strongroom, 'laptop');
      await ask(program, ['A_KEY', 'B_KEY']);
      const second = await ask(program, ['C_KEY']);
      const third = await ask(program, ['D_KEY']);
      await program.call('DELETE', `/api/v1/requests/${third.id}`);

      await person.open('/secrets');
      await expect(waiting.getByRole('listitem')).toHaveText([
        /^API token laptop asks for A_KEY, B_KEY\s*Answer$/,
        /^API token laptop asks for C_KEY\s*Answer$/,
      ]);
      await waiting.getByRole('listitem').nth(1).getByRole('link', { name: 'Answer' }).click();
      const page = await RequestPage.shown(person);
      await person.settle();
      expect(new URL(person.page.url()).pathname).toBe(`/r/${second.id}`);
      await page.value('C_KEY').fill('a value');
      await page.save();
      await expect(page.lines).toContainText('C_KEY saved');

      await page.main.getByRole('link', { name: 'Go to your secrets' }).click();
      await person.expectPage('Secrets');
      await expect(person.card('C_KEY')).toBeVisible();
      await expect(waiting.getByRole('listitem')).toHaveCount(1);
      await waiting.getByRole('link', { name: 'Answer' }).click();
      await page.skip();
      await expect(page.ending).toContainText('You skipped');
      await person.open('/secrets');
      await expect(waiting).toHaveCount(0);
    });

    test('Activity shows each request with its reason, and what became of it', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await agent(strongroom, 'laptop');
      const answered = await ask(program, ['A_KEY', 'B_KEY'], { reason: 'For the nightly report' });
      const skipped = await ask(program, ['C_KEY']);
      const cancelled = await ask(program, ['D_KEY']);
      await program.call('DELETE', `/api/v1/requests/${cancelled.id}`);
      const page = await RequestPage.open(person, answered);
      await page.value('A_KEY').fill('a-value-of-its-own');
      await page.skipBox('B_KEY').check();
      await page.save();
      await expect(page.lines).toHaveCount(2);
      await RequestPage.open(person, skipped);
      await page.skip();
      await expect(page.ending).toContainText('You skipped');

      const activity = await ActivityPage.at(person);
      const made = activity.of('request.made');
      await expect(made).toHaveCount(3);
      await expect(made.last()).toContainText('Asked for API token laptop');
      await expect(made.last()).toContainText('For the nightly report');
      await expect(activity.names(made.last())).toHaveText(['A_KEY', 'B_KEY']);
      await expect(activity.of('request.stored')).toContainText('Request answered You, in a browser');
      await expect(activity.of('request.stored')).toContainText('A_KEY stored, B_KEY skipped');
      await expect(activity.of('request.skipped')).toContainText('Request skipped You, in a browser');
      await expect(activity.of('request.cancelled')).toContainText('Request taken back API token laptop');
      await expect(activity.names(activity.of('request.cancelled'))).toHaveText('D_KEY');
      await activity.filter({ secret: 'B_KEY' });
      await expect(activity.what).toHaveText(['Request answered', 'Asked for']);
      expect(await person.page.content()).not.toContain('a-value-of-its-own');
    });
  });
}
