/** Where the field can be shown: in pages of its platform, and nowhere else. */
import type { Page } from '@playwright/test';

import { expect } from '../../fixtures.js';
import { test } from '../../fixtures/embedding.js';
import { heardBy, listenIn } from '../../fixtures/hearing.js';
import { Platform } from '../../fixtures/platform.js';

const BLOCKED = /frame-ancestors/;

/** That no frame in the page shows anything of the field. */
async function expectNothingShown(page: Page, address: string): Promise<void> {
  const frames = page.frames().filter((frame) => frame.parentFrame() !== null);
  expect(frames.length).toBeGreaterThan(0);
  for (const frame of frames) {
    expect(frame.url()).not.toContain(address);
    expect(await frame.content()).not.toContain('id="field"');
  }
}

test('a third site that frames the field gets nothing', async ({ page, attacker, platform, strongroom, observer }) => {
  observer.expectError(BLOCKED);
  const { id, embed } = await platform.ask(['A_KEY']);
  expect(embed.src).toBe(`${strongroom.url}/embed/field/${id}`);
  await listenIn(page);
  await page.goto(attacker.page('/', `<iframe src="${embed.src}" width="600" height="600"></iframe>`));
  // What would come of it comes in a moment, if it comes.
  await page.waitForTimeout(1500);
  await expectNothingShown(page, embed.src);
  expect((await heardBy(page)).messages).toEqual([]);
});

test('a third site that uses the element, even with a token, gets the link', async ({
  page,
  attacker,
  platform,
  strongroom,
  observer,
}) => {
  observer.expectError(BLOCKED);
  const { id, embed } = await platform.ask(['A_KEY']);
  attacker.call('/token', async () => ({ token: embed.token }));
  const script = `<script type="module" src="${strongroom.url}/embed/strongroom.js"></script>`;
  await listenIn(page);
  await page.goto(attacker.page('/', `${script}<strongroom-field request="${id}" token-url="/token"></strongroom-field>`));
  await expect(page.getByRole('link')).toHaveAttribute('href', `${strongroom.url}/r/${id}`);
  await expectNothingShown(page, embed.src);
  const { events, messages } = await heardBy(page);
  expect(messages).toEqual([]);
  expect(events).toEqual([{ type: 'error', detail: { request: id, code: 'load' } }]);
});

test('a page of the platform that is itself framed by a third site shows no field', async ({
  page,
  host,
  attacker,
  platform,
  observer,
}) => {
  observer.expectError(BLOCKED);
  const { id, embed } = await platform.ask(['A_KEY']);
  await host.show(platform, [id]);
  await expect(host.field().value('A_KEY')).toBeVisible();
  await page.goto(attacker.page('/', `<iframe src="${host.origin}/" width="600" height="600"></iframe>`));
  const framed = page.frameLocator('iframe');
  await expect(framed.getByRole('heading')).toHaveText('A bare page');
  await expect(framed.getByRole('link')).toBeVisible();
  expect(page.frames().map((frame) => frame.url())).not.toContain(embed.src);
});

test('another platform’s page cannot show it', async ({ page, host, attacker, platform, strongroom, observer }) => {
  observer.expectError(BLOCKED);
  // The token is asked for while the frame is on its way, and the host's platform gets none for another's request.
  observer.expectError(/status of 500 .*\/token\//);
  const other = await Platform.add(strongroom, [attacker.origin], undefined, 'Other Chat');
  const theirs = await other.ask(['THEIR_KEY']);
  const { id, embed } = await platform.ask(['A_KEY']);
  await host.show(platform, [theirs.id]);
  await expect(page.getByRole('link')).toBeVisible();
  await expectNothingShown(page, theirs.embed.src);
  await page.goto(attacker.page('/', `<iframe src="${embed.src}"></iframe>`));
  await page.waitForTimeout(1000);
  await expectNothingShown(page, embed.src);
  expect((await platform.standing(id)).status).toBe('pending');
});

test('opened at top level it refuses, and asks for nothing', async ({ page, platform, observer }) => {
  const { id, embed } = await platform.ask(['A_KEY']);
  await page.goto(embed.src);
  await expect(page.locator('#field')).toContainText('This field only works inside the chat that it belongs to.');
  await expect(page.locator('textarea, input, button')).toHaveCount(0);
  // Nor can whoever opened it talk to it.
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.evaluate((src) => void open(src), embed.src)]);
  await expect(popup.locator('#field')).toContainText('only works inside the chat');
  await page.evaluate(
    ([id, token]) => opener?.postMessage({ strongroom: 1, request: id, type: 'token', token }, '*'),
    [id, embed.token] as const,
  );
  await expect(popup.locator('textarea')).toHaveCount(0);
  const asked = (await observer.answers()).filter(({ url }) => url.includes('/api/'));
  expect(asked.map(({ url }) => url)).toEqual([]);
});

test('an id that is none, or of a request of no platform, has no frame', async ({ page, person, strongroom, observer }) => {
  observer.expectError(/404/);
  await person.signUp();
  for (const id of ['0190c0de-0000-7000-8000-000000000000', 'nothing', '..%2F..%2Fsecrets']) {
    const answer = await page.goto(`${strongroom.url}/embed/field/${id}`);
    expect(answer?.status(), id).toBe(404);
    await expect(page.locator('#field')).toHaveCount(0);
  }
});

test('the link takes the field’s place where the frame cannot load', async ({ page, host, platform, strongroom }) => {
  const { id } = await platform.ask(['A_KEY']);
  await page.route('**/embed/field/*', (route) => route.fulfill({ status: 200, body: '<p>Nothing of Strongroom</p>' }));
  const before = Date.now();
  await host.show(platform, [id]);
  const link = page.getByRole('link', { name: 'Open it in a new tab' });
  await expect(link).toHaveAttribute('href', `${strongroom.url}/r/${id}`);
  expect(Date.now() - before).toBeGreaterThan(3500);
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(link).toHaveAttribute('rel', /noopener/);
  await expect(page.locator('iframe')).toBeHidden();
  expect(await host.outcomes()).toEqual([{ type: 'error', detail: { request: id, code: 'load' } }]);
});
