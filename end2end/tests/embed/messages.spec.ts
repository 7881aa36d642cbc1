/**
 * Messages between the page and the frame: what is forged, replayed or not exactly of the right shape does nothing, and
 * says nothing.
 */
import type { Frame, Page } from '@playwright/test';

import { expect } from '../../fixtures.js';
import { test } from '../../fixtures/embedding.js';

/** Lets the browser deliver what was posted: every message before this one has arrived when it returns. */
async function delivered(page: Page): Promise<void> {
  await page.waitForTimeout(300);
}

/** The frame of a field, as its own scripts see it. */
async function frameOf(page: Page, request: string): Promise<Frame> {
  const handle = await page.locator(`strongroom-field[request="${request}"] iframe`).elementHandle();
  const frame = await handle?.contentFrame();
  expect(frame).toBeTruthy();
  return frame as Frame;
}

test('the page believes nobody but the frame of that very field', async ({ page, host, platform, attacker, strongroom }) => {
  const [first, second] = [await platform.ask(['A_KEY']), await platform.ask(['B_KEY'])];
  await host.show(platform, [first.id, second.id]);
  await expect(host.field(first.id).values).toHaveCount(1);
  await expect(host.field(second.id).values).toHaveCount(1);
  const forged = { strongroom: 1, request: first.id, type: 'stored', names: ['A_KEY'] };

  await test.step('not the page itself', async () => {
    await page.evaluate((message) => window.postMessage(message, '*'), forged);
  });
  await test.step('not a frame of another site', async () => {
    const address = attacker.page('/', '<p>An advertisement</p>');
    await page.evaluate((address) => {
      const frame = document.createElement('iframe');
      frame.src = address;
      document.body.append(frame);
    }, address);
    const frame = await expect.poll(() => page.frame({ url: address })).not.toBeNull().then(() => page.frame({ url: address }));
    await frame?.evaluate((message) => parent.postMessage(message, '*'), forged);
  });
  await test.step('not a page of Strongroom that is no frame of it', async () => {
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate((address) => void open(address), `${strongroom.url}/embed/field/${first.id}`),
    ]);
    await popup.waitForLoadState();
    await popup.evaluate((message) => opener?.postMessage(message, '*'), forged);
    await popup.close();
  });
  await test.step('not the field beside it', async () => {
    const beside = await frameOf(page, second.id);
    await beside.evaluate((message) => parent.postMessage(message, '*'), forged);
  });
  await delivered(page);
  expect(await host.outcomes()).toEqual([]);
  await expect(host.field(first.id).values).toHaveCount(1);
});

test('the page believes its frame only what has exactly the right shape', async ({ page, host, platform }) => {
  const { id } = await platform.ask(['A_KEY']);
  await host.show(platform, [id]);
  await expect(host.field().values).toHaveCount(1);
  const frame = await frameOf(page, id);
  const height = await page.locator('iframe').evaluate((frame) => frame.clientHeight);
  const right = { strongroom: 1, request: id };
  for (const message of [
    'stored',
    null,
    { ...right, strongroom: '1', type: 'stored', names: ['A_KEY'] },
    { ...right, strongroom: 2, type: 'stored', names: ['A_KEY'] },
    { ...right, request: `${id} `, type: 'stored', names: ['A_KEY'] },
    { ...right, type: 'stored', names: 'A_KEY' },
    { ...right, type: 'stored', names: [{ value: 'a value' }] },
    { ...right, type: 'stored' },
    { ...right, type: 'Stored', names: ['A_KEY'] },
    { ...right, type: 'constructor', names: [] },
    { ...right, type: 'error', code: 'a word of its own' },
    { ...right, type: 'error', code: { toString: 'load' } },
    { ...right, type: 'resize', height: '9999' },
    { ...right, type: 'resize', height: Number.NaN },
    { ...right, type: 'resize', height: Number.POSITIVE_INFINITY },
  ]) {
    await frame.evaluate((message) => parent.postMessage(message, '*'), message);
  }
  await delivered(page);
  expect(await host.outcomes()).toEqual([]);
  expect(await page.locator('iframe').evaluate((frame) => frame.clientHeight)).toBe(height);

  // What else is in a message gets no further than the element.
  await frame.evaluate((right) => {
    parent.postMessage({ ...right, type: 'stored', names: ['A_KEY'], value: 'a value', detail: 'more' }, '*');
  }, right);
  await host.expectOutcomes([{ type: 'stored', detail: { request: id, names: ['A_KEY'] } }]);
});

