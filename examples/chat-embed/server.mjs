/**
 * Somebody else's chat, whose agent needs a key of the person it talks to. See README.md.
 *
 *     node server.mjs
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

import { Agent } from './agent.mjs';
import { Conversation } from './conversation.mjs';
import { HOST, ORIGIN, PLATFORM_KEY, PORT, STRONGROOM_PUBLIC_URL, X_API_URL } from './settings.mjs';
import { fieldToken } from './strongroom.mjs';

/** All that a page needs to show the field: the widget's script, and its frame. */
const POLICY = [
  "default-src 'none'",
  `script-src 'self' ${STRONGROOM_PUBLIC_URL}/embed/`,
  `frame-src ${STRONGROOM_PUBLIC_URL}`,
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
const TYPES = { html: 'text/html', css: 'text/css', js: 'text/javascript' };

/** Who talks to the agent, by id. */
const people = new Map();
const api = X_API_URL ?? (await startStandIn());

/** Your chat knows who is there by its session. This one believes the address: `?user=ada`. */
function personOf(url) {
  const id = url.searchParams.get('user') ?? 'ada';
  if (!/^[a-z]{1,20}$/.test(id)) return undefined;
  if (!people.has(id)) {
    const conversation = new Conversation();
    const user = { id, label: `${id}@example.com` };
    people.set(id, { user, conversation, agent: new Agent(user, conversation, api) });
  }
  return people.get(id);
}

async function answer(request, response) {
  const url = new URL(request.url, ORIGIN);
  const person = personOf(url);
  const [, place, id = '', part = ''] = url.pathname.split('/');
  const call = `${request.method} /${place}${id && '/ID'}${part && `/${part}`}`;
  // Without it, any page that is open in the same browser could write to the agent, or void a field's token.
  const elsewhere = !['same-origin', undefined].includes(request.headers['sec-fetch-site']);
  if (!person || (request.method !== 'GET' && elsewhere)) return refuse(response, 403, 'Not from there.');
  const { user, conversation, agent } = person;

  if (call === 'GET /') return page(response, 'index.html', { user: user.id, label: user.label });
  if (call === 'GET /chat.css' || call === 'GET /chat.js') return page(response, place, {});
  if (call === 'GET /events') return conversation.watch(response);
  if (call === 'POST /messages') {
    const { text } = await json(request);
    if (typeof text !== 'string' || !text.trim() || text.length > 2000) return refuse(response, 422, 'Write something.');
    conversation.add('person', 'text', { text: text.trim() });
    // Not waited for: it may take until the person has found their key.
    void agent.hear(text);
    return send(response, 202, {});
  }
  // Only who was asked gets further. Strongroom would refuse the others, too: it knows whose request it is.
  if (!conversation.has(id)) return refuse(response, 404, 'There is nothing here for you.');
  // The request's own page, which its link leads to.
  if (call === 'GET /requests/ID') return page(response, 'request.html', { user: user.id, id });
  // What the widget calls when its frame needs a token.
  if (call === 'POST /requests/ID/field-token') return send(response, 200, { token: await fieldToken(user, id) });
  refuse(response, 404, 'There is nothing here.');
}

/** A file of the page, with `{{name}}` filled in. None of what is filled in has a character that means something in HTML. */
async function page(response, name, parts) {
  const text = await readFile(join(import.meta.dirname, 'public', name), 'utf8');
  const values = { strongroom: STRONGROOM_PUBLIC_URL, ...parts };
  const filled = text.replace(/\{\{(\w+)\}\}/g, (_, part) => values[part]);
  response.writeHead(200, {
    'content-type': `${TYPES[name.split('.').pop()]}; charset=utf-8`,
    'content-security-policy': POLICY,
    'cache-control': 'no-store',
  });
  response.end(filled);
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function refuse(response, status, detail) {
  send(response, status, { status, detail });
}

async function startStandIn() {
  const [address] = await once(fork(join(import.meta.dirname, 'stand-in.mjs')), 'message');
  return address;
}

if (!PLATFORM_KEY) {
  console.error('Set STRONGROOM_PLATFORM_KEY to what `strongroom-server platform add` printed. README.md says how.');
  process.exit(2);
}
const server = createServer((request, response) => {
  answer(request, response).catch((error) => refuse(response, error.status ?? 500, error.message));
});
// This machine alone. `localhost` names are for browsers; the address is for everybody else.
server.listen(PORT, '127.0.0.1', () => console.log(`Acme Chat is ready at http://${HOST}:${PORT}`));
