/**
 * The whole story in somebody else's chat, the example's, from an empty database to the answer; and the chat never has the
 * value: not in a request, a message, its document, its storage, its console or its log.
 */
import { createHash } from 'node:crypto';

import type { BrowserContext } from '@playwright/test';

import { expect } from '../../fixtures.js';
import { Chat, ChatPage } from '../../fixtures/chat.js';
import { disguiseIn } from '../../fixtures/disguises.js';
import { test } from '../../fixtures/embedding.js';
import { heardBy, listenIn } from '../../fixtures/hearing.js';
import { findTraces } from '../../fixtures/traces.js';

const NAME = 'X_BEARER_TOKEN';
const VALUE = `kp2-"7f3a'<b>&/+=%41\\$zq81-9d04`;
const FINGERPRINT = createHash('sha256').update(VALUE).digest('hex').slice(0, 12);

test('the agent asks, the person answers in the field, the program has the value, and the chat does not', async ({
  page,
  chat,
  strongroom,
  observer,
}) => {
  const sent = requestsWith(page.context(), VALUE);
  const printed: string[] = [];
  page.context().on('console', (message) => printed.push(message.text()));
  await listenIn(page);
  const conversation = await ChatPage.open(page, chat);
  await conversation.write(Chat.MESSAGE);

  const { field } = conversation;
  await expect(field.main).toContainText(`${chat.origin} asks for a secret`);
  await expect(field.main).toContainText('ada@example.com at Acme Chat');
  await expect(field.main).toContainText('“Acme’s research agent”');
  await expect(field.main).toContainText('“To search X for recent mentions, as you asked.”');
  await expect(field.secret(NAME).getByRole('link')).toHaveAttribute('href', 'https://developer.x.com/');
  await expect(field.description(NAME)).toHaveValue('X/Twitter API Bearer Token for search and mentions');
  await expect(field.value(NAME)).toHaveCSS('-webkit-text-security', 'disc');
  await field.value(NAME).fill(VALUE);
  await field.save();

  await expect(field.ending).toContainText(`${NAME} saved · available to this agent as an environment variable`);
  await expect(field.values).toHaveCount(0);
  await expect(conversation.last).toContainText('That is what people say.');
  await expect(conversation.printed).toContainText(`Authorization: Bearer [${NAME}]`);
  await expect(conversation.printed).toContainText('Slept well.');
  await expect(conversation.printed, 'the API got the value, exactly').toContainText(FINGERPRINT);

  await test.step('the value went to Strongroom, once, and is nowhere else', async () => {
    const request = await conversation.element.getAttribute('request');
    expect(sent).toEqual([`POST ${strongroom.url}/api/v1/requests/${request}/field`]);
    expect(await findTraces(page, observer, VALUE)).toEqual([]);
    const frames = await Promise.all(page.frames().map((frame) => frame.content()));
    const { events, messages } = await heardBy(page);
    expect(events.map(({ type }) => type)).toContain('stored');
    for (const [where, text] of Object.entries({
      frames: frames.join('\n'),
      events: JSON.stringify(events),
      messages: JSON.stringify(messages),
      console: printed.join('\n'),
      'log of the chat': chat.output(),
      'log of Strongroom': strongroom.log(),
    })) {
      expect(disguiseIn(text, VALUE), where).toBeUndefined();
    }
  });

  await test.step('asked again, the agent has it already', async () => {
    await conversation.write(Chat.MESSAGE);
    await expect(conversation.printed).toHaveCount(2);
    await expect(page.locator('strongroom-field')).toHaveCount(1);
    await page.reload();
    await expect(conversation.printed).toHaveCount(2);
    await expect(page.locator('strongroom-field')).toHaveCount(0);
    expect(await findTraces(page, observer, VALUE), 'after a reload').toEqual([]);
  });
});

test('who skips is understood', async ({ page, chat }) => {
  const conversation = await ChatPage.open(page, chat);
  await conversation.write(Chat.MESSAGE);
  await conversation.field.value(NAME).fill('typed and not given');
  await conversation.field.skip();
  await expect(conversation.field.ending).toContainText(`${NAME} skipped`);
  await expect(conversation.last).toContainText('All right, without it then.');
  await expect(conversation.printed).toHaveCount(0);
});

test('of two names, each is answered by itself', async ({ page, chat }) => {
  const conversation = await ChatPage.open(page, chat);
  await conversation.write('Search X for strongrooms using my X_BEARER_TOKEN and my OTHER_KEY');
  const { field } = conversation;
  await field.value(NAME).fill(VALUE);
  await field.secret('OTHER_KEY').getByRole('checkbox', { name: 'Skip this one' }).check();
  await field.save();
  await expect(field.ending).toContainText(`${NAME} saved`);
  await expect(field.ending).toContainText('OTHER_KEY skipped');
  await expect(conversation.last).toContainText('I cannot do it without OTHER_KEY.');
});

test('what the agent takes back is gone from the page', async ({ page, chat }) => {
  const conversation = await ChatPage.open(page, chat);
  await conversation.write(Chat.MESSAGE);
  await expect(conversation.field.value(NAME)).toBeVisible();
  await conversation.write('never mind');
  await expect(conversation.last).toContainText('All right, I have taken it back.');
  await expect(page.locator('strongroom-field')).toHaveCount(0);
  await expect(conversation.conversation).toContainText(`${NAME} was not given: the request was taken back.`);
});

test.describe('with half a minute to answer', () => {
  test.use({ chatSettings: { REQUEST_SECONDS: '30' } });

  test('a request that nobody answers lapses, in the field and for the agent', async ({ page, chat }) => {
    test.setTimeout(90_000);
    await listenIn(page);
    const conversation = await ChatPage.open(page, chat);
    await conversation.write(Chat.MESSAGE);
    await conversation.field.value(NAME).fill('too late');
    await expect(conversation.last).toContainText('Nobody answered', { timeout: 45_000 });
    await expect(conversation.field.ending).toContainText(`${NAME} not saved · the request expired`);
    await expect(conversation.field.values).toHaveCount(0);
    const expired = (await heardBy(page)).events.filter(({ type }) => type === 'expired');
    expect(expired.map(({ detail }) => detail['names'])).toEqual([[NAME]]);
  });
});

/** Collects the requests of all pages and frames whose address, headers or body hold the text. */
function requestsWith(context: BrowserContext, text: string): string[] {
  const found: string[] = [];
  context.on('request', (request) => {
    const content = `${request.url()}\n${request.postData() ?? ''}\n${JSON.stringify(request.headers())}`;
    if (disguiseIn(content, text) !== undefined) {
      found.push(`${request.method()} ${request.url()}`);
    }
  });
  return found;
}
