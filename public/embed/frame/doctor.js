// @ts-check
/**
 * The paste doctor in the frame: says what looks wrong with a value that was pasted, and mends it when asked to. Loaded once
 * somebody is in a value's field; without it the field works all the same. The rules are those of the Secrets page, as a WASM.
 */

import { make } from './card.js';
import init, { look, mend } from './examiner.js';

const wasm = fetch(new URL('examiner.wasm', import.meta.url), { credentials: 'omit' });
const ready = init({ module_or_path: wasm });

/**
 * Attends to one field. What was typed before it came counts as pasted.
 * @param {string} name @param {HTMLTextAreaElement} area @param {HTMLElement} place
 */
export async function attend(name, area, place) {
  await ready;
  let pasted = !!area.value;
  const button = (words, act) => {
    const made = make('button', { class: 'button button--small' }, words);
    made.addEventListener('click', act);
    return made;
  };

  const write = (value) => {
    area.value = value;
    // Counted anew by whoever counts; the event says that nobody typed.
    area.dispatchEvent(new CustomEvent('input', { detail: 'mended' }));
    area.focus();
  };
  const examine = (...before) => {
    const lines = area.value && look(name, area.value);
    const findings = lines ? lines.split('\n').map((line) => finding(...line.split('\t'))) : [];
    if (before.length || findings.length || place.firstChild) place.replaceChildren(...before, ...findings);
  };
  const finding = (code, words, fix) => {
    const mended = () => {
      const earlier = area.value;
      write(mend(name, earlier, code));
      const undo = button('Undo', () => {
        write(earlier);
        examine();
      });
      examine(make('p', { class: 'finding finding--fixed' }, 'Done. ', undo));
    };
    return make('div', { class: 'finding', 'data-finding': code }, make('p', {}, words), ...(fix ? [button(fix, mended)] : []));
  };

  area.addEventListener('input', (event) => {
    if (event instanceof CustomEvent) return;
    const { inputType = '' } = /** @type {InputEvent} */ (event);
    const whole = ['insertFromPaste', 'insertFromDrop', ''].includes(inputType);
    // Half a word always looks wrong: what is typed is left alone, unless something was found that may be mended by now.
    pasted = whole || (pasted && !!area.value);
    if (whole || place.querySelector('[data-finding]')) examine();
    else place.replaceChildren();
  });
  if (pasted) examine();
}
