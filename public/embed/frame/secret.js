// @ts-check
/** One secret of the request: what it is, what is stored already, and the person's answer. */
/** @import { Asked } from './types.js' */

import { icon, make } from './element.js';

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
 * The only place that holds a value. A text area: a password input drops line breaks, and is filled with the page's password.
 * It has no name and is in no form, so nothing but `answer` can send it.
 */
function valueField(id, name) {
  const { element, area, head, note, complain } = field(id, 'Value', { ...LEAVE_ALONE, class: 'input value', rows: '3' });
  const eye = make('button', { class: 'eye', type: 'button' });
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
  area.addEventListener('input', weigh);
  const check = () => (area.value ? weigh() : complain('Type the value, or choose Skip.'));
  return { element, area, complain, check };
}

/** @param {Asked} asked @param {number} index @param {boolean} several */
export function secretPart({ name, description, obtain_url }, index, several) {
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
  element.addEventListener('change', arrange);

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
    forget() {
      value.area.value = '';
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
