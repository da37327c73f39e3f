// Starts a demonstration for one test, on free ports and with a new folder. It is stopped by its process id at the end.
import { spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

// The servers of the tests listen on 127.0.0.1. Node 18 takes the first address of "localhost", which may be ::1, and
// does not try the second one.
dns.setDefaultResultOrder('ipv4first');

export const buildFolder = process.env.CHANCERY_BUILD;
if (!buildFolder) throw new Error('CHANCERY_BUILD must name the build folder; run these tests with CTest.');

const offsets = [25, 26, 80, 81, 90, 91, 443, 943];

export const people = {
  admin: { login: 'admin', password: 'Lantern-Harbour-2026' },
  anna: { login: 'anna.kowalska', password: 'Meadow-Violet-2026', name: 'Anna Kowalska' },
  jan: { login: 'jan.nowak', password: 'River-Copper-2026', name: 'Jan Nowak' },
  piotr: { login: 'piotr.wisniewski', password: 'Forest-Amber-2026', name: 'Piotr Wiśniewski' },
};

/** How long a test waits in milliseconds. It ends a test that hangs; it is long enough for a busy machine. */
export const patience = 300_000;

function isFree(port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** A port on which no program listens at the moment. */
export async function findFreePort() {
  const server = net.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

// Below 32768, because the kernel takes the ports above for outgoing connections. Above 10080, which browsers refuse.
async function findPortBase() {
  for (let tries = 0; tries < 200; tries += 1) {
    const base = 11_000 + 1000 * Math.floor(Math.random() * 21) + 100 * Math.floor(Math.random() * 5);
    const free = await Promise.all(offsets.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('No free range of ports was found.');
}

/** Runs a program until it ends; gives { status, out, err }. */
export async function run(program, args, { input = '', env = process.env } = {}) {
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
  child.stderr.setEncoding('utf8').on('data', (text) => { err += text; });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status] = await once(child, 'close');
  return { status, out, err };
}

/** Waits until `condition` gives something true, and gives that. */
export async function until(what, condition) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`This did not happen within ${patience} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function makeFolder(name) {
  return mkdtemp(path.join(os.tmpdir(), `chancery-${name}-`));
}

/** A child process that is stopped by its id. */
export class Child {
  constructor(program, args, options = {}) {
    this.output = '';
    this.process = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    this.ended = new Promise((resolve) => { this.process.once('close', (code, signal) => resolve(code ?? signal)); });
    this.hasEnded = false;
    this.ended.then(() => { this.hasEnded = true; });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => { this.output += text; });
    }
    // Also if the test is interrupted.
    const kill = () => this.process.kill('SIGKILL');
    process.once('exit', kill);
    this.ended.then(() => process.removeListener('exit', kill));
  }

  async waitFor(what, condition) {
    await until(what, async () => {
      if (this.hasEnded) throw new Error(`It ended (${await this.ended}) before ${what}:\n${this.output}`);
      return condition(this.output);
    });
  }

  async stop(signal = 'SIGTERM') {
    if (!this.hasEnded) this.process.kill(signal);
    return this.ended;
  }
}

/** Starts the server alone, with an existing configuration file. */
export async function startServer(configuration, issuer, options = {}) {
  const server = new Child(path.join(buildFolder, 'chancery'), ['serve', '--config', configuration], options);
  await server.waitFor('the server is ready', async () => {
    try {
      return (await fetch(`${issuer}/readyz`)).status === 200;
    } catch {
      return false;
    }
  });
  return server;
}

/** Another program may take a port between the search and the start; then other ports are tried. */
async function startOnFreePorts(folder, args) {
  for (let tries = 1; ; tries += 1) {
    const base = await findPortBase();
    const child = runDemo(folder, base, args);
    try {
      await waitForBanner(child);
      return { base, child };
    } catch (error) {
      if (tries === 5 || !/in use by another program/.test(child.output)) throw error;
    }
  }
}

/** Where a demonstration of a test announces itself, instead of the folder of the person who runs the tests. */
export function stateFolder(folder) {
  return path.join(folder, 'state');
}

function runDemo(folder, base, args) {
  return new Child(path.join(buildFolder, 'demo', 'chancery-demo'), ['--data', folder, '--port-base', String(base), ...args],
    { env: { ...process.env, XDG_STATE_HOME: stateFolder(folder) } });
}

async function waitForBanner(child) {
  await child.waitFor('the demonstration runs', (output) => output.includes('Ctrl-C ends it'));
}

export async function startDemo({ data = undefined, portBase = undefined, args = [] } = {}) {
  const folder = data ?? await makeFolder('demo');
  let base = portBase;
  let child;
  if (base === undefined) {
    ({ base, child } = await startOnFreePorts(folder, args));
  } else {
    child = runDemo(folder, base, args);
    await waitForBanner(child);
  }
  const configuration = path.join(folder, 'chancery.toml');
  return {
    base,
    folder,
    configuration,
    child,
    output: child.output,
    issuer: args.includes('--https') ? `https://localhost:${base + 443}` : `http://localhost:${base + 80}`,
    portal: `http://localhost:${base + 90}`,
    laboratory: `http://localhost:${base + 91}`,
    https: `https://localhost:${base + 443}`,
    authority: path.join(folder, 'demo-ca.pem'),
    /** The command line of the server. */
    chancery(args, input = '') {
      return run(path.join(buildFolder, 'chancery'), [...args, '--config', configuration], { input });
    },
    /** All audit events, the oldest first. */
    async audit() {
      const { status, out, err } = await this.chancery(['audit', 'export']);
      if (status !== 0) throw new Error(`audit export: ${err}`);
      return out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    },
    async stop({ keep = false } = {}) {
      const status = await child.stop();
      if (!keep) await rm(folder, { recursive: true, force: true });
      if (status !== 0) throw new Error(`The demonstration ended with ${status}:\n${child.output}`);
    },
  };
}
