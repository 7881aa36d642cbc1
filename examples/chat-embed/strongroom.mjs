/**
 * What a back end says to Strongroom: a sandbox session, a request, what became of it. Every call is for one of the chat's
 * own users, whom Strongroom knows by the id that is sent along. No answer here has a value in it.
 */
import { PLATFORM_KEY, REQUEST_SECONDS, STRONGROOM_URL } from './settings.mjs';

/** Opens a session for a sandbox. It gets these names and no others, whether they are stored yet or not. */
export async function openSandbox(user, names) {
  return call(user, 'POST', '/api/v1/sandboxes', {
    label: 'Acme Chat’s agent',
    ttl_seconds: 120,
    names,
    user_label: user.label,
  });
}

/** Ends it: its token stops at once. */
export async function closeSandbox(user, id) {
  await call(user, 'DELETE', `/api/v1/sandboxes/${id}`);
}

/** Asks the person. `user_label` is what the field shows as the account; without it there is no field. */
export async function ask(user, secrets, reason) {
  return call(user, 'POST', '/api/v1/requests', {
    secrets,
    reason,
    requested_by: 'Acme’s research agent',
    ttl_seconds: REQUEST_SECONDS,
    user_label: user.label,
  });
}

/** Waits until the request has ended, however long that takes: one call is held for a minute at most. */
export async function outcome(user, id) {
  for (;;) {
    const request = await call(user, 'GET', `/api/v1/requests/${id}?wait=60`);
    if (request.status !== 'pending') return request;
  }
}

/** Takes the request back. */
export async function cancel(user, id) {
  await call(user, 'DELETE', `/api/v1/requests/${id}`);
}

/** A token with which the frame can answer this one request. An earlier one is void. */
export async function fieldToken(user, id) {
  const { token } = await call(user, 'POST', `/api/v1/requests/${id}/field-token`);
  return token;
}

/** What Strongroom said instead of doing it, in words for people. */
export class Refused extends Error {
  constructor({ title, status, detail }) {
    super(detail ?? title);
    this.status = status;
  }
}

async function call(user, method, path, body) {
  const answer = await fetch(`${STRONGROOM_URL}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${PLATFORM_KEY}`,
      'strongroom-user': user.id,
      'content-type': 'application/json',
    },
    body: body && JSON.stringify(body),
  });
  if (answer.status === 204) return undefined;
  const content = await answer.json();
  if (!answer.ok) throw new Refused(content);
  return content;
}
