/**
 * Times are written as the reader would write them, in their language and zone, with the exact time and UTC on hover.
 * Only a script knows the reader's: without scripts it is UTC.
 */
import { expect, type Person, Program, type Strongroom, test } from '../../fixtures.js';

interface Reader {
  locale: string;
  timezoneId: string;
}

/** As `Intl.DateTimeFormat` is told. */
type Style = Pick<Intl.DateTimeFormatOptions, 'dateStyle' | 'timeStyle'>;

const DAY: Style = { dateStyle: 'medium' };
const MINUTE: Style = { dateStyle: 'medium', timeStyle: 'short' };

/** Who reads, and what a day and a minute look like to them. */
const READERS: [reader: Reader, day: RegExp, minute: RegExp][] = [
  [
    { locale: 'de-DE', timezoneId: 'Europe/Berlin' },
    /^\d\d\.\d\d\.\d{4}$/,
    /^\d\d\.\d\d\.\d{4}, \d\d:\d\d$/,
  ],
  [
    { locale: 'en-US', timezoneId: 'America/New_York' },
    /^[A-Z][a-z]{2} \d{1,2}, \d{4}$/,
    /^[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d\s[AP]M$/,
  ],
];

for (const [reader, day, minute] of READERS) {
  test.describe(`a reader of ${reader.locale} in ${reader.timezoneId}`, () => {
    test.use(reader);

    test('reads days on cards as at home', async ({ person, strongroom }) => {
      await aUsedSecret(person, strongroom);
      await person.open('/secrets');
      await expectRead(person, reader, DAY, 3);
      for (const written of await times(person).allTextContents()) {
        expect(written).toMatch(day);
      }
    });

    test('reads days as at home on a card that has just been added or changed', async ({ person }) => {
      await person.signUp();
      await person.addSecret({ name: 'A_KEY', value: 'a value' });
      await expectRead(person, reader, DAY, 1);
      const dialog = await person.startEditing('A_KEY');
      await dialog.getByLabel('New value').fill('another value');
      await dialog.getByRole('button', { name: 'Save changes' }).click();
      await person.expectNotice('A_KEY is changed');
      await expectRead(person, reader, DAY, 2);
    });

    test('reads minutes among the records as at home, on every page of them', async ({ person, strongroom }) => {
      await aUsedSecret(person, strongroom);
      const program = await Program.of(strongroom);
      for (let number = 1; number <= 50; number += 1) {
        await program.openSandbox(`run ${number}`);
      }
      await person.open('/activity');
      await expectRead(person, reader, MINUTE, 50);
      for (const written of await times(person).allTextContents()) {
        expect(written).toMatch(minute);
      }
      await person.page.getByRole('link', { name: 'Older' }).click();
      await expect(person.page.getByText('Account made')).toBeVisible();
      // The account, two tokens, and the secret: stored, changed, a sandbox opened for it, and fetched.
      await expectRead(person, reader, MINUTE, 7);
      await person.page.getByRole('link', { name: 'Newest' }).click();
      await expect(person.page.getByText('run 50')).toBeVisible();
      await expectRead(person, reader, MINUTE, 50);
    });

    test('finds no time in the settings that is written for a machine', async ({ person, strongroom }) => {
      await aUsedSecret(person, strongroom);
      await person.open('/settings');
      await expect(person.section('Live sandboxes')).toContainText('Last fetch');
      await expect(times(person).filter({ hasText: /UTC|\d{4}-\d\d-\d\d/ })).toHaveCount(0);
      const written = await times(person).allTextContents();
      expect(written.length).toBeGreaterThan(4);
      for (const each of written) {
        expect(day.test(each) || minute.test(each), each).toBe(true);
      }
    });

    test.describe('without scripts', () => {
      test.use({ javaScriptEnabled: false });

      test('reads UTC, and is told so where it matters', async ({ person, strongroom }) => {
        await aUsedSecret(person, strongroom);
        await person.open('/secrets');
        await expectUtc(person, (exact) => exact.slice(0, 10), 3);
        await person.open('/activity');
        await expectUtc(person, (exact) => `${exact.slice(0, 16).replace('T', ' ')} UTC`, 6);
      });
    });
  });
}

/** A secret that was stored, changed and fetched: its card has three times, and the account six records. */
async function aUsedSecret(person: Person, strongroom: Strongroom): Promise<void> {
  await person.signUp();
  const program = await Program.of(strongroom);
  await program.store('A_KEY', 'a value');
  await program.change('A_KEY', { value: 'another value' });
  const { token } = await program.openSandbox('nightly report');
  expect((await program.fetchEnvironment(token)).status).toBe(200);
}

function times(person: Person) {
  return person.page.getByRole('main').locator('time');
}

/** So many times stand on the page, and each says its own moment as that reader writes it. */
async function expectRead(person: Person, reader: Reader, style: Style, count: number): Promise<void> {
  await expect(times(person)).toHaveCount(count);
  await expect.poll(() => misread(person, reader, style), 'times that the reader would write otherwise').toEqual([]);
}

/** The browser's own data of languages and zones, asked for that reader by name. */
async function misread(person: Person, { locale, timezoneId }: Reader, style: Style): Promise<string[]> {
  return times(person).evaluateAll(
    (elements, { locale, timeZone, style }) => {
      const write = (at: string, style: Intl.DateTimeFormatOptions): string =>
        new Intl.DateTimeFormat(locale, { ...style, timeZone }).format(new Date(at));
      return elements.flatMap((element) => {
        const at = element.getAttribute('datetime') ?? '';
        const shown = `${element.textContent}, on hover ${element.getAttribute('title')}`;
        const expected = `${write(at, style)}, on hover ${write(at, { dateStyle: 'full', timeStyle: 'long' })} (${at})`;
        return shown === expected ? [] : [`${shown}; expected: ${expected}`];
      });
    },
    { locale, timeZone: timezoneId, style },
  );
}

async function expectUtc(person: Person, written: (exact: string) => string, count: number): Promise<void> {
  await expect(times(person)).toHaveCount(count);
  for (const time of await times(person).all()) {
    const exact = (await time.getAttribute('datetime')) ?? '';
    expect(exact).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    await expect(time).toHaveText(written(exact));
    await expect(time).toHaveAttribute('title', exact);
  }
}
