// @ts-check
/** Makes elements. Text only ever becomes text nodes: nothing in a request is read as markup. */

/**
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

/** A drawing for 16 by 16. @param {string} kind @param {...string} paths */
export function icon(kind, ...paths) {
  const draw = (tag) => document.createElementNS('http://www.w3.org/2000/svg', tag);
  const drawing = draw('svg');
  drawing.setAttribute('class', kind);
  drawing.setAttribute('viewBox', '0 0 16 16');
  drawing.setAttribute('aria-hidden', 'true');
  for (const d of paths) drawing.appendChild(draw('path')).setAttribute('d', d);
  return drawing;
}

/** Strongroom's name, and its mark: the dots on the dial of a safe, and the one that marks. @param {...Node} beside */
export function brand(...beside) {
  const dots = 'M10.5 5.5h0M11.5 8h0M10.5 10.5h0M8 11.5h0M5.5 10.5h0M4.5 8h0M5.5 5.5h0';
  return make('header', {}, make('b', {}, icon('mark', dots, 'M8 4.5h0'), 'Strongroom'), ...beside);
}
