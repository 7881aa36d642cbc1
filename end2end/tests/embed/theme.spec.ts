/** The theme: a page may choose a few looks of the field from a list, and cannot hide, change or load anything by it. */
import { AxeBuilder } from '@axe-core/playwright';

import { EVERY_LOOK, expect, expectAccessible, expectNoSidewaysScroll } from '../../fixtures.js';
import { Chat, ChatPage } from '../../fixtures/chat.js';
import { test } from '../../fixtures/embedding.js';

/** Each with what would come of it, if it were believed. */
const HOSTILE = [
  'accent="red"',
  'accent="#fff;display:none"',
  'accent="url(http://evil.localhost/)"',
  'accent="var(--surface)"',
  'accent="#12345g"',
  'accent="#2a5bd0 "',
  'radius="999"',
  'radius="-5"',
  'radius="1e3"',
  'radius="calc(100vw)"',
  'font-size="1"',
  'font-size="200"',
  'font-size="16px;position:fixed"',
  'color-scheme="only light; visibility: hidden"',
];

const looks = (): Record<string, string> => {
  const style = getComputedStyle(document.documentElement);
  const save = getComputedStyle([...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Save')!);
  const card = getComputedStyle(document.querySelector('.card')!);
  return {
    font: style.fontSize,
    scheme: style.colorScheme,
    fill: save.backgroundColor,
    ink: save.color,
    radius: card.borderRadius,
  };
};

test('what is not on the list does nothing', async ({ page, host, platform, observer }) => {
  const { id } = await platform.ask(['A_KEY']);
  await host.show(platform, [id]);
  await expect(host.field().values).toHaveCount(1);
  const frame = (): ReturnType<typeof page.frames>[number] => page.frames().find((one) => one.url().includes('/embed/field/'))!;
  const plain = await frame().evaluate(looks);
  for (const attribute of HOSTILE) {
    await host.show(platform, [id], attribute);
    await expect(host.field().values).toHaveCount(1);
    expect(await frame().evaluate(looks), attribute).toEqual(plain);
    await expect(host.field().main.getByText('ada@example.com at Bare Chat')).toBeVisible();
  }
  await test.step('nor does a message that is shaped like a theme and is none', async () => {
    for (const theme of [null, 'dark', ['#ff0000'], { accent: ['#ff0000;'] }, { style: 'display:none', class: 'x' }, { '--ink': '#fff' }]) {
      await page.evaluate(
        ([request, theme]) => {
          const inner = document.querySelector('strongroom-field')?.shadowRoot?.querySelector('iframe')?.contentWindow;
          inner?.postMessage({ strongroom: 1, request, type: 'theme', theme }, '*');
        },
        [id, theme] as const,
      );
    }
    await page.waitForTimeout(300);
    expect(await frame().evaluate(looks)).toEqual(plain);
  });
  const elsewhere = (await observer.answers()).filter(({ url }) => url.includes('evil.localhost'));
  expect(elsewhere).toEqual([]);
});

test('what is on the list is done', async ({ page, host, platform }) => {
  const { id } = await platform.ask(['A_KEY']);
  await host.show(platform, [id], 'color-scheme="dark" accent="#8A2BE2" radius="4" font-size="18"');
  await expect(host.field().values).toHaveCount(1);
  const frame = page.frames().find((one) => one.url().includes('/embed/field/'))!;
  await expect.poll(() => frame.evaluate(looks)).toMatchObject({ scheme: 'dark', font: '18px', radius: '4px' });
  expect((await frame.evaluate(looks))['fill']).not.toBe('rgb(236, 236, 234)');
});

for (const scheme of ['light', 'dark']) {
  test(`every word can be read with whatever accent in ${scheme}`, async ({ page, host, platform }) => {
    await platform.store('B_KEY', 'a value');
    const wanted = { name: 'A_KEY', obtain_url: 'https://developer.x.com/' };
    const { id } = await platform.ask([wanted, 'B_KEY'], { reason: 'A reason', requested_by: 'An agent' });
    for (const accent of ['#ffffff', '#fbfbfa', '#000000', '#131416', '#ffff00', '#808080', '#0000ff', '#ff0000']) {
      await host.show(platform, [id], `accent="${accent}" color-scheme="${scheme}"`);
      await expect(host.field().secret('B_KEY').getByRole('radio')).toHaveCount(2);
      await page.evaluate((scheme) => (document.documentElement.style.colorScheme = scheme), scheme);
      const { violations, passes } = await new AxeBuilder({ page }).withRules(['color-contrast']).analyze();
      const nodes = (found: typeof passes): string[] =>
        found.flatMap(({ nodes }) => nodes.filter(({ target }) => target.length > 1).map(({ html }) => html));
      expect.soft(nodes(violations), `${accent} in ${scheme}`).toEqual([]);
      // That axe looked into the frame at all.
      expect(nodes(passes).join('\n')).toContain('Get one at developer.x.com');
    }
  });
}

for (const { title, use } of EVERY_LOOK) {
  test.describe(title, () => {
    test.use(use);

    test('the chat and the field are accessible and fit their width, from the first word to the answer', async ({
      page,
      chat,
    }) => {
      test.setTimeout(2 * 60_000);
      const look = async (stop: string): Promise<void> => {
        const name = `chat-${stop}-${title.replace(/ px wide, /, '-')}`;
        await page.screenshot({ path: `artefacts/screenshots/${name}.png`, animations: 'disabled' });
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      };
      const conversation = await ChatPage.open(page, chat);
      await look('empty');
      await conversation.write(Chat.MESSAGE);
      const { field } = conversation;
      await expect(field.values).toHaveCount(1);
      await look('field');
      await field.save();
      await expect(field.value('X_BEARER_TOKEN')).toHaveAccessibleDescription(/./);
      await look('refused');
      await field.value('X_BEARER_TOKEN').fill('AAAA-a-token');
      await field.save();
      await expect(conversation.last).toContainText('That is what people say.');
      await look('answer');
    });
  });
}
