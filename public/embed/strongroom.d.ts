/**
 * Types of `strongroom.js`, which defines `<strongroom-field>`: a field for a secret that Strongroom asks for, inside a
 * page of yours that cannot read it.
 *
 * @example
 * const field = document.createElement('strongroom-field');
 * field.setAttribute('request', request.id);
 * field.getToken = async () => (await (await fetch(`/chat/field-token/${request.id}`, { method: 'POST' })).json()).token;
 * field.addEventListener('stored', ({ detail }) => console.log(detail.names));
 * chat.append(field);
 */

/** What every event says. No event ever carries a value. */
export interface StrongroomFieldDetail {
  /** The request that the field is for. */
  readonly request: string;
}

/** What became of the request. */
export interface StrongroomFieldEnding extends StrongroomFieldDetail {
  /** For `stored`, the names that the agent now has, saved or kept (none where no more is known than that it was stored); otherwise all that were asked for, as far as known. */
  readonly names: readonly string[];
}

export interface StrongroomFieldResize extends StrongroomFieldDetail {
  /** Of the frame, in CSS pixels. The element has taken it already. */
  readonly height: number;
}

export interface StrongroomFieldError extends StrongroomFieldDetail {
  /**
   * - `token`: none came, or Strongroom refused it twice. The request may have ended.
   * - `load`: the form could not be opened, or the frame did not load and the link stands in its place.
   * - `offline`: Strongroom did not answer the frame.
   *
   * The person can try again in each case.
   */
  readonly code: 'token' | 'load' | 'offline';
}

/** All bubble, and leave shadow trees. */
export interface StrongroomFieldEventMap {
  /** The frame runs, and is about to be given a token. */
  ready: CustomEvent<StrongroomFieldDetail>;
  resize: CustomEvent<StrongroomFieldResize>;
  stored: CustomEvent<StrongroomFieldEnding>;
  skipped: CustomEvent<StrongroomFieldEnding>;
  expired: CustomEvent<StrongroomFieldEnding>;
  cancelled: CustomEvent<StrongroomFieldEnding>;
  error: CustomEvent<StrongroomFieldError>;
}

/** The attributes, for frameworks that type their elements. */
export interface StrongroomFieldAttributes {
  /** The id of the request. Another one opens another field. */
  request: string;
  /** Where a POST answers `{"token": "sr_fld_…"}`, for pages that set no `getToken`. Never the token itself. */
  'token-url'?: string;
  /** Without it, `auto`: as the reader prefers. */
  'color-scheme'?: 'light' | 'dark' | 'auto';
  /** Of the main button, and of links and focus where it can be read: `#rrggbb`. */
  accent?: `#${string}`;
  /** Of the corners, 0 to 24 pixels. */
  radius?: number | `${number}`;
  /** 13 to 20 pixels. */
  'font-size'?: number | `${number}`;
}

export class StrongroomField extends HTMLElement {
  /**
   * Fetches a field token (`sr_fld_…`) from your own back end, which gets it from Strongroom. Called as soon as the field
   * is in the page, and again when the token is refused, so it must fetch a new one each time. Wins over `token-url`.
   */
  getToken: (() => Promise<string>) | undefined;

  addEventListener<K extends keyof StrongroomFieldEventMap>(
    type: K,
    listener: (this: StrongroomField, event: StrongroomFieldEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: StrongroomField, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof StrongroomFieldEventMap>(
    type: K,
    listener: (this: StrongroomField, event: StrongroomFieldEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: StrongroomField, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'strongroom-field': StrongroomField;
  }

  /** For listening further out, where the events bubble to. `resize` and `error` have the browser's types there. */
  interface HTMLElementEventMap {
    ready: StrongroomFieldEventMap['ready'];
    stored: StrongroomFieldEventMap['stored'];
    skipped: StrongroomFieldEventMap['skipped'];
    expired: StrongroomFieldEventMap['expired'];
    cancelled: StrongroomFieldEventMap['cancelled'];
  }
}
