/** The page of the chat: shows the conversation, sends what is written. It does not touch what is typed into the field. */

const user = document.documentElement.dataset.user;
const conversation = document.getElementById('conversation');
const welcome = document.getElementById('welcome');
const composer = document.getElementById('composer');
const text = document.getElementById('text');

/** What became of a request that was not answered in this page; otherwise the field itself says it. */
const ENDED = {
  stored: 'was answered elsewhere.',
  skipped: 'was skipped.',
  expired: 'was not given: the request expired.',
  cancelled: 'was not given: the request was taken back.',
};

new EventSource(`/events?user=${user}`).addEventListener('message', ({ data }) => show(JSON.parse(data)));

composer.addEventListener('submit', (event) => {
  event.preventDefault();
  send(text.value);
  text.value = '';
});
document.getElementById('example').addEventListener('click', ({ target }) => {
  send(target.textContent);
  text.focus();
});

async function send(message) {
  if (!message.trim()) return;
  await fetch(`/messages?user=${user}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: message }),
  });
}

/** Adds what is new. What stands there already is left alone: a field may have something typed in it. */
function show(messages) {
  welcome.hidden = messages.length > 0;
  for (const message of messages) {
    const standing = document.getElementById(message.id);
    if (!standing) {
      conversation.append(shown(message));
      conversation.lastElementChild.scrollIntoView({ block: 'end' });
    } else if (message.kind === 'field' && message.status !== 'pending') {
      // What happens in the field it says itself, a moment later. What happened elsewhere it may not know.
      setTimeout(() => replaceUnlessEnded(standing, message), 4000);
    }
  }
}

function replaceUnlessEnded(element, message) {
  const field = element.querySelector('strongroom-field:not([data-ended])');
  field?.replaceWith(content('field', message));
}

function shown({ id, from, kind, ...message }) {
  const element = document.createElement('article');
  element.id = id;
  element.className = `message message--${from} message--${kind}`;
  const author = document.createElement('h2');
  author.className = 'unseen';
  author.textContent = from === 'agent' ? 'The agent' : 'You';
  element.append(author, content(kind, message));
  return element;
}

function content(kind, { text, request, names, status }) {
  if (kind === 'field' && status === 'pending') {
    const field = document.createElement('strongroom-field');
    field.setAttribute('request', request);
    // Only the address: the token itself never stands in the page.
    field.setAttribute('token-url', `/requests/${request}/field-token?user=${user}`);
    field.setAttribute('accent', '#5b3fd6');
    for (const ending of Object.keys(ENDED)) field.addEventListener(ending, () => field.setAttribute('data-ended', ending));
    // The frame grows to what it holds, and may not leave the window while it opens.
    const opening = { signal: AbortSignal.timeout(3000) };
    field.addEventListener('resize', () => field.scrollIntoView({ block: 'nearest' }), opening);
    return field;
  }
  const element = document.createElement(kind === 'output' ? 'pre' : 'p');
  element.textContent = kind === 'field' ? `${names.join(', ')} ${ENDED[status]}` : text;
  // It may be wider than the page; whoever uses the keyboard has to get at the rest.
  if (kind === 'output') element.tabIndex = 0;
  return element;
}
