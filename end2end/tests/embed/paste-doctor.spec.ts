/**
 * The paste doctor in the embedded field: as on the Secrets page it points out, mends by one click and brings back by
 * another; it comes with the first focus, and nothing depends on it.
 */
import type { Locator, Page } from '@playwright/test';

import { EVERY_LOOK, expect, expectAccessible, expectNoSidewaysScroll } from '../../fixtures.js';
import { Chat, ChatPage, type Field } from '../../fixtures/chat.js';
import { CLIPBOARD, paste } from '../../fixtures/clipboard.js';
import { test } from '../../fixtures/embedding.js';

const NAME = 'SEARCH_API_KEY';
/** A part of every value here: nothing that is said, or leaves the frame but to be stored, may hold it. */
const FAKE = 'fake0secret';
const FILE = `# for the search\nOTHER_KEY=${FAKE}-1\nexport ${NAME}='${FAKE}-2'\nMORE_KEY=3\n`;
const KEY = ['sk', 'ant', 'api03', FAKE.repeat(5)].join('-');

/** What is pasted, what is found, the fix, and what that leaves. */
const CASES: [title: string, pasted: string, finding: string, fix: string, left: string][] = [
  ['a line break', `${FAKE}\n`, 'trailing_newline', 'Remove the line break at the end', FAKE],
  ['quotes', `“${FAKE}”`, 'wrapping_quotes', 'Remove the quotes around it', FAKE],
  ['no width', 'fake0\u200bsecret', 'invisible', 'Remove the invisible characters', FAKE],
  ['a name', `${NAME}=${FAKE}`, 'assignment', 'Keep only the value, without the name', FAKE],
  ['Bearer', `Bearer ${FAKE}`, 'bearer_prefix', 'Remove “Bearer” from the beginning', FAKE],
  ['a whole file', FILE, 'whole_file', `Keep only the value of ${NAME}`, `${FAKE}-2`],
  ['every size of character', '"aé€🔑"', 'wrapping_quotes', 'Remove the quotes around it', 'aé€🔑'],
];

test.use(CLIPBOARD);

for (const [title, pasted, finding, fix, left] of CASES) {
  test(`${title}: pointed out, taken away when asked to, and brought back`, async ({ host, platform, page, strongroom }) => {
    const sent = sentBy(page);
    const { id } = await platform.ask([NAME]);
    await host.show(platform, [id]);
    const { part, value, findings } = parts(host.field());
    await paste(value, pasted);

    await test.step('nothing is changed yet', async () => {
      await expect(findings).toHaveCount(1);
      await expect(findings).toHaveAttribute('data-finding', finding);
      await expect(value).toHaveValue(pasted);
      await expectNothingTold(part);
    });

    await test.step('the fix changes what it says', async () => {
      await findings.getByRole('button', { name: fix, exact: true }).click();
      await expect(value).toHaveValue(left);
      await expect(value).toBeFocused();
      await expect(findings).toHaveCount(0);
      await expect(part).toContainText(new RegExp(`(?<!\\d)${Buffer.byteLength(left)} bytes`));
      await expectNothingTold(part);
    });

    await test.step('Undo brings back what was pasted', async () => {
      await part.getByRole('button', { name: 'Undo' }).click();
      await expect(value).toHaveValue(pasted);
      await expect(value).toBeFocused();
      await expect(findings).toHaveAttribute('data-finding', finding);
      await expect(part.getByRole('button', { name: 'Undo' })).toBeHidden();
    });

    await test.step('mended again, it is stored so, and the page around has none of it', async () => {
      await findings.getByRole('button', { name: fix, exact: true }).click();
      await expect(value).toHaveValue(left);
      await host.field().save();
      await host.expectOutcomes([{ type: 'stored', detail: { request: id, names: [NAME] } }]);
      expect(await platform.environment()).toEqual({ [NAME]: left });
      expect(JSON.stringify(await host.heard())).not.toContain('fake0');
      const withIt = sent.filter(({ what }) => what.includes('fake0') || what.includes('🔑'));
      expect(withIt.map(({ where }) => where)).toEqual([`POST ${strongroom.url}/api/v1/requests/${id}/field`]);
    });
  });
}

