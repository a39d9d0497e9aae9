// The table of servers: one row each, kept up to date in place.

import { duration, element, setText } from './dom.js';

const orders = [['start', 'Start'], ['stop', 'Stop'], ['restart', 'Restart']];

export class ServerTable {
  /** `onOpen(name)` when somebody wants to see more, `onOrder(name, order)` when somebody presses a button. */
  constructor(body, onOpen, onOrder) {
    this.body = body;
    this.onOpen = onOpen;
    this.onOrder = onOrder;
    this.rows = new Map();
    this.mayAct = false;
  }

  /** Shows these servers in this order. */
  showAll(servers) {
    for (const name of [...this.rows.keys()]) {
      if (servers.some((server) => server.name === name)) continue;
      this.rows.get(name).row.remove();
      this.rows.delete(name);
    }
    servers.forEach((server, index) => {
      const { row } = this.show(server);
      if (this.body.children[index] !== row) this.body.insertBefore(row, this.body.children[index] ?? null);
    });
  }

  /** Shows one. */
  show(server) {
    const entry = this.rows.get(server.name) ?? this.add(server.name);
    const { cells, row } = entry;
    if (entry.server && entry.server.phase !== server.phase) {
      row.classList.remove('changed');
      requestAnimationFrame(() => row.classList.add('changed'));
    }
    entry.server = server;
    entry.seen = performance.now();
    row.dataset.phase = server.phase;
    setText(cells.phase, server.phase);
    cells.phase.dataset.health = server.health.level;
    cells.phase.title = server.health.summary ?? '';
    setText(cells.reason, server.phase === 'ready' && server.health.level === 'healthy' ? '' : server.reason);
    setText(cells.restarts, String(server.restarts));
    setText(cells.exit, server.lastExit?.reason ?? '–');
    setText(cells.transport, server.transport);
    setText(cells.tools, server.tools === null ? '–' : String(server.tools));
    setText(cells.sessions, String(server.sessions));
    setText(cells.inFlight, String(server.inFlight));
    setText(cells.p95, duration(server.p95Ms));
    this.allow(entry);
    this.tickOne(entry);
    return entry;
  }

  /** Lets the clocks of all rows go on. */
  tick() {
    for (const entry of this.rows.values()) this.tickOne(entry);
  }

  /** Whether orders can be given. */
  setMayAct(mayAct) {
    this.mayAct = mayAct;
    for (const entry of this.rows.values()) this.allow(entry);
  }

  tickOne({ server, seen, cells }) {
    const passed = performance.now() - seen;
    setText(cells.since, duration(server.phaseMs + passed));
    const left = server.nextAttemptInMs === null ? null : Math.max(0, server.nextAttemptInMs - passed);
    setText(cells.next, left === null ? '–' : `in ${Math.ceil(left / 1000)} s`);
  }

  allow({ server, buttons }) {
    const isThere = this.mayAct && server.phase !== 'disabled';
    buttons.start.disabled = !isThere || server.wantedUp && server.phase !== 'failed';
    buttons.stop.disabled = !isThere || !server.wantedUp;
    buttons.restart.disabled = !isThere;
    for (const button of Object.values(buttons)) {
      button.title = this.mayAct ? '' : 'Orders need a token: one of mcpProxy.admin.tokens.';
    }
  }

  add(name) {
    const cell = (label) => element('td', { className: 'number', 'data-label': label });
    const cells = {
      phase: element('span', { className: 'phase' }), reason: element('span', { className: 'reason' }),
      since: cell('Since'), restarts: cell('Restarts'), exit: cell('Last exit'), next: cell('Next try'),
      transport: cell('Transport'), tools: cell('Tools'), sessions: cell('Sessions'), inFlight: cell('In flight'),
      p95: cell('p95'),
    };
    const buttons = Object.fromEntries(orders.map(([order, label]) => [order, element('button', {
      type: 'button', 'aria-label': `${label} ${name}`, onclick: () => this.onOrder(name, order),
    }, label)]));
    const link = element('button', { type: 'button', className: 'name', onclick: () => this.onOpen(name) }, name);
    const row = element('tr', { 'data-server': name },
      element('td', {}, link, cells.reason), element('td', { 'data-label': 'Phase' }, cells.phase),
      cells.since, cells.restarts, cells.exit, cells.next, cells.transport, cells.tools, cells.sessions,
      cells.inFlight, cells.p95, element('td', {}, element('div', { className: 'actions' }, Object.values(buttons))));
    const entry = { row, cells, buttons, server: null, seen: 0 };
    this.rows.set(name, entry);
    return entry;
  }
}
