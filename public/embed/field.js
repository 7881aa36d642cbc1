// @ts-check
/** The secure field: gets a token from the page around its frame, shows the form, sends the answer to Strongroom. */
/** @import { Asked } from './frame/types.js' */

import { brand, make, outcome } from './frame/card.js';
import { form } from './frame/form.js';

/** For any answer, in ms. */
const PATIENCE = 15_000;
const REFUSED = { status: 401, data: {}, ahead: 0 };

const root = document.documentElement;
const { request = '', origins = '[]' } = root.dataset;
/** Not every browser says which page is around. */
const above = location.ancestorOrigins?.[0];
/** The platform's origins; the one around, once it is known. */
let targets = JSON.parse(origins).filter((one) => !above || one === above);

/** In memory only. */
let token = '';
/** Takes the token that is waited for; one that nobody waits for changes nothing. */
let take = (_token) => {};
/** @type {ReturnType<typeof form> | undefined} */
let open;
/** @type {Asked[]} */
let secrets = [];
/** By this computer's clock. */
let expires = Infinity;
let busy = false;
/** Whether an answer was sent of which it is not known whether it arrived. */
let unsure = false;
/** The form's style, on its way while the token is. */
const styled = new Promise((resolve) => {
  const link = make('link', { rel: 'stylesheet', href: '/embed/frame/form.css' });
  link.onload = link.onerror = resolve;
  document.head.append(link);
});

// At top level, or in another's page, nobody could say who asks.
if (window.parent !== window && targets.length) {
  addEventListener('message', hear);
  new ResizeObserver(() => say('resize', { height: Math.ceil(root.getBoundingClientRect().height) })).observe(root);
  setInterval(watch, 1000);
  load('ready');
} else {
  show(note('This field only works inside the chat that it belongs to.'));
}

/** The browser lets no other origin hear it, and no message has room for a value. */
function say(type, more = {}) {
  for (const target of targets) window.parent.postMessage({ ...more, strongroom: 1, request, type }, target);
}

function hear({ data, origin, source }) {
  // A frame beside this one has another window; a page that took the right one's place, another origin.
  if (source !== window.parent || !targets.includes(origin)) return;
  if (data?.strongroom !== 1 || data.request !== request) return;
  const { type, token, theme } = data;
  if (type === 'token' && typeof token === 'string' && /^(sr_fld_\w{1,200})?$/.test(token)) {
    // The page that brings the token is the one that asks.
    targets = [origin];
    take(token);
  } else if (type === 'theme' && typeof theme === 'object' && theme) {
    dress(theme);
  }
}

/** These four, each only in its shape: no theme can hide a word. */
function dress(theme) {
  const given = (name, shape) => shape.exec(String(theme[name]))?.[0] ?? '';
  const accent = given('accent', /^#[\da-f]{6}$/i);
  root.toggleAttribute('data-accent', !!accent);
  root.dataset.scheme = given('color-scheme', /^(light|dark)$/);
  root.style.setProperty('--chosen', accent);
  root.style.setProperty('--radius', given('radius', /^(1?\d|2[0-4])$/));
  root.style.setProperty('--size', given('font-size', /^(1[3-9]|20)$/));
}

/**
 * The one way out for a value: in the body of a call to this origin. Not in an address, which is logged, not with a cookie,
 * not to where a redirection sends it; and no error of it goes to the console.
 */
async function call(answers) {
  try {
    const reply = await fetch(`/api/v1/requests/${encodeURIComponent(request)}/field`, {
      method: answers ? 'POST' : 'GET',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: answers ? JSON.stringify({ answers }) : null,
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    });
    const ahead = Date.parse(reply.headers.get('Date') ?? '') - Date.now() || 0;
    return { status: reply.status, data: await reply.json(), ahead };
  } catch {
    return { ...REFUSED, status: 0 };
  }
}

/** Asks the page around for a token; `''` says that it has none. */
function ask(type) {
  return new Promise((resolve) => {
    take = resolve;
    say(type);
  });
}

/** Once more with a new token. */
async function authorised(answers = /** @type {object[] | null} */ (null)) {
  const reply = await call(answers);
  if (reply.status !== 401) return reply;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, ''));
  token = await Promise.race([ask('token-needed'), late]);
  // An answer is only sent while somebody waits for it.
  take = () => {};
  return token ? call(answers) : reply;
}