test('what cannot be mended here is only said', async ({ host, platform }) => {
  const { id } = await platform.ask(['STRIPE_SECRET']);
  await host.show(platform, [id]);
  const { part, value, findings } = parts(host.field(), 'STRIPE_SECRET');
  await paste(value, KEY);
  await expect(findings).toHaveAttribute('data-finding', 'other_service');
  await expect(findings).toContainText('This looks like a key of Anthropic, but the name says Stripe.');
  await expect(findings.getByRole('button')).toHaveCount(0);
  await expectNothingTold(part);
  // A file without the name that is asked for.
  await paste(value, FILE);
  await expect(findings).toHaveAttribute('data-finding', 'whole_file');
  await expect(findings).toHaveText('This looks like a whole .env file, not like one value.');
  await paste(value, KEY);
  await expect(findings).toHaveAttribute('data-finding', 'other_service');
  await host.field().save();
  await host.expectOutcomes([{ type: 'stored', detail: { request: id, names: ['STRIPE_SECRET'] } }]);
  expect(await platform.environment()).toEqual({ STRIPE_SECRET: KEY });
});

test('what is typed is left alone until it mends what was found, and Undo ends with the next key', async ({ host, platform }) => {
  const { id } = await platform.ask([NAME]);
  await host.show(platform, [id]);
  const { part, value, findings } = parts(host.field());
  await value.pressSequentially('"typed" ');
  await expect(part).toContainText('8 bytes');
  await paste(value, '"typed"');
  await expect(findings, 'the doctor is awake').toHaveCount(1);
  await value.press('End');
  await value.press('Backspace');
  await expect(findings, 'half of the quotes is none').toHaveCount(0);
  await value.pressSequentially('"');
  await expect(value).toHaveValue('"typed"');
  await expect(findings, 'typed, it is meant').toHaveCount(0);
  await paste(value, '"typed"');
  await findings.getByRole('button').click();
  await expect(part.getByRole('button', { name: 'Undo' })).toBeVisible();
  await value.pressSequentially('!');
  await expect(value).toHaveValue('typed!');
  await expect(part.getByRole('button', { name: 'Undo' }), 'there is more to lose now').toBeHidden();
});

test('several findings come in the order in which they are mended, each field for itself', async ({ host, platform }) => {
  const { id } = await platform.ask([NAME, 'B_KEY']);
  await host.show(platform, [id]);
  const first = parts(host.field());
  const second = parts(host.field(), 'B_KEY');
  await paste(first.value, `\u200bexport ${NAME}="${FAKE}" \n`);
  const codes = (): Promise<(string | null)[]> =>
    first.findings.evaluateAll((all) => all.map((one) => one.getAttribute('data-finding')));
  await expect.poll(codes).toEqual(['assignment', 'invisible', 'outer_blanks']);
  await paste(second.value, `'${FAKE}'`);
  await expect(second.findings).toHaveCount(1);
  await first.findings.getByRole('button', { name: 'Remove the invisible characters' }).click();
  await expect.poll(codes).toEqual(['assignment', 'outer_blanks']);
  await first.findings.getByRole('button', { name: 'Keep only the value' }).click();
  await expect.poll(codes).toEqual([]);
  await expect(first.value).toHaveValue(FAKE);
  await expect(second.value).toHaveValue(`'${FAKE}'`);
  await expect(second.findings).toHaveCount(1);
});

test('by keyboard: the fix is the next stop, and the focus is back in the field after it', async ({ host, platform }) => {
  const { id } = await platform.ask([NAME]);
  await host.show(platform, [id]);
  const { part, value, findings } = parts(host.field());
  const region = part.getByRole('status');
  await expect(region, 'it is there before it has anything to say').toBeAttached();
  await paste(value, `Bearer ${FAKE}`);
  await expect(region).toContainText('The value begins with “Bearer”');
  await value.press('Tab');
  await expect(findings.getByRole('button')).toBeFocused();
  await findings.getByRole('button').press('Enter');
  await expect(value).toBeFocused();
  await expect(value).toHaveValue(FAKE);
  await expect(region).toHaveText('Done. Undo');
  await value.press('Tab');
  await region.getByRole('button', { name: 'Undo' }).press('Enter');
  await expect(value).toBeFocused();
  await expect(value).toHaveValue(`Bearer ${FAKE}`);
});