test('the frame believes nobody but the page around it', async ({ page, host, attacker, platform, strongroom }) => {
  const { id, embed } = await platform.ask(['A_KEY']);
  // A page without the element, whose frame everybody can reach; it hands over no token.
  const advertisement = attacker.page('/', '<p>An advertisement</p>');
  await host.open([`<iframe src="${embed.src}" width="600" height="600"></iframe><iframe src="${advertisement}"></iframe>`]);
  await expect(page.frameLocator('iframe >> nth=0').locator('#field')).toContainText('Opening');
  const token = { strongroom: 1, request: id, type: 'token', token: embed.token };
  const other = page.frame({ url: advertisement });
  await other?.evaluate((message) => parent.frames[0]?.postMessage(message, '*'), token);
  await delivered(page);
  await expect(page.frameLocator('iframe >> nth=0').locator('textarea')).toHaveCount(0);
  const errors = await other?.evaluate((origin) => {
    try {
      return String(parent.frames[0]?.document.title);
    } catch {
      return `no way to ${origin}`;
    }
  }, strongroom.url);
  expect(errors).toBe(`no way to ${strongroom.url}`);

  // The same from the page itself opens the form: it was all but the sender.
  await page.evaluate((message) => frames[0]?.postMessage(message, '*'), token);
  await expect(page.frameLocator('iframe >> nth=0').locator('textarea').first()).toBeVisible();
});

test('the frame takes only a token, and only when it waits for one', async ({ page, host, platform }) => {
  const [mine, other] = [await platform.ask(['A_KEY']), await platform.ask(['OTHER_KEY'])];
  await host.open([`<iframe src="${mine.embed.src}" width="600" height="600"></iframe>`]);
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('#field')).toContainText('Opening');
  const post = (message: unknown): Promise<void> => page.evaluate((it) => frames[0]?.postMessage(it, '*'), message);
  const right = { strongroom: 1, request: mine.id, type: 'token', token: mine.embed.token };
  for (const message of [
    'token',
    null,
    { ...right, strongroom: 2 },
    { ...right, request: other.id },
    { ...right, type: 'Token' },
    { ...right, token: 7 },
    { ...right, token: { toString: mine.embed.token } },
    { ...right, token: [mine.embed.token] },
    { ...right, token: `${mine.embed.token}\r\nCookie: a=b` },
    { ...right, token: 'sr_plt_0123' },
  ]) {
    await post(message);
  }
  await delivered(page);
  await expect(frame.locator('textarea')).toHaveCount(0);
  await post(right);
  const value = frame.getByLabel('Value', { exact: true });
  await value.fill('typed');

  await test.step('replayed, or with another token, it changes nothing', async () => {
    await post(right);
    await post({ ...right, token: other.embed.token });
    await post({ ...right, token: '' });
    await delivered(page);
    await expect(value).toHaveValue('typed');
  });
  await frame.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(frame.getByRole('status')).toContainText('A_KEY saved');
  await test.step('once it is answered, it opens no second time', async () => {
    await post(right);
    await delivered(page);
    await expect(frame.locator('textarea')).toHaveCount(0);
  });
  expect(await platform.environment()).toEqual({ A_KEY: 'typed' });
});

test('what the frame sends is for the page’s own origin, and holds no value', async ({ page, host, platform, strongroom }) => {
  const { id } = await platform.ask(['A_KEY', 'B_KEY']);
  await host.show(platform, [id]);
  await host.field().value('A_KEY').fill('kp2-typed');
  await host.field().secret('B_KEY').getByRole('checkbox', { name: 'Skip this one' }).check();
  await host.field().save();
  await host.expectOutcomes([{ type: 'stored', detail: { request: id, names: ['A_KEY'] } }]);
  const { messages } = await host.heard();
  const keys = ['code', 'height', 'names', 'request', 'strongroom', 'type'];
  for (const { origin, data } of messages) {
    expect(origin).toBe(strongroom.url);
    expect(keys).toEqual(expect.arrayContaining(Object.keys(data as object)));
  }
  expect(JSON.stringify(messages)).not.toContain('kp2-');
  const types = messages.map(({ data }) => (data as { type: string }).type);
  expect(types.filter((type) => type !== 'resize')).toEqual(['ready', 'stored']);
  expect(types).toContain('resize');
  await expect(page.locator('iframe')).toBeVisible();
});
