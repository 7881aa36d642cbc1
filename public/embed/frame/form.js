// @ts-check
/** The form: whose account, who asks and why, the secrets, Save and Skip. And the quiet lines that stay in its place. */
/** @import { Asked, Ending, Form } from './types.js' */

import { brand, icon, make } from './element.js';
import { secretPart } from './secret.js';

/** @param {Form} data @param {string} origin @param {(saving: boolean) => void} submit */
export function form({ request, account, stored }, origin, submit) {
  const { secrets, asked_by, requested_by, reason } = request;
  const several = secrets.length > 1;
  const parts = secrets.map((asked, index) => secretPart(asked, index, several));

  // The origin that the browser verified. Of https, which is the rule, the host says it all.
  const site = make('bdi', { translate: 'no' }, origin.replace('https://', ''));
  const title = make('h1', { id: 'title' }, site, ` asks for ${several ? `${secrets.length} secrets` : 'a secret'}`);
  // What the one who asks says of itself is a claim, so it is quoted.
  const claim = requested_by ? ['. They say they are ', quote(requested_by), '.'] : [];
  const facts = make('dl', {}, ...fact('Saved to', make('bdi', { class: 'account', translate: 'no' }, account)));
  facts.append(...fact('Asked by', make('bdi', {}, asked_by), ...claim));
  if (reason) facts.append(...fact('Why', quote(reason)));

  const time = make('span', {});
  const alert = make('div', { role: 'alert' });
  const button = (text, kind, saving) => {
    const element = make('button', { class: `button ${kind}`, type: 'button' }, text);
    element.addEventListener('click', () => submit(saving));
    return element;
  };
  const save = button('Save', 'button--primary', true);
  const foot = make('div', { class: 'foot' }, save, button(several ? 'Skip all' : 'Skip', '', false));
  foot.append(make('p', {}, 'Goes straight to Strongroom. The chat never sees it.'));
  // No form element: what is in one, browsers send, remember and offer to save.
  const inside = make('div', { role: 'form', 'aria-labelledby': title.id }, make('div', { class: 'intro' }, title, facts));
  inside.append(...parts.map(({ element }) => element), alert, foot);

  const say = (message) => alert.replaceChildren(...(message ? [make('p', {}, message)] : []));
  const focusFault = () => (parts.map((part) => part.atFault()).find(Boolean) ?? save).focus();
  /** Gives the names for which it is news. */
  const update = (now) =>
    parts.filter((part) => part.show(now.find(({ name }) => name === part.name))).map(({ name }) => name);
  update(stored);

  return {
    element: make('div', { class: 'card' }, brand(time), inside),
    update,
    check() {
      say('');
      const wrong = parts.filter((part) => part.check()).length > 0;
      if (wrong) focusFault();
      return !wrong;
    },
    /** In the order of the parts, which the server's errors refer to. */
    answers: (saving) => parts.map((part) => (saving ? part.answer() : { name: part.name, answer: 'skip' })),
    busy(busy) {
      inside.inert = busy;
    },
    /** Puts each error at its field, the rest above the buttons, and the focus on the first. */
    complain(errors) {
      const rest = errors.filter(({ field, message }) => {
        const [, index, about = ''] = /^answers\.(\d+)\.(.+)$/.exec(field) ?? [];
        const part = index ? parts[index] : parts.find(({ name }) => name === field);
        part?.complain(about, message);
        return !part;
      });
      say(rest.map(({ message }) => message).join(' '));
      focusFault();
    },
    /** The time left, once there is little of it: not announced, not counted by the second. */
    remind(left) {
      const words = left < 60_000 ? 'Expires in under 1 min' : left < 120_000 ? 'Expires in 1 min' : '';
      if (time.textContent !== words) time.textContent = words;
    },
    forget: () => parts.forEach((part) => part.forget()),
  };
}

const ENDED = {
  stored: 'answered already',
  skipped: 'skipped · nothing was saved',
  expired: 'not saved · the request expired',
  cancelled: 'not saved · the request was taken back',
};

/** One line for each thing that became of the secrets. @param {Ending} ending @param {Asked[]} secrets */
export function outcome(ending, secrets) {
  const element = make('div', { class: 'card outcome', role: 'status', tabindex: '-1' });
  const line = (names, words, ...drawing) => {
    const listed = names.flatMap((name, at) => [at ? ', ' : '', make('code', { translate: 'no' }, name)]);
    element.append(make('p', {}, ...drawing, make('span', {}, ...listed, ` ${words}`)));
  };
  const names = (kind) => secrets.filter(({ outcome }) => !kind || outcome === kind).map(({ name }) => name);
  if (ending !== 'stored' || secrets.every(({ outcome }) => !outcome)) {
    line(names(''), secrets.length ? ENDED[ending] : `This request: ${ENDED[ending]}`);
    return element;
  }
  for (const [kind, word] of [['stored', 'saved'], ['kept', 'kept'], ['skipped', '']]) {
    const some = names(kind);
    const as = some.length > 1 ? 'environment variables' : 'an environment variable';
    if (some.length && word) line(some, `${word} · available to this agent as ${as}`, icon('icon', 'm3.5 8.5 3 3 6-7'));
    else if (some.length) line(some, kind);
  }
  return element;
}

const quote = (text) => make('bdi', {}, `“${text}”`);
const fact = (name, ...text) => [make('dt', {}, name), make('dd', {}, ...text)];
