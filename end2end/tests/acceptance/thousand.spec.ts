/** An account with a thousand secrets: all are there, any is found and reached, and nothing jumps while the page loads. */
import { EVERY_WAY, expect, type Person, Program, type Strongroom, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';

const BATCH = 200;
const SECRETS = Array.from({ length: 1000 }, (_, index) => {
  const number = String(index + 1).padStart(4, '0');
  const place = index % 100 === 41 ? 'Opens the harbour gate' : 'Opens a shed';
  return { name: `SERVICE_${number}_KEY`, value: `value ${number}`, description: `${place}, number ${number}` };
});
const NAMES = SECRETS.map(({ name }) => name);
const OF_THE_HARBOUR = NAMES.filter((_, index) => index % 100 === 41);

/** Layout shifts that together nobody sees: ten times as much still counts as good (web.dev, "Cumulative Layout Shift"). */
const STILL = 0.01;

/** A page of this size, loaded by the test's browser while another test runs. */
const LOADED = { timeout: 40_000 };

// A trace keeps the whole page at every step, which takes minutes at this size.
test.use({ settings: { STRONGROOM_MAX_SECRETS: '1200' }, trace: 'off' });
test.slow();

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('the page shows all, and a search narrows it to the right ones', async ({ person, strongroom }) => {
      await aThousand(person, strongroom);
      await person.open('/secrets');
      await expectShown(person, NAMES);
      for (const [typed, found] of [
        ['harbour', OF_THE_HARBOUR],
        ['0542 harbour', ['SERVICE_0542_KEY']],
        ['service_0999', ['SERVICE_0999_KEY']],
        ['lighthouse', []],
      ] as const) {
        await search(person, typed);
        await expectShown(person, [...found]);
        const words = found.length === 0 ? 'Nothing is called or described like that.' : `${found.length} of 1000`;
        await expect(person.page.getByRole('search').getByRole('status')).toHaveText(words);
      }
      await search(person, '');
      await expectShown(person, NAMES);
    });

    test('the last card can be reached and changed', async ({ person, strongroom }) => {
      const last = 'SERVICE_1000_KEY';
      await aThousand(person, strongroom);
      await person.open('/secrets');
      // By selectors: to find something by its role in a page of this size takes the test, not the page, many seconds.
      const card = (name: string) => person.page.locator(`.card:has(a[href="/secrets/${name}/edit"])`);
      await card(last).getByTitle('Edit').click();
      const dialog = person.page.locator('dialog[aria-labelledby="dialog-title"]');
      await expect(dialog.getByLabel('Description')).toHaveValue('Opens a shed, number 1000', LOADED);
      await dialog.getByLabel('New value').fill('another value');
      await dialog.getByLabel('Description').fill('Opens the lighthouse');
      await dialog.getByRole('button', { name: 'Save changes' }).click();
      await expect(person.page.locator('.notice')).toContainText(`${last} is changed`, LOADED);
      await expect(card(last)).toContainText('Opens the lighthouse');
      await expect(card('SERVICE_0999_KEY')).toContainText('Opens a shed, number 0999');
      const environment = await (await Program.of(strongroom)).environment();
      expect(Object.keys(environment)).toHaveLength(1000);
      expect(environment[last]).toBe('another value');
    });
  });
}

for (const { title, use } of EVERY_WAY.filter(({ use }) => use.javaScriptEnabled)) {
  test.describe(title, () => {
    test.use(use);

    test('nothing jumps while the page loads', async ({ person, strongroom }) => {
      await aThousand(person, strongroom);
      await watchShifts(person);
      await person.open('/secrets');
      await expect(cards(person)).toHaveCount(1000);
      // The last thing that happens to the page: its times are written as the reader writes them.
      await expect(person.page.getByRole('main').locator('time').first()).not.toHaveAttribute('title', /^\d/);
      const moved = await shifts(person);
      const together = moved.reduce((sum, { value }) => sum + value, 0);
      expect(together, JSON.stringify(moved, null, 2)).toBeLessThan(STILL);
    });
  });
}

async function aThousand(person: Person, strongroom: Strongroom): Promise<void> {
  await person.signUp();
  const program = await Program.of(strongroom);
  for (let stored = 0; stored < SECRETS.length; stored += BATCH) {
    await program.storeAll(SECRETS.slice(stored, stored + BATCH));
  }
}

/** The cards that are shown. */
function cards(person: Person) {
  return person.page.getByRole('list', { name: 'Your secrets' }).locator(':scope > li:not([hidden])');
}

async function expectShown(person: Person, names: string[]): Promise<void> {
  await expect(cards(person).locator('h2')).toHaveText(names);
}

/** Without scripts, a search loads the page anew. */
async function search(person: Person, typed: string): Promise<void> {
  const { page } = person;
  await page.getByLabel('Search your secrets').fill(typed);
  if (!person.scripts) {
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.waitForURL(({ searchParams }) => searchParams.get('q') === typed);
  }
}

/** What moved by itself, and what it was. */
interface Shift {
  value: number;
  what: string[];
}

interface Watching {
  shifts: Shift[];
}

/** What browsers tell of a shift (Layout Instability). TypeScript does not know it. */
type LayoutShift = PerformanceEntry & { value: number; sources: { node: Node | null }[] };

/** From the next page on. */
async function watchShifts(person: Person): Promise<void> {
  await person.page.addInitScript(() => {
    const shifts: Shift[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as LayoutShift[]) {
        const what = entry.sources.map(({ node }) => (node instanceof Element ? node.outerHTML : String(node?.textContent)));
        shifts.push({ value: entry.value, what: what.map((html) => html.slice(0, 120)) });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

/** What has moved so far, once what is to be painted is painted: a shift is told of after its frame. */
async function shifts(person: Person): Promise<Shift[]> {
  return person.page.evaluate(async () => {
    for (let frames = 0; frames < 3; frames += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return (window as unknown as Watching).shifts;
  });
}
