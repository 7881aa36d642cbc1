/**
 * Measures the Secrets page of an account with a thousand secrets, in a real browser: how long the server takes to answer
 * with it, and how long a keystroke in its search keeps the page busy. Run by `cargo xtask bench`.
 *
 *     node thousand.mjs BASE LOGIN PASSWORD      prints {"served": ms, "keystroke": ms}, medians
 */
import { chromium } from '@playwright/test';

const [base, login, password] = process.argv.slice(2);
const ROUNDS = 15;

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage({ baseURL: base });
  await page.goto('/sign-in');
  await page.getByLabel('Login name').fill(login);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('/secrets');

  const served = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.goto('/secrets');
    served.push(await page.evaluate(() => {
      const [{ requestStart, responseEnd }] = performance.getEntriesByType('navigation');
      return responseEnd - requestStart;
    }));
  }

  const search = page.getByRole('searchbox');
  // Hydrated once a search does something.
  await search.fill('nothing is called like this');
  await page.getByRole('search').getByRole('status').getByText('Nothing').waitFor();
  const keystroke = await page.evaluate(async (rounds) => {
    const field = document.querySelector('#search');
    const texts = ['s', 'se', 'ser', 'serv', 'service_0', 'service_05', 'service_054', 'service_0542', 'service_05', 'service', ''];
    const times = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const text of texts) {
        field.value = text;
        const begun = performance.now();
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        // Effects run as microtasks; a message comes after all of them. Reading a height then has the page laid out.
        await new Promise((done) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = done;
          port2.postMessage(null);
        });
        document.body.getBoundingClientRect();
        times.push(performance.now() - begun);
      }
    }
    return times;
  }, ROUNDS);

  console.log(JSON.stringify({ served: median(served), keystroke: median(keystroke) }));
} finally {
  await browser.close();
}

function median(figures) {
  return figures.sort((one, other) => one - other)[Math.floor(figures.length / 2)];
}
