/** A field token opens and answers one request, until it is spent, renewed, or the request has ended. */
import { expect, type Observer } from '../../fixtures.js';
import { test } from '../../fixtures/embedding.js';
import type { Host } from '../../fixtures/host.js';

const SAVE = [{ name: 'A_KEY', answer: 'save', value: 'by hand' }];

/** That the page cannot open the field with this token. */
async function expectRefused(host: Host, observer: Observer, request: string, token: string): Promise<void> {
  observer.expectError(/401/);
  await host.showWith(request, token);
  await expect(host.field().main).toContainText('The chat got no access to this request.');
  await expect(host.field().values).toHaveCount(0);
  await host.expectOutcomes([{ type: 'error', detail: { request, code: 'token' } }]);
}

test('a token that was spent opens nothing and answers nothing', async ({ host, platform, observer }) => {
  const { id, embed } = await platform.ask(['A_KEY']);
  await host.showWith(id, embed.token);
  await host.field().value('A_KEY').fill('a value');
  await host.field().save();
  await expect(host.field().ending).toContainText('A_KEY saved');
  expect((await platform.answer(id, embed.token, SAVE)).status).toBe(409);
  // It still learns how the request ended, and nothing else.
  observer.expectError(/409/);
  await host.showWith(id, embed.token);
  await expect(host.field().main).toContainText('answered already');
  await expect(host.field().values).toHaveCount(0);
  await host.expectOutcomes([{ type: 'stored', detail: { request: id, names: [] } }]);
  expect(await platform.environment()).toEqual({ A_KEY: 'a value' });
});

test('a token of another request opens nothing and answers nothing', async ({ host, platform, observer }) => {
  const { id } = await platform.ask(['A_KEY']);
  const other = await platform.ask(['A_KEY']);
  expect((await platform.answer(id, other.embed.token, SAVE)).status).toBe(401);
  await expectRefused(host, observer, id, other.embed.token);
  expect((await platform.standing(id)).status).toBe('pending');
  expect((await platform.standing(other.id)).status).toBe('pending');
});

test('a token that was renewed is void, and the new one works', async ({ host, platform, observer }) => {
  const { id, embed } = await platform.ask(['A_KEY']);
  const renewed = await platform.fieldToken(id);
  expect((await platform.answer(id, embed.token, SAVE)).status).toBe(401);
  await expectRefused(host, observer, id, embed.token);
  await host.showWith(id, renewed);
  await expect(host.field().values).toHaveCount(1);
});

test('a token is void once its request was taken back', async ({ host, platform, observer }) => {
  const { id, embed } = await platform.ask(['A_KEY']);
  await platform.cancel(id);
  const answer = await platform.answer(id, embed.token, SAVE);
  expect(answer.status).toBe(409);
  observer.expectError(/409/);
  await host.showWith(id, embed.token);
  await expect(host.field().main).toContainText('taken back');
  await expect(host.field().values).toHaveCount(0);
  expect(await platform.environment()).toEqual({});
});

test('what is no field token opens nothing', async ({ host, platform, observer, strongroom }) => {
  const { id, embed } = await platform.ask(['A_KEY']);
  const tampered = `${embed.token.slice(0, -1)}${embed.token.endsWith('0') ? '1' : '0'}`;
  expect((await platform.answer(id, tampered, SAVE)).status).toBe(401);
  expect((await platform.answer(id, platform.key, SAVE)).status).toBe(401);
  await expectRefused(host, observer, id, tampered);
  expect(strongroom.log()).not.toContain('sr_fld_');
});

test('a field that is open when its token is renewed asks for the new one, and loses nothing', async ({
  host,
  platform,
  observer,
}) => {
  observer.expectError(/401/);
  const { id } = await platform.ask(['A_KEY']);
  await host.show(platform, [id]);
  await host.field().value('A_KEY').fill('typed before');
  await platform.fieldToken(id);
  await host.field().save();
  await expect(host.field().ending).toContainText('A_KEY saved');
  expect(await platform.environment()).toEqual({ A_KEY: 'typed before' });
});

test('a request that is taken back while its field is open stores nothing, and the field says so', async ({
  host,
  platform,
  observer,
}) => {
  // What the field's token, or the page's call for another one, is answered with.
  observer.expectError(/401|409|500/);
  const { id } = await platform.ask(['A_KEY']);
  await host.show(platform, [id]);
  await host.field().value('A_KEY').fill('too late');
  await platform.cancel(id);
  await host.field().save();
  await expect(host.field().ending).toContainText('A_KEY not saved · the request was taken back');
  await expect(host.field().values).toHaveCount(0);
  await host.expectOutcomes([{ type: 'cancelled', detail: { request: id, names: ['A_KEY'] } }]);
  expect(await platform.environment()).toEqual({});
});

test('a field that was answered elsewhere meanwhile is not answered again', async ({ host, platform, observer }) => {
  observer.expectError(/401|409|500/);
  const { id } = await platform.ask(['A_KEY']);
  await host.show(platform, [id]);
  await host.field().value('A_KEY').fill('from the field');
  const elsewhere = await platform.fieldToken(id);
  expect((await platform.answer(id, elsewhere, SAVE)).status).toBe(200);
  await host.field().save();
  await expect(host.field().main).not.toContainText('Sending');
  await expect(host.field().main).toContainText(/answered already|may have ended/);
  expect(await platform.environment()).toEqual({ A_KEY: 'by hand' });
});
