/**
 * Stands for the X API, so that the example runs without an account there. A process of its own, because X is somebody else:
 * it is sent the token, and the chat is not.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const MENTIONS = [
  'Moved our keys out of the chat and into a strongroom. Slept well.',
  'Asked the agent what my API key is. It does not know. Lovely.',
  'Is there a way to give an agent a token without giving it a token? Apparently, yes.',
];

const server = createServer((request, response) => {
  const token = /^Bearer (\S{8,})$/.exec(request.headers.authorization ?? '')?.[1];
  const url = new URL(request.url, 'http://x.localhost');
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (url.pathname !== '/2/tweets/search/recent') return answer(404, { title: 'Not Found' });
  // Every token will do that looks like one; the fingerprint tells which it was.
  if (token === undefined) return answer(401, { title: 'Unauthorized' });
  const fingerprint = createHash('sha256').update(token).digest('hex').slice(0, 12);
  const data = MENTIONS.map((text, index) => ({ id: String(index + 1), text }));
  answer(200, { data, meta: { result_count: data.length, token_fingerprint: fingerprint } });
});

server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${server.address().port}`));
// Lives as long as the chat does.
process.on('disconnect', () => process.exit());
