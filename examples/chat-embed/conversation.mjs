/** One person's conversation with the agent, in memory, and the pages that watch it. */
import { randomUUID } from 'node:crypto';

export class Conversation {
  #messages = [];
  #watchers = new Set();

  /** Adds a message, and gives a function that changes it. */
  add(from, kind, content) {
    const message = { id: randomUUID(), from, kind, ...content };
    this.#messages.push(message);
    this.#tell();
    return (changes) => {
      Object.assign(message, changes);
      this.#tell();
    };
  }

  /** Whether the agent asked for this in here. */
  has(request) {
    return this.#messages.some((message) => message.request === request);
  }

  toJSON() {
    return this.#messages;
  }

  /** Sends the conversation now and after every change, until the page goes away (server-sent events). */
  watch(response) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#send(response);
    this.#watchers.add(response);
    response.on('close', () => this.#watchers.delete(response));
  }

  #tell() {
    for (const watcher of this.#watchers) this.#send(watcher);
  }

  #send(response) {
    response.write(`data: ${JSON.stringify(this)}\n\n`);
  }
}
