/**
 * Every page, dialog and state, at a desk and on a phone, light and dark: axe finds nothing, nothing has to be scrolled
 * sideways. A picture of each goes to `artefacts/screenshots`, for people to look at.
 */
import type { Page } from '@playwright/test';

import { EVERY_LOOK, expectAccessible, expectNoSidewaysScroll, test } from '../../fixtures.js';
import { CLIPBOARD } from '../../fixtures/clipboard.js';
import { tour } from '../../fixtures/tour.js';

for (const { title, use } of EVERY_LOOK) {
  test.describe(title, () => {
    test.use({ ...use, ...CLIPBOARD });

    test('every page is accessible and fits its width', async ({ person, strongroom, observer }) => {
      // More than forty stops, and axe takes a second or two at each.
      test.setTimeout(5 * 60_000);
      // The page that does not exist.
      observer.expectError(/404/);
      const look = title.replace(/ px wide, /, '-');
      await tour(person, strongroom, async (stop) => {
        await test.step(stop, async () => {
          await photograph(person.page, `${stop}-${look}`);
          await expectNoSidewaysScroll(person.page);
          await expectAccessible(person.page);
        });
      });
    });
  });
}

/** A page from top to bottom; with something open over it, what the window shows. */
async function photograph(page: Page, name: string): Promise<void> {
  const covered = await page.locator('dialog[open], [popover]:popover-open').count();
  if (covered === 0) {
    await page.evaluate(() => window.scrollTo(0, 0));
  }
  await page.screenshot({
    path: `artefacts/screenshots/${name}.png`,
    fullPage: covered === 0,
    animations: 'disabled',
  });
}