async function load(type) {
  show(make('p', { class: 'opening' }, 'Opening the secure field…'));
  // A token that comes later still opens the form.
  const impatient = setTimeout(refuse, PATIENCE, REFUSED);
  token ||= await ask(type);
  clearTimeout(impatient);
  const reply = token ? await authorised() : REFUSED;
  if (reply.status !== 200) return refuse(reply);
  const { request, account } = reply.data;
  secrets = request.secrets;
  if (request.status !== 'pending') return end(request.status);
  // A form that cannot say whose account it writes to is not shown.
  if (!account) return fail('load', 'This field cannot say whose account it is for.');
  expires = request.expires_at - reply.ahead;
  await styled;
  open = form(reply.data, targets[0], submit);
  show(open.element);
  watch();
}

/** Sends the answer. The form stays as it is until that has arrived: no refusal loses anything. */
async function submit(saving) {
  if (!open || busy || (saving && !open.check())) return;
  busy = true;
  open.busy(true);
  const reply = await authorised(open.answers(saving));
  open.busy(false);
  const { status, data } = reply;
  unsure = status === 0;
  if (status === 200) {
    secrets = data.secrets;
    end(data.status);
  } else if (status === 412 || (status === 409 && !data.request_status)) {
    await reread();
  } else if (status === 422 && data.errors?.length) {
    // About a name: what is stored under it is not what is shown.
    if (data.errors.some(({ field }) => secrets.some(({ name }) => name === field))) await reread();
    open?.complain(data.errors);
  } else {
    refuse(reply);
  }
  busy = false;
  watch();
}

async function reread() {
  const reply = await authorised();
  if (reply.status !== 200) return refuse(reply);
  const { request, stored } = reply.data;
  if (request.status !== 'pending') return end(request.status);
  const names = open?.update(stored).join(', ') || 'A secret';
  tell(`${names} changed meanwhile. What you typed is still here: look at it once more, then choose Save.`);
}

function refuse({ status, data }) {
  if (data.request_status) end(data.request_status);
  else if (status === 401) fail('token', 'The chat got no access to this request. It may have ended.');
  else if (status === 0) fail('offline', 'No answer came from Strongroom.');
  else fail('load', data.detail ?? 'Strongroom could not do this now.');
}

function fail(code, words) {
  if (open) {
    tell(`${words} What you typed is still here: choose Save to try again.`);
  } else {
    const again = make('button', { class: 'button' }, 'Try again');
    again.addEventListener('click', () => load('token-needed'));
    show(note(words, again));
  }
  say('error', { code });
}

function tell(message) {
  open?.complain([{ field: '', message }]);
}

/** Values and token go at once; what is left of the form has neither. */
function end(ending) {
  open?.forget();
  open = undefined;
  token = '';
  expires = Infinity;
  const lines = outcome(ending, secrets);
  const focused = document.hasFocus();
  show(lines);
  if (focused) lines.focus();
  const meant = secrets.filter(({ outcome }) => ending !== 'stored' || outcome === 'stored' || outcome === 'kept');
  say(ending, { names: meant.map(({ name }) => name) });
}

/** An answer that is under way decides by itself. */
function watch() {
  const left = expires - Date.now();
  if (left > 0) open?.remind(left);
  else if (unsure && !busy) settle();
  else if (!busy) end('expired');
}

/** The time is up, and whether the last answer arrived is not known: Strongroom is. */
async function settle() {
  busy = true;
  await reread();
  busy = false;
}

function note(words, ...more) {
  return make('div', { class: 'card' }, brand(), make('div', { class: 'quiet', role: 'status' }, words, ...more));
}

function show(element) {
  const main = document.getElementById('field');
  main?.replaceChildren(element);
  main?.setAttribute('aria-busy', String(element.className === 'opening'));
}
