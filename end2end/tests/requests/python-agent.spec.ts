/** `examples/python-agent` as a process of its own, with its person at the browser. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { expect, type Finished, PASSWORD, type Person, type Strongroom, test } from '../../fixtures.js';
import { ActivityPage } from '../../fixtures/activity.js';
import { RequestPage } from '../../fixtures/requests.js';

const PROGRAM = fileURLToPath(new URL('../../../examples/python-agent/agent.py', import.meta.url));
const NAME = 'X_BEARER_TOKEN';
const VALUE = 'AAAAAAAAAAAAAAAAAAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX';

/** The example while it runs. */
class Agent {
  readonly #process: ChildProcess;
  readonly #end: Promise<unknown>;
  #stdout = '';
  #stderr = '';

  constructor(strongroom: Strongroom, token: string) {
    this.#process = spawn(process.env['STRONGROOM_TEST_PYTHON'] ?? 'python3', [PROGRAM], {
      env: { PATH: process.env['PATH'] ?? '', STRONGROOM_URL: strongroom.url, STRONGROOM_TOKEN: token },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#end = once(this.#process, 'close');
    this.#process.stdout?.setEncoding('utf8').on('data', (chunk: string) => (this.#stdout += chunk));
    this.#process.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.#stderr += chunk));
  }

  /** The link that it prints for its person. */
  async link(): Promise<{ url: string }> {
    const printed = (): string => /answer here: (\S+)\n/.exec(this.#stdout)?.[1] ?? '';
    await expect.poll(printed, { message: this.#stderr }).not.toBe('');
    return { url: printed() };
  }

  async finished(): Promise<Finished> {
    await this.#end;
    return { code: this.#process.exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  stop(): void {
    this.#process.kill();
  }
}

/** Makes the token as the example's README says. */
async function makeToken(person: Person): Promise<string> {
  await person.open('/settings/tokens/new');
  const dialog = person.dialog('New API token');
  await dialog.getByLabel('Name', { exact: true }).fill('python-agent');
  await dialog.getByRole('checkbox', { name: /^secrets:read/ }).uncheck();
  await dialog.getByRole('checkbox', { name: /^sandboxes:write/ }).check();
  await dialog.getByLabel('Only these secrets').fill(NAME);
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Make token' }).click();
  return dialog.locator('#new-token').innerText();
}

test('it asks, waits for its person, and runs code with what they gave it', async ({ person, strongroom }) => {
  await person.signUp();
  const agent = new Agent(strongroom, await makeToken(person));
  try {
    const page = await RequestPage.open(person, await agent.link());
    await expect(page.main).toContainText('API token python-agent asks you for a secret.');
    await expect(page.main.getByRole('blockquote')).toHaveText('To look for mentions of your product.');
    await page.value(NAME).fill(VALUE);
    await page.save();
    await expect(page.lines).toContainText(`${NAME} saved`);
    const { code, stdout, stderr } = await agent.finished();
    expect(stderr).toBe('');
    expect(stdout).toContain(`Searching X with a token of ${VALUE.length} characters.`);
    expect(stdout).not.toContain(VALUE);
    expect(code).toBe(0);
  } finally {
    agent.stop();
  }
  const activity = await ActivityPage.at(person);
  await expect(activity.of('env.fetched')).toContainText('python-agent');
  await expect(activity.names(activity.of('env.fetched'))).toHaveText(NAME);
  await expect(activity.of('sandbox.closed')).toHaveCount(1);
});

test('it goes without what its person skips, and says so', async ({ person, strongroom }) => {
  await person.signUp();
  const agent = new Agent(strongroom, await makeToken(person));
  try {
    const page = await RequestPage.open(person, await agent.link());
    await page.skip();
    await expect(page.ending).toContainText('You skipped this request.');
    const { code, stdout, stderr } = await agent.finished();
    expect(stderr).toBe('I go without it: the request was skipped.\n');
    expect(stdout).not.toContain('Searching');
    expect(code).toBe(1);
  } finally {
    agent.stop();
  }
});
