/** What was typed stays in the field until it is stored; and a field that is mounted anew can still be answered. */
import { expect } from '../../fixtures.js';
import { test } from '../../fixtures/embedding.js';

const NAME = 'A_KEY';

test('an answer without a value is refused at its field, and the rest stays', async ({ host, platform }) => {
  const { id } = await platform.ask([NAME, 'B_KEY']);
  await host.show(platform, [id]);
  const field = host.field();
  await field.value(NAME).fill('typed first');
  await field.description(NAME).fill('Words of mine');
  await field.save();
  await expect(field.value('B_KEY')).toHaveAccessibleDescription('Type the value, or choose Skip.');
  await expect(field.value('B_KEY')).toBeFocused();
  await expect(field.value(NAME)).toHaveValue('typed first');
  await expect(field.description(NAME)).toHaveValue('Words of mine');
  expect((await platform.standing(id)).status).toBe('pending');
  await field.value('B_KEY').fill('typed second');
  await field.save();
  await expect(field.ending).toContainText('A_KEY, B_KEY saved');
  expect(await platform.environment()).toEqual({ A_KEY: 'typed first', B_KEY: 'typed second' });
});

test('what only the server refuses is said at its field, and the rest stays', async ({ host, platform, observer }) => {
  observer.expectError(/422/);
  const { id } = await platform.ask([NAME]);
  await host.show(platform, [id]);
  const field = host.field();
  // No browser shows it, and no rule of the frame knows it.
  await field.value(NAME).fill('typed-and-kept');
  await field.description(NAME).fill('Words with a mark \u202e that turns them around');
  await field.save();
  await expect(field.description(NAME)).toHaveAccessibleDescription(/./);
  await expect(field.value(NAME)).toHaveValue('typed-and-kept');
  await field.description(NAME).fill('Words');
  await field.save();
  await expect(field.ending).toContainText('A_KEY saved');
  expect(await platform.environment()).toEqual({ A_KEY: 'typed-and-kept' });
});

test('a value that is too long is said while it is there, and a shorter one is taken', async ({ host, platform }) => {
  const { id } = await platform.ask([NAME]);
  await host.show(platform, [id]);
  const field = host.field();
  await field.value(NAME).fill('x'.repeat(65_537));
  await field.save();
  await expect(field.value(NAME)).toHaveAccessibleDescription(/65537 bytes/);
  await field.value(NAME).fill('x'.repeat(65_536));
  await field.save();
  await expect(field.ending).toContainText('A_KEY saved');
});

test('no answer from Strongroom loses nothing: the same form is sent once more', async ({ page, host, platform, observer }) => {
  observer.expectError(/ERR_FAILED|ERR_CONNECTION/);
  const { id } = await platform.ask([NAME]);
  await host.show(platform, [id]);
  const field = host.field();
  await field.value(NAME).fill('typed-and-kept');
  const unplugged = /\/api\/v1\/requests\/[^/]+\/field$/;
  await page.route(unplugged, (route) => route.abort('failed'));
  await field.save();
  await expect(field.main).toContainText('No answer came from Strongroom. What you typed is still here');
  await host.expectOutcomes([{ type: 'error', detail: { request: id, code: 'offline' } }]);
  await page.unroute(unplugged);
  await field.save();
  await expect(field.ending).toContainText('A_KEY saved');
  expect(await platform.environment()).toEqual({ A_KEY: 'typed-and-kept' });
});

test('an answer whose confirmation is lost is not said to be lost when its time is up', async ({ page, host, platform, observer }) => {
  // The shortest life that a request can have is 30 seconds.
  test.setTimeout(90_000);
  observer.expectError(/ERR_FAILED|409/);
  const { id } = await platform.ask([NAME], { ttl_seconds: 30 });
  await host.show(platform, [id]);
  const field = host.field();
  await field.value(NAME).fill('arrived');
  const way = /\/api\/v1\/requests\/[^/]+\/field$/;
  await page.route(way, async (route) => {
    const token = (await route.request().headerValue('authorization')) ?? '';
    const { answers } = route.request().postDataJSON() as { answers: unknown[] };
    expect((await platform.answer(id, token.replace('Bearer ', ''), answers)).status).toBe(200);
    await route.abort('failed');
  });
  await field.save();
  await expect(field.main).toContainText('No answer came from Strongroom.');
  await page.unroute(way);
  await expect(field.ending).toContainText('A_KEY answered already', { timeout: 60_000 });
  expect(await platform.environment()).toEqual({ A_KEY: 'arrived' });
});