test('it is fetched when a value field is focused, once, and not before', async ({ host, platform, observer, strongroom }) => {
  const fetched = async (): Promise<string[]> => {
    const answers = (await observer.answers()).filter(({ url }) => url.includes('doctor'));
    return answers.map(({ url, status, headers }) => `${status} ${new URL(url).pathname} ${headers['content-type']}`).sort();
  };
  const { id } = await platform.ask([NAME, 'B_KEY']);
  await host.show(platform, [id]);
  const field = host.field();
  await field.description(NAME).fill('Words');
  await expect(field.values).toHaveCount(2);
  expect(await fetched()).toEqual([]);
  await field.value(NAME).focus();
  const both = ['200 /embed/frame/doctor.js text/javascript; charset=utf-8', '200 /embed/frame/doctor.wasm application/wasm'];
  await expect.poll(fetched).toEqual(both);
  await field.value('B_KEY').focus();
  await paste(field.value('B_KEY'), `'${FAKE}'`);
  await expect(parts(field, 'B_KEY').findings).toHaveCount(1);
  expect(await fetched()).toEqual(both);
  const wasm = (await observer.answers()).find(({ url }) => url.endsWith('.wasm'));
  expect(wasm?.url).toBe(`${strongroom.url}/embed/frame/doctor.wasm`);
  expect(wasm?.headers['cache-control']).toBe('no-cache');
  expect(wasm?.headers['etag']).toBeTruthy();

  const shell = (await observer.answers()).find(({ url }) => url.endsWith(`/embed/field/${id}`));
  expect(shell?.headers['content-security-policy'], 'it needs no more than WASM').toMatch(
    /script-src 'nonce-[^']+' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self';/,
  );
});

for (const missing of ['doctor.js', 'doctor.wasm']) {
  test(`without ${missing} the field works as well`, async ({ page, host, platform, observer }) => {
    observer.expectError(/ERR_FAILED/);
    await page.route(`**/embed/frame/${missing}`, (route) => route.abort('failed'));
    const { id } = await platform.ask([NAME]);
    await host.show(platform, [id]);
    const { part, value, findings } = parts(host.field());
    const refused = page.waitForEvent('requestfailed', (request) => request.url().endsWith(missing));
    await value.focus();
    await refused;
    await paste(value, `'${FAKE}'`);
    await expect(part).toContainText('13 bytes');
    await expect(findings).toHaveCount(0);
    await host.field().save();
    await host.expectOutcomes([{ type: 'stored', detail: { request: id, names: [NAME] } }]);
    expect(await platform.environment()).toEqual({ [NAME]: `'${FAKE}'` });
  });
}

test('the field can be used while the doctor is on its way, which then sees to what was pasted and not to what was typed', async ({
  page,
  host,
  platform,
}) => {
  let arrive = (): void => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/embed/frame/doctor.wasm', async (route) => {
    await arrived;
    await route.continue({ url: route.request().url().replace(/\/\/[^:/]+/, '//127.0.0.1') });
  });
  const { id } = await platform.ask([NAME, 'B_KEY']);
  await host.show(platform, [id]);
  const [pasted, typed] = [parts(host.field()), parts(host.field(), 'B_KEY')];
  await typed.value.pressSequentially('"typed"');
  await paste(pasted.value, `'${FAKE}`);
  await pasted.value.pressSequentially("'");
  await expect(pasted.part).toContainText('13 bytes');
  await expect(pasted.findings).toHaveCount(0);
  arrive();
  await expect(pasted.findings).toHaveAttribute('data-finding', 'wrapping_quotes');
  await expect(typed.findings).toHaveCount(0);
  await host.field().save();
  await host.expectOutcomes([{ type: 'stored', detail: { request: id, names: [NAME, 'B_KEY'] } }]);
  expect(await platform.environment()).toEqual({ [NAME]: `'${FAKE}'`, B_KEY: '"typed"' });
});

