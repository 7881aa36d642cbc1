/** Finding records on the Activity page: by secret, agent and day, page by page, and saved as a file. */
import { expect, Program, type Strongroom, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';
import { ActivityPage } from '../../fixtures/activity.js';

const VALUE = 'canary-7f3a';

/** Readers far from UTC, on both sides of it. */
const READERS = [
  { timezoneId: 'Pacific/Auckland', locale: 'de-DE' },
  { timezoneId: 'America/Los_Angeles', locale: 'en-US' },
];

/** Whose sandboxes they are. */
const TOKEN = 'API token made by the operator';

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('records are found by their secret, however its name is typed', async ({ person, strongroom }) => {
      await person.signUp();
      await twoSandboxes(strongroom);
      const activity = await ActivityPage.at(person);
      for (const [typed, what] of [
        ['A_KEY', ['Fetched', 'Fetched', 'Added']],
        ['b key', ['Fetched', 'Added']],
        ['A', []],
        ['Ü', []],
      ] as const) {
        await activity.filter({ secret: typed });
        await expect(activity.what, typed).toHaveText([...what]);
        await activity.expectAsked({ secret: typed });
      }
      await expect(activity.none).toHaveText('Nothing like that was done.');
      await person.page.getByRole('link', { name: 'Show all' }).click();
      await expect(person.page).toHaveURL('/activity');
      await activity.expectAsked({});
      await expect(activity.of('account.signed_up')).toBeVisible();
    });

    test('records are found by a part of what the sandbox or the token is called', async ({ person, strongroom }) => {
      await person.signUp();
      await twoSandboxes(strongroom);
      const ci = new Program(strongroom, await person.makeToken('ci of the website', ['secrets:write']));
      await ci.store('DEPLOY_KEY', VALUE);
      const activity = await ActivityPage.at(person);
      for (const [typed, what, who] of [
        ['NIGHTLY', ['Fetched', 'Sandbox opened'], ['nightly & 50% report', TOKEN]],
        ['& 50%', ['Fetched', 'Sandbox opened'], ['nightly & 50% report', TOKEN]],
        ['mentions bot', ['Fetched', 'Sandbox opened'], ['mentions bot', TOKEN]],
        ['website', ['Added'], ['API token ci of the website']],
      ] as const) {
        await activity.filter({ agent: typed });
        await expect(activity.what, typed).toHaveText([...what]);
        await expect(activity.who, typed).toHaveText([...who]);
        await activity.expectAsked({ agent: typed });
      }
      await activity.filter({ agent: '%' });
      await expect(activity.who).toHaveText(['nightly & 50% report', TOKEN]);
      await activity.filter({ agent: 'nobody' });
      await expect(activity.none).toHaveText('Nothing like that was done.');
    });

    test('what is asked for together has to be true together', async ({ person, strongroom }) => {
      await person.signUp();
      await twoSandboxes(strongroom);
      const activity = await ActivityPage.at(person);
      await activity.filter({ secret: 'A_KEY', agent: 'bot' });
      await expect(activity.what).toHaveText(['Fetched']);
      await expect(activity.who).toHaveText(['mentions bot']);
      await activity.filter({ secret: 'B_KEY', agent: 'bot' });
      await expect(activity.none).toHaveText('Nothing like that was done.');
      await activity.filter({ agent: 'bot', day: '2020-02-29' });
      await expect(activity.none).toHaveText('Nothing like that was done.');
    });

    test('more than fifty records come in pages, and a filter stays from page to page', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      for (let number = 1; number <= 60; number += 1) {
        await program.openSandbox(`run ${number}`);
      }
      const newest = Array.from({ length: 50 }, (_, index) => `“run ${60 - index}”`);
      const oldest = Array.from({ length: 10 }, (_, index) => `“run ${10 - index}”`);

      const activity = await ActivityPage.at(person);
      await expect(activity.records).toContainText(newest);
      await expect(activity.page('Newest')).toHaveCount(0);
      await activity.page('Older').click();
      await expect(activity.records).toContainText([...oldest, 'The operator', 'You, in a browser']);
      await expect(activity.page('Older')).toHaveCount(0);
      await activity.page('Newest').click();
      await expect(activity.records).toContainText(newest);
      await expect(person.page).toHaveURL('/activity');

      await activity.filter({ agent: 'run' });
      await expect(activity.records).toContainText(newest);
      await activity.page('Older').click();
      await expect(activity.records).toContainText(oldest);
      await activity.expectAsked({ agent: 'run' });
      await person.page.goBack();
      await person.settle();
      await expect(activity.records).toContainText(newest);
      await activity.expectAsked({ agent: 'run' });
    });

    test('the file that is saved holds what the page shows, of all pages', async ({ person, strongroom }) => {
      await person.signUp();
      await twoSandboxes(strongroom);
      const activity = await ActivityPage.at(person);
      const everything = await activity.save();
      expect(everything.name).toBe('strongroom-activity.csv');
      expect(everything.head.slice(0, 4)).toEqual(['time', 'what', 'secrets', 'who']);
      await expect(activity.records).toHaveCount(everything.rows.length);
      expect(everything.rows.at(-1)?.[1]).toBe('account.signed_up');
      expect(everything.rows.flat().join()).not.toContain(VALUE);

      await activity.filter({ secret: 'A_KEY', agent: 'nightly & 50%' });
      await expect(activity.what).toHaveText(['Fetched']);
      const { rows } = await activity.save();
      expect(rows.map(([, what, names, , sandbox]) => [what, names, sandbox])).toEqual([
        ['env.fetched', 'A_KEY B_KEY', 'nightly & 50% report'],
      ]);
      await expect(activity.when).toHaveAttribute('datetime', rows[0]?.[0] ?? '');

      await activity.filter({ day: '2020-02-29' });
      await expect(activity.none).toBeVisible();
      expect((await activity.save()).rows).toEqual([]);
    });

    for (const reader of READERS) {
      test.describe(`where the clocks are those of ${reader.timezoneId}`, () => {
        test.use(reader);

        test('today’s records are found by the reader’s own day', async ({ person }) => {
          await person.signUp();
          const activity = await ActivityPage.at(person);
          const at = await momentOf(activity, 'account.signed_up');
          const today = dayIn(person.scripts ? reader.timezoneId : 'UTC', at);
          await activity.filter({ day: today });
          await expect(activity.what).toHaveText(['Account made']);
          await activity.expectAsked({ day: today });
          expect((await activity.save()).rows, 'the file has the same day').toHaveLength(1);
          const { searchParams } = new URL(person.page.url());
          expect(searchParams.has('zone'), 'only a script knows the zone').toBe(person.scripts);

          await activity.filter({ day: dayIn('UTC', new Date(at.getTime() - 3 * 86_400_000)) });
          await expect(activity.none).toHaveText('Nothing like that was done.');
        });
      });
    }

    test('where it is another day than in UTC, the reader’s counts with scripts, and UTC’s without', async ({
      person,
      visitor,
    }) => {
      await person.signUp();
      // Twelve hours behind and fourteen ahead: one of the two has another day than UTC at any time.
      const timezoneId = new Date().getUTCHours() < 11 ? 'Etc/GMT+12' : 'Pacific/Kiritimati';
      const reader = await visitor({ timezoneId });
      await reader.open('/sign-in');
      await reader.signIn();
      await reader.expectPage('Secrets');
      const activity = await ActivityPage.at(reader);
      const at = await momentOf(activity, 'account.signed_in');
      const [own, utc] = [dayIn(timezoneId, at), dayIn('UTC', at)];
      expect(own).not.toBe(utc);
      const [found, lost] = reader.scripts ? [own, utc] : [utc, own];
      await activity.filter({ day: found });
      await expect(activity.what).toHaveText(['Signed in', 'Account made']);
      expect((await activity.save()).rows).toHaveLength(2);
      await activity.filter({ day: lost });
      await expect(activity.none).toHaveText('Nothing like that was done.');
      expect((await activity.save()).rows).toEqual([]);
    });
  });
}

/** One sandbox that got all secrets, and one that got A_KEY alone. */
async function twoSandboxes(strongroom: Strongroom): Promise<void> {
  const program = await Program.of(strongroom);
  await program.store('A_KEY', VALUE);
  await program.store('B_KEY', VALUE);
  const { token } = await program.openSandbox('nightly & 50% report');
  expect((await program.fetchEnvironment(token)).status).toBe(200);
  const narrow = await program.openSandbox('mentions bot');
  expect((await program.fetchEnvironment(narrow.token, '?only=A_KEY')).status).toBe(200);
}

/** When the one record of a kind was made. */
async function momentOf(activity: ActivityPage, kind: string): Promise<Date> {
  return new Date((await activity.of(kind).locator('time').getAttribute('datetime')) ?? '');
}

/** The day that it is in a zone, `2026-01-02`. */
function dayIn(timeZone: string, at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}
