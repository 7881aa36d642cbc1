/** The link of a request carries no authority: who it is for decides, and nobody else learns anything. */
import { expect, PASSWORD, type Person, Program, type Strongroom, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';
import { ActivityPage } from '../../fixtures/activity.js';
import { ask, RequestPage, standing } from '../../fixtures/requests.js';

const NOT_YOURS = 'This request is not for your account, or there is no such request.';

/** A second account, and somebody signed in to it. */
async function member(strongroom: Strongroom, visitor: () => Promise<Person>): Promise<Person> {
  const added = await strongroom.operator(['user', 'add', 'kim', '--password-stdin'], { input: PASSWORD });
  expect(added.code, added.stderr).toBe(0);
  const kim = await visitor();
  await kim.open('/sign-in');
  await kim.signIn('kim');
  await kim.expectPage('Secrets');
  return kim;
}

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('who is signed out is led through sign-in and back to the request', async ({ person, visitor, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      const request = await ask(program, ['A_KEY'], { reason: 'A reason that only its reader sees' });
      const phone = await visitor();
      await phone.open(request.url);
      await phone.expectPage('Sign in');
      expect(await phone.page.content()).not.toContain('A_KEY');
      expect(await phone.page.content()).not.toContain('A reason');
      await phone.signIn();
      const page = await RequestPage.shown(phone);
      await phone.settle();
      expect(new URL(phone.page.url()).pathname).toBe(`/r/${request.id}`);
      await page.value('A_KEY').fill('from the phone');
      await page.save();
      await expect(page.lines).toContainText('A_KEY saved');
      expect(await program.environment()).toEqual({ A_KEY: 'from the phone' });
    });

    test('who is signed in to another account sees that it is not theirs, and nothing more', async ({
      person,
      visitor,
      strongroom,
      observer,
    }) => {
      await person.signUp();
      const kim = await member(strongroom, visitor);
      const program = await Program.of(strongroom);
      const wanted = { name: 'A_KEY', description: 'Words of the agent' };
      const request = await ask(program, [wanted], { reason: 'A reason that only its reader sees' });
      const page = await RequestPage.open(kim, request);
      await expect(page.main).toContainText(NOT_YOURS);
      await page.expectNoForm();
      await expect(page.main.getByRole('button', { name: 'Sign out' })).toBeVisible();
      const theirs = (await observer.answers()).filter(({ url }) => url.includes(request.id) || url.includes('open-request'));
      expect(theirs.length).toBeGreaterThan(0);
      for (const { url, body } of theirs) {
        expect(body.toString(), url).not.toMatch(/A_KEY|A reason|Words of the agent|owner/);
      }

      // To the one who asks for the link of no request at all it looks the same.
      const shown = await page.main.innerText();
      await kim.open('/r/0190c0de-0000-7000-8000-000000000000');
      expect(await page.main.innerText()).toBe(shown);

      const activity = await ActivityPage.at(person);
      await expect(activity.of('request.refused')).toContainText('Request kept from somebody else');
      await expect(activity.of('request.refused')).not.toContainText('kim');
      await expect(activity.names(activity.of('request.refused'))).toHaveText('A_KEY');
      expect((await standing(program, request.id)).status).toBe('pending');
    });

    test('an id that was tampered with leads nowhere', async ({ person, strongroom }) => {
      await person.signUp();
      const { id } = await ask(await Program.of(strongroom), ['A_KEY']);
      const other = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
      for (const tampered of [other, `${id}0`, 'nothing', '%3Cb%3E', "a'b"]) {
        await person.open(`/r/${tampered}`);
        const page = await RequestPage.shown(person);
        await expect(page.main).toContainText(NOT_YOURS);
        await page.expectNoForm();
      }
    });

    test('texts of whoever asks are texts, and lead nowhere by themselves', async ({ person, strongroom }) => {
      await person.signUp();
      const html = '<img src=x onerror="document.title=1"><a href="https://evil.example">https://evil.example</a>';
      const wanted = { name: 'A_KEY', description: html };
      const request = await ask(await Program.of(strongroom), [wanted], { reason: html, requested_by: html });
      const page = await RequestPage.open(person, request);
      await expect(page.main.getByRole('blockquote')).toHaveText(html);
      await expect(page.main).toContainText(`“${html}”`);
      await expect(page.description('A_KEY')).toHaveValue(html);
      await expect(page.main.locator('img')).toHaveCount(0);
      await expect(page.main.getByRole('link', { name: 'evil' })).toHaveCount(0);
    });
  });
}
