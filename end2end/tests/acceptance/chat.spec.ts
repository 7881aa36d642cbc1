/**
 * The seed's story on one page, with the built-in agent: a secret is named in a chat, asked for in a secure field, used by
 * code in the sandbox, and its value never shows.
 */
import { expect, test } from '../../fixtures.js';

const VALUE = 'AAAAAAAAAAAAAAAAAAAAYYYYYYYYYYYYYYYYYYYYYYYYYYYY';
const CODE = '```python\nimport os\nprint("got", os.environ["X_BEARER_TOKEN"])\n```';

test.describe('a chat', () => {
  test('asks for what is missing, runs code with it, and never shows the value', async ({ person }) => {
    const { page } = person;
    await person.signUp();
    await person.open('/chat');
    await expect(page.locator('main')).toContainText('No model configured. I can ask for secrets and run code.');

    const box = page.getByLabel('Message', { exact: true });
    await box.fill('Search X for recent mentions using my X_BEARER_TOKEN secret');
    await box.press('Enter');
    await expect(page).toHaveURL(/\/chat\/[0-9a-f-]+$/);
    const field = page.getByRole('region', { name: 'Secure field' });
    await field.getByLabel('Value', { exact: true }).fill(VALUE);
    await field.getByRole('button', { name: 'Save' }).click();
    const log = page.getByRole('log');
    await expect(log).toContainText('X_BEARER_TOKEN saved · available to this agent as an environment variable');
    await expect(log).toContainText('X_BEARER_TOKEN is there, as an environment variable in the sandbox.');

    await page.getByLabel('Message', { exact: true }).fill(CODE);
    await page.getByLabel('Message', { exact: true }).press('Enter');
    await expect(log).toContainText('got [X_BEARER_TOKEN]');
    expect(await page.content()).not.toContain(VALUE);
    await page.reload();
    await expect(page.getByRole('log')).toContainText('got [X_BEARER_TOKEN]');
    expect(await page.content()).not.toContain(VALUE);
  });
});
