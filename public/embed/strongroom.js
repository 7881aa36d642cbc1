// @ts-check
/** `<strongroom-field>`: a frame on Strongroom's origin, which the page can neither read nor fill. No value comes here. */

/** Where this script came from; nothing in the page points the field elsewhere. */
const STRONGROOM = new URL(import.meta.url).origin;
/** For `ready`, in ms: a page that may not show the frame gets no other sign. */
const PATIENCE = 4000;
const THEME = ['color-scheme', 'accent', 'radius', 'font-size'];
const ENDINGS = ['stored', 'skipped', 'expired', 'cancelled'];
const CODES = ['token', 'load', 'offline'];

const sheet = new CSSStyleSheet();
// The frame is see-through only while its scheme is the one that it shows.
sheet.replaceSync(`
  :host { display: block; }
  :host([hidden]), [hidden] { display: none; }
  iframe { display: block; width: 100%; height: 8rem; border: 0; color-scheme: light dark; }
  :host([color-scheme="light"]) iframe { color-scheme: light; }
  :host([color-scheme="dark"]) iframe { color-scheme: dark; }
`);

export class StrongroomField extends HTMLElement {
  static observedAttributes = ['request', 'token-url', ...THEME];

  #request = '';
  /** @type {HTMLIFrameElement | null} */
  #frame = null;
  #link = document.createElement('div');
  #timer = 0;
  #ready = false;
  /** The frame waits, and the page has not said yet how to get a token. */
  #wanting = false;
  /** @type {(() => Promise<string>) | undefined} */
  #getToken;
  /** The first token, asked for while the frame is on its way: nobody waits for one after the other. */
  /** @type {Promise<string> | undefined} */
  #early;

  constructor() {
    super();
    this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
  }

  get getToken() {
    return this.#getToken;
  }

  set getToken(getToken) {
    this.#getToken = getToken;
    if (this.#wanting) this.#supply();
  }

  connectedCallback() {
    // Set before this script ran, the property would hide the accessor.
    if (Object.hasOwn(this, 'getToken')) {
      const { getToken } = this;
      Reflect.deleteProperty(this, 'getToken');
      this.getToken = getToken;
    }
    // Already there if the element stood in the page before this script ran.
    if (!this.#frame) this.#mount();
  }

  disconnectedCallback() {
    this.#unmount();
  }

  /** Moved by `moveBefore`, the frame lives on, with what was typed. */
  connectedMoveCallback() {}

  attributeChangedCallback(name) {
    if (name === 'request' && this.isConnected) {
      this.#unmount();
      this.#mount();
    } else if (this.#wanting) {
      this.#supply();
    } else if (this.#ready) {
      this.#dress();
    }
  }

  #mount() {
    this.#request = this.getAttribute('request') ?? '';
    if (!this.#request) return;
    addEventListener('message', this.#hear);
    const frame = document.createElement('iframe');
    frame.title = 'Secure field of Strongroom';
    // Where the field stands is the page's own business.
    frame.referrerPolicy = 'no-referrer';
    frame.src = this.#address('embed/field');
    this.#frame = frame;
    this.shadowRoot?.append(frame);
    this.#timer = window.setTimeout(() => this.#fallBack(frame), PATIENCE);
    if (this.#canAsk()) this.#early = this.#ask();
  }

  #unmount() {
    removeEventListener('message', this.#hear);
    clearTimeout(this.#timer);
    this.#ready = this.#wanting = false;
    this.#frame = null;
    this.#early = undefined;
    this.shadowRoot?.replaceChildren();
  }

  #hear = ({ data, origin, source }) => {
    // Origin and window: no other frame of the page, and no other field in it, speaks for this one.
    if (origin !== STRONGROOM || !this.#frame || source !== this.#frame.contentWindow) return;
    if (data?.strongroom !== 1 || data.request !== this.#request) return;
    const { type, names, height, code } = data;
    if (type === 'ready') {
      clearTimeout(this.#timer);
      this.#link.remove();
      this.#frame.hidden = false;
      this.#ready = true;
      this.#dress();
      this.#tell(type);
      this.#supply();
    } else if (type === 'token-needed') {
      this.#supply();
    } else if (type === 'resize' && Number.isFinite(height)) {
      this.#frame.style.height = `${height}px`;
      this.#tell(type, { height });
    } else if (ENDINGS.includes(type) && Array.isArray(names) && names.every((name) => typeof name === 'string')) {
      // Made anew from what was checked: nothing else in a message reaches the page.
      this.#tell(type, { names: [...names] });
    } else if (type === 'error' && CODES.includes(code)) {
      this.#tell(type, { code });
    }
  };

  /** An empty token says that there is none, and comes back as an `error`. */
  async #supply() {
    const frame = this.#frame;
    this.#wanting = !this.#canAsk();
    if (this.#wanting) return;
    const asked = this.#early ?? this.#ask();
    this.#early = undefined;
    const token = await asked;
    // Mounted anew meanwhile, it has asked for a token of its own.
    if (frame === this.#frame) this.#post('token', { token });
  }

  #canAsk() {
    return !!(this.#getToken || this.getAttribute('token-url'));
  }

  async #ask() {
    try {
      const token = this.#getToken
        ? await this.#getToken()
        : (await (await fetch(this.getAttribute('token-url') ?? '', { method: 'POST', credentials: 'same-origin' })).json()).token;
      if (typeof token === 'string') return token;
    } catch (error) {
      console.warn('strongroom-field: no token', error);
    }
    return '';
  }

  #dress() {
    const theme = Object.fromEntries(THEME.map((name) => [name, this.getAttribute(name)]));
    this.#post('theme', { theme });
  }

  /** To the exact origin: if the frame shows another, the browser drops the token. */
  #post(type, more) {
    this.#frame?.contentWindow?.postMessage({ ...more, strongroom: 1, request: this.#request, type }, STRONGROOM);
  }

  #tell(type, more = {}) {
    const detail = { request: this.#request, ...more };
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
  }

  /** Shows the link. The frame is kept: its `ready` may only be late. */
  #fallBack(frame) {
    frame.hidden = true;
    const link = document.createElement('a');
    link.href = this.#address('r');
    link.target = '_blank';
    link.rel = 'noopener';
    link.textContent = 'Open it in a new tab';
    this.#link.replaceChildren('The secure field does not open here. ', link);
    this.shadowRoot?.append(this.#link);
    this.#tell('error', { code: 'load' });
  }

  #address(path) {
    return `${STRONGROOM}/${path}/${encodeURIComponent(this.#request)}`;
  }
}

// Loaded twice, under two names, the first stays.
if (!customElements.get('strongroom-field')) customElements.define('strongroom-field', StrongroomField);
