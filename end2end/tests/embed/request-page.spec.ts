/** The link of a platform's request leads to the platform's own page for it. */
import { expect } from '../../fixtures.js';
import { Chat, ChatPage, Field } from '../../fixtures/chat.js';
import { test } from '../../fixtures/embedding.js';
import { Platform } from '../../fixtures/platform.js';

test('the link leads from Strongroom to the chat, where the field can be answered', async ({ page, chat, strongroom }) => {
  const conversation = await ChatPage.open(page, chat);
  await conversation.write(Chat.MESSAGE);
  await expect(conversation.field.values).toHaveCount(1);
  const request = await conversation.element.getAttribute('request');

  const tab = await page.context().newPage();
  await tab.goto(`${strongroom.url}/r/${request}`);
  expect(tab.url()).toBe(`${chat.origin}/requests/${request}`);
  const field = new Field(tab.locator('strongroom-field'));
  await field.value('X_BEARER_TOKEN').fill('AAAA-from-the-link');
  await field.save();
  await expect(field.ending).toContainText('X_BEARER_TOKEN saved');

  // The conversation goes on by itself, and its field is gone.
  await expect(conversation.last).toContainText('That is what people say.');
  await expect(page.locator('strongroom-field')).toHaveCount(0);
  await expect(conversation.conversation).toContainText('X_BEARER_TOKEN was answered elsewhere.');
});

test('another user of the chat gets neither the page nor a token', async ({ page, chat, strongroom, observer }) => {
  observer.expectError(/404/);
  const conversation = await ChatPage.open(page, chat);
  await conversation.write(Chat.MESSAGE);
  await expect(conversation.field.values).toHaveCount(1);
  const request = await conversation.element.getAttribute('request');
  const tab = await page.context().newPage();
  const answer = await tab.goto(`${chat.origin}/requests/${request}?user=kim`);
  expect(answer?.status()).toBe(404);
  await expect(tab.locator('iframe')).toHaveCount(0);
  const kim = await ChatPage.open(tab, chat, 'kim');
  const refused = await tab.evaluate(async (request) => {
    const answer = await fetch(`/requests/${request}/field-token?user=kim`, { method: 'POST' });
    return { status: answer.status, text: await answer.text() };
  }, request);
  expect(refused.status).toBe(404);
  expect(refused.text).not.toContain('sr_fld_');

  // Theirs is an account of its own.
  await kim.write(Chat.MESSAGE);
  await expect(kim.field.main).toContainText('kim@example.com at Acme Chat');
  expect(strongroom.log()).not.toContain('ERROR');
});

test('another site cannot have a token made, or void one', async ({ page, chat, attacker, observer }) => {
  observer.expectError(/403/);
  const conversation = await ChatPage.open(page, chat);
  await conversation.write(Chat.MESSAGE);
  await conversation.field.value('X_BEARER_TOKEN').fill('AAAA-typed');
  const request = await conversation.element.getAttribute('request');
  const tab = await page.context().newPage();
  await tab.goto(attacker.page('/', '<h1>Elsewhere</h1>'));
  await tab.evaluate(
    (address) => fetch(address, { method: 'POST', mode: 'no-cors' }),
    `${chat.origin}/requests/${request}/field-token`,
  );
  await conversation.field.save();
  await expect(conversation.field.ending).toContainText('X_BEARER_TOKEN saved');
});

test('what a sandbox of the chat asks for has no link to a sign-in that its user cannot pass', async ({
  platform,
  strongroom,
}) => {
  const opened = await platform.call('POST', '/api/v1/sandboxes', { user_label: Platform.ADA.label });
  const { token } = (await opened.json()) as { token: string };
  const answer = await fetch(`${strongroom.address}/api/v1/sandbox/env?require=A_KEY`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(424);
  const { request } = (await answer.json()) as { request: { status: string; url?: string } };
  expect(request.status).toBe('pending');
  // The platform has no page for requests.
  expect(request.url).toBeUndefined();
});
