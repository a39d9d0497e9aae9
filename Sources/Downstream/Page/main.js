// The page: who it talks to, what it shows, and which orders it gives.

import { follow, get, post, serverPath, token } from './api.js';
import { Drawer } from './drawer.js';
import { duration, setText } from './dom.js';
import { ServerTable } from './table.js';

const find = (id) => document.getElementById(id);
const drawer = new Drawer(find('drawer'));
const table = new ServerTable(find('servers').tBodies[0], (name) => drawer.open(name), order);
let status = null;
let statusSeen = 0;
let stream = new AbortController();
let refresh;

function showStatus(now) {
  status = now;
  statusSeen = performance.now();
  document.title = now.ready ? 'mcp-gateway' : 'mcp-gateway: not ready';
  setText(find('summary'), now.summary);
  find('empty').hidden = now.servers.length > 0;
  find('servers').hidden = now.servers.length === 0;
  table.showAll(now.servers);
  tick();
}

function showReload(reload) {
  if (reload.accepted) {
    const changes = ['started', 'restarted', 'updated', 'stopped'].filter((kind) => reload[kind]?.length)
      .map((kind) => `${kind} ${reload[kind].join(', ')}`);
    notice(`The configuration was read again: ${changes.join('; ') || 'nothing has changed'}.`);
  } else {
    notice(`The configuration has mistakes and was not taken: ${reload.mistakes.length}. The first: ${text(reload.mistakes[0])}`, 'bad');
  }
}

const text = (value) => typeof value === 'string' ? value : JSON.stringify(value);

function notice(words, kind = '') {
  const place = find('notice');
  place.dataset.kind = kind;
  place.hidden = !words;
  setText(place, words);
}

function tick() {
  table.tick();
  if (!status) return;
  const parts = [`version ${status.version}`, `up ${duration(status.uptimeMs + performance.now() - statusSeen)}`,
    `${status.sessions} sessions`];
  if (status.lastReload) {
    const { accepted, at } = status.lastReload;
    parts.push(`${accepted ? 'reloaded' : 'reload refused'} ${new Date(at).toLocaleString()}`);
  }
  setText(find('facts'), parts.join(' · '));
}

async function order(name, what) {
  try {
    table.show(await post(serverPath(name, what)));
    notice('');
  } catch (error) {
    notice(`${name}: ${error.message}`, 'bad');
  }
}

find('reload').addEventListener('click', async () => {
  try {
    showReload(await post('reload'));
  } catch (error) {
    notice(error.message, 'bad');
  }
});

find('identify').addEventListener('click', () => {
  find('token').value = '';
  find('token-dialog').returnValue = '';
  find('token-dialog').showModal();
});

find('token-dialog').addEventListener('close', () => {
  const choice = find('token-dialog').returnValue;
  const typed = find('token').value.trim();
  find('token').value = '';
  if (choice === 'forget') token.set(null);
  else if (choice === 'use' && typed) token.set(typed);
  else return;
  connect();
});

/** Looks at the gateway from now on, as whoever holds the token. */
async function connect() {
  stream.abort();
  const here = new AbortController();
  stream = here;
  table.setMayAct(Boolean(token.get()));
  drawer.mayAct = Boolean(token.get());
  find('reload').hidden = !token.get();
  notice('');
  const onEvent = (name, data) => {
    if (name === 'status') showStatus(data);
    if (name === 'reload') showReload(data);
    if (name === 'server') {
      table.show(data);
      drawer.refresh(data.name);
      // The summary and the numbers of tools come with the status only.
      clearTimeout(refresh);
      refresh = setTimeout(askForStatus, 300);
    }
  };
  const onState = (state, error) => {
    find('link').dataset.state = state;
    setText(find('link'), state === 'live' ? 'live' : 'not connected');
    if (state === 'live') askForStatus();
    else if (error.status === 401 || error.status === 403) refused(error);
    else notice(`The gateway does not answer: ${error.message}. It is asked again.`, 'bad');
    if (state === 'live') notice('');
  };
  await follow('events', onEvent, onState, here.signal);
}

/** Tools are counted for whoever asks for the status, and not for the stream of events. */
function askForStatus() {
  get('status').then(showStatus, () => { /* the stream tells what is wrong */ });
}

function refused(error) {
  setText(find('summary'), '');
  notice(error.message, 'bad');
  table.showAll([]);
  if (token.get()) token.set(null);
  table.setMayAct(false);
  if (error.status === 401) find('token-dialog').showModal();
}

// A browser has few connections to one host, and a tab that nobody sees needs none.
document.addEventListener('visibilitychange', () => {
  drawer.setSeen(!document.hidden);
  if (document.hidden) stream.abort();
  else connect();
});

setInterval(tick, 1000);
connect();
