// PostgreSQL servers of a test's own, each reachable only through a Unix socket in its folder, and a proxy before them
// that can be turned to another one, as a fail-over does.
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { Child, run, until } from './demo.mjs';

const socketName = '.s.PGSQL.5432';
const isRoot = process.getuid() === 0;

function findPrograms() {
  const place = [15, 16, 17].map((version) => `/usr/lib/postgresql/${version}/bin`).find((one) => existsSync(path.join(one, 'initdb')));
  if (!place) throw new Error('PostgreSQL is not installed: tools/install-deps.sh');
  return place;
}
const programs = findPrograms();

// PostgreSQL refuses to run as root.
const asItsUser = (command) => ['setpriv', '--pdeathsig', 'QUIT', ...(isRoot ? ['--reuid=postgres', '--regid=postgres', '--init-groups'] : []), ...command];

async function runAsItsUser(program, ...args) {
  const [first, ...rest] = asItsUser([path.join(programs, program), ...args]);
  const done = await run(first, rest);
  if (done.status !== 0) throw new Error(`${program} failed: ${done.out}${done.err}`);
}

export class Postgres {
  constructor(folder) {
    this.folder = folder;
    this.data = path.join(folder, 'data');
    this.socket = path.join(folder, socketName);
  }

  static async prepare(folder) {
    await mkdir(folder);
    if (isRoot) {
      await chmod(path.dirname(folder), 0o711);
      const [, , uid, gid] = (await readFile('/etc/passwd', 'utf8')).split('\n').find((line) => line.startsWith('postgres:')).split(':');
      await chown(folder, Number(uid), Number(gid));
    }
    return new Postgres(folder);
  }

  /** A new server with the user chancery. */
  static async make(folder) {
    const made = await Postgres.prepare(folder);
    await runAsItsUser('initdb', '-D', made.data, '-A', 'trust', '-U', 'chancery', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync');
    await made.start();
    return made;
  }

  /** A streaming standby; every commit of the primary waits for it. */
  async makeStandby(folder) {
    const standby = await Postgres.prepare(folder);
    await runAsItsUser('pg_basebackup', '-D', standby.data, '-R', '-X', 'stream', '-c', 'fast', '--no-sync', '-d', `host=${this.folder} user=chancery application_name=standby`);
    await standby.start();
    await this.ask("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    await this.ask('SELECT pg_reload_conf()');
    await until('the standby is synchronous', async () => await this.ask('SELECT sync_state FROM pg_stat_replication') === 'sync');
    return standby;
  }

  async start() {
    const [first, ...rest] = asItsUser([path.join(programs, 'postgres'), '-D', this.data, '-k', this.folder, '-c', 'listen_addresses=', '-c', 'shared_buffers=32MB', '-c', 'fsync=off']);
    this.process = new Child(first, rest);
    await this.process.waitFor('PostgreSQL answers', async () => {
      try {
        return await this.ask('SELECT 1') === '1';
      } catch {
        return false;
      }
    });
  }

  async ask(sql) {
    const { status, out, err } = await run('psql', ['-X', '-A', '-t', '-q', '-h', this.folder, '-U', 'chancery', '-d', 'postgres', '-c', sql]);
    if (status !== 0) throw new Error(err);
    return out.trim();
  }

  promote() {
    return runAsItsUser('pg_ctl', 'promote', '-w', '-D', this.data);
  }

  /** Ends it at once, without a checkpoint. */
  crash() {
    return this.process.stop('SIGQUIT');
  }
}

/** Listens in `folder` like PostgreSQL, and passes connections on to one server or to none. */
export class PostgresProxy {
  constructor(folder, target) {
    this.folder = folder;
    this.target = target;
    this.open = new Set();
    this.server = net.createServer((near) => {
      if (!this.target) {
        near.destroy();
        return;
      }
      const far = net.connect(this.target.socket);
      for (const [one, other] of [[near, far], [far, near]]) {
        this.open.add(one);
        one.pipe(other);
        one.on('error', () => {});
        one.on('close', () => {
          this.open.delete(one);
          other.destroy();
        });
      }
    });
  }

  static async start(folder, target) {
    await mkdir(folder);
    const proxy = new PostgresProxy(folder, target);
    await new Promise((resolve) => { proxy.server.listen(path.join(folder, socketName), resolve); });
    return proxy;
  }

  /** Ends all connections; new ones go to `target`. */
  turnTo(target) {
    this.target = target;
    for (const one of this.open) one.destroy();
  }

  stop() {
    this.turnTo(undefined);
    this.server.close();
  }
}
