/** What the Activity page tells: who did what with which secrets, when and from where. Never a value. */
import { EVERY_WAY, expect, PASSWORD, type Person, Program, test, WITH_AND_WITHOUT_SCRIPTS } from '../../fixtures.js';
import { ActivityPage } from '../../fixtures/activity.js';

const VALUE = 'canary-7f3a';
const EIGHT = Array.from({ length: 8 }, (_, number) => `KEY_${number + 1}`);

for (const { title, use } of EVERY_WAY) {
  test.describe(title, () => {
    test.use(use);

    test('what was done stands there, the newest first', async ({ person, strongroom }) => {
      await person.signUp();
      await person.addSecret({ name: 'A_KEY', value: VALUE });
      await person.addSecret({ name: 'B_KEY', value: VALUE });
      const program = await Program.of(strongroom);
      await program.change('B_KEY', { value: `${VALUE}-changed` });
      const sandbox = await program.openSandbox('nightly report');
      expect((await program.fetchEnvironment(sandbox.token)).status).toBe(200);
      expect((await program.fetchEnvironment(sandbox.token, '?require=C_KEY')).status).toBe(424);
      await (await person.startDeleting('B_KEY')).getByRole('button', { name: 'Delete B_KEY' }).click();
      await person.expectNotice('B_KEY is deleted.');

      const activity = await ActivityPage.through(person);
      await expectRecords(activity, [
        ['Deleted', 'You, in a browser'],
        ['Refused to a sandbox', 'nightly report'],
        ['Asked for', 'nightly report'],
        ['Fetched', 'nightly report'],
        ['Sandbox opened', 'API token made by the operator'],
        ['Changed', 'API token made by the operator'],
        ['API token made', 'The operator'],
        ['Added', 'You, in a browser'],
        ['Added', 'You, in a browser'],
        ['Account made', 'You, in a browser'],
      ]);
      await test.step('a fetch says which names, which sandbox and from where', async () => {
        const fetched = activity.of('env.fetched');
        await expect(activity.names(fetched)).toHaveText(['A_KEY', 'B_KEY']);
        await expect(fetched).toContainText(`sandbox ${sandbox.id.split('-').at(-1)}`);
        await expect(fetched).toContainText('from 127.0.0.1');
      });
      await test.step('a refusal says which names, and why', async () => {
        const refused = activity.of('env.refused');
        await expect(activity.names(refused)).toHaveText(['C_KEY']);
        await expect(refused).toContainText('not stored');
      });
      await expect(activity.names(activity.of('secret.deleted'))).toHaveText(['B_KEY']);
      expect(await person.page.content()).not.toContain(VALUE);
    });
  });
}

