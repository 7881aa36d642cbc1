/**
 * The agent: a script with one trick, where yours has a model. What matters is what it can see: names, what became of a
 * request, and what a program printed after its secrets were taken out. Never a value.
 */
import { run } from './sandbox.mjs';
import * as strongroom from './strongroom.mjs';

/** What the agent knows of the keys that it may need: shown in the field. */
const KNOWN = {
  X_BEARER_TOKEN: {
    description: 'X/Twitter API Bearer Token for search and mentions',
    obtain_url: 'https://developer.x.com/',
  },
};

const HINT = 'I am a script with one trick. Try: “Search X for recent mentions using my X_BEARER_TOKEN secret”.';
const ENDED = {
  skipped: 'All right, without it then. I did not search.',
  expired: 'Nobody answered, so I stopped waiting. Ask again whenever you like.',
  cancelled: 'All right, I have taken it back. Nothing was stored.',
};

export class Agent {
  #user;
  #conversation;
  #api;
  /** The request that it waits for. */
  #asked;

  constructor(user, conversation, api) {
    this.#user = user;
    this.#conversation = conversation;
    this.#api = api;
  }

  /** Answers one message. What goes wrong is said in the conversation. */
  async hear(text) {
    try {
      if (this.#asked) return await this.#hearWhileWaiting(text);
      const names = [...new Set(text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? [])];
      if (names.length === 0) return this.#say(HINT);
      const query = /\bfor (.+?) using\b/i.exec(text)?.[1] ?? 'recent mentions';
      await this.#search(names, query);
    } catch (error) {
      // The message alone: Strongroom writes it for people, and it never holds a value.
      this.#say(`That did not work: ${error.message}`);
    }
  }

  async #search(names, query) {
    this.#say(`I search X for “${query}”.`);
    let done = await this.#tryIt(names, query);
    if (done.missing) {
      const status = await this.#ask(done.missing, `To search X for ${query}, as you asked.`);
      if (status !== 'stored') return this.#say(ENDED[status]);
      this.#say('Thank you. I have it in my sandbox now, and cannot see it from here.');
      done = await this.#tryIt(names, query);
    }
    if (done.missing) return this.#say(`I cannot do it without ${done.missing.join(', ')}.`);
    this.#conversation.add('agent', 'output', { text: done.output });
    this.#say(done.code === 0 ? 'That is what people say.' : 'My program failed; its last words are above.');
  }

  /** Runs the program in a sandbox of its own. */
  async #tryIt(names, query) {
    const sandbox = await strongroom.openSandbox(this.#user, names);
    try {
      return await run(sandbox.token, names, ['search.py', this.#api, names[0], query]);
    } finally {
      await strongroom.closeSandbox(this.#user, sandbox.id);
    }
  }

  /** Shows the field in the conversation, and waits for what becomes of it. */
  async #ask(names, reason) {
    const secrets = names.map((name) => ({ name, ...KNOWN[name] }));
    const { id } = await strongroom.ask(this.#user, secrets, reason);
    this.#asked = id;
    this.#say(`I need ${names.join(' and ')} for that. The field below is Strongroom’s: what you type goes there, not to me.`);
    const change = this.#conversation.add('agent', 'field', { request: id, names, status: 'pending' });
    try {
      const { status } = await strongroom.outcome(this.#user, id);
      change({ status });
      return status;
    } finally {
      this.#asked = undefined;
    }
  }

  async #hearWhileWaiting(text) {
    if (/^\s*(never mind|cancel|stop)\b/i.test(text)) return strongroom.cancel(this.#user, this.#asked);
    this.#say('I am waiting for the field above. Write “never mind” and I take it back.');
  }

  #say(text) {
    this.#conversation.add('agent', 'text', { text });
  }
}
