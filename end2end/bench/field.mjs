/**
 * Measures how soon the secure field can be typed in, in a real browser inside somebody else's page: from the first byte of
 * the frame until its first text area is there. Run by `cargo xtask bench`.
 *
 *     node field.mjs BASE PLATFORM_KEY HOST      prints {"usable": ms}, the median
 */
import { createServer } from 'node:http';
import { chromium } from '@playwright/test';

const [base, key, host] = process.argv.slice(2);
const ROUNDS = 15;

const made = await call('POST', '/api/v1/requests', {
  secrets: [{ name: 'X_BEARER_TOKEN', description: 'Searches X for posts and mentions' }],
  user_label: 'bench@example.com',
});
const page = `<!doctype html><title>A chat</title>
<script type="module" src="${base}/embed/strongroom.js"></script>
<strongroom-field request="${made.id}" token-url="/token"></strongroom-field>`;
const server = createServer(async (request, response) => {
  if (request.url === '/token') {
    const { token } = await call('POST', `/api/v1/requests/${made.id}/field-token`);
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ token }));
  } else {
    response.setHeader('content-type', 'text/html').end(page);
  }
});
await new Promise((done) => server.listen(Number(new URL(host).port), '127.0.0.1', done));

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const usable = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const context = await browser.newContext();
    await context.addInitScript(() => {
      new MutationObserver((_changes, observer) => {
        if (document.querySelector('textarea') !== null) {
          window.usableAt = performance.now();
          observer.disconnect();
        }
      }).observe(document, { childList: true, subtree: true });
    });
    const tab = await context.newPage();
    await tab.goto(host);
    await tab.frameLocator('iframe').locator('textarea').first().waitFor();
    const frame = tab.frames().find((one) => one.url().includes('/embed/field/'));
    usable.push(await frame.evaluate(() => {
      const [{ responseStart }] = performance.getEntriesByType('navigation');
      return window.usableAt - responseStart;
    }));
    await context.close();
  }
  usable.sort((one, other) => one - other);
  console.log(JSON.stringify({ usable: usable[Math.floor(usable.length / 2)] }));
} finally {
  await browser.close();
  server.close();
}

async function call(method, path, body) {
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'strongroom-user': 'bench', 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) {
    throw new Error(`${method} ${path} was answered with ${answer.status}`);
  }
  return answer.json();
}
