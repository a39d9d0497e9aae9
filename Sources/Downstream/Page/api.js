// The admin API (docs/admin-api.md) as this page uses it.

const root = new URL('api/v1/', document.baseURI);
const tokenKey = 'mcp-gateway-token';

/** What the API refused, with what to do about it. */
export class Refusal extends Error {
  constructor(status, error, hint) {
    super(hint ? `${error}: ${hint}` : error);
    this.status = status;
  }
}

export const token = {
  get: () => sessionStorage.getItem(tokenKey),
  set: (value) => value ? sessionStorage.setItem(tokenKey, value) : sessionStorage.removeItem(tokenKey),
};

export const serverPath = (name, ...rest) => ['servers', encodeURIComponent(name), ...rest].join('/');

/** A text as a header field carries it: each byte of its UTF-8 a character. */
const bytes = (text) => String.fromCharCode(...new TextEncoder().encode(text));

async function request(path, options = {}) {
  const headers = { accept: 'application/json', ...options.headers };
  if (token.get()) headers.authorization = `Bearer ${bytes(token.get())}`;
  const response = await fetch(new URL(path, root), { cache: 'no-store', ...options, headers });
  if (response.ok) return response;
  const text = await response.text();
  let body = {};
  try { body = JSON.parse(text); } catch { /* a proxy between may answer with anything */ }
  const mistakes = body.mistakes?.map((mistake) => typeof mistake === 'string' ? mistake : JSON.stringify(mistake));
  throw new Refusal(response.status, body.error ?? mistakes?.join('\n') ?? `HTTP ${response.status}`, body.hint);
}

export const get = async (path) => (await request(path)).json();

export const post = async (path) => (await request(path, { method: 'POST' })).json();

/** Posts JSON text, and returns the answer's text: numbers stay as they are spelled. */
export async function postText(path, json, signal) {
  const options = { method: 'POST', body: json, headers: { 'content-type': 'application/json' }, signal };
  return (await request(path, options)).text();
}

/**
 * Reads a stream of events until `signal` aborts, and opens it again when it breaks. EventSource cannot send a token.
 * `onEvent(name, data)` is called for each; `onState('live' | 'lost', error)` whenever that changes.
 */
export async function follow(path, onEvent, onState, signal) {
  for (let delay = 1000; !signal.aborted; delay = Math.min(delay * 2, 15000)) {
    try {
      const response = await request(path, { headers: { accept: 'text/event-stream' }, signal });
      onState('live');
      delay = 500;
      await readEvents(response.body, onEvent);
      onState('lost', new Error('the stream has ended'));
    } catch (error) {
      if (signal.aborted) return;
      onState('lost', error);
      if (error instanceof Refusal && error.status < 500) return;
    }
    await pause(delay, signal);
  }
}

async function readEvents(body, onEvent) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      let name = 'message';
      let data = '';
      for (const line of block.split('\n')) {
        if (line.startsWith('event: ')) name = line.slice(7);
        if (line.startsWith('data: ')) data += line.slice(6);
      }
      if (data) onEvent(name, JSON.parse(data));
    }
  }
}

function pause(delay, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delay);
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
