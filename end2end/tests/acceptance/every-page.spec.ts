/**
 * Every page, dialog and state, at a desk and on a phone, light and dark: axe finds nothing, nothing has to be scrolled
 * sideways. A picture of each goes to `artefacts/screenshots`, for people to look at.
 */
import { EVERY_LOOK, expectAccessible, expectNoSidewaysScroll, test } from '../../fixtures.js';
import { tour } from '../../fixtures/tour.js';

for (const { title, use } of EVERY_LOOK) {
  test.describe(title, () => {
    test.use(use);

    test('every page is accessible and fits its width', async ({ person, strongroom, observer }) => {
      test.slow();
      observer.expectError(/404/);
      const look = title.replace(/ px wide, /, '-');
      await tour(person, strongroom, async (stop) => {
        await test.step(stop, async () => {
          await person.page.screenshot({
            path: `artefacts/screenshots/${stop}-${look}.png`,
            fullPage: true,
            animations: 'disabled',
          });
          await expectNoSidewaysScroll(person.page);
          await expectAccessible(person.page);
        });
      });
    });
  });
}
