/** The phishing direction: no value field without the account that is written to and the site that asks. */
import { expect } from '../../fixtures.js';
import { Field } from '../../fixtures/chat.js';
import { test } from '../../fixtures/embedding.js';
import { Platform } from '../../fixtures/platform.js';
import { Site } from '../../fixtures/site.js';

test('account and asking site stand there whenever there is a value field', async ({ page, host, platform }) => {
  await page.addInitScript(watchForFields);
  const { id } = await platform.ask(['A_KEY'], { requested_by: 'Your bank', reason: 'Because' });
  await host.show(platform, [id]);
  await expect(host.field().values).toHaveCount(1);
  const frame = page.frames().find((frame) => frame.url().includes('/embed/field/'));
  const seen = (await frame?.evaluate(() => (window as unknown as { seen: string[] }).seen)) ?? [];
  expect(seen.length).toBeGreaterThan(0);
  for (const text of seen) {
    expect(text).toContain('ada@example.com at Bare Chat');
    expect(text).toContain(host.origin);
  }
  await expect(host.field().main.getByText('ada@example.com at Bare Chat')).toBeVisible();
  await expect(host.field().main.getByRole('heading', { level: 1 })).toHaveText(`${host.origin} asks for a secret`);
  await expect(host.field().main).toContainText('They say they are “Your bank”');
});

test('of several sites of a platform, the one around the frame is named', async ({ page, strongroom, host }) => {
  const other = await Site.start('second.localhost');
  const platform = await Platform.add(strongroom, [other.origin, host.origin], undefined, 'Two Sites');
  const { id, embed } = await platform.ask(['A_KEY']);
  await host.showWith(id, embed.token);
  await expect(host.field().main).toContainText(`${host.origin} asks for a secret`);
  await expect(host.field().main).not.toContainText(other.origin);
  const script = `<script type="module" src="${strongroom.url}/embed/strongroom.js"></script>`;
  other.call('/token', async () => ({ token: embed.token }));
  await page.goto(other.page('/', `${script}<strongroom-field request="${id}" token-url="/token"></strongroom-field>`));
  await expect(new Field(page.locator('strongroom-field')).main).toContainText(`${other.origin} asks for a secret`);
  await page.goto('about:blank');
  await other.stop();
});

test('a user without a label has no field', async ({ platform }) => {
  const body = { secrets: [{ name: 'A_KEY' }] };
  const made = await platform.call('POST', '/api/v1/requests', body, 'nameless');
  expect(made.status).toBe(201);
  const request = (await made.json()) as { id: string; embed?: unknown };
  expect(request.embed).toBeUndefined();
  const token = await platform.call('POST', `/api/v1/requests/${request.id}/field-token`, undefined, 'nameless');
  expect(token.status).toBe(422);
});

test('a form that does not say whose account it is for is not shown', async ({ page, host, platform }) => {
  const { id } = await platform.ask(['A_KEY']);
  await page.route(/\/api\/v1\/requests\/[^/]+\/field$/, async (route) => {
    const answer = await route.fetch({ url: route.request().url().replace(/\/\/[^:/]+/, '//127.0.0.1') });
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), account: '' } });
  });
  await host.show(platform, [id]);
  await host.expectOutcomes([{ type: 'error', detail: { request: id, code: 'load' } }]);
  await expect(host.field().values).toHaveCount(0);
});

test('texts of whoever asks are texts, and cannot pass for the account or the site', async ({ host, platform }) => {
  const html = '<h1>https://bank.example asks</h1><img src=x onerror="parent.postMessage(1)">';
  const { id } = await platform.ask([{ name: 'A_KEY', description: html }], { reason: html, requested_by: html });
  await host.show(platform, [id]);
  const { main } = host.field();
  await expect(main.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(main.getByRole('heading', { level: 1 })).toHaveText(`${host.origin} asks for a secret`);
  await expect(main).toContainText(`They say they are “${html}”`);
  await expect(main.locator('img, script')).toHaveCount(0);
  for (const hidden of ['Acme\u202elive', 'Ac\u200bme', 'Acme\u0007']) {
    const why = { secrets: [{ name: 'B_KEY' }], requested_by: hidden, user_label: Platform.ADA.label };
    expect((await platform.call('POST', '/api/v1/requests', why)).status, JSON.stringify(hidden)).toBe(422);
    const label = { secrets: [{ name: 'B_KEY' }], user_label: hidden };
    expect((await platform.call('POST', '/api/v1/requests', label)).status, JSON.stringify(hidden)).toBe(422);
  }
});

/** Runs in every frame: keeps what is to be read at each moment at which there is something to type in. */
function watchForFields(): void {
  const seen: string[] = [];
  (window as unknown as { seen: string[] }).seen = seen;
  new MutationObserver(() => {
    if (document.querySelector('textarea, input') !== null) {
      seen.push(document.body.innerText);
    }
  }).observe(document, { childList: true, subtree: true });
}