for (const { title, use } of WITH_AND_WITHOUT_SCRIPTS) {
  test.describe(title, () => {
    test.use(use);

    test('a sandbox that asked for what it may not hold is there, with the names', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      await program.storeAll([
        { name: 'A_KEY', value: VALUE },
        { name: 'B_KEY', value: VALUE },
      ]);
      const opened = await program.call('POST', '/api/v1/sandboxes', { label: 'mentions bot', names: ['A_KEY'] });
      const { token } = (await opened.json()) as { token: string };
      expect((await program.fetchEnvironment(token, '?require=B_KEY')).status).toBe(403);
      const refused = (await ActivityPage.at(person)).of('env.refused');
      await expect(refused).toContainText('mentions bot');
      await expect(refused).toContainText('B_KEY');
      await expect(refused).toContainText('not in this session');
      await expect(refused).not.toContainText('A_KEY');
    });

    test('who tried to sign in with a wrong password is there', async ({ person }) => {
      await person.signUp();
      await person.signOut();
      await person.signIn('owner', 'not the password');
      await expect(person.page.getByRole('alert')).toContainText('password is wrong');
      await person.signIn();
      await person.expectPage('Secrets');
      const activity = await ActivityPage.at(person);
      await expect(activity.of('account.sign_in_refused')).toContainText('Somebody, in a browser');
      await expect(activity.of('account.sign_in_refused')).toContainText('from 127.0.0.1');
      await expect(activity.of('account.signed_in')).toContainText('You, in a browser');
      await expect(activity.of('account.signed_out')).toBeVisible();
    });

    test('names beyond six are a click away, and each leads to its own records', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      await program.storeAll(EIGHT.map((name) => ({ name, value: VALUE })));
      const { token } = await program.openSandbox('nightly report');
      expect((await program.fetchEnvironment(token)).status).toBe(200);
      const activity = await ActivityPage.at(person);
      const fetched = activity.of('env.fetched');
      await expect(activity.names(fetched)).toHaveText(EIGHT.slice(0, 6));
      await fetched.getByText('and 2 more').click();
      await expect(activity.names(fetched)).toHaveText(EIGHT);

      await fetched.getByRole('link', { name: 'KEY_8', exact: true }).click();
      await expect(person.page).toHaveURL('/activity?name=KEY_8');
      await activity.expectAsked({ secret: 'KEY_8' });
      await expect(activity.what).toHaveText(['Fetched', 'Added']);
    });

    test('the card and the dialog of a secret lead to its records', async ({ person, strongroom }) => {
      await person.signUp();
      const program = await Program.of(strongroom);
      await program.store('A_KEY', VALUE);
      const { token } = await program.openSandbox('nightly report');
      expect((await program.fetchEnvironment(token)).status).toBe(200);
      await program.store('B_KEY', VALUE);

      await person.open('/secrets');
      await expect(person.card('B_KEY')).toContainText(/Last used\s*never/);
      await person.card('A_KEY').getByRole('link', { name: /by nightly report$/ }).click();
      await expectRecordsOf(person, 'A_KEY', ['Fetched', 'Added']);

      await person.open('/secrets');
      await person.page.getByRole('link', { name: 'Use B_KEY', exact: true }).click();
      await person.dialog('Use it in code').getByRole('link', { name: 'See its activity' }).click();
      await expectRecordsOf(person, 'B_KEY', ['Added']);
    });

    test('two people see only what is their own', async ({ person, visitor, strongroom }) => {
      await person.signUp();
      const added = await strongroom.operator(['user', 'add', 'kim', '--password-stdin'], { input: PASSWORD });
      expect(added.code, added.stderr).toBe(0);
      const kim = await visitor();
      await kim.open('/sign-in');
      await kim.signIn('kim');
      await kim.expectPage('Secrets');
      for (const [login, name] of [
        ['owner', 'OWNERS_KEY'],
        ['kim', 'KIMS_KEY'],
      ] as const) {
        const program = await Program.of(strongroom, login);
        await program.store(name, VALUE);
        const { token } = await program.openSandbox(`sandbox of ${login}`);
        expect((await program.fetchEnvironment(token)).status).toBe(200);
      }

      for (const [someone, own, others] of [
        [person, 'OWNERS_KEY', 'KIMS_KEY'],
        [kim, 'KIMS_KEY', 'OWNERS_KEY'],
      ] as const) {
        const activity = await ActivityPage.at(someone);
        await expect(activity.names(activity.of('env.fetched'))).toHaveText([own]);
        await expect(activity.names(activity.of('secret.created'))).toHaveText([own]);
        const { rows } = await activity.save();
        expect(rows.map(([, , names]) => names).filter((names) => names !== '')).toEqual([own, own]);
        await activity.filter({ secret: others });
        await expect(activity.none).toHaveText('Nothing like that was done.');
        await activity.filter({ agent: 'sandbox of' });
        await expect(activity.what).toHaveText(['Fetched', 'Sandbox opened']);
      }
    });
  });
}

async function expectRecords(activity: ActivityPage, records: [what: string, who: string][]): Promise<void> {
  await expect(activity.what).toHaveText(records.map(([what]) => what));
  await expect(activity.who).toHaveText(records.map(([, who]) => who));
}

/** The Activity page stands there, and shows the records of that secret alone. */
async function expectRecordsOf(person: Person, name: string, what: string[]): Promise<void> {
  await person.expectPage('Activity');
  await expect(person.page).toHaveURL(`/activity?name=${name}`);
  const activity = new ActivityPage(person);
  await activity.expectAsked({ secret: name });
  await expect(activity.what).toHaveText(what);
}
