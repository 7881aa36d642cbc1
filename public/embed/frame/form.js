// @ts-check
/** The form: whose account, who asks and why, the secrets, Save and Skip. */
/** @import { Form } from './types.js' */

import { brand, icon, make } from './card.js';

const MOST_BYTES = 65_536;
const MOST_CHARACTERS = 500;
const EYE = 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z';
/** Keeps browsers, password managers and spell checkers, which send text to their makers, from touching it. */
const LEAVE_ALONE = {
  autocomplete: 'off',
  autocapitalize: 'off',
  spellcheck: 'false',
  translate: 'no',
  'data-1p-ignore': 'true',
  'data-lpignore': 'true',
  'data-bwignore': 'true',
  'data-form-type': 'other',
  'data-gramm': 'false',
};

function field(id, name, more) {
  const area = make('textarea', { ...more, id, 'aria-describedby': `${id}-error` });
  const error = make('p', { class: 'error', id: `${id}-error`, 'aria-live': 'polite' });
  const head = make('div', { class: 'label' }, make('label', { for: id }, name));
  const note = make('div', { class: 'note' }, error);
  const complain = (message = '') => {
    error.textContent = message;
    area.ariaInvalid = message ? 'true' : null;
  };
  return { element: make('div', {}, head, area, note), area, head, note, complain };
}

/**
 * The only place that holds a value. A text area: a password input drops line breaks, and is filled with the page's
 * password. It has no name and is in no form, so nothing but `answer` can send it.
 */
function valueField(id, name) {
  const look = { class: 'input value', rows: '3', 'aria-required': 'true' };
  const { element, area, head, note, complain } = field(id, 'Value', { ...LEAVE_ALONE, ...look });
  const eye = make('button', { class: 'eye' });
  const turn = () => {
    const masked = element.classList.toggle('masked');
    const word = masked ? 'Show' : 'Hide';
    eye.ariaLabel = `${word} the value of ${name}`;
    eye.replaceChildren(icon('icon', EYE, masked ? '' : 'm2.5 2.5 11 11'), word);
  };
  turn();
  eye.addEventListener('click', turn);
  head.append(eye);

  const count = make('p', { class: 'count' });
  note.append(count);
  // Read to be counted; only the numbers are kept. Line breaks are LF here, as they will be stored.
  const weigh = () => {
    const bytes = new TextEncoder().encode(area.value).length;
    const lines = area.value.split('\n').length;
    count.textContent = bytes ? `${bytes} byte${bytes > 1 ? 's' : ''}${lines > 1 ? `, ${lines} lines` : ''}` : '';
    complain(bytes > MOST_BYTES ? `This has ${bytes} bytes, and ${MOST_BYTES} (64 KiB) is the most.` : '');
  };
  /** The ways in which the value came: pasted, typed. */
  const ways = new Set();
  area.addEventListener('input', (event) => {
    ways.add(/** @type {InputEvent} */ (event).inputType ?? '');
    weigh();
  });
  // The paste doctor comes with the first focus; where it does not arrive, the field works without. What it says is read out.
  const found = make('div', { class: 'doctor', role: 'status' });
  element.append(found);
  const call = () => import('./doctor.js').then(({ attend }) => attend(area, name, found, ways)).catch(() => {});
  area.addEventListener('focus', call, { once: true });
  const check = () => (area.value ? weigh() : complain('Type the value, or choose Skip.'));
  return { element, area, complain, check };
}

/** One secret: what it is, what is stored already, and the answer to it. */
function secretPart({ name, description, obtain_url }, index, several) {
  let stored;
  let proposed = '';
  const value = valueField(`value-${index}`, name);
  const words = field(`description-${index}`, 'Description', { class: 'input', rows: '1', autocomplete: 'off' });
  words.area.addEventListener('input', () => words.complain());
  const inputs = make('div', {}, value.element, words.element);

  const choice = (input, text) => make('label', { class: 'choice' }, input, text);
  const skip = make('input', { type: 'checkbox' });
  const keep = make('input', { type: 'radio', name: `stored-${index}` });
  const replace = make('input', { type: 'radio', name: `stored-${index}` });
  const since = make('legend', {});
  const choices = make('fieldset', {}, since, choice(keep, 'Keep it'), choice(replace, 'Replace it'));

  const title = make('h2', { id: `name-${index}`, translate: 'no' }, name);
  const head = make('div', { class: 'part__head' }, title, ...(several ? [choice(skip, 'Skip this one')] : []));
  const error = make('p', { class: 'error', role: 'alert' });
  const told = make('p', { class: 'told' }, description);
  const body = make('div', {}, told, ...obtain(obtain_url), choices, inputs);
  const element = make('section', { 'aria-labelledby': title.id }, head, error, body);

  const saving = () => !skip.checked && (!stored || replace.checked);
  const arrange = () => {
    body.hidden = skip.checked;
    choices.hidden = !stored;
    inputs.hidden = !saving();
    told.hidden = !stored || !description;
    error.textContent = '';
  };
  // Not at a text area's change: the form would move from under the click that leaves it.
  for (const choosing of [head, choices]) choosing.addEventListener('change', arrange);

  return {
    element,
    name,
    /** Says whether it is news. What was typed stays; only what was proposed gives way. */
    show(now) {
      const news = stored?.etag !== now?.etag;
      if (words.area.value === proposed) words.area.value = proposed = now?.description || description;
      if (now && !stored) (value.area.value ? replace : keep).checked = true;
      if (now) since.replaceChildren('You have ', make('code', {}, name), ` already, changed on ${day(now.changed_at)}.`);
      stored = now;
      arrange();
      return news;
    },
    check() {
      error.textContent = '';
      if (!saving()) return null;
      value.check();
      const { length } = [...words.area.value];
      words.complain(length > MOST_CHARACTERS ? `This has ${length} characters, and ${MOST_CHARACTERS} is the most.` : '');
      return this.atFault();
    },
    atFault: () => [value.area, words.area].find((area) => saving() && area.ariaInvalid),
    complain(about, message) {
      if (about === 'value') value.complain(message);
      else if (about === 'description') words.complain(message);
      else error.textContent = message;
    },
    /** The value leaves its field here, for the body of the call and nothing else. */
    answer() {
      if (!saving()) return { name, answer: skip.checked ? 'skip' : 'keep' };
      const typed = { value: value.area.value, description: words.area.value };
      return { name, answer: 'save', ...typed, ...(stored && { etag: stored.etag }) };
    },
    /** Whoever remembers something of it hears that it is gone. */
    forget() {
      value.area.value = '';
      value.area.dispatchEvent(new Event('input'));
    },
  };
}

/** Where the secret can be had: only https is a link, and its host is read out. */
function obtain(address) {
  const url = URL.canParse(address ?? '') && new URL(address ?? '');
  if (!url || url.protocol !== 'https:') return [];
  const link = make('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer' }, `Get one at ${url.host}`);
  return [make('p', { class: 'obtain' }, link)];
}

/** In the reader's language and zone. */
const day = (at) => new Date(at).toLocaleDateString(undefined, { dateStyle: 'medium' });

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
    const element = make('button', { class: `button ${kind}` }, text);
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
      save.textContent = busy ? 'Sending…' : 'Save';
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

const quote = (text) => make('bdi', {}, `“${text}”`);
const fact = (name, ...text) => [make('dt', {}, name), make('dd', {}, ...text)];
