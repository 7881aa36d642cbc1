/** What the environment says, and what it means where it says nothing. */

const { env } = process;

/** Where this back end reaches Strongroom. */
export const STRONGROOM_URL = (env.STRONGROOM_URL ?? 'http://127.0.0.1:3000').replace(/\/$/, '');
/** Where browsers reach it, if that is another address: the widget is loaded from there, and frames it. */
export const STRONGROOM_PUBLIC_URL = (env.STRONGROOM_PUBLIC_URL ?? STRONGROOM_URL).replace(/\/$/, '');
/** What `strongroom-server platform add` printed. It reaches the secrets of every user of this chat: it stays here. */
export const PLATFORM_KEY = env.STRONGROOM_PLATFORM_KEY ?? '';

export const PORT = Number(env.PORT ?? 4000);
/** The name in this chat's address. Browsers know that what ends in `.localhost` is this machine. */
export const HOST = env.HOST ?? 'chat.localhost';
export const ORIGIN = `http://${HOST}:${PORT}`;

/** How long a person has for an answer. */
export const REQUEST_SECONDS = Number(env.REQUEST_SECONDS ?? 900);
/** What runs the agent's programs. */
export const PYTHON = env.AGENT_PYTHON ?? 'python3';
/** The API that they call. A stand-in is started where none is named: https://api.x.com is the real one. */
export const X_API_URL = env.X_API_URL;
