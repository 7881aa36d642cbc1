// @ts-check
/** What cards are made of, and the quiet lines that stay in the form's place. */
/** @import { Asked, Ending } from './types.js' */

/**
 * Text only ever becomes text nodes: nothing in a request is read as markup.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} content
 */
export function make(tag, attributes, ...content) {
  const element = document.createElement(tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...content);
  return element;
}

/** @param {string} kind @param {...string} paths */
export function icon(kind, ...paths) {
  const draw = (tag) => document.createElementNS('http://www.w3.org/2000/svg', tag);
  const drawing = draw('svg');
  drawing.setAttribute('class', kind);
  drawing.setAttribute('viewBox', '0 0 16 16');
  drawing.setAttribute('aria-hidden', 'true');
  for (const d of paths) drawing.appendChild(draw('path')).setAttribute('d', d);
  return drawing;
}

/** Strongroom's name and mark, the dial of a safe. @param {...Node} beside */
export function brand(...beside) {
  const dots = 'M10.5 5.5h0M11.5 8h0M10.5 10.5h0M8 11.5h0M5.5 10.5h0M4.5 8h0M5.5 5.5h0';
  return make('header', {}, make('b', {}, icon('mark', dots, 'M8 4.5h0'), 'Strongroom'), ...beside);
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
  const answered = (kind) => secrets.filter(({ outcome }) => outcome === kind).map(({ name }) => name);
  for (const [kind, word] of ending === 'stored' ? [['stored', 'saved'], ['kept', 'kept']] : []) {
    const names = answered(kind);
    const as = names.length > 1 ? 'environment variables' : 'an environment variable';
    if (names.length) line(names, `${word} · available to this agent as ${as}`, icon('icon', 'm3.5 8.5 3 3 6-7'));
  }
  const skipped = answered('skipped');
  if (!element.firstChild) line(secrets.map(({ name }) => name), ENDED[ending]);
  else if (skipped.length) line(skipped, 'skipped');
  return element;
}
