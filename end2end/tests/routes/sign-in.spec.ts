/** Signing in and out, and where one lands. */
import { expect, PASSWORD, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('whoever signs out is out, and comes back in with the password', async ({ person }) => {
      await person.signUp();
      await person.signOut();
      await expect(person.page).toHaveURL('/sign-in');
      await person.open('/secrets');
      await person.expectPage('Sign in');
      await person.signIn();
      await person.expectPage('Secrets');
      await expect(person.page).toHaveURL('/secrets');
    });

    test('a wrong password and an unknown name get the same words', async ({ person }) => {
      await person.signUp();
      await person.signOut();
      const words: string[] = [];
      for (const login of ['owner', 'nobody of that name']) {
        await person.open('/sign-in');
        await person.signIn(login, 'not the password at all');
        await expect(person.page.getByRole('alert')).not.toBeEmpty();
        words.push(await person.page.getByRole('alert').innerText());
        await expect(person.page.getByLabel('Login name')).toHaveValue(login);
      }
      expect(words).toEqual([
        'The name or the password is wrong. Try again.',
        'The name or the password is wrong. Try again.',
      ]);
    });

    test('an empty form says what is missing', async ({ person }) => {
      await person.signUp();
      await person.signOut();
      await person.signIn('', '');
      await expect(person.errorOf('login')).toHaveText('Type your login name.');
      await expect(person.errorOf('password')).toHaveText('Type your password.');
    });

    for (const path of ['/settings', '/secrets/new', '/settings/tokens/new', '/secrets/X_BEARER_TOKEN/edit']) {
      test(`who is signed out and asks for ${path} is led to sign in, and back`, async ({ person }) => {
        await person.signUp();
        await person.signOut();
        await person.open(path);
        await person.expectPage('Sign in');
        await person.signIn();
        await expect(person.page).toHaveURL(path);
        await expect(person.page.getByRole('heading', { level: 1 })).toHaveText(/Secrets|Settings/);
      });
    }

    test('signing in leads nowhere but to this server', async ({ person, strongroom }) => {
      await person.signUp();
      await person.signOut();
      for (const next of [
        '//evil.example/secrets',
        'https://evil.example',
        '/\\evil.example',
        '/%2F/evil.example',
        'javascript:alert(1)',
        '/api/ui/sign-out',
      ]) {
        await person.open(`/sign-in?next=${encodeURIComponent(next)}`);
        await person.signIn();
        await person.expectPage('Secrets');
        expect(person.page.url()).toBe(`${strongroom.url}/secrets`);
        await person.settle();
        await person.signOut();
      }
    });

    test('who is signed in already is spared the form', async ({ person }) => {
      await person.signUp();
      for (const path of ['/', '/sign-in', '/sign-up']) {
        await person.open(path);
        await person.expectPage('Secrets');
      }
    });
  });
}

test('a form that was tampered with cannot name another place', async ({ person, strongroom }) => {
  await person.signUp();
  for (const next of ['//evil.example', 'https://evil.example', '/secrets\r\nSet-Cookie: a=b']) {
    const answer = await fetch(`${strongroom.url}/api/ui/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { accept: 'text/html' },
      body: new URLSearchParams({ login: 'owner', password: PASSWORD, next }),
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/secrets');
    expect(answer.headers.get('set-cookie')).toContain('__Host-strongroom=');
  }
});

test('a session that ended elsewhere leads to the sign-in page at the next action', async ({ person, observer }) => {
  observer.expectError(/401/);
  await person.signUp();
  await person.startAdding();
  await person.fillSecret({ name: 'A_KEY', value: 'a value' });
  await person.page.context().clearCookies();
  await person.dialog('Add a secret').getByRole('button', { name: 'Save secret' }).click();
  await person.expectPage('Sign in');
  await person.signIn();
  await expect(person.page).toHaveURL('/secrets/new');
});

test('the session cookie is closed to scripts, to other sites and to plain http', async ({ person }) => {
  await person.signUp();
  const cookies = await person.page.context().cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({
    name: '__Host-strongroom',
    httpOnly: true,
    secure: true,
    sameSite: 'Lax',
    path: '/',
  });
  expect(await person.page.evaluate(() => document.cookie)).toBe('');
});
