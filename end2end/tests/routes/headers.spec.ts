/** What every answer says to the browser, and what a page may do: see “Headers” in docs/SECURITY.md. */
import { expect, type Answer, Program, test } from '../../fixtures.js';

const PAGE_POLICY = new RegExp(
  [
    "^default-src 'none'",
    "script-src 'nonce-([A-Za-z0-9+/=_-]{16,})' 'strict-dynamic' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'$",
  ].join('; '),
);

const PAGES = [
  '/secrets',
  '/secrets/new',
  '/secrets/A_KEY/edit',
  '/secrets/A_KEY/delete',
  '/settings',
  '/settings/tokens/new',
  '/settings/delete-account',
];

const isPage = ({ headers }: Answer): boolean => headers['content-type']?.startsWith('text/html') ?? false;
const path = ({ url }: Answer): string => new URL(url).pathname;

test('every page has the policy of its own nonce, and is kept by nobody', async ({ person, observer }) => {
  await person.open('/sign-in');
  await person.signUp();
  await person.addSecret({ name: 'A_KEY', value: 'a value' });
  for (const page of PAGES) {
    await person.open(page);
  }
  const pages = (await observer.answers()).filter((answer) => isPage(answer) && answer.status === 200);
  expect(pages.map(path)).toEqual(expect.arrayContaining(['/sign-in', '/sign-up', ...PAGES]));
  const nonces = pages.map((page) => {
    const nonce = PAGE_POLICY.exec(page.headers['content-security-policy'] ?? '')?.[1] ?? '';
    expect(nonce, page.headers['content-security-policy'] ?? 'no policy').not.toBe('');
    const scripts = [...page.body.toString().matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
    expect(page.headers['cache-control']).toBe('no-store');
    return nonce;
  });
  expect(new Set(nonces).size, 'no nonce is used twice').toBe(nonces.length);
});

test('every answer confines what it is used for', async ({ person, observer, strongroom }) => {
  observer.expectError(/404/);
  await person.signUp();
  await person.addSecret({ name: 'A_KEY', value: 'a value' });
  await person.open('/nowhere');
  const answers = await observer.answers();
  expect(answers.length).toBeGreaterThan(10);
  for (const answer of answers) {
    const { headers } = answer;
    const where = `${answer.method} ${path(answer)}`;
    expect(headers['x-content-type-options'], where).toBe('nosniff');
    expect(headers['referrer-policy'], where).toBe('same-origin');
    expect(headers['cross-origin-opener-policy'], where).toBe('same-origin');
    expect(headers['cross-origin-resource-policy'], where).toBe('same-origin');
    expect(headers['permissions-policy'], where).toContain('camera=()');
    expect(headers['content-security-policy'], where).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers['server'], where).toBeUndefined();
    expect(headers['access-control-allow-origin'], where).toBeUndefined();
    const kept = path(answer).startsWith('/pkg/') ? 'public, max-age=31536000, immutable' : 'no-store';
    if (!['/favicon.svg', '/robots.txt'].includes(path(answer))) {
      expect(headers['cache-control'], where).toBe(kept);
    }
  }
  const problem = await (await Program.of(strongroom)).call('GET', '/api/v1/secrets/B_KEY');
  expect(problem.headers.get('content-type')).toBe('application/problem+json');
  expect(problem.headers.get('cache-control')).toBe('no-store');
});

test('pages hold no inline style, no inline handler and nothing of other sites', async ({ person, observer, strongroom }) => {
  await person.signUp();
  await person.addSecret({ name: 'A_KEY', value: 'a value' });
  for (const page of PAGES) {
    await person.open(page);
    const found = await person.page.evaluate(() => ({
      styles: document.querySelectorAll('style, [style]').length,
      handlers: [...document.querySelectorAll('*')].flatMap((element) =>
        [...element.attributes].filter(({ name }) => name.startsWith('on')).map(({ name }) => name),
      ),
    }));
    expect(found, page).toEqual({ styles: 0, handlers: [] });
  }
  const elsewhere = (await observer.answers()).filter(({ url }) => !url.startsWith(`${strongroom.url}/`));
  expect(elsewhere.map(({ url }) => url)).toEqual([]);
});

test('the script, the WASM and the style sheet come compressed', async ({ person, observer }) => {
  await person.open('/sign-up');
  const files = (await observer.answers()).filter((answer) => path(answer).startsWith('/pkg/'));
  const kinds = new Set(files.map((file) => path(file).split('.').pop()));
  expect([...kinds].sort()).toEqual(['css', 'js', 'wasm']);
  // A piece of a few bytes would not become smaller.
  const worthIt = files.filter(({ body }) => body.length > 1024);
  expect(worthIt.length).toBeGreaterThan(3);
  for (const file of worthIt) {
    expect(file.headers['content-encoding'], path(file)).toMatch(/^(br|gzip)$/);
    expect(file.headers['vary']?.toLowerCase(), path(file)).toContain('accept-encoding');
  }
});

test('a form that another site sends is refused, and nothing is changed', async ({ person, strongroom }) => {
  await person.signUp();
  const cookie = (await person.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const names = async (): Promise<string[]> => (await Program.of(strongroom)).names();
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }]) {
    const answer = await fetch(`${strongroom.url}/api/ui/create-secret`, {
      method: 'POST',
      headers: { cookie, accept: 'text/html', ...headers },
      body: new URLSearchParams({ name: 'A_KEY', value: 'a value', description: '' }),
      redirect: 'manual',
    });
    expect(answer.status, JSON.stringify(headers)).toBe(403);
    expect(await names()).toEqual([]);
  }
});
