/**
 * The pages for requests and platforms in every state, at a desk and on a phone, light and dark: axe finds nothing, nothing
 * has to be scrolled sideways. A picture of each goes to `artefacts/screenshots`, for people to look at.
 */
import { EVERY_LOOK, expectAccessible, expectNoSidewaysScroll, test } from '../../fixtures.js';
import { tourOfRequests } from '../../fixtures/asking.js';

for (const { title, use } of EVERY_LOOK) {
  test.describe(title, () => {
    test.use(use);

    test('requests and platforms are accessible and fit their width in every state', async ({ person, strongroom }) => {
      // Some fifteen stops, and axe takes a second or two at each.
      test.setTimeout(3 * 60_000);
      const look = title.replace(/ px wide, /, '-');
      await tourOfRequests(person, strongroom, async (stop) => {
        await test.step(stop, async () => {
          const { page } = person;
          const covered = await page.locator('dialog[open]').count();
          const path = `artefacts/screenshots/${stop}-${look}.png`;
          await page.screenshot({ path, fullPage: covered === 0, animations: 'disabled' });
          await expectNoSidewaysScroll(page);
          await expectAccessible(page);
        });
      });
    });
  });
}
