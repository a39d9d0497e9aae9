// What there is to see of one server: how it is, its last lives, its stderr, its tools, and how clients reach it.

import { follow, get, serverPath } from './api.js';
import { duration, element, facts, plain } from './dom.js';
import { toolList } from './tools.js';

const lineLimit = 500;

const tabs = [
  ['overview', 'Overview', showOverview],
  ['lives', 'Lives', showLives],
  ['stderr', 'stderr', showStandardError],
  ['tools', 'Tools', showTools],
  ['clients', 'Connect', showClients],
];

export class Drawer {
  constructor(dialog) {
    this.dialog = dialog;
    this.panel = dialog.querySelector('#panel');
    this.tabList = dialog.querySelector('[role="tablist"]');
    this.tab = 'overview';
    this.mayAct = false;
    for (const [id, label] of tabs) {
      this.tabList.append(element('button', {
        type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': 'panel', onclick: () => this.show(id),
      }, label));
    }
    this.tabList.addEventListener('keydown', (event) => this.step(event));
    dialog.querySelector('#drawer-close').addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => this.leave());
  }

  open(name) {
    this.name = name;
    this.dialog.querySelector('h2').textContent = name;
    this.dialog.showModal();
    this.show('overview');
  }

  /** The server has entered another phase. */
  refresh(name) {
    if (this.dialog.open && name === this.name && (this.tab === 'overview' || this.tab === 'lives')) this.show(this.tab);
  }

  async show(id) {
    this.leave();
    this.tab = id;
    const here = new AbortController();
    this.visit = here;
    for (const tab of this.tabList.children) {
      const isChosen = tab.id === `tab-${id}`;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
    }
    this.panel.setAttribute('aria-labelledby', `tab-${id}`);
    const [, , build] = tabs.find(([tab]) => tab === id);
    let content;
    try {
      content = await build(this.name, here.signal, this.mayAct);
    } catch (error) {
      content = [element('p', {}, error.message)];
    }
    // Somebody may have chosen another tab meanwhile.
    if (!here.signal.aborted) this.panel.replaceChildren(...content);
  }

  leave() {
    this.visit?.abort();
  }

  /** The page is seen again, or not. */
  setSeen(isSeen) {
    if (!this.dialog.open || this.tab !== 'stderr') return;
    if (isSeen) this.show('stderr');
    else this.leave();
  }

  step(event) {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!move) return;
    const at = tabs.findIndex(([id]) => id === this.tab);
    const [id] = tabs[(at + move + tabs.length) % tabs.length];
    this.show(id);
    this.tabList.querySelector(`#tab-${id}`).focus();
  }
}

async function showOverview(name) {
  const server = await get(serverPath(name));
  const { health, specification } = server;
  return [
    facts([
      ['Phase', server.phase], ['Why', server.reason], ['Health', health.summary ?? health.level],
      ['In detail', health.detail], ['What to do', health.suggestedAction],
      ['Last words', server.lastExit?.stderr && element('code', {}, server.lastExit.stderr)],
      ['Process', server.pid], ['Life', `number ${server.generation}`],
      ['Start took', server.startTookMs === null ? null : duration(server.startTookMs)],
      ['Instances', `${server.instances}, ${server.isolation}${server.interactive ? ', asks its clients' : ''}`],
      ['Required', server.required ? 'yes' : 'no'],
    ]),
    element('h3', {}, 'Configuration'),
    facts(Object.entries(specification ?? {}).map(([key, value]) =>
      [key, typeof value === 'object' && value !== null ? element('code', {}, plain(value)) : value])),
  ];
}

async function showLives(name) {
  const { pastLives } = await get(serverPath(name));
  if (!pastLives.length) return [element('p', {}, 'None has ended yet.')];
  const rows = [...pastLives].reverse().map((life) => element('tr', {},
    element('td', {}, String(life.generation)), element('td', {}, `${duration(life.endedAgoMs)} ago`),
    element('td', {}, life.readyForMs === null ? 'never ready' : duration(life.readyForMs)),
    element('td', {}, life.exit.reason, life.askedFor ? ' (asked for)' : '',
      life.exit.stderr ? element('pre', {}, life.exit.stderr) : '')));
  const heads = ['Life', 'Ended', 'Ready for', 'How'].map((head) => element('th', { scope: 'col' }, head));
  return [element('table', {}, element('thead', {}, element('tr', {}, heads)), element('tbody', {}, rows))];
}

async function showStandardError(name, signal) {
  const tail = element('pre', { id: 'tail', 'aria-live': 'off' });
  const state = element('p', { className: 'faint' }, 'Waiting for lines …');
  // Shown once a frame, however fast they come.
  let lines = [];
  let isDue = false;
  const paint = () => {
    isDue = false;
    const isAtEnd = tail.scrollTop + tail.clientHeight >= tail.scrollHeight - 8;
    tail.textContent = lines.slice(-lineLimit).map((line) => `${line}\n`).join('');
    if (isAtEnd) tail.scrollTop = tail.scrollHeight;
  };
  const onLine = (event, line) => {
    if (event !== 'line') return;
    lines.push(line);
    if (lines.length > 2 * lineLimit) lines = lines.slice(-lineLimit);
    if (isDue) return;
    isDue = true;
    setTimeout(() => requestAnimationFrame(paint), 100);
  };
  const onState = (now, error) => {
    // A stream begins with the last lines, also one that is opened again.
    if (now === 'live') lines = [];
    state.textContent = now === 'live' ? 'The last lines, and those to come.' : error.message;
  };
  follow(`${serverPath(name, 'stderr')}?lines=200`, onLine, onState, signal);
  return [state, tail];
}

async function showTools(name, signal, mayAct) {
  const { tools } = await get(serverPath(name, 'tools'));
  return toolList(name, tools, signal, mayAct);
}

async function showClients(name) {
  const base = new URL('.', document.baseURI).href;
  const { clients } = await get(`${serverPath(name, 'clients')}?base=${encodeURIComponent(base)}`);
  return clients.map((client) => {
    const copy = element('button', { type: 'button' }, 'Copy');
    copy.addEventListener('click', async () => {
      // The clipboard is there only for https and localhost; the text can be selected everywhere.
      try {
        await navigator.clipboard.writeText(client.text);
        copy.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(copy.closest('details').querySelector('pre'));
      }
    });
    return element('details', {}, element('summary', {}, client.title),
      element('pre', {}, client.text), copy,
      client.hints.map((hint) => element('p', { className: 'faint' }, hint)));
  });
}
