/**
 * What every browser test starts from: a real server of its own on a free port, and a browser whose every console error
 * fails the test and whose every answer is kept to be searched.
 *
 *     import { expect, test } from '../fixtures.js';
 *
 *     test('the first page asks for an account', async ({ person }) => {
 *       await person.open('/');
 *       …
 *     });
 */
import { test as base, type BrowserContext, type BrowserContextOptions } from '@playwright/test';

import { Observer } from './fixtures/observer.js';
import { Person } from './fixtures/person.js';
import { Strongroom } from './fixtures/strongroom.js';

export { expect } from '@playwright/test';
export { expectAccessible, expectNoSidewaysScroll } from './fixtures/accessibility.js';
export { Observer, type Answer } from './fixtures/observer.js';
export { PASSWORD, Person, type SecretForm } from './fixtures/person.js';
export { Program, type Sandbox } from './fixtures/program.js';
export { Strongroom, type Finished } from './fixtures/strongroom.js';
export { EVERY_LOOK, EVERY_WAY, WITH_AND_WITHOUT_SCRIPTS } from './fixtures/ways.js';

interface Options {
  /** Settings of the server, over the defaults: `test.use({ settings: { STRONGROOM_SIGNUP: 'open' } })`. */
  settings: Record<string, string>;
}

interface Fixtures {
  /** The server of this test: fresh, with no account yet. */
  strongroom: Strongroom;
  /** What the browsers of this test saw. */
  observer: Observer;
  /** Who sits at the test's browser: signed out, on no page yet. */
  person: Person;
  /** Somebody at another browser, watched like the first: a second user, or the same one elsewhere. */
  visitor: (options?: BrowserContextOptions) => Promise<Person>;
}

export const test = base.extend<Options & Fixtures>({
  settings: [{}, { option: true }],

  strongroom: async ({ settings }, use, testInfo) => {
    const strongroom = await Strongroom.start(settings);
    try {
      await use(strongroom);
    } finally {
      await strongroom.stop();
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach('server log', { body: strongroom.log(), contentType: 'text/plain' });
      }
      await strongroom.removeData();
    }
  },

  baseURL: async ({ strongroom }, use) => {
    await use(strongroom.url);
  },

  observer: async ({}, use) => {
    const observer = new Observer();
    await use(observer);
    observer.assertQuiet();
  },

  context: async ({ context, observer }, use) => {
    observer.watch(context);
    await use(context);
    await observer.settled();
  },

  person: async ({ page, strongroom, javaScriptEnabled }, use) => {
    await use(new Person(page, strongroom, javaScriptEnabled ?? true));
  },

  visitor: async ({ browser, observer, strongroom, javaScriptEnabled }, use) => {
    const open: BrowserContext[] = [];
    await use(async (options = {}) => {
      const scripts = options.javaScriptEnabled ?? javaScriptEnabled ?? true;
      const context = await browser.newContext({ baseURL: strongroom.url, ...options, javaScriptEnabled: scripts });
      open.push(context);
      observer.watch(context);
      return new Person(await context.newPage(), strongroom, scripts);
    });
    await observer.settled();
    for (const context of open) {
      await context.close();
    }
  },
});