test('the doctor’s memory has nothing of a value once it has answered', async ({ page, host, platform }) => {
  const { id } = await platform.ask([NAME]);
  await host.show(platform, [id]);
  await expect(host.field().values).toHaveCount(1);
  const frame = page.frames().find((one) => one.url().includes('/embed/field/'));
  const pasted = [FAKE, `'${FAKE}'\n`, `export ${NAME}="${FAKE}" `, `Bearer ${FAKE}`, FILE, `-----BEGIN KEY-----\\n${FAKE}\\n-----END KEY-----`];
  for (const text of pasted) {
    expect(await frame?.evaluate(rememberedOf, { name: NAME, text, part: FAKE }), text).toEqual({
      'while it is handed over': true,
      'when it was looked at': false,
      'when it was mended': false,
    });
  }
});

for (const { title, use } of EVERY_LOOK) {
  test.describe(title, () => {
    test.use(use);

    test('findings are accessible and fit their width', async ({ page, chat }) => {
      const conversation = await ChatPage.open(page, chat);
      await conversation.write(Chat.MESSAGE);
      const { part, value, findings } = parts(conversation.field, 'X_BEARER_TOKEN');
      const look = async (stop: string): Promise<void> => {
        const name = `embed-doctor-${stop}-${title.replace(/ px wide, /, '-')}`;
        await page.screenshot({ path: `artefacts/screenshots/${name}.png`, animations: 'disabled' });
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      };
      await paste(value, `\u200bexport X_BEARER_TOKEN="${KEY}" \n`);
      await expect(findings).toHaveCount(4);
      await findings.last().scrollIntoViewIfNeeded();
      await look('findings');
      await findings.getByRole('button', { name: 'Keep only the value' }).click();
      await expect(part.getByRole('button', { name: 'Undo' })).toBeVisible();
      await look('mended');
    });
  });
}

/** The part of a field about one name, as these tests use it. */
function parts(field: Field, name = NAME): { part: Locator; value: Locator; findings: Locator } {
  const part = field.secret(name);
  return { part, value: field.value(name), findings: part.locator('[data-finding]') };
}

/** What is said to screen readers, and so everything that was found, holds nothing of the value. */
async function expectNothingTold(part: Locator): Promise<void> {
  const told = (await part.getByRole('status').allTextContents()).join('\n');
  expect(told).not.toContain('fake0');
}

/** Every request of the browser from now on: where it goes, and all that goes with it. */
function sentBy(page: Page): { where: string; what: string }[] {
  const sent: { where: string; what: string }[] = [];
  page.context().on('request', (request) => {
    const where = `${request.method()} ${request.url()}`;
    sent.push({ where, what: [where, JSON.stringify(request.headers()), request.postData() ?? ''].join('\n') });
  });
  return sent;
}

/** Runs in the frame: whether a part of the text can be found in the memory of a doctor of its own, at each step. */
async function rememberedOf({ name, text, part }: { name: string; text: string; part: string }): Promise<Record<string, boolean>> {
  const { instance } = await WebAssembly.instantiateStreaming(fetch('/embed/frame/doctor.wasm'));
  const { memory, begin, put, find, fix, get } = instance.exports as unknown as {
    memory: WebAssembly.Memory;
    begin(room: number): void;
    put(character: number): void;
    find(): void;
    fix(which: number): void;
    get(): number;
  };
  const handOver = (): void => {
    begin((name.length + 1 + text.length) * 3);
    for (const character of `${name}\0${text}`) {
      put(character.codePointAt(0) as number);
    }
  };
  const read = (): void => {
    while (get() >= 0);
  };
  const isThere = (): boolean => new TextDecoder('latin1').decode(memory.buffer).includes(part);
  handOver();
  const remembered = { 'while it is handed over': isThere() };
  find();
  read();
  const looked = { ...remembered, 'when it was looked at': isThere() };
  handOver();
  fix(0);
  read();
  return { ...looked, 'when it was mended': isThere() };
}
