/** A request that has ended says so, quietly, to whoever opens its link or has it open. */
import { expect, Program, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';
import { ask, RequestPage, standing } from '../../fixtures/requests.js';

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('one that was taken back is shown as that', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      const request = await ask(program, ['A_KEY']);
      await program.call('DELETE', `/api/v1/requests/${request.id}`);
      const page = await RequestPage.open(person, request);
      await expect(page.ending).toHaveText('Whoever asked took the request back. Nothing was stored.');
      await expect(page.main.getByRole('alert')).toHaveCount(0);
      await page.expectNoForm();
    });

    test('one that is taken back while it is open stores nothing', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      const request = await ask(program, ['A_KEY']);
      const page = await RequestPage.open(person, request);
      await page.value('A_KEY').fill('too late');
      await program.call('DELETE', `/api/v1/requests/${request.id}`);
      await page.save();
      await expect(page.ending).toHaveText('Whoever asked took the request back. Nothing was stored.');
      await page.expectNoForm();
      expect(await program.names()).toEqual([]);
    });

    test('one that was answered in another browser is not answered again', async ({ person, visitor, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      const request = await ask(program, ['A_KEY']);
      const page = await RequestPage.open(person, request);
      await page.value('A_KEY').fill('from the first');

      const elsewhere = await visitor();
      await elsewhere.open('/sign-in');
      await elsewhere.signIn();
      await elsewhere.expectPage('Secrets');
      const second = await RequestPage.open(elsewhere, request);
      await second.value('A_KEY').fill('from the second');
      await second.save();
      await expect(second.lines).toContainText('A_KEY saved');

      await page.save();
      await expect(page.ending).toContainText('You answered this request.');
      await page.expectNoForm();
      expect(await program.environment()).toEqual({ A_KEY: 'from the second' });
    });
  });
}

test('one that nobody answers in time expires, on the open page and for those who come later', async ({
  person,
  visitor,
  strongroom,
}) => {
  // The shortest life that a request can have is 30 seconds.
  test.setTimeout(90_000);
  await person.signUp();
  const program = await Program.of(strongroom);
  const request = await ask(program, ['A_KEY'], { ttl_seconds: 30 });
  const page = await RequestPage.open(person, request);
  await page.value('A_KEY').fill('too late');
  expect((await standing(program, request.id, 60)).status).toBe('expired');
  const words = 'Nobody answered in time, so the request has expired. Whoever asked can ask again.';
  await page.save();
  await expect(page.ending).toHaveText(words);
  await page.expectNoForm();
  expect(await program.names()).toEqual([]);

  const plain = await visitor({ javaScriptEnabled: false });
  await plain.open('/sign-in');
  await plain.signIn();
  await plain.expectPage('Secrets');
  await expect(plain.page.getByRole('region', { name: 'Waiting for you' })).toHaveCount(0);
  const later = await RequestPage.open(plain, request);
  await expect(later.ending).toHaveText(words);
  await later.expectNoForm();
});
