// @ts-check
/**
 * The paste doctor in the frame: points out what was copied along with a value, and mends it when asked to, by the rules and
 * in the words of the Secrets page. `form.js` fetches it when a value field is first focused.
 */
/** @import { Doctor } from './types.js' */

import { make } from './card.js';

/** What brings a text in whole; an event that says nothing does, too. */
const WHOLE = ['insertFromPaste', 'insertFromDrop', ''];

const loading = WebAssembly.instantiateStreaming(fetch(new URL('doctor.wasm', import.meta.url), { credentials: 'omit' }));

/**
 * Attends to a value field. `ways` are those in which the value came that stands there already.
 *
 * @param {HTMLTextAreaElement} area @param {string} name @param {HTMLElement} place @param {Set<string>} ways
 */
export async function attend(area, name, place, ways) {
  const doctor = /** @type {Doctor} */ (/** @type {unknown} */ ((await loading).instance.exports));

  /** Hands over name and value, which it wipes when it is asked. */
  const ask = (question) => {
    const text = `${name}\0${area.value}`;
    // UTF-8 has at most three bytes for what UTF-16 has one unit for.
    doctor.begin(text.length * 3);
    for (const character of text) doctor.put(character.codePointAt(0) ?? 0);
    question();
    let answer = '';
    for (let next; (next = doctor.get()) >= 0; ) answer += String.fromCodePoint(next);
    return answer;
  };

  const undo = make('button', { class: 'undo' }, 'Undo');
  const done = make('p', { class: 'finding finding--fixed' }, 'Done. ', undo);

  /** As if it had been pasted: whoever counts counts anew. */
  const write = (value) => {
    area.value = value;
    area.dispatchEvent(new Event('input'));
    area.focus();
  };

  const finding = (which, code, words, label) => {
    const element = make('div', { class: 'finding', 'data-finding': code }, make('p', {}, words));
    const fix = make('button', { class: 'button button--small' }, label);
    fix.addEventListener('click', () => {
      const earlier = area.value;
      write(ask(() => doctor.fix(which)));
      undo.onclick = () => write(earlier);
      place.prepend(done);
    });
    if (label) element.append(fix);
    return element;
  };

  let said = '';
  /** What is said stays as it is while it is true, so that it is read out once. */
  const examine = () => {
    const answer = area.value && ask(doctor.find);
    if (answer === said) return;
    said = answer;
    const texts = answer.split('\0');
    const findings = [];
    for (let at = 0; at + 2 < texts.length; at += 3) findings.push(finding(at / 3, texts[at], texts[at + 1], texts[at + 2]));
    place.replaceChildren(...findings);
  };

  /** What is typed is left alone, unless it may mend what was found: half a word always looks wrong. */
  const look = (way = '') => {
    // What stood there before a fix is remembered until here.
    undo.onclick = null;
    done.remove();
    if (said || WHOLE.includes(way)) examine();
  };

  area.addEventListener('input', (event) => look(/** @type {InputEvent} */ (event).inputType));
  if (WHOLE.some((way) => ways.has(way))) look();
}