test('a secret that exists can be kept or replaced, and one that changes meanwhile is not overwritten unseen', async ({
  host,
  platform,
  observer,
}) => {
  observer.expectError(/409/);
  const { id } = await platform.ask([NAME]);
  await host.show(platform, [id]);
  const field = host.field();
  await field.value(NAME).fill('from the field');
  await platform.store(NAME, 'from elsewhere');
  await field.save();
  await expect(field.main).toContainText('What you typed is still here');
  expect(await platform.environment()).toEqual({ A_KEY: 'from elsewhere' });
  const choice = field.secret(NAME).getByRole('group', { name: /You have A_KEY already, changed on/ });
  await expect(choice.getByRole('radio', { name: 'Replace it' })).toBeChecked();
  await expect(field.value(NAME)).toHaveValue('from the field');
  await field.save();
  await expect(field.ending).toContainText('A_KEY saved');
  expect(await platform.environment()).toEqual({ A_KEY: 'from the field' });

  const again = await platform.ask([NAME]);
  await host.show(platform, [again.id]);
  await expect(host.field().secret(NAME).getByRole('radio', { name: 'Keep it' })).toBeChecked();
  await expect(host.field().value(NAME)).toBeHidden();
  await host.field().save();
  await expect(host.field().ending).toContainText('A_KEY kept');
  expect(await platform.environment()).toEqual({ A_KEY: 'from the field' });
});

test('an element that is moved or put in again opens anew with a new token', async ({ page, host, platform }) => {
  const { id } = await platform.ask([NAME]);
  await host.show(platform, [id]);
  await expect(host.field().values).toHaveCount(1);
  for (const move of ['append', 'remove']) {
    await page.evaluate((move) => {
      const field = document.querySelector('strongroom-field')!;
      if (move === 'remove') {
        field.remove();
      }
      const place = document.createElement('section');
      document.body.append(place);
      place.append(field);
    }, move);
    await expect(host.field().values).toHaveCount(1);
    await expect(page.locator('iframe')).toHaveCount(1);
  }
  await host.field().value(NAME).fill('a value');
  await host.field().save();
  await host.expectOutcomes([{ type: 'stored', detail: { request: id, names: [NAME] } }]);
});

test('moved without being taken out, it keeps what was typed', async ({ page, host, platform }) => {
  const { id } = await platform.ask([NAME]);
  await host.show(platform, [id]);
  await host.field().value(NAME).fill('typed before');
  await page.evaluate(() => {
    const place = document.createElement('section');
    document.body.append(place);
    // Not in the types yet.
    (place as unknown as { moveBefore(node: Node, child: null): void }).moveBefore(document.querySelector('strongroom-field')!, null);
  });
  await expect(host.field().value(NAME)).toHaveValue('typed before');
  await host.field().save();
  await host.expectOutcomes([{ type: 'stored', detail: { request: id, names: [NAME] } }]);
  expect(await platform.environment()).toEqual({ A_KEY: 'typed before' });
});

test('the element shows another request when its attribute says so', async ({ page, host, platform }) => {
  const [first, second] = [await platform.ask([NAME]), await platform.ask(['B_KEY'])];
  await host.show(platform, [first.id]);
  await host.field().value(NAME).fill('for the first');
  const token = await platform.fieldToken(second.id);
  await page.evaluate(
    ([id, token]) => {
      const field = document.querySelector('strongroom-field') as Element & { getToken?: () => Promise<string> };
      // The property goes before the attribute `token-url`, which is still the first request's.
      field.getToken = async () => token;
      field.setAttribute('request', id);
    },
    [second.id, token] as const,
  );
  await expect(host.field().value('B_KEY')).toHaveValue('');
  await host.field().value('B_KEY').fill('for the second');
  await host.field().save();
  await host.expectOutcomes([{ type: 'stored', detail: { request: second.id, names: ['B_KEY'] } }]);
  expect(await platform.environment()).toEqual({ B_KEY: 'for the second' });
});
