/**
 * After saving, the value is nowhere in the browser: not in the document, not in storage, cookies or history, and in no
 * answer, in no encoding. The same for a password, and for the value of a form that was refused.
 */
import { expect, type Observer, PASSWORD, type Person, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';
import { disguiseIn } from '../../fixtures/disguises.js';
import { findTraces } from '../../fixtures/traces.js';

const SECRET = { name: 'CANARY_KEY', value: `kp2-"7f3a'<b>&/+=%é\\$ zq81-9d04`, description: 'For the tests' };

/** With scripts a refused form stays as it was typed; that is the one place where the value may be. */
const IN_THE_FIELD = ['DOM: content of textarea value (as it is)'];

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('a saved value is nowhere, and Back, Forward and a reload do not bring it back', async ({
      person,
      observer,
    }) => {
      const sent = requestsWith(person, SECRET.value);
      await person.signUp();
      await person.addSecret(SECRET);
      await expectNowhere(person, observer, SECRET.value, 'after saving');

      await person.page.goBack();
      await person.settle();
      await expectNowhere(person, observer, SECRET.value, 'after Back');
      await person.page.goForward();
      await person.settle();
      await expectNowhere(person, observer, SECRET.value, 'after Forward');
      await person.reload();
      await expectNowhere(person, observer, SECRET.value, 'after a reload');

      await person.open('/secrets');
      await person.startEditing(SECRET.name);
      await expectNowhere(person, observer, SECRET.value, 'while editing');
      expect(sent, 'the value leaves the browser once').toEqual(['POST /api/ui/create-secret']);
    });

    for (const [why, name] of [
      ['taken', SECRET.name],
      ['reserved', 'LD_PRELOAD'],
    ] as const) {
      test(`the value of a form whose name is ${why} is nowhere but in its field`, async ({ person, observer }) => {
        await person.signUp();
        await person.addSecret({ ...SECRET, value: 'another value' });
        await person.startAdding();
        await person.fillSecret({ ...SECRET, name });
        await person.dialog('Add a secret').getByRole('button', { name: 'Save secret' }).click();
        await expect(person.errorOf('name')).toContainText(why === 'taken' ? 'already have' : why);
        expect(await findTraces(person.page, observer, SECRET.value)).toEqual(person.scripts ? IN_THE_FIELD : []);

        await person.dialog('Add a secret').getByRole('link', { name: 'Cancel' }).click();
        await expect(person.dialog('Add a secret')).toBeHidden();
        await expectNowhere(person, observer, SECRET.value, 'after leaving the form');
        await person.page.goBack();
        await person.settle();
        await expectNowhere(person, observer, SECRET.value, 'after Back');
      });
    }

    test('a password is nowhere after it was used', async ({ person, observer }) => {
      await person.open('/sign-in');
      await person.signUp();
      await expectNowhere(person, observer, PASSWORD, 'after signing up');
      // With scripts the form does not stay in the history: there, Back leads to what was before Strongroom.
      await (person.scripts ? person.open('/settings') : person.page.goBack());
      await expectNowhere(person, observer, PASSWORD, 'after going on');
      await (person.scripts ? person.page.goBack() : person.page.goForward());
      await person.settle();
      await expectNowhere(person, observer, PASSWORD, 'after Back');

      await person.open('/secrets');
      await person.signOut();
      await person.signIn('owner', 'a wrong password, quite long');
      await expect(person.page.getByRole('alert')).toContainText('password is wrong');
      const left = await findTraces(person.page, observer, 'a wrong password, quite long');
      expect(left).toEqual(person.scripts ? ['DOM: content of input password (as it is)'] : []);

      await person.signIn();
      await person.expectPage('Secrets');
      await expectNowhere(person, observer, PASSWORD, 'after signing in');
    });
  });
}

test('the search finds what is planted in a description', async ({ person, observer }) => {
  await person.signUp();
  await person.addSecret({ ...SECRET, value: 'another value', description: SECRET.value });
  const found = (await findTraces(person.page, observer, SECRET.value)).join('\n');
  expect(found).toContain('DOM: text of p (as it is)');
  expect(found).toContain('answer to POST /api/ui/list-secrets: body (as JSON)');
  await person.reload();
  expect((await findTraces(person.page, observer, SECRET.value)).join('\n')).toContain('answer to GET /secrets: body');
});

test('the search finds what is planted anywhere else, in any disguise', async ({ person, observer }) => {
  await person.signUp();
  await person.startAdding();
  await person.page.evaluate(plantEverywhere, SECRET.value);
  const found = (await findTraces(person.page, observer, SECRET.value)).join('\n');
  for (const place of [
    'DOM: content of textarea value (as it is)',
    'DOM: attribute title of main (as it is)',
    'DOM (as HTML)',
    'localStorage (as JSON)',
    'sessionStorage (in base64)',
    'IndexedDB (as JSON)',
    'cookies (URL-encoded)',
    'cache storage (as it is)',
    'history: state (as JSON)',
    'history: address (URL-encoded)',
    'history: entries (URL-encoded)',
    'window: name (in hexadecimal)',
  ]) {
    expect(found).toContain(place);
  }
});

async function expectNowhere(person: Person, observer: Observer, text: string, when: string): Promise<void> {
  expect(await findTraces(person.page, observer, text), when).toEqual([]);
}

/** Collects the requests whose address or body holds the text. */
function requestsWith(person: Person, text: string): string[] {
  const found: string[] = [];
  person.page.context().on('request', (request) => {
    const content = `${request.url()}\n${request.postData() ?? ''}\n${JSON.stringify(request.headers())}`;
    if (disguiseIn(content, text) !== undefined) {
      found.push(`${request.method()} ${new URL(request.url()).pathname}`);
    }
  });
  return found;
}

/** Runs in the page. */
async function plantEverywhere(text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  document.querySelector<HTMLTextAreaElement>('textarea')!.value = text;
  document.querySelector('main')!.setAttribute('title', text);
  localStorage.setItem('planted', text);
  sessionStorage.setItem('planted', btoa(`.${String.fromCharCode(...bytes)}`));
  document.cookie = `planted=${encodeURIComponent(text)}; path=/`;
  window.name = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  await (await caches.open('planted')).put('/planted', new Response(text));
  history.pushState({ planted: text }, '', `?planted=${encodeURIComponent(text)}`);
  const opening = indexedDB.open('planted');
  opening.onupgradeneeded = () => opening.result.createObjectStore('store').put({ text }, 1);
  await new Promise((resolve) => (opening.onsuccess = resolve));
  opening.result.close();
}
