#!/usr/bin/env node
// An MCP server whose one tool tries what servers in node need, and what the unit must keep them from.
'use strict';
const childProcess = require('child_process');
const fs = require('fs');
const net = require('net');
const os = require('os');

const faults = [];

const mustWork = {
  'processors are known': () => os.cpus().length > 0,
  'interfaces are known': () => Object.keys(os.networkInterfaces()).length > 0,
  'WebAssembly compiles': () => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  'the JIT compiles': () => { let sum = 0; for (let i = 0; i < 3e6; i++) sum += Math.sqrt(i); return sum > 0; },
  'another node runs': () => childProcess.execFileSync(process.execPath, ['-e', '0']) !== null,
  'a shell runs': () => childProcess.execSync('echo here').toString() === 'here\n',
  'home is writable': () => { fs.writeFileSync(os.homedir() + '/probe', 'x'); return true; },
  'a program runs from the cache': () => {
    const file = process.env.npm_config_cache + '/program';
    fs.mkdirSync(process.env.npm_config_cache, { recursive: true });
    fs.writeFileSync(file, '#!/bin/sh\nexit 0\n', { mode: 0o700 });
    return childProcess.execFileSync(file) !== null;
  },
  'chown to oneself': () => { fs.chownSync(os.homedir() + '/probe', process.getuid(), process.getgid()); return true; },
};

const mustFail = {
  'writing to /etc': () => fs.writeFileSync('/etc/probe', 'x'),
  'writing to /usr': () => fs.writeFileSync('/usr/bin/probe', 'x'),
  'writing to /opt': () => fs.writeFileSync('/opt/probe', 'x'),
  'reading /root': () => fs.readdirSync('/root'),
  'reading the kernel log': () => fs.readFileSync('/dev/kmsg'),
  'gaining rights': () => process.setuid(0),
};

function attempt(name, works, action) {
  let reason = 'returned something else';
  let worked = false;
  try {
    const value = action();
    worked = works ? Boolean(value) : true;
  } catch (error) {
    reason = error.message;
  }
  if (worked !== works) faults.push(works ? `${name}: ${reason}` : `${name} is possible`);
}

function probe(report) {
  faults.length = 0;
  for (const [name, action] of Object.entries(mustWork)) attempt(name, true, action);
  for (const [name, action] of Object.entries(mustFail)) attempt(name, false, action);
  const server = net.createServer((socket) => socket.end('x')).listen(0, '127.0.0.1', () => {
    net.connect(server.address().port, '127.0.0.1')
      .on('data', () => { server.close(); report(faults); })
      .on('error', (error) => report([...faults, `a connection: ${error.message}`]));
  });
}

function answer(request) {
  const reply = (result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: request.id, result }) + '\n');
  if (request.method === 'initialize') {
    reply({
      protocolVersion: request.params.protocolVersion, capabilities: { tools: {} },
      serverInfo: { name: 'probe', version: '1' },
    });
  } else if (request.method === 'tools/list') {
    reply({ tools: [{ name: 'probe', inputSchema: { type: 'object' } }] });
  } else if (request.method === 'tools/call') {
    probe((found) => reply({ content: [{ type: 'text', text: found.join('; ') || 'all as it should be' }] }));
  } else if (request.id !== undefined) {
    reply({});
  }
}

require('readline').createInterface({ input: process.stdin }).on('line', (line) => answer(JSON.parse(line)));
